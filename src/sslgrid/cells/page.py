"""The page on one scored file: what was found, the pictures and the table, in one HTML file without links."""

import base64
from collections.abc import Sequence
from html import escape

from sslgrid.cells.scoring import Scored
from sslgrid.cells.table import in_words, modules, table

STYLE = """
body { font-family: sans-serif; margin: 2em; max-width: 75em }
img { width: 100%; max-width: 60em }
table { border-collapse: collapse; font-size: 0.8em }
td, th { padding: 0.2em 0.6em; text-align: right; border-bottom: 1px solid #ddd }
div { overflow-x: auto }
"""
UNITS = "Rates are in Hz where spikes were counted, spacings in m, orientations in deg, information in bits per spike."
AND_STRICT = ", and either have p &le; 0.05 against random maps or are in a module"


def page(scored: Scored, pictures: Sequence[bytes]) -> str:
    """HTML with the pictures (PNG) in it, so that the file can be sent as it is."""
    rows = table(scored)
    parts = [
        f"<h1>{escape(scored.name)}</h1>",
        f"<p>{escape(in_words(scored).splitlines()[0])}. A p-value is the share of draws that reach the unit's "
        "corrected gridness. Significant are those that pass the correction of Benjamini and Hochberg at 5 %"
        f"{AND_STRICT if scored.p_random_maps is not None else ''}.</p>",
        _modules(scored),
        *(f'<img alt="units" src="data:image/png;base64,{base64.b64encode(each).decode()}">' for each in pictures),
        "<h2>Every unit</h2>",
        f"<p>{UNITS}</p>",
        f"<div>{rows.to_html(index=False, border=0, na_rep='', float_format='{:.3g}'.format)}</div>",
    ]
    head = f'<meta charset="utf-8"><title>{escape(scored.name)}</title><style>{STYLE}</style>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>\n' + "\n".join(parts) + "\n</body></html>\n"


def _modules(scored: Scored) -> str:
    """A list of the modules."""
    found = modules(scored)
    if not found:
        return "<p>No module.</p>"
    lines = []
    for number, module in enumerate(found):
        p = "" if module["p_value"] is None else f", p = {module['p_value']:.3f}"
        lines.append(
            f"<li>module {number}: {len(module['units'])} units of {module['spacing']:.3f} m at "
            f"{module['orientation']:.1f} deg{p}</li>"
        )
    return f"<ul>{''.join(lines)}</ul>"
