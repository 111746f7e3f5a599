"""The scores of each unit as a table, and in words."""

import io
import math

import numpy as np
import pandas as pd

from sslgrid.cells.scoring import Scored
from sslgrid.spatial.classes import CLASSES
from sslgrid.spatial.gridness import KINDS
from sslgrid.spatial.significance import FALSE_DISCOVERY_RATE

NUMBERS = (
    "max_rate", "gridness60", "gridness60_corrected", "gridness90", "gridness90_corrected", "p_value", "significant",
    "spacing", "orientation", "ellipticity", "periodicity", "border_score", "band_score", "place_score", "fields",
    "spatial_information", "stability", "module",
)  # fmt: skip
DIGITS = 6


def table(scored: Scored) -> pd.DataFrame:
    """A row per unit: file, unit, class, lattice, spikes, and every score by the name it has in the NetCDF file."""
    columns = scored.columns
    return pd.DataFrame(
        {
            "file": scored.name,
            "unit": scored.units,
            "class": [CLASSES[kind] for kind in columns["class"]],
            "lattice": [KINDS[int(kind)] for kind in columns["lattice"]],
            "spikes": scored.spikes,
        }
        | {name: columns[name] for name in NUMBERS}
        | ({} if scored.p_random_maps is None else {"p_random_maps": scored.p_random_maps})
    )


def as_csv(rows: pd.DataFrame) -> str:
    """The table as text; what is not known is empty."""
    text = io.StringIO()
    rows.to_csv(text, index=False, float_format=f"%.{DIGITS}g", lineterminator="\n")
    return text.getvalue()


def summary(scored: Scored) -> dict:
    """What a program reads: counts, classes, modules and the table, in plain types; None for what is not known."""
    rows = table(scored)
    return {
        "file": scored.name,
        "units": len(rows),
        "null": scored.null,
        "significant": int(scored.columns["significant"].sum()),
        "classes": {name: int((rows["class"] == name).sum()) for name in CLASSES if (rows["class"] == name).any()},
        "modules": modules(scored),
        "rows": rows.astype(object).where(rows.notna(), None).to_dict("records"),
    }


def modules(scored: Scored) -> list[dict]:
    """Units, mean spacing (m), mean orientation (deg) of each module, and its p-value where it has one."""
    columns, found = scored.columns, []
    for name in range(int(columns["module"].max(initial=-1)) + 1):
        units = np.flatnonzero(columns["module"] == name)
        found.append(
            {
                "units": [scored.units[unit] for unit in units],
                "spacing": round(float(columns["spacing"][units].mean()), DIGITS),
                "orientation": round(float(columns["orientation"][units].mean()), DIGITS),
                "p_value": round(float(scored.module_p[name]), DIGITS) if name < len(scored.module_p) else None,
            }
        )
    return found


def in_words(scored: Scored) -> str:
    """A line on the file, one for each unit, one for each module."""
    rows = table(scored)
    width = max(len(unit) for unit in scored.units)
    lines = [f"{scored.name}: {int(rows['significant'].sum())} of {len(rows)} units significant against {scored.null}"]
    for row in rows.to_dict("records"):
        spacing = (
            f"spacing {row['spacing']:.3f} m at {row['orientation']:.0f} deg, ellipticity {row['ellipticity']:.2f}"
        )
        second = f" and {row['p_random_maps']:.3f}" if "p_random_maps" in row else ""
        lines.append(
            f"  {row['unit']:<{width}}  {row['class']:<9}  gridness {row['gridness60']:5.2f} (corrected "
            f"{row['gridness60_corrected']:5.2f}), p = {row['p_value']:.3f}{second}, {spacing}"
        )
    for number, module in enumerate(modules(scored)):
        p = "" if module["p_value"] is None else f", p = {module['p_value']:.3f}"
        lines.append(
            f"  module {number}: {len(module['units'])} units of {module['spacing']:.3f} m at "
            f"{module['orientation']:.1f} deg{p}"
        )
    return "\n".join(lines)


def too_few_draws(units: int, draws: int) -> str:
    """A line if no unit could be significant alone: its p-value is corrected for the others. Empty if one could."""
    needed = math.ceil(units / FALSE_DISCOVERY_RATE) - 1
    if draws >= needed:
        return ""
    return (
        f"  with {draws} draws the smallest p-value is {1 / (draws + 1):.3f}, too large for one unit alone among "
        f"{units}: give --draws {needed} or more"
    )
