"""The results as one page that needs no network: claims, figures, and a browser of units.

It holds everything it shows. What it says of claims and units is in the tables and NetCDF files that it names; links
lead from it to these.
"""

import argparse
import json
import os
import re
from html import escape
from pathlib import Path
from typing import cast

import pandas as pd
from docutils.core import publish_parts
from PIL import Image

from sslgrid.claims.report import (
    control_in_words,
    estimate_in_words,
    passing_in_words,
    read_table,
    threshold_in_words,
)
from sslgrid.claims.verdicts import Verdict
from sslgrid.cli import input_argument, inputs_of, output_argument, run
from sslgrid.figures.page_units import data_uri, unit_data
from sslgrid.store.facts import summary_provenance
from sslgrid.store.files import whole_file
from sslgrid.store.records import inputs_of as made_from
from sslgrid.store.records import record_of

WIDEST = 1500  # pixels of an embedded figure; its files have all
COLOURS = 256  # of an embedded figure
MOST_BYTES = 15_000_000
# Which figure shows what a claim takes from files of a kind, where the claim's source names none of the paper's.
FIGURE_OF_KIND = {
    "one_torus": "one_torus", "generalisation": "fig3_generalisation", "geometry": "fig4_module", "coding": "coding",
    "localisation": "cw_fig6", "development": "cw_fig4",
}  # fmt: skip
VERDICTS = {verdict.value: verdict.value.replace(" ", "-") for verdict in Verdict}


def figure_of(claim: pd.Series, figures: list[str]) -> str:
    """The name of the figure that a claim is about, of those that there are; "" if none is."""
    of_localisers = "Cueva" in claim["source"]
    number = re.search(r"figure (\d)", claim["source"])
    if number:
        start = f"{'cw_' * of_localisers}fig{number[1]}"
    elif "ablations" in claim["source"] or claim["condition"] not in ("full", "cw_proper"):
        start = "cw_fig5" if of_localisers else "fig5"
    else:
        kinds = {part.split(":")[0] for part in claim["data"].split("; ")}
        start = next((figure for kind, figure in FIGURE_OF_KIND.items() if kind in kinds), "fig2")
    return next((name for name in figures if name == start or name.startswith(f"{start}_")), "")


def scoreboard(claims: pd.DataFrame, figures: list[str]) -> str:
    """The tally, the filters and a row for each claim."""
    tally = "".join(f"<li>{(claims['verdict'] == verdict).sum()} {verdict}</li>" for verdict in VERDICTS)
    choices = {
        "verdict": list(VERDICTS),
        "paper": sorted(claims["paper"].unique()),
        "size": sorted(claims["size"].unique(), key=lambda words: (len(words), words)),
        "condition": list(claims["condition"].unique()),
    }
    filters = "".join(
        f'<label for="filter-{name}">{name}<select id="filter-{name}"><option value="">all</option>'
        + "".join(f"<option>{escape(value)}</option>" for value in values)
        + "</select></label>"
        for name, values in choices.items()
    )
    rows = "".join(_claim(row, figures) for _, row in claims.iterrows())
    return (
        f'<ul class="tally">{tally}</ul><div class="filters">{filters}'
        '<label for="filter-words">words<input id="filter-words" type="search"></label></div>'
        '<p id="claims-shown" role="status"></p>'
        '<table class="claims"><thead><tr><th scope="col">verdict</th><th scope="col">claim</th>'
        '<th scope="col">estimate [95 %]</th><th scope="col">claimed</th><th scope="col">seeds</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _claim(row: pd.Series, figures: list[str]) -> str:
    name = figure_of(row, figures)
    values = ", ".join(f"seed {seed}: {value:.4g}" for seed, value in row["values"].items())
    facts = {
        "statistic": row["statistic"], "threshold, because": row["reason"], "source": row["source"],
        "values": values, "control": control_in_words(row), "note": row["note"],
        "data": f"{row['data']} of results/<kind>/{row['condition']}/seed<k>", "function": row["function"],
    }  # fmt: skip
    details = "".join(f"<dt>{key}</dt><dd>{escape(str(fact))}</dd>" for key, fact in facts.items() if fact)
    link = f' <a href="#figure-{name}">figure</a>' if name else ""
    cells = {
        "estimate": estimate_in_words(row["estimate"], row["low"], row["high"]),
        "claimed": threshold_in_words(row),
        "seeds": passing_in_words(row),
    }
    return (
        f'<tr id="{row["claim"]}" data-verdict="{row["verdict"]}" data-paper="{escape(row["paper"])}" '
        f'data-size="{row["size"]}" data-condition="{row["condition"]}">'
        f'<td class="verdict {VERDICTS[row["verdict"]]}">{row["verdict"]}</td>'
        f"<td><details><summary>{escape(row['words'])}</summary><dl>{details}</dl></details>"
        f"<code>{row['claim']}</code>{link}</td>"
        + "".join(f'<td data-name="{key}">{escape(cell)}</td>' for key, cell in cells.items())
        + "</tr>"
    )


def drawn(path: Path, title: str, caption: str, claims: pd.DataFrame, figures: list[str], folder: Path) -> str:
    """A figure with its caption, its claims, how it was made, and links to its files. folder: of the page."""
    own = claims[[figure_of(row, figures) == path.stem for _, row in claims.iterrows()]]
    about = "".join(
        f'<li><span class="verdict {VERDICTS[row["verdict"]]}">{row["verdict"]}</span> '
        f'<a href="#{row["claim"]}">{escape(row["words"])}</a></li>'
        for _, row in own.iterrows()
    )
    record = record_of(path)
    facts = {
        "command": record["source"], "code": record["code_hash"], "seeds": record.get("seeds", ""),
        "read": ", ".join(made_from(record)), "versions": record["versions"],
    }  # fmt: skip
    made = "".join(f"<dt>{key}</dt><dd>{escape(fact)}</dd>" for key, fact in facts.items() if fact)
    files = Path(os.path.relpath(path.parent, folder))
    links = ", ".join(f'<a href="{files}/{path.stem}.{suffix}">{suffix}</a>' for suffix in ("pdf", "svg", "png"))
    image, size = embedded(path)
    return (
        f'<figure id="figure-{path.stem}"><h3>{escape(title)}</h3>'
        f'<img loading="lazy" width="{size[0]}" height="{size[1]}" src="{image}" '
        f'alt="{escape(alt_text(title, caption))}">'
        f"<figcaption>{cast(dict[str, str], publish_parts(caption, writer='html5'))['body']}<p>Files: {links}</p>"
        + f"<p>Claims that it bears on:</p><ul>{about}</ul>" * bool(about)
        + f"<details><summary>how it was made</summary><dl>{made}</dl></details></figcaption></figure>"
    )


def alt_text(title: str, caption: str) -> str:
    """The figure's title and the first sentence of its caption."""
    return f"{title}. {' '.join(caption.split()).split('. ')[0].rstrip('.')}."


def embedded(path: Path) -> tuple[str, tuple[int, int]]:
    """A figure in few colours and no wider than `WIDEST`, with its size in pixels."""
    with Image.open(path) as image:
        image = image.convert("RGB")
        image.thumbnail((WIDEST, 20 * WIDEST))
        return data_uri(image.quantize(COLOURS)), image.size


def table(path: Path) -> str:
    """A csv file as a table."""
    rows = pd.read_csv(path, keep_default_na=False)
    return f'<div class="wide" tabindex="0">{rows.to_html(index=False, border=0)}</div>'


BROWSER = """
<p>Choose a network, an arena and a unit. In the gallery the arrow keys move from unit to unit.</p>
<div class="filters"><label for="network">network<select id="network"></select></label>
<label for="arena">arena<select id="arena"></select></label>
<label for="unit-number">unit<input id="unit-number" type="number" min="0" inputmode="numeric"></label></div>
<div class="browser"><div><div id="gallery" class="gallery" role="listbox" aria-label="units"></div>
<p>A frame has the colour of a module.</p>
<svg id="plane" class="plane" viewBox="0 0 400 290" role="img"></svg>
<p>Filled: units of a module. Dashed: of a tentative one. Grey: of none.</p></div>
<div><p id="unit-words" role="status"></p><div class="pair">
<figure><div id="rate-map" class="map" role="img"></div><figcaption>rate map</figcaption></figure>
<figure><div id="autocorrelogram" class="map" role="img"></div><figcaption>autocorrelogram</figcaption></figure></div>
<dl id="scores" class="wide"></dl><p>Data: <span id="data-files"></span></p></div></div>
"""
LINKS = ("claims.csv", "claims.md", "conditions.csv", "units.csv", "provenance.txt", "README.md")


def page(parts: dict[str, str], style: str, script: str, units: dict) -> str:
    """parts: the sections by title; units: of `page_units.unit_data`."""
    sections = {re.sub(r"\W+", "-", title.lower()): (title, body) for title, body in parts.items()}
    nav = "".join(f'<a href="#{name}">{title}</a>' for name, (title, _) in sections.items())
    body = "".join(f'<section id="{name}"><h2>{title}</h2>{held}</section>' for name, (title, held) in sections.items())
    data = json.dumps(units, separators=(",", ":")).replace("</", "<\\/")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>sslgrid: results</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f'<style>{style}</style></head><body><a class="skip" href="#claims">to the claims</a>'
        f'<header><h1>Grid cells from code and a config file</h1></header><nav aria-label="sections">{nav}</nav>'
        f'<main>{body}</main><script type="application/json" id="unit-data">{data}</script>'
        f"<script>{script}</script></body></html>"
    )


def read_claims(paths: list[Path]) -> pd.DataFrame:
    """The claims of all ledgers, and the paper that each is about."""
    tables = [read_table(path) for path in paths]
    for path, ledger in zip(paths, tables, strict=True):
        ledger["paper"] = "Cueva & Wei 2018" if path.stem.startswith("cw_") else "Schaeffer et al. 2023"
    return pd.concat(tables, ignore_index=True)


def main(arguments: argparse.Namespace) -> None:
    """Read, assemble and write."""
    units, titles = unit_data(arguments.tuning, arguments.ratemaps, arguments.geometry), arguments.titles
    claims = read_claims(arguments.claims)
    sizes = {network["name"].split(",")[0]: f"{len(network['units']['module'])} units" for network in units["networks"]}
    claims["size"] = claims["condition"].map(sizes).fillna("not on this page")
    captions = {path.stem: path.read_text(encoding="utf-8") for path in arguments.captions}
    names, folder = [path.stem for path in arguments.figures], arguments.page.parent
    figures = "".join(
        drawn(path, titles[path.stem], captions[arguments.captioned[path.stem]], claims, names, folder)
        for path in arguments.figures
    )
    record = summary_provenance(__spec__.name, inputs_of(arguments))
    results = Path(os.path.relpath(arguments.conditions.parent, folder))
    links = "".join(f'<li><a href="{results / name}">results/{name}</a></li>' for name in LINKS)
    made = "".join(f"<dt>{key}</dt><dd>{escape(record[key])}</dd>" for key in ("source", "code_hash", "versions"))
    parts = {
        "Claims": scoreboard(claims, names),
        "Figures": figures,
        "Units": BROWSER,
        "Networks": table(arguments.conditions),
        "Data": f"<p>Tables:</p><ul>{links}</ul>",
        "How this page was made": f"<dl>{made}</dl><details><summary>config</summary>"
        f"<pre>{escape(arguments.config)}</pre></details>",
    }
    style, script = (path.read_text(encoding="utf-8") for path in (arguments.style, arguments.script))
    text = page(parts, style, script, units)
    with whole_file(arguments.page) as temporary:
        temporary.write_text(text, encoding="utf-8")
    size = len(text.encode())
    words = f"; more than {MOST_BYTES / 1e6:g} MB is slow to open" if size > MOST_BYTES else ""
    print(f"page: {len(claims)} claims, {len(names)} figures, {size / 1e6:.1f} MB{words}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "claims", several=True, help="tables of claims")
    input_argument(parser, "conditions", help="table of the networks")
    input_argument(parser, "figures", several=True, help="png files")
    input_argument(parser, "captions", several=True, help="their captions, rst files")
    input_argument(parser, "tuning", several=True, help="tuning of each network in each arena")
    input_argument(parser, "ratemaps", several=True, help="rate maps, likewise")
    input_argument(parser, "geometry", several=True, required=False, help="geometry of the networks that have it")
    input_argument(parser, "style", help="css file")
    input_argument(parser, "script", help="js file")
    parser.add_argument("--titles", type=json.loads, required=True, help="JSON: the title of each figure")
    parser.add_argument("--captioned", type=json.loads, required=True, help="JSON: the caption of each figure")
    parser.add_argument("--config", required=True, help="the study in words, to be shown")
    output_argument(parser, "page", help="html file to write")
    run(main, parser)
