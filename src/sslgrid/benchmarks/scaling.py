"""How time grows with size: slopes on a double logarithmic plot."""

import numpy as np
import pandas as pd

ENDS = 3  # points at either end that a slope is fitted to
SIZES = {"trajectories": "batch", "units": "units", "duration": "steps"}  # what each curve varies


def exponents(rows: pd.DataFrame, size: str) -> tuple[float, float]:
    """Exponents of the time in `size`, among the smallest and among the largest sizes; NaN with too few of them.

    rows: one engine and one curve of engine.csv.
    """
    rows = rows.sort_values(size)
    if len(rows) < ENDS:
        return float("nan"), float("nan")
    x, y = np.log(rows[size].to_numpy(float)), np.log(rows["milliseconds"].to_numpy(float))
    return tuple(float(np.polyfit(x[end], y[end], 1)[0]) for end in (slice(None, ENDS), slice(-ENDS, None)))


def describe(table: pd.DataFrame) -> list[str]:
    """One line per curve and engine."""
    lines = []
    for curve, size in SIZES.items():
        for engine, rows in table[table["case"] == curve].groupby("engine", sort=False):
            small, large = exponents(rows, size)
            low, high = rows[size].min(), rows[size].max()
            lines.append(f"{engine:5} grows as {size}^{small:.2f} from {low:g}, as {size}^{large:.2f} up to {high:g}")
    return lines
