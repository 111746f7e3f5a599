"""What the code is good for: decoding, repeats, its metric, and whether modules are independent. Beyond the paper."""

import argparse

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sslgrid.claims.statistics import RAT_RATIO
from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.datasets.coding import read_coding
from sslgrid.datasets.modules import read_modules
from sslgrid.datasets.networks import seeds_of
from sslgrid.figures import style
from sslgrid.modules.commensurability import superlattices
from sslgrid.modules.finding import SYMMETRY
from sslgrid.spatial.gridness import HEXAGONAL, KINDS, SQUARE
from sslgrid.store.facts import summary_provenance

FARTHEST = 3.5  # m, of panel c; farther pairs are few
LINE = 0.07  # of a panel: height of a line of words


def draw(seeds: list[int], coding: list[xr.Dataset], modules: list[xr.Dataset]) -> Figure:
    """One coding file and one modules file per seed; the map is the first seed's."""
    style.use_style()
    figure = plt.figure(figsize=(style.PAGE_WIDTH, 5.0), layout="constrained")
    panels = figure.subplot_mosaic("abc;def", height_ratios=(1, 1.15))
    colours = dict(zip(seeds, sns.color_palette("blend:black,#949494", len(seeds)), strict=True))
    for seed, data, table in zip(seeds, coding, modules, strict=True):
        _draw_decoding(panels["a"], panels["b"], data, colours[seed], seed)
        _draw_distances(panels["c"], data, table, colours[seed])
        _draw_metric(panels["d"], data, colours[seed])
    _finish_decoding(panels["a"], panels["b"], coding)
    panels["c"].axhline(float(coding[0]["alike"]), color="0.5", linewidth=0.6, linestyle=":")
    alike = {"xy": (1, float(coding[0]["alike"])), "xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
    panels["c"].annotate("alike", xytext=(2, 0), va="center", ha="left", fontsize=5.5, color="0.4", **alike)
    panels["c"].set(xlabel="distance of two places (m)", ylabel="neural distance", xlim=(0, FARTHEST))
    panels["d"].set(xlabel="axes of the induced metric, long : short", ylabel="share of bins", xlim=(1, 2))
    _draw_plane(figure, panels["e"], coding[0], modules[0], seeds[0])
    _draw_commensurability(panels["f"], seeds, modules, colours)
    for letter, bottom, top in (("c", 0, 0.72), ("d", 0, panels["d"].dataLim.y1), ("f", -0.12, 1.05)):
        _leave_room(panels[letter], bottom, top)
    figure.legend(*panels["a"].get_legend_handles_labels(), loc="outside upper center", ncols=len(seeds) + 2)
    for letter, axes in panels.items():
        style.label_panel(axes, letter, x=-0.12)
    return figure


def _draw_decoding(against_time: Axes, against_noise: Axes, data: xr.Dataset, colour: tuple, seed: int) -> None:
    quiet = data.sel(noise=0)
    against_time.plot(data["window"], quiet["decoding_error"], color=colour, linestyle="--")
    against_time.plot(data["window"], quiet["local_error"], color=colour, label=f"seed {seed}")
    early = data.isel(window=0)
    against_noise.plot(data["noise"], early["decoding_error"], color=colour, linestyle="--")
    against_noise.plot(data["noise"], early["local_error"], color=colour)


def _finish_decoding(against_time: Axes, against_noise: Axes, coding: list[xr.Dataset]) -> None:
    chance = np.median([float(data["chance_error"]) for data in coding])
    for axes in (against_time, against_noise):
        axes.axhline(chance, color="0.5", linewidth=0.6, linestyle=":")
        axes.set(ylim=(0, 1.35 * chance))
    against_time.text(1, chance, "chance", transform=against_time.get_yaxis_transform(), va="bottom", ha="right",
                      fontsize=5.5, color="0.4")  # fmt: skip
    against_time.plot([], [], color="0.3", linestyle="--", label="any place")
    against_time.plot([], [], color="0.3", label="a place near by")
    against_time.set(xlabel="steps since the start", ylabel="decoding error (m)", xscale="log")
    middle = float(coding[0]["window"][0])
    against_noise.set(xlabel=f"noise on the state, after {middle:.0f} steps", ylabel="decoding error (m)")


def _draw_distances(axes: Axes, data: xr.Dataset, table: xr.Dataset, colour: tuple) -> None:
    axes.plot(data["range"], data["mean_distance"], color=colour, linewidth=0.6)
    axes.plot(data["range"], data["least_distance"], color=colour)
    for spacing in table["spacing"].values:
        axes.plot(spacing, 0.02, marker="^", color=colour, markersize=4, transform=axes.get_xaxis_transform())
    reach = float(data["effective_range"])
    if np.isfinite(reach):
        axes.plot(reach, float(data["alike"]), marker="o", color=colour, markersize=4)
    _add_line(axes, f"range {reach:.2f} m, {float(data['range_in_spacings']):.2f} of the largest spacing", colour)


def _draw_metric(axes: Axes, data: xr.Dataset, colour: tuple) -> None:
    ratio = (data["metric_long"] / data["metric_short"]).values
    ratio = ratio[np.isfinite(ratio)]
    bins = np.linspace(1, 2, 41)
    axes.hist(ratio, bins.tolist(), weights=np.full(len(ratio), 1 / max(len(ratio), 1)), histtype="step", color=colour)
    scale = np.sqrt(data["metric_long"].values * data["metric_short"].values)
    varies = 100 * np.nanstd(scale) / np.nanmean(scale)
    _add_line(axes, f"median {np.median(ratio):.2f}; area's scale varies by {varies:.0f} %", colour)


def _add_line(axes: Axes, words: str, colour: tuple) -> None:
    """One more line of words in the panel's upper right corner."""
    top = 0.99 - LINE * _lines(axes)
    axes.text(0.98, top, words, transform=axes.transAxes, ha="right", va="top", fontsize=5.5, color=colour)


def _lines(axes: Axes) -> int:
    places = [(text.get_horizontalalignment(), text.get_verticalalignment()) for text in axes.texts]
    return places.count(("right", "top"))


def _leave_room(axes: Axes, bottom: float, top: float) -> None:
    """Show the panel from `bottom` to `top`, below its lines of words."""
    axes.set_ylim(bottom, bottom + (top - bottom) / max(0.97 - LINE * _lines(axes), 0.3))


def _draw_plane(figure: Figure, axes: Axes, data: xr.Dataset, table: xr.Dataset, seed: int) -> None:
    x = data["plane_x"].values
    half = (x[-1] + (x[1] - x[0]) / 2).item()
    distance = data["distance_from_start"].values
    image = axes.imshow(distance, origin="lower", extent=(-half, half, -half, half), cmap=style.RATE_COLOURS, vmin=0)
    figure.colorbar(image, ax=axes, shrink=0.7, label="|g(0) - g(x)|")
    for module in range(table.sizes["module"]):
        row = table.isel(module=module)
        points = _lattice_points(int(row["kind"]), float(row["spacing"]), float(row["orientation"]), half)
        label = f"{row['spacing']:.2f} m, {row['ellipticity']:.2f} : 1"
        axes.plot(
            *points.T, linestyle="none", marker="o", markersize=2 + 1.5 * module, markerfacecolor="none",
            markeredgewidth=0.6, color=style.module_colour(module), label=label,
        )  # fmt: skip
    axes.set(xlim=(-half, half), ylim=(-half, half), xlabel="x (m)", ylabel="y (m)")
    title = f"lattices of the modules, seed {seed}" if table.sizes["module"] else f"seed {seed}: no modules"
    if table.sizes["module"]:
        axes.legend(
            title=title, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, handletextpad=0.1, columnspacing=0.8
        )
    else:
        axes.set_title(title)


def _lattice_points(kind: int, spacing: float, orientation: float, half: float) -> np.ndarray:
    """The points of a lattice through the origin within a square: (point, 2) m."""
    angles = np.deg2rad(orientation + np.array([0, 60 if kind == HEXAGONAL else 90]))
    basis = spacing * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    count = int(3 * half / spacing) + 1
    m, n = np.mgrid[-count : count + 1, -count : count + 1].reshape(2, -1)
    points = m[:, None] * basis[0] + n[:, None] * basis[1]
    return points[np.abs(points).max(axis=1) <= half]


def _draw_commensurability(axes: Axes, seeds: list[int], modules: list[xr.Dataset], colours: dict[int, tuple]) -> None:
    """Turn, as a share of half the symmetry, against ratio: superlattices are crosses, pairs of modules dots."""
    for kind, marker in ((HEXAGONAL, "x"), (SQUARE, "+")):
        ratios, turns, indices = superlattices(kind)
        shares = turns / (SYMMETRY[kind] / 2)
        axes.plot(ratios, shares, linestyle="none", marker=marker, color="0.4", label=f"{KINDS[kind]} superlattices")
        for ratio, share, index in zip(ratios, shares, indices, strict=True):
            if index > 1:
                axes.annotate(str(index), (ratio, share), (3, 3), textcoords="offset points", fontsize=5, color="0.4")
    axes.axvline(RAT_RATIO, color="0.7", linewidth=0.6, linestyle=":")
    drawn = 0
    for seed, table in zip(seeds, modules, strict=True):
        kinds = table["kind"].values
        for pair in range(table.sizes["pair"]):
            row = table.isel(pair=pair)
            if np.isfinite(row["mismatch"]):
                kind = int(kinds[int(row["fine"])])
                drawn += 1
                _draw_pair(axes, row, SYMMETRY[kind] / 2, "h" if kind == HEXAGONAL else "s", colours[seed])
    axes.set(xlabel="ratio of spacings", ylabel="turn / half the symmetry", xlim=(0.9, 3))
    axes.legend(loc="lower right", handletextpad=0.1, bbox_to_anchor=(1.0, 0.15))
    if not drawn:
        axes.set_title("n/a: no network has two modules of one kind", fontsize=6)


def _draw_pair(axes: Axes, row: xr.Dataset, half: float, marker: str, colour: tuple) -> None:
    low, high = float(row["turn_low"]) / half, float(row["turn_high"]) / half
    ratio, turn = float(row["ratio"]), float(row["turn"]) / half
    axes.plot([float(row["ratio_low"]), float(row["ratio_high"])], [turn, turn], color=colour, linewidth=0.8)
    axes.plot([ratio, ratio], [low, high], color=colour, linewidth=0.8)
    axes.plot(ratio, turn, marker=marker, markersize=6, markerfacecolor="none", color=colour)
    words = f"{ratio:.3f}: off by {float(row['mismatch']):.3f}, p = {float(row['p_value']):.2g}"
    _add_line(axes, words, colour)


def main(arguments: argparse.Namespace) -> None:
    """Read, draw and save."""
    coding, modules = (
        [read_coding(path) for path in arguments.coding],
        [read_modules(path) for path in arguments.modules],
    )
    style.save_figure(
        draw(seeds_of(arguments.coding), coding, modules),
        arguments.figure,
        summary_provenance(__spec__.name, inputs_of(arguments)),
    )


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    input_argument(parser, "coding", several=True, help="coding of each seed")
    input_argument(parser, "modules", several=True, help="modules of each seed")
    run(main, parser)
