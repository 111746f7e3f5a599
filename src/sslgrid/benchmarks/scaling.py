"""What the time of a step comes to: slopes on a double logarithmic plot, and a training of the paper's length."""

import numpy as np
import pandas as pd

ENDS = 3  # points at either end that a slope is fitted to
SIZES = {"trajectories": "batch", "units": "units", "duration": "steps"}  # what each curve varies


PAPER = {"units": 128, "batch": 130, "steps": 60}
PAPER_BATCHES = 2 * 2_000_000  # two per gradient step


def exponents(rows: pd.DataFrame, size: str) -> tuple[float, float]:
    """Exponents of the time in `size`, among the smallest and among the largest sizes; NaN with too few of them.

    rows: one engine and one curve of engine.csv.
    """
    rows = rows.sort_values(size)
    if len(rows) < ENDS:
        return float("nan"), float("nan")
    x, y = np.log(rows[size].to_numpy(float)), np.log(rows["milliseconds"].to_numpy(float))
    small, large = (float(np.polyfit(x[end], y[end], 1)[0]) for end in (slice(None, ENDS), slice(-ENDS, None)))
    return small, large


def describe(table: pd.DataFrame) -> list[str]:
    """One line per curve and engine."""
    lines = []
    for curve, size in SIZES.items():
        for engine, rows in table[table["case"] == curve].groupby("engine", sort=False):
            small, large = exponents(rows, size)
            low, high = rows[size].min(), rows[size].max()
            lines.append(f"{engine:5} grows as {size}^{small:.2f} from {low:g}, as {size}^{large:.2f} up to {high:g}")
    return lines


def paper_training(row: dict) -> str | None:
    """One line about a training in the paper's setting, from a row at its size; None for other sizes."""
    if any(row[name] != value for name, value in PAPER.items()):
        return None
    hours = PAPER_BATCHES * row["milliseconds"] / 3.6e6
    words = f"{row['engine']}: the paper's {PAPER_BATCHES:,} batches take {hours:,.0f} hours ({hours / 24:.1f} days)"
    joules = row.get("joules", float("nan"))  # also of a card that does not count them
    return words if np.isnan(joules) else f"{words}, {PAPER_BATCHES * joules / 3.6e6:.1f} kWh"
