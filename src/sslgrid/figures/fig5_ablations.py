"""Figure 5: what each condition grows (Schaeffer et al. 2023, ablations)."""

import argparse
import textwrap
from dataclasses import asdict, dataclass
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D

from sslgrid.basics.words import differences
from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.datasets.looks import read_looks
from sslgrid.figures import style
from sslgrid.figures.networks import ShownNetwork, network_arguments, read_networks
from sslgrid.sic.config import ModelConfig, read_model
from sslgrid.spatial.gridness import KINDS, NO_LATTICE
from sslgrid.spatial.ratemap import RateMaps
from sslgrid.store.facts import summary_provenance

UNITS = 9  # of one network whose maps are drawn
ROW, ROWS = (0.6, 0.7), 5.4  # in: least and greatest height of a condition's maps; of all, where that allows
SEEDS_OF_INTERVAL = 3  # fewer have no interval worth drawing
# By unit: the label of the axis, and its range where a few units would stretch it.
DISTRIBUTIONS = {
    "gridness60": ("hexagonal gridness", None),
    "gridness90": ("square gridness", None),
    "spatial_information": ("information (bits per spike)", None),
    "fields": ("fields per unit", None),
    "ellipticity": ("ellipticity", (1, 3)),
}
NETWORKS = {"share": "share of live units significant", "modules": "number of modules"}
DOT = 0.6  # points squared a unit: the area of a module's dot
SIZES = 10, 50  # units of the modules whose dots the key shows
LEAST_SPREAD = 1e-9  # of values that have a distribution
DIVERGED = style.PALETTE[3]


@dataclass(frozen=True)
class Condition:
    """One condition's networks."""

    name: str  # its label, if the study has one for it
    words: str  # how its model differs
    networks: list[ShownNetwork]  # its seeds; the first has rate maps
    colour: str | None = None  # "#rrggbb", if the study says one


def draw(conditions: list[Condition]) -> Figure:
    """Example maps, condition by condition, above the statistics of all seeds."""
    style.use_style()
    heights = (len(conditions) * np.clip(ROWS / len(conditions), *ROW), 2 * (0.55 + 0.24 * len(conditions)))
    figure = plt.figure(figsize=(style.PAGE_WIDTH, sum(heights)), layout="constrained")
    upper, lower = style.subfigures(figure, 2, 1, height_ratios=heights)
    _draw_examples(upper, conditions)
    _draw_statistics(lower, conditions)
    return figure


def in_words(model: ModelConfig, reference: ModelConfig) -> str:
    """The keys by which a model differs from another, with its own values."""
    return differences(asdict(model), asdict(reference))


def most_regular(tuning: xr.Dataset, count: int) -> np.ndarray:
    """The live units, significant ones first, by falling gridness, 60 or 90; those without a score last."""
    live = np.flatnonzero(tuning["live"].values == 1)
    gridness = np.nan_to_num(np.fmax(tuning["gridness60"].values, tuning["gridness90"].values)[live], nan=-np.inf)
    return live[np.lexsort((-gridness, -tuning["significant"].values[live]))][:count]


def _draw_examples(figure: SubFigure, conditions: list[Condition]) -> None:
    panels = figure.subplots(len(conditions), UNITS + 1, squeeze=False, width_ratios=[2.2] + [1] * UNITS)
    for row, condition in zip(panels, conditions, strict=True):
        for axes in row:
            axes.axis("off")
        _describe(row[0], condition)
        first = condition.networks[0]
        units = most_regular(first.tuning, UNITS)
        if not len(units):
            words = row[1].text(0, 0.5, "n/a: no unit of the first seed is live", transform=row[1].transAxes)
            words.set_in_layout(False)  # it is wider than the map whose place it takes
        for axes, unit in zip(row[1:], units, strict=False):
            _draw_unit(axes, first.drawn, unit, first.tuning)
    style.label_panel(panels[0, 0], "a", x=-0.01, y=0.95)
    shown = next((each.networks[0].maps for each in conditions[::-1] if each.networks[0].maps is not None), None)
    if shown is not None:
        style.scale_bar(panels[-1, 1], 0.25 * shown.side, shown.side)
        style.rate_scale(panels[-1, 2], "rate of a unit, from 0 to its highest, which is the number above its map")


def _describe(axes: Axes, condition: Condition) -> None:
    """The condition's name, above how it differs, how many seeds it has, and which of its trainings diverged."""
    seeds = len(condition.networks)
    lines = [(line, "0.3") for line in textwrap.wrap(condition.words, 32)]
    lines.append((f"{seeds} seed{'s' if seeds > 1 else ''}", "0.3"))
    diverged = [f"seed {each.seed} {each.diverged.split(':')[0]}" for each in condition.networks if each.diverged]
    lines += [(line, DIVERGED) for line in diverged]
    look: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "fontsize": 5.5}
    look |= {"in_layout": False}  # words may be higher than the row whose maps they are about
    name = style.in_lines(condition.name, 24)
    axes.annotate(name, (0, 0.6), (0, 0), va="bottom", **{**look, "fontsize": 6.5}, fontweight="bold",
                  color=condition.colour or "black")  # fmt: skip
    for number, (line, colour) in enumerate(lines):
        axes.annotate(line, (0, 0.6), (0, -2 - 7 * number), va="top", color=colour, **look)


def _draw_unit(axes: Axes, maps: RateMaps, unit: int, tuning: xr.Dataset) -> None:
    axes.axis("on")
    lattice = int(tuning["lattice"].values[unit]) if tuning["significant"].values[unit] else NO_LATTICE
    colour = style.LATTICE_COLOURS[KINDS[lattice]]
    style.draw_ratemap(axes, maps.rates[unit], maps.side, frame=colour)
    axes.set_title(f"{tuning['max_rate'].values[unit]:.2f}", fontsize=5.5, pad=1.5)


def _draw_statistics(figure: SubFigure, conditions: list[Condition]) -> None:
    names = [condition.name for condition in conditions]
    units, networks = _units(conditions), _networks(conditions)
    panels = figure.subplots(2, 4, sharey=True).flat
    for name, (label, limits) in DISTRIBUTIONS.items():
        axes, known = next(panels), units.dropna(subset=name)
        _draw_violins(axes, known, name, conditions)
        _finish(axes, label, names, known)
        axes.set(xlim=limits)
    for name, label in NETWORKS.items():
        axes = next(panels)
        _draw_networks(axes, networks, name, names)
        _finish(axes, label, names, networks)
    axes = next(panels)
    _draw_spacings(axes, conditions)
    _finish(axes, "spacing of each module (m)", names, networks[networks["modules"] > 0])
    for axes, letter in zip(figure.axes, "bcdefghi", strict=True):
        style.label_panel(axes, letter, x=0, y=1)
    figure.axes[0].set(
        yticks=range(len(names)), yticklabels=[style.in_lines(name, 16) for name in names],
        ylim=(len(names) - 0.5, -0.5),
    )  # fmt: skip
    _explain(figure, networks)


def _explain(figure: SubFigure, networks: pd.DataFrame) -> None:
    """What the colours and marks of the networks' panels mean."""
    look: dict[str, Any] = {"linestyle": "none", "markersize": 4, "markeredgewidth": 0}
    handles = [Line2D([], [], marker="o", color=style.LATTICE_COLOURS[kind], label=f"{kind} module", **look)
               for kind in ("hexagonal", "square")]  # fmt: skip
    handles.append(Line2D([], [], marker="o", color="0.6", label="a seed", **look))
    for units in SIZES:
        sized = {**look, "markersize": np.sqrt(DOT * units)}
        handles.append(Line2D([], [], marker="o", color="0.8", label=f"a module of {units} units", **sized))
    if networks["diverged"].any():
        cross = {**look, "markeredgewidth": 1}
        handles.append(Line2D([], [], marker="x", color=DIVERGED, label="a seed whose training diverged", **cross))
    figure.legend(handles=handles, loc="outside lower right", ncols=len(handles), handletextpad=0.1)


def _units(conditions: list[Condition]) -> pd.DataFrame:
    """The live units of all networks."""
    frames = [
        network.tuning[list(DISTRIBUTIONS)]
        .to_dataframe()[network.tuning["live"].values == 1]
        .assign(condition=condition.name, seed=network.seed)
        for condition in conditions
        for network in condition.networks
    ]
    return pd.concat(frames, ignore_index=True)


def _networks(conditions: list[Condition]) -> pd.DataFrame:
    """A row per network, whatever became of it; of a silent one no unit is significant."""
    rows = []
    for place, condition in enumerate(conditions):
        for height, network in zip(_heights(place, condition), condition.networks, strict=True):
            live, significant = (int(network.tuning[name].sum()) for name in ("live", "significant"))
            share, modules = significant / max(live, 1), network.modules.sizes["module"]
            rows.append((condition.name, height, bool(network.diverged), share, modules))
    return pd.DataFrame(rows, columns=["condition", "height", "diverged", *NETWORKS])


def _heights(place: int, condition: Condition) -> np.ndarray:
    """Heights at which the seeds of the condition at `place` are drawn, one above the other."""
    seeds = len(condition.networks)
    return place + (np.arange(seeds) - (seeds - 1) / 2) * min(0.17, 0.75 / seeds)


def _draw_violins(axes: Axes, units: pd.DataFrame, name: str, conditions: list[Condition]) -> None:
    """A violin for each seed, at the height that it has in all panels, with its median."""
    for place, condition in enumerate(conditions):
        heights = _heights(place, condition)
        width = 0.9 * (heights[1] - heights[0]) if len(heights) > 1 else 0.5
        for height, network in zip(heights, condition.networks, strict=True):
            values = units.loc[(units["condition"] == condition.name) & (units["seed"] == network.seed), name].values
            if not len(values):
                continue
            axes.plot(np.median(values), height, "|", color="0.2", markersize=3, markeredgewidth=0.7, zorder=3)
            if np.ptp(values) > LEAST_SPREAD:
                bodies: Any = axes.violinplot(
                    [values], [height], widths=width, orientation="horizontal", showextrema=False
                )["bodies"]  # fmt: skip
                bodies[0].set(facecolor=condition.colour or "0.7", edgecolor="none", alpha=1)


def _draw_networks(axes: Axes, networks: pd.DataFrame, name: str, order: list[str]) -> None:
    """A dot or a cross per seed, and the mean of all with its bootstrap interval."""
    for diverged, marks in networks.groupby("diverged"):
        look = {"marker": "x", "s": 9, "color": DIVERGED} if diverged else {"s": 5, "color": "0.6", "linewidth": 0}
        axes.scatter(marks[name], marks["height"], zorder=3, clip_on=False, **look)
    several = networks.groupby("condition").filter(lambda seeds: len(seeds) >= SEEDS_OF_INTERVAL)
    if len(several):
        sns.pointplot(
            several, x=name, y="condition", order=order, ax=axes, color="black", linestyle="none", marker="|",
            markersize=6, markeredgewidth=1, errorbar=("ci", 95), n_boot=1000, seed=0, err_kws={"linewidth": 0.9},
        )  # fmt: skip
    axes.set(xlim=(-0.05, 1.05) if name == "share" else (-0.2, max([3, *networks[name]]) + 0.2))


def _draw_spacings(axes: Axes, conditions: list[Condition]) -> None:
    """A dot per module, or a cross, as large as the module has units, in the colour of its lattice."""
    for place, condition in enumerate(conditions):
        for height, network in zip(_heights(place, condition), condition.networks, strict=True):
            table = network.modules
            colours = [style.LATTICE_COLOURS[KINDS[int(kind)]] for kind in table["kind"].values]
            heights = np.full(len(colours), height)
            look: dict[str, Any] = {"marker": "x", "linewidth": 1} if network.diverged else {"linewidth": 0}
            axes.scatter(table["spacing"], heights, s=DOT * table["units"].values, color=colours, clip_on=False, **look)
    axes.set(xlim=(0, None))


def _finish(axes: Axes, label: str, names: list[str], known: pd.DataFrame) -> None:
    """Label the panel; a condition of which nothing is known says so."""
    axes.set(xlabel=label, ylabel="")
    for place in range(len(names) - 1):
        axes.axhline(place + 0.5, color="0.9", linewidth=0.5, zorder=0)
    for place, name in enumerate(names):
        if not (known["condition"] == name).any():
            axes.text(0.5, place, "n/a", transform=axes.get_yaxis_transform(), ha="center", va="center", color="0.5")


def main(arguments: argparse.Namespace) -> None:
    """Read the networks of all conditions and draw them."""
    models = {path.stem: read_model(path) for path in arguments.models}
    reference = next(iter(models.values()))
    networks, looks = read_networks(arguments), read_looks(arguments.looks)
    conditions = [
        Condition(
            looks.label(name), in_words(model, reference), [each for each in networks if each.condition == name],
            looks.colours.get(name),
        )
        for name, model in models.items()
    ]  # fmt: skip
    style.save_figure(draw(conditions), arguments.figure, summary_provenance(__spec__.name, inputs_of(arguments)))


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    input_argument(
        parser, "models", several=True, help="config of each condition; the first is what the others are compared with"
    )
    input_argument(parser, "looks", required=False, help="what the conditions are called, and their colours")
    network_arguments(parser)
    run(main, parser)
