"""Tables of networks: what the seeds of each condition have in common, in words, and the table itself as a file."""

from pathlib import Path

import numpy as np
import pandas as pd

from sslgrid.basics.streams import stream
from sslgrid.claims.verdicts import mean_of
from sslgrid.datasets.tables import write_table

SEED = 0  # of the bootstraps
DIGITS = 4


def write_seeds(path: Path, table: pd.DataFrame, facts: dict) -> None:
    """Print a line about each condition and write the table: a row per network, with `condition`, `seed`, `modules`."""
    for condition, of_condition in table.groupby("condition", sort=False):
        print(f"{condition}: {in_words(of_condition)}")
    write_table(path, table, DIGITS, facts)


def in_words(rows: pd.DataFrame) -> str:
    """The modules of each seed, then means over seeds with 95 % bootstrap intervals of the columns that are known."""
    words = [f"modules {' '.join(map(str, rows['modules']))}"]
    for name in rows.columns.drop(["condition", "seed", "modules"]):
        values = rows[name][np.isfinite(rows[name])].to_numpy()
        if len(values):
            estimate = mean_of(values, stream(SEED, "networks compared"))
            words.append(f"{name.replace('_', ' ')} {estimate.mean:.3g} [{estimate.low:.3g}, {estimate.high:.3g}]")
    return "; ".join(words)
