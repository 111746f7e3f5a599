"""What the figures of sweeps share: their points with the networks that there are, and the looks of an outcome."""

import argparse
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.datasets.outcomes import FINISHED
from sslgrid.emergence.outcomes import COMMENSURATE, NO_PAIR, NOT_COMPARABLE, UNRELATED
from sslgrid.figures import style
from sslgrid.store.facts import summary_provenance
from sslgrid.store.reading import read_config

KIND_COLOURS = style.LATTICE_COLOURS | {"mixed": style.PALETTE[4]}
PAIR_COLOURS = {
    COMMENSURATE: style.PALETTE[3], UNRELATED: style.PALETTE[2], NOT_COMPARABLE: "0.65", NO_PAIR: "0.9",
}  # fmt: skip
NOT_RUN = {"hatch": "//////", "facecolor": "white", "edgecolor": "0.8", "linewidth": 0}


def at_points(sweep: dict, table: pd.DataFrame) -> pd.DataFrame:
    """A row per point and network, in the order of the points; a point without networks has one row without values.

    sweep: results/config/sweeps/<sweep>.json; table: networks.csv. `diverged`: whether the training did.
    """
    rows = pd.DataFrame(sweep["points"]).merge(table, on="condition", how="left")
    return rows.assign(diverged=rows["outcome"].fillna(FINISHED) != FINISHED)


def run_on_sweep(module: str, draw: Callable[[dict, pd.DataFrame], Figure], description: str | None) -> None:
    """The command line: read the sweep and the table, draw and save."""
    parser = style.figure_parser(description)
    input_argument(parser, "sweep", help="json of the sweep's points")
    input_argument(parser, "table", help="networks.csv; points may be missing from it")

    def main(arguments: argparse.Namespace) -> None:
        sweep, table = read_config(arguments.sweep, dict), read_table(arguments.table)
        style.save_figure(draw(sweep, table), arguments.figure, summary_provenance(module, inputs_of(arguments)))

    run(main, parser)


def read_table(path: Path) -> pd.DataFrame:
    """networks.csv as it was written: its words are no missing values."""
    return pd.read_csv(path, keep_default_na=False, na_values=[""])
