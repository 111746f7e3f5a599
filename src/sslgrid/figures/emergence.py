"""Emergence of modules in training: losses, lattices, spacings and modules against gradient step."""

import argparse
from collections.abc import Iterator
from string import ascii_lowercase

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import EngFormatter, MaxNLocator

from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.datasets.emergence import read_emergence
from sslgrid.datasets.networks import seeds_of
from sslgrid.datasets.outcomes import read_history, terms_of
from sslgrid.emergence.modules import SHARE, first_modules
from sslgrid.figures import style
from sslgrid.spatial.gridness import HEXAGONAL, KINDS, LATTICE_THRESHOLD, SQUARE
from sslgrid.store.facts import summary_provenance

UNTESTED = 0.4  # opacity
WINDOW = 15  # recorded steps of the running median
NETWORKS, SEED = 1.75, 1.4  # inches: heights of the first row and of the row of each seed


def draw(seeds: list[int], histories: list[xr.Dataset], emergence: list[xr.Dataset]) -> Figure:
    """One training history and one emergence file per seed."""
    style.use_style()
    heights = (NETWORKS, SEED * len(seeds) + 0.2)
    figure = plt.figure(figsize=(style.PAGE_WIDTH, sum(heights)), layout="constrained")
    upper, lower = style.subfigures(figure, 2, 1, height_ratios=heights)
    letters = iter(ascii_lowercase)
    _draw_networks(upper, seeds, histories, emergence, letters)
    panels = lower.subplots(len(seeds), 3, squeeze=False, sharex=True, sharey="col", width_ratios=(1, 1.2, 0.8))
    for row, seed, network in zip(panels, seeds, emergence, strict=True):
        _draw_units(row, seed, network)
    for axes, letter in zip(panels[0], letters, strict=False):
        style.label_panel(axes, letter, x=-0.1)
    for axes in panels[0, 1:]:
        axes.set(ylim=(0, None))
    for axes in panels[-1]:
        _label_steps(axes)
    kinds = [Line2D([], [], color=style.LATTICE_COLOURS[name], label=name) for name in KINDS.values()]
    first = Line2D([], [], color="black", linestyle="--", linewidth=0.7, label="first modules")
    untested = Patch(color="0.5", alpha=UNTESTED, label="not tested")
    lower.legend(handles=[*kinds, first, untested], loc="outside upper right", ncols=len(kinds) + 2)
    return figure


def _draw_networks(
    figure: SubFigure, seeds: list[int], histories: list[xr.Dataset], emergence: list[xr.Dataset],
    letters: Iterator[str],
) -> None:  # fmt: skip
    """What is one number per network and step: a line per seed."""
    terms = terms_of(histories[0])
    panels = figure.subplots(1, len(terms) + 1)
    for axes, letter in zip(panels, letters, strict=False):
        _label_steps(axes)
        style.label_panel(axes, letter)
    shades = sns.color_palette("blend:black,silver", len(seeds))
    for axes, (name, title) in zip(panels, terms.items(), strict=False):
        for history, shade in zip(histories, shades, strict=True):
            smooth = history[name].to_series().rolling(WINDOW, center=True, min_periods=1).median()
            axes.plot(smooth.index, smooth, color=shade)
        axes.set(ylabel=title, yscale="log" if name == "conformal_isometry" else "linear")
        if not any(history.sizes["step"] for history in histories):
            style.not_available(axes, "no gradient\nsteps were taken")
    for seed, network, shade in zip(seeds, emergence, shades, strict=True):
        panels[-1].plot(network["step"], network["lattice_share"], color=shade, marker=".", markersize=2, label=seed)
    panels[-1].axhline(SHARE, color="0.5", linewidth=0.5, linestyle=":")
    panels[-1].set(ylabel="share on a lattice", ylim=(-0.02, 1.02))
    figure.legend(
        *panels[-1].get_legend_handles_labels(), title="seed", loc="outside right center", handlelength=1,
        ncols=-(-len(seeds) // 8),
    )  # fmt: skip


def _label_steps(axes: Axes) -> None:
    axes.set(xlabel="gradient step")
    axes.xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True, min_n_ticks=1))
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))


def _draw_units(row: np.ndarray, seed: int, network: xr.Dataset) -> None:
    """One network: gridness of its units, their spacings, and its modules. Colours are lattices."""
    gridness, spacing, modules = row
    _draw_gridness(gridness, network)
    gridness.set(ylabel=f"seed {seed}\ngridness")
    _draw_spacings(spacing, network)
    _draw_modules(modules, network)
    first = first_modules(network)
    if first is not None:
        for axes in row:
            axes.axvline(network["step"].values[first], color="black", linestyle="--", linewidth=0.7)


def _draw_gridness(axes: Axes, network: xr.Dataset) -> None:
    """The higher score of each unit, coloured by its lattice at the end; the median of each kind in front."""
    score = xr.apply_ufunc(np.fmax, network["gridness60"], network["gridness90"])
    final = network["lattice"].isel(step=-1).values
    for kind, name in KINDS.items():
        of_kind = score.isel(unit=(final == kind) & (network["live"].isel(step=-1).values == 1))
        colour = style.LATTICE_COLOURS[name]
        axes.plot(network["step"], of_kind, color=colour, linewidth=0.3, alpha=0.4, marker=".", markersize=0.5)
        if of_kind.sizes["unit"]:
            axes.plot(network["step"], of_kind.median("unit"), color=colour, linewidth=1.5, zorder=3)
    axes.axhline(LATTICE_THRESHOLD, color="0.5", linewidth=0.5, linestyle=":")


def _draw_spacings(axes: Axes, network: xr.Dataset) -> None:
    """A dot per unit on a lattice and step."""
    for kind in (HEXAGONAL, SQUARE):
        spacing = network["spacing"].where(network["lattice"] == kind).stack(dot=("step", "unit"))
        colour = style.LATTICE_COLOURS[KINDS[kind]]
        axes.scatter(spacing["step"], spacing, s=3, color=colour, linewidth=0, alpha=0.7)
    axes.set(ylabel="spacing (m)")


def _draw_modules(axes: Axes, network: xr.Dataset) -> None:
    """Number of modules, stacked by kind; pale where they were not tested for significance: before the end."""
    steps = network["step"].values
    width = max(np.ptp(steps) / max(len(steps) - 1, 1), 1)
    below = np.zeros(len(steps))
    for kind, name in ((HEXAGONAL, "hexagonal_modules"), (SQUARE, "square_modules")):
        colour = style.LATTICE_COLOURS[KINDS[kind]]
        bars = axes.bar(steps, network[name], width, below, color=colour, edgecolor=colour, linewidth=0.1)
        for bar in bars[:-1]:
            bar.set_alpha(UNTESTED)
        below += network[name].values
    axes.set(ylabel="modules")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))


def main(arguments: argparse.Namespace) -> None:
    """Read the histories and what emerged, and draw."""
    histories = [read_history(path, "loss") for path in arguments.histories]
    emergence = [read_emergence(path) for path in arguments.emergence]
    style.save_figure(
        draw(seeds_of(arguments.emergence), histories, emergence),
        arguments.figure,
        summary_provenance(__spec__.name, inputs_of(arguments)),
    )


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    input_argument(parser, "histories", several=True, help="training.nc of each seed")
    input_argument(parser, "emergence", several=True, help="emergence of each seed")
    run(main, parser)
