"""Figure 3: the code in larger arenas, along other motion, on long walks and far away (Schaeffer et al. 2023).

Files by arena and configs of arenas come in the same order; the first arena is what the others are compared with.
"""

import argparse
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter
from matplotlib.typing import LineStyleType

from sslgrid.basics.arena import ArenaConfig
from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.datasets.generalisation import read_generalisation
from sslgrid.datasets.networks import seeds_of
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.tuning import read_tuning
from sslgrid.figures import style
from sslgrid.spatial.ratemap import RateMaps
from sslgrid.store.facts import summary_provenance
from sslgrid.walks.config import read_arena

MODULES = 2  # of the first network, the largest
UNITS = 2  # of one module
LABELS = 0.9  # in: width of the words left of the maps
# A seed's; after the last they come again.
MARKERS = "osD^v"
LINES: tuple[LineStyleType, ...] = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)))
TRAINED = 0.95  # share of the displacements of the training that are shorter than the line
SPREAD = 0.6  # of the distance of two arenas: width that the modules of all seeds share


def draw(
    seeds: list[int], arenas: list[ArenaConfig], maps: list[RateMaps], tuning: xr.Dataset, networks: list[xr.Dataset]
) -> Figure:
    """arenas, maps: by arena, the maps of the first seed. tuning: its own, in the first arena. networks: by seed."""
    style.use_style()
    units = _examples(tuning)
    sides = [each.side for each in maps]
    scale = (style.PAGE_WIDTH - LABELS) / (1.1 * sum(sides))
    height = max(len(units) * 1.1 * scale * max(sides), 0.5) + 0.3
    figure = plt.figure(figsize=(style.PAGE_WIDTH, height + 4.2), layout="constrained")
    upper, lower = style.subfigures(figure, 2, 1, height_ratios=(height, 4.2))
    _draw_examples(upper, seeds[0], arenas, maps, tuning, units)
    across, along = style.subfigures(lower, 2, 1)
    _draw_arenas(across, seeds, arenas, networks)
    drift, error, distance = along.subplots(1, 3, width_ratios=(1, 1, 1.25))
    _draw_drift(drift, networks)
    _draw_error(error, networks)
    _draw_distances(distance, networks)
    for axes, letter in zip((drift, error, distance), "def", strict=True):
        style.label_panel(axes, letter, x=-0.12)
    return figure


def _examples(tuning: xr.Dataset) -> list[int]:
    """The most regular units of the largest modules, module by module."""
    module = tuning["module"].values
    names, counts = np.unique(module[module >= 0], return_counts=True)
    gridness = np.maximum(tuning["gridness60"].values, tuning["gridness90"].values)
    units = []
    for name in sorted(names[np.argsort(-counts, kind="stable")][:MODULES]):
        members = np.flatnonzero(module == name)
        units += list(members[np.argsort(-gridness[members], kind="stable")][:UNITS])
    return units


MOTIONS = {
    "rat": "like a rat", "iid": "iid steps", "brownian": "Brownian", "sargolini": "recorded rat 1",
    "tanni": "recorded rat 2",
}  # fmt: skip


def _name(arena: ArenaConfig) -> str:
    return f"{arena.width:g} m\n{MOTIONS[arena.motion]}"


def _draw_examples(
    figure: SubFigure, seed: int, arenas: list[ArenaConfig], maps: list[RateMaps], tuning: xr.Dataset, units: list[int]
) -> None:
    """A row per unit, a column per arena; all maps to one scale, in space and in rate."""
    if not units:
        figure.text(0.5, 0.5, f"n/a: no modules in the network of seed {seed}", ha="center", va="center")
        return
    sides = [each.side for each in maps]
    words = LABELS / (style.PAGE_WIDTH - LABELS) * sum(sides)
    panels = figure.subplots(len(units), len(maps) + 1, squeeze=False, width_ratios=[words, *sides])
    for row, unit in zip(panels, units, strict=True):
        module = int(tuning["module"][unit])
        row[0].axis("off")
        row[0].text(
            0, 0.5, f"seed {seed}\nmodule {module}\nunit {unit}\n{float(tuning['spacing'][unit]):.2f} m",
            transform=row[0].transAxes, va="center", fontsize=6, color=style.module_colour(module),
        )  # fmt: skip
        for axes, each in zip(row[1:], maps, strict=True):
            image = style.draw_ratemap(axes, each.rates[unit], each.side, frame="0.8")
            image.set_clim(0, np.nanmax(maps[0].rates[unit]))
            axes.set_anchor("N")
    for axes, arena in zip(panels[0, 1:], arenas, strict=True):
        axes.set_title(_name(arena), fontsize=6, pad=2)
    style.scale_bar(panels[-1, 1], 1.0, sides[0])
    style.label_panel(panels[0, 0], "a", x=0.1, y=1.0)


def _draw_arenas(figure: SubFigure, seeds: list[int], arenas: list[ArenaConfig], networks: list[xr.Dataset]) -> None:
    """Correlation and spacing of each module in each arena."""
    correlation, spacing = figure.subplots(1, 2)
    others = slice(1, None)
    _by_arena(correlation, networks, "correlation", arenas, others)
    for data, x in _columns(networks):
        for module in range(data.sizes["module"]):
            at = np.arange(len(arenas) - 1) + x[module]
            null = data["null_high"].values[others, module]
            correlation.plot(at, null, "_", color="0.6", markersize=4)
    known = [data[name].values[others] for data in networks for name in ("correlation_low", "correlation", "null_high")]
    lowest = min((float(np.nanmin(values)) for values in known if np.isfinite(values).any()), default=0.0)
    words = _name(arenas[0]).replace("\n", ", ")
    correlation.set(ylabel=f"correlation with {words}", ylim=(min(0.9, np.floor(10 * lowest - 1) / 10), 1.04))
    _by_arena(spacing, networks, "spacing", arenas, slice(None))
    spacing.set(ylabel="spacing (m)", ylim=(0, None))
    spacing.set_title("numbers: modules found in that arena, seed by seed", fontsize=5.5, pad=2)
    counts = zip(*(data["modules_found"].values for data in networks), strict=True)
    for place, found in enumerate(counts):
        words = "\n".join(f"{count}" for count in found)
        spacing.text(
            place, 0.03, words, transform=spacing.get_xaxis_transform(), fontsize=5, color="0.4", ha="center",
            linespacing=1,
        )  # fmt: skip
    if len(arenas) > 1:
        chance = Line2D(
            [], [], color="0.6", marker="_", linestyle="", label="other units of the module: 95 % are below"
        )
        correlation.legend(handles=[chance], loc="lower left")
    handles = [
        Line2D(
            [],
            [],
            color="0.3",
            marker=MARKERS[index % len(MARKERS)],
            linestyle=LINES[index % len(LINES)],
            markersize=3,
            label=f"seed {seed}",
        )
        for index, seed in enumerate(seeds)
    ]
    modules = max(data.sizes["module"] for data in networks)
    handles += [
        Line2D([], [], color=style.module_colour(name), marker="o", linestyle="", markersize=3, label=f"module {name}")
        for name in range(modules)
    ]
    spacing.legend(handles=handles, loc="center left", bbox_to_anchor=(1, 0.5), borderaxespad=0)
    for axes, letter in zip((correlation, spacing), "bc", strict=True):
        style.label_panel(axes, letter, x=-0.1)


def _columns(networks: list[xr.Dataset]) -> list[tuple[xr.Dataset, np.ndarray]]:
    """Each network with the place of each of its modules, relative to an arena's tick."""
    sizes = [data.sizes["module"] for data in networks]
    places = np.split((np.arange(sum(sizes)) + 0.5) / max(sum(sizes), 1) - 0.5, np.cumsum(sizes)[:-1])
    return [(data, SPREAD * place) for data, place in zip(networks, places, strict=True)]


def _by_arena(axes: Axes, networks: list[xr.Dataset], name: str, arenas: list[ArenaConfig], which: slice) -> None:
    """A module's mean and interval in each arena; a colour per module, a marker per seed."""
    shown = arenas[which]
    axes.set(xlim=(-0.5, max(len(shown), 1) - 0.5))
    axes.set_xticks(range(len(shown)), [_name(arena).replace("recorded ", "recorded\n") for arena in shown])
    axes.tick_params(axis="x", labelsize=5)
    if not shown:
        style.not_available(axes, "no other arenas")
        return
    if not any(np.isfinite(data[name].values[which]).any() for data in networks):
        style.not_available(axes, "no module in arenas that the walks cover")
        return
    for (data, x), marker in zip(_columns(networks), cycle(MARKERS)):
        middle, low, high = (data[f"{name}{end}"].values[which] for end in ("", "_low", "_high"))
        for module in range(data.sizes["module"]):
            at = np.arange(len(shown)) + x[module]
            colour = style.module_colour(module)
            axes.vlines(at, low[:, module], high[:, module], color=colour, linewidth=0.8)
            axes.plot(at, middle[:, module], marker, color=colour, markersize=2.5)
    known = np.any([np.isfinite(data[name].values[which]).any(axis=1) for data in networks], axis=0)
    for place in np.flatnonzero(~known).tolist():
        axes.text(place, 0.5, "n/a", transform=axes.get_xaxis_transform(), fontsize=6, color="0.4", ha="center")


def _draw_drift(axes: Axes, networks: list[xr.Dataset]) -> None:
    axes.set(xlabel="path (m)", ylabel="drift of the phase (m)")
    readable = [np.isfinite(data["drift"].values).any() for data in networks]
    if not any(readable):
        style.not_available(axes, "no module whose\nphase tells the position")
        return
    for data, line in zip(networks, cycle(LINES)):
        for module in range(data.sizes["module"]):
            colour = style.module_colour(module)
            drift = data["drift"].values[module]
            axes.plot(data["path_length"], drift, linestyle=line, color=colour)
            if np.isfinite(drift).any():
                axes.axhline(data["lost"].values[module], 0.9, 1, color=colour, linewidth=1.5)
    axes.set(xscale="log", yscale="log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.text(0.97, 0.03, "bars: the place is lost", transform=axes.transAxes, fontsize=5.5, ha="right")


def _draw_error(axes: Axes, networks: list[xr.Dataset]) -> None:
    axes.set(xlabel="steps", ylabel="deviation from the maps")
    axes.axvline(float(networks[0]["training_steps"]), color="0.6", linewidth=0.8)
    axes.text(
        float(networks[0]["training_steps"]), 1.0, " steps of training", transform=axes.get_xaxis_transform(),
        fontsize=5.5, color="0.4", va="top",
    )  # fmt: skip
    for data, line in zip(networks, cycle(LINES)):
        for module in range(data.sizes["module"]):
            colour = style.module_colour(module)
            axes.plot(data["window"], data["map_error"].values[module], linestyle=line, color=colour)
        axes.plot(data["window"], data["pair_error"], linestyle=line, color="0.5", linewidth=0.7)
    axes.axhline(2, color="0.8", linewidth=0.5, zorder=0)
    axes.set(xscale="log", ylim=(0, None))
    axes.text(0.02, 2, "place is lost", transform=axes.get_yaxis_transform(), fontsize=5.5, color="0.5", va="bottom")
    axes.text(0.02, 0.98, "grey: walks\nnear each other", transform=axes.transAxes, fontsize=5.5, color="0.4", va="top")


def _draw_distances(axes: Axes, networks: list[xr.Dataset]) -> None:
    """The first network's density, every network's mean and lowest distance, and where training's displacements lie."""
    first = networks[0]
    visits = first["visits"].values
    density = visits / np.maximum(visits.sum(axis=1, keepdims=True), 1)
    axes.pcolormesh(
        first["radius"], first["distance"], np.where(density > 0, density, np.nan).T, cmap="Greys", vmin=0,
        vmax=np.quantile(density[density > 0], 0.98), rasterized=True, shading="nearest",
    )  # fmt: skip
    for data, line in zip(networks, cycle(LINES)):
        axes.plot(data["radius"], data["mean_distance"], linestyle=line, color=style.PALETTE[0])
        axes.plot(data["radius"], data["lowest_distance"], linestyle=line, color=style.PALETTE[3], linewidth=0.6)
    outer = first["radius"] + (first["radius"][1] - first["radius"][0]) / 2
    trained = np.interp(TRAINED, first["training_displacements"].values, outer)
    axes.axvline(trained, color="0.4", linewidth=0.8)
    axes.text(
        trained, 0.02, f" {TRAINED:.0%} of training's\n displacements", transform=axes.get_xaxis_transform(),
        fontsize=5.5, color="0.4", va="bottom",
    )  # fmt: skip
    highest = max(float(data["mean_distance"].max()) for data in networks)
    axes.set(
        xlabel="|x| (m)", ylabel="neural distance |g(0) - g(x)|", xlim=(0, None),
        ylim=(0, 1.1 * highest),
    )  # fmt: skip
    words = {"mean": style.PALETTE[0], "lowest": style.PALETTE[3]}
    handles = [Line2D([], [], color=colour, label=name) for name, colour in words.items()]
    axes.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, columnspacing=1, borderaxespad=0)


def main(arguments: argparse.Namespace) -> None:
    """Read, draw and save."""
    arenas = [read_arena(path) for path in arguments.arenas]
    maps = [read_ratemaps(path)[0] for path in arguments.ratemaps]
    networks = [read_generalisation(path) for path in arguments.generalisation]
    figure = draw(seeds_of(arguments.generalisation), arenas, maps, read_tuning(arguments.tuning), networks)
    style.save_figure(figure, arguments.figure, summary_provenance(__spec__.name, inputs_of(arguments)))


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    input_argument(parser, "arenas", several=True, help="config of each arena, the reference first")
    input_argument(parser, "ratemaps", several=True, help="rate maps of the first seed in each arena")
    input_argument(parser, "tuning", help="its tuning in the first arena")
    input_argument(parser, "generalisation", several=True, help="measures of each seed")
    run(main, parser)
