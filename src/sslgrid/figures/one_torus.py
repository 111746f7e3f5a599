"""Two modules, or shells of one torus: the tests, their controls, and how far the code reaches."""

import argparse

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.datasets.networks import seeds_of
from sslgrid.datasets.one_torus import MEASURED, read_one_torus
from sslgrid.figures import style
from sslgrid.generalisation.one_torus.harmonics import mixture
from sslgrid.store.facts import summary_provenance

WORDS = {
    "network": "network",
    "one_lattice": "one lattice",
    "two_lattices": "two lattices",
    "two_copies": "two copies",
}
MODULES = {0: "fine module", 1: "coarse module", -1: "no module"}
GREY = "0.7"
BARS = 6  # of each dimension that are drawn


def draw(seeds: list[int], results: list[xr.Dataset]) -> Figure:
    """One file per seed; those of networks with fewer than two modules are left out, and named."""
    style.use_style()
    figure = plt.figure(figsize=(style.PAGE_WIDTH, 6.2), layout="constrained")
    panels = figure.subplot_mosaic("abc;def;ghi")
    measured = [(seed, data) for seed, data in zip(seeds, results, strict=True) if data.attrs["pair"] == MEASURED]
    left_out = [str(seed) for seed in seeds if seed not in dict(measured)]
    if left_out:
        figure.suptitle(f"fewer than two modules: seed {', '.join(left_out)}", fontsize=6)
    if measured:
        results = [data for _, data in measured]
        _draw_shares(panels["a"], results)
        _draw_mixtures(panels["b"], results)
        _draw_phases(panels["c"], results)
        _draw_drift(panels["d"], results)
        _draw_kick(panels["e"], results)
        _draw_directions(panels["f"], results)
        _draw_bars(panels["g"], results)
        _draw_turned(panels["h"], results, "range", "turned_range", "range / coarse spacing")
        _draw_turned(panels["i"], results, "confused", "turned_confused", "far places alike (%)")
        figure.legend(*_legend(), loc="outside upper center", ncols=len(WORDS))
    else:
        for axes in panels.values():
            style.not_available(axes, "no network has two modules")
    for letter, axes in panels.items():
        style.label_panel(axes, letter, x=-0.12)
    return figure


def _colour(population: str) -> tuple:
    return style.PALETTE[list(WORDS).index(population)]


def _legend() -> tuple[list, list[str]]:
    return [Line2D([], [], color=_colour(name)) for name in WORDS], list(WORDS.values())


def _of(data: xr.Dataset, population: str) -> xr.Dataset:
    return data.isel(population=data["population"].attrs["flag_meanings"].split().index(population))


def _draw_shares(axes: Axes, results: list[xr.Dataset]) -> None:
    """Harmonics: how much of each fine unit's map lies on the coarse lattice."""
    bins = np.linspace(0, 1, 26)
    for name in WORDS:
        share = np.concatenate(
            [_of(data, name)["lattice_share"].values[data["module"].values == 0] for data in results]
        )
        weights = np.full(len(share), 1 / len(share))
        axes.hist(share.clip(0, 1), bins.tolist(), weights=weights, histtype="step", color=_colour(name))
    null = np.median([_of(data, "network")["null_mean"].values[data["module"].values == 0].mean() for data in results])
    axes.axvline(null, color="0.5", linewidth=0.6, linestyle=":")
    axes.text(null, 1, " lattice turned and\n scaled at random", transform=axes.get_xaxis_transform(), fontsize=5.5,
              color="0.4", va="top")  # fmt: skip
    axes.set(xlabel="variance on the coarse\nreciprocal lattice", ylabel="share of the fine units", xlim=(0, 1))


def _draw_mixtures(axes: Axes, results: list[xr.Dataset]) -> None:
    """The network's units by how much of the first two shells lies on the first, stacked by module."""
    mixtures = np.concatenate([mixture(_of(data, "network")["shell_share"].values) for data in results])
    module = np.concatenate([data["module"].values for data in results])
    colours = [style.module_colour(0), style.module_colour(1), GREY]
    axes.hist(
        [mixtures[(module == number) & np.isfinite(mixtures)] for number in MODULES], np.linspace(0, 1, 21).tolist(),
        stacked=True, color=colours, label=list(MODULES.values()),
    )  # fmt: skip
    axes.legend(loc="upper left")
    axes.set(xlabel="first shell's share of the\nvariance of the first two", ylabel="units of all seeds", xlim=(0, 1))
    axes.set_ylim(0, 1.4 * axes.get_ylim()[1])


def _draw_phases(axes: Axes, results: list[xr.Dataset]) -> None:
    """Phase lock: the errors of the foretold phases."""
    bins = np.linspace(-180, 180, 31)
    for name in WORDS:
        error = np.concatenate([_of(data, name)["phase_error"].values.ravel() for data in results])
        error = np.rad2deg(error[np.isfinite(error)])
        weights = np.full(len(error), 1 / max(len(error), 1))
        axes.hist(error, bins.tolist(), weights=weights, histtype="step", color=_colour(name))
    axes.axhline(1 / (len(bins) - 1), color="0.5", linewidth=0.6, linestyle=":")
    axes.set(xlabel="error of a fine unit's phase (deg)", ylabel="share of the phases", xticks=(-180, -90, 0, 90, 180))


def _draw_drift(axes: Axes, results: list[xr.Dataset]) -> None:
    """Lock under drift: how far apart the modules are, and those of two walks (dotted)."""
    for name in WORDS:
        for data in results:
            of_population = _of(data, name)
            axes.plot(data["window"], of_population["apart"], color=_colour(name), linewidth=0.7)
            axes.plot(
                data["window"], of_population["apart_shuffled"], color=_colour(name), linewidth=0.5, linestyle=":"
            )
    axes.set(xlabel="steps since the start", ylabel="modules apart, rms (m)", xscale="log")
    axes.set_ylim(bottom=0)


def _draw_kick(axes: Axes, results: list[xr.Dataset]) -> None:
    """Where either module is after the fine one was kicked, and how far apart they are in each kick."""
    lines = (
        ("kick_fine", style.module_colour(0), "-", "fine, kicked"),
        ("kick_coarse", style.module_colour(1), "-", "coarse"),
        ("kick_apart", "black", "-", "apart"),
        ("kick_apart_halves", "black", ":", "halves apart"),
    )
    for name, colour, dashes, label in lines:
        for number, data in enumerate(results):
            axes.plot(
                data["kick_step"] + 1, data[name], color=colour, linewidth=0.7, linestyle=dashes,
                label=label if not number else None,
            )  # fmt: skip
    axes.legend(loc="upper right", ncols=2)
    axes.set(xlabel="steps since the kick, and 1", ylabel="displacement / kick", xscale="log", ylim=(-0.1, 1.7))


def _draw_directions(axes: Axes, results: list[xr.Dataset]) -> None:
    """What a trajectory of training leaves of a small displacement, along each direction."""
    for name, population in (("exponent", "network"), ("exponent_two_copies", "two_copies")):
        for data in results:
            left = np.exp(data[name].values * int(data["training_steps"]))
            axes.plot(
                1 + np.arange(len(left)), left, color=_colour(population), linewidth=0.7, marker="o", markersize=2
            )
    axes.set(xlabel="direction of a displacement", ylabel="left after a trajectory\nof training", ylim=(0, 1.2))


def _draw_bars(axes: Axes, results: list[xr.Dataset]) -> None:
    """Topology: the longest bars, loops on the left, cavities on the right."""
    offsets = np.linspace(-0.3, 0.3, len(WORDS))
    for name, offset in zip(WORDS, offsets, strict=True):
        for data in results:
            of_population = _of(data, name)
            for first, kind in ((0, "loops"), (BARS + 1, "cavities")):
                lifetimes = of_population[kind].values[:BARS]
                axes.plot(
                    first + np.arange(len(lifetimes)) + offset, lifetimes, linestyle="none", marker="o", markersize=1.6,
                    color=_colour(name),
                )  # fmt: skip
    ranks = [*range(BARS), *range(BARS + 1, 2 * BARS + 1)]
    axes.set_xticks(ranks, [str(rank % (BARS + 1) + 1) for rank in ranks])
    axes.set(xlabel="loops, cavities, by length", ylabel="lifetime / mean distance")
    axes.set_ylim(bottom=0)


def _draw_turned(axes: Axes, results: list[xr.Dataset], own: str, turned: str, words: str) -> None:
    """The network's own value (squares) and those with its fine module turned, one shade per seed."""
    colours = sns.color_palette("blend:black,silver", len(results))
    for data, colour in zip(results, colours, strict=True):
        scale = 1 / float(_of(data, "network")["spacing"].values[1]) if own == "range" else 100
        axes.plot(data["turn"], scale * data[turned], color=colour, marker="o", markersize=2)
        axes.plot(0, scale * float(data[own]), color=colour, marker="s", markersize=4)
    axes.set(xlabel="turn of the fine module (deg)", ylabel=words)
    axes.set_ylim(0, 1.1 * axes.get_ylim()[1])


def main(arguments: argparse.Namespace) -> None:
    """Read, draw and save."""
    results = [read_one_torus(path) for path in arguments.one_torus]
    figure = draw(seeds_of(arguments.one_torus), results)
    style.save_figure(figure, arguments.figure, summary_provenance(__spec__.name, inputs_of(arguments)))


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    input_argument(parser, "one-torus", several=True, help="one_torus results of each seed")
    run(main, parser)
