"""Time and memory of a gradient step against trajectories, units and duration, engine by engine."""

import argparse

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter, NullLocator

from sslgrid.benchmarks.scaling import SIZES, exponents
from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.figures import style
from sslgrid.store.facts import summary_provenance

ENGINES = {"naive": ("naive eager", style.PALETTE[1]), "cpu": ("CPU engine", style.PALETTE[0]),
           "cuda": ("GPU engine", style.PALETTE[2])}  # fmt: skip
LABELS = {"batch": "trajectories B", "units": "units N", "steps": "steps of a trajectory T"}


def draw(table: pd.DataFrame) -> Figure:
    """table: engine.csv."""
    style.use_style()
    figure, panels = plt.subplots(2, 3, figsize=(style.PAGE_WIDTH, 4.0), sharex="col", layout="constrained")
    for column, (curve, size) in zip(panels.T, SIZES.items(), strict=True):
        rows = table[table["case"] == curve].sort_values(size)
        for engine, (name, colour) in ENGINES.items():
            of_engine = rows[rows["engine"] == engine]
            if len(of_engine):
                _draw_engine(column, of_engine, size, name, colour)
        floor = rows[rows["engine"] == "cpu"]
        column[0].plot(floor[size], floor["floor_milliseconds"], color="0.6", linestyle=":", label="floor of the CPU")
        column[0].legend(handlelength=1.2, loc="upper left", borderaxespad=0)
        _logarithmic(column, sorted(rows[size].unique()), size)
        column[0].set_ylim(rows["floor_milliseconds"].min() / 2, rows["milliseconds"].max() * 20)  # room for the legend
    panels[0, 0].set(ylabel="time of a step (ms)")
    panels[1, 0].set(ylabel="memory, growth to the peak (MB)")
    for letter, axes in zip("abcdef", panels.flat, strict=True):
        style.label_panel(axes, letter, x=-0.12)
    return figure


def _draw_engine(column: list[Axes], rows: pd.DataFrame, size: str, name: str, colour: tuple) -> None:
    small, large = exponents(rows, size)
    label = f"{name}, slopes {small:.1f} and {large:.1f}"
    column[0].plot(rows[size], rows["milliseconds"], marker="o", markersize=2.5, color=colour, label=label)
    column[0].fill_between(rows[size], rows["lower_quartile"], rows["upper_quartile"], color=colour, alpha=0.25, lw=0)
    column[1].plot(rows[size], rows["peak_megabytes"].clip(lower=1), marker="o", markersize=2.5, color=colour)


def _logarithmic(column: list[Axes], sizes: list[int], size: str) -> None:
    for axes in column:
        axes.set(xscale="log", yscale="log")
        axes.set_xticks(sizes, [f"{value:g}" for value in sizes])
        axes.xaxis.set_minor_locator(NullLocator())
        axes.yaxis.set_major_locator(LogLocator(numticks=20))
        axes.yaxis.set_minor_formatter(NullFormatter())
    column[1].set(xlabel=LABELS[size])


def main(arguments: argparse.Namespace) -> None:
    """Read the table and draw it."""
    style.save_figure(
        draw(pd.read_csv(arguments.table)), arguments.figure, summary_provenance(__spec__.name, inputs_of(arguments))
    )


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    input_argument(parser, "table", help="engine.csv of the benchmark")
    run(main, parser)
