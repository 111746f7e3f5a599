"""Level and power of the tests of recorded cells, against stability and fields."""

import argparse

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import binomtest

from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.datasets.levels import KINDS, read_levels
from sslgrid.figures import style
from sslgrid.store.facts import summary_provenance

ALPHA = 0.05
ONE_MODULE, OWN_LATTICES, NO_LATTICE, NO_PLACE = range(len(KINDS))
STABILITY_EDGES = np.array([0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
FIELD_EDGES = np.array([1.5, 3.2, 6.5, 13.0, 26.0])
OF_REAL_MAPS = (0.5, 0.9)  # stabilities
FEWEST = 5  # cells of a point
TESTS = {"p_shifts": ("-", "shifted spikes"), "p_random_maps": ("--", "random maps")}


def draw(cells: pd.DataFrame) -> Figure:
    """cells: a row for each cell of a file of kind `levels`."""
    style.use_style()
    figure, (stability, fields, modules) = plt.subplots(
        1, 3, figsize=(style.PAGE_WIDTH, 2.2), width_ratios=(1.3, 1, 0.7), layout="constrained"
    )
    _draw_shares(stability, cells, "stability", STABILITY_EDGES)
    stability.set(xlabel="stability of the maps", xlim=(1.02, -0.02))
    stability.legend(loc="center left", handlelength=2)
    _draw_shares(fields, cells[cells["stability"].between(*OF_REAL_MAPS)], "true_fields", FIELD_EDGES)
    fields.set(xlabel="fields in the arena", xscale="log", xticks=[2, 5, 10, 20], xticklabels=[2, 5, 10, 20])
    fields.minorticks_off()
    _draw_modules(modules, cells)
    for axes, letter in zip((stability, fields, modules), "abc", strict=True):
        style.label_panel(axes, letter, x=-0.15)
    return figure


def shares(cells: pd.DataFrame, test: str, by: str, edges: np.ndarray) -> pd.DataFrame:
    """A row for each bin with enough cells: their mean `by`, the share with a low p-value, and its 95 % interval."""
    rows = []
    for _, group in cells.groupby(pd.cut(cells[by], edges), observed=True):
        if len(group) >= FEWEST:
            passing = int((group[test] <= ALPHA).sum())
            interval = binomtest(passing, len(group)).proportion_ci(method="wilson")
            rows.append((group[by].mean(), passing / len(group), interval.low, interval.high))
    return pd.DataFrame(rows, columns=["at", "share", "low", "high"])


def _draw_shares(axes: Axes, cells: pd.DataFrame, by: str, edges: np.ndarray) -> None:
    for kinds, name, colour in (
        ((ONE_MODULE, OWN_LATTICES), "grid cells", style.CLASS_COLOURS["hexagonal"]),
        ((NO_LATTICE,), "no lattice", "0.5"),
        ((NO_PLACE,), "no place", style.PALETTE[1]),
    ):
        of_kind = cells[cells["kind"].isin(kinds)]
        for test, (line, words) in TESTS.items():
            rows = shares(of_kind, test, by, edges)
            # Bounds of the interval of a share of 0 or 1 differ from it by rounding.
            bars = (rows["share"] - rows["low"]).clip(lower=0), (rows["high"] - rows["share"]).clip(lower=0)
            look = {"linestyle": line, "color": colour, "marker": "o", "markersize": 2.5, "elinewidth": 0.5}
            axes.errorbar(rows["at"], rows["share"], bars, label=f"{name}, {words}", **look)
    axes.axhline(ALPHA, color="0.5", linewidth=0.5, linestyle=":")
    axes.set(ylabel=f"share with p ≤ {ALPHA:g}", ylim=(-0.02, 1.05))


def _draw_modules(axes: Axes, cells: pd.DataFrame) -> None:
    found = (cells["module"] >= 0).groupby([cells["kind"], cells["recording"]]).any().groupby("kind").mean()
    axes.bar(range(len(KINDS)), found.reindex(range(len(KINDS))), color="0.6", width=0.6)
    axes.set(xticks=range(len(KINDS)), ylabel="recordings with a module", ylim=(0, 1.05))
    axes.set_xticklabels([name.replace("_", " ") for name in KINDS], rotation=40)
    axes.minorticks_off()


def main(arguments: argparse.Namespace) -> None:
    """Read the cells and draw."""
    cells = read_levels(arguments.measures).to_dataframe()
    style.save_figure(draw(cells), arguments.figure, summary_provenance(__spec__.name, inputs_of(arguments)))


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    input_argument(parser, "measures", help="tests of recorded cells whose truth is known")
    run(main, parser)
