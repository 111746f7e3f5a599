"""Figure 5: what each condition grows (Schaeffer et al. 2023, ablations)."""

import argparse
import textwrap
from dataclasses import asdict, dataclass

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure

from sslgrid.commands.cli import run
from sslgrid.config.model import ModelConfig, read_model
from sslgrid.config.words import differences
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.tuning import read_tuning
from sslgrid.emergence import lattice_share
from sslgrid.figures import style
from sslgrid.module_table import describe_modules
from sslgrid.spatial.gridness import KINDS, NO_LATTICE
from sslgrid.spatial.ratemap import RateMaps

UNITS = 9  # of one network whose maps are drawn
SEEDS_OF_INTERVAL = 3  # fewer have no interval worth drawing
DISTRIBUTIONS = {
    "gridness60": "hexagonal\ngridness",
    "gridness90": "square\ngridness",
    "spatial_information": "information\n(bits per spike)",
}
NETWORKS = {"share": "share of live\nunits significant", "modules": "number of\nmodules"}


@dataclass(frozen=True)
class Condition:
    """One condition's networks."""

    name: str
    words: str  # how its model differs
    maps: RateMaps  # of the first seed
    tuning: list[xr.Dataset]  # of each seed


def draw(conditions: list[Condition]) -> plt.Figure:
    """Example maps, condition by condition, above the statistics of all seeds."""
    style.use_style()
    heights = (0.74 * len(conditions), 0.9 + 0.32 * len(conditions))
    figure = plt.figure(figsize=(style.PAGE_WIDTH, sum(heights)), layout="constrained")
    upper, lower = figure.subfigures(2, 1, height_ratios=heights)
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
    panels = figure.subplots(len(conditions), UNITS + 1, squeeze=False, width_ratios=[2] + [1] * UNITS)
    for row, condition in zip(panels, conditions, strict=True):
        for axes in row:
            axes.axis("off")
        differs = textwrap.fill(condition.words, 27)
        row[0].text(
            0,
            0.55,
            style.in_lines(condition.name, 20),
            fontsize=6.5,
            fontweight="bold",
            va="bottom",
            transform=row[0].transAxes,
        )
        row[0].text(0, 0.45, differs, fontsize=5.5, color="0.3", va="top", transform=row[0].transAxes)
        units = most_regular(condition.tuning[0], UNITS)
        if not len(units):
            words = row[1].text(0, 0.5, "n/a: no unit of the first seed is live", transform=row[1].transAxes)
            words.set_in_layout(False)  # it is wider than the map whose place it takes
        for axes, unit in zip(row[1:], units, strict=False):
            _draw_unit(axes, condition.maps, unit, condition.tuning[0])
    style.label_panel(panels[0, 0], "a", x=-0.01, y=0.95)


def _draw_unit(axes: Axes, maps: RateMaps, unit: int, tuning: xr.Dataset) -> None:
    axes.axis("on")
    lattice = int(tuning["lattice"].values[unit]) if tuning["significant"].values[unit] else NO_LATTICE
    colour = style.LATTICE_COLOURS[KINDS[lattice]]
    style.draw_ratemap(axes, maps.rates[unit], maps.bin_size * len(maps.centres), frame=colour)
    axes.set_title(f"{tuning['max_rate'].values[unit]:.2f}", fontsize=5.5, pad=1.5)


def _draw_statistics(figure: SubFigure, conditions: list[Condition]) -> None:
    names = [condition.name for condition in conditions]
    units, networks = _units(conditions), _networks(conditions)
    panels = figure.subplots(1, len(DISTRIBUTIONS) + len(NETWORKS) + 1, sharey=True)
    for axes, (name, label) in zip(panels, DISTRIBUTIONS.items(), strict=False):
        known = units.dropna(subset=name)
        if len(known):
            sns.violinplot(
                known, x=name, y="condition", order=names, ax=axes, color="0.8", cut=0, inner="quart",
                density_norm="width", linewidth=0.6,
            )  # fmt: skip
        _finish(axes, label, names, known)
    for axes, (name, label) in zip(panels[len(DISTRIBUTIONS) :], NETWORKS.items(), strict=False):
        known = networks.dropna(subset=name)
        _draw_networks(axes, known, name, names)
        _finish(axes, label, names, known)
    _draw_spacings(panels[-1], conditions)
    _finish(panels[-1], "spacing of\neach module (m)", names, networks[networks["modules"] > 0])
    panels[0].set(
        yticks=range(len(names)), yticklabels=[style.in_lines(name) for name in names], ylim=(len(names) - 0.5, -0.5)
    )
    for axes, letter in zip(panels, "bcdefg", strict=True):
        style.label_panel(axes, letter, x=0, y=1)


def _units(conditions: list[Condition]) -> pd.DataFrame:
    """The live units of all networks."""
    frames = [
        tuning[list(DISTRIBUTIONS)].to_dataframe()[tuning["live"].values == 1].assign(condition=condition.name)
        for condition in conditions
        for tuning in condition.tuning
    ]
    return pd.concat(frames, ignore_index=True)


def _networks(conditions: list[Condition]) -> pd.DataFrame:
    """A row per network; `height` is where it is drawn."""
    rows = []
    for place, condition in enumerate(conditions):
        for height, tuning in zip(_heights(place, len(condition.tuning)), condition.tuning, strict=True):
            share = float(lattice_share(tuning["live"].values, tuning["significant"].values))
            modules = len(describe_modules(tuning)["units"]) if tuning["live"].any() else np.nan
            rows.append({"condition": condition.name, "height": height, "share": share, "modules": modules})
    return pd.DataFrame(rows)


def _heights(place: int, seeds: int) -> np.ndarray:
    """Seeds one above the other, within the band of their condition."""
    return place + (np.arange(seeds) - (seeds - 1) / 2) * min(0.15, 0.6 / seeds)


def _draw_networks(axes: Axes, networks: pd.DataFrame, name: str, order: list[str]) -> None:
    """A dot per seed, and the mean with its bootstrap interval."""
    axes.scatter(networks[name], networks["height"], s=7, color="0.6", linewidth=0)
    if len(networks) and networks["condition"].value_counts().max() >= SEEDS_OF_INTERVAL:
        sns.pointplot(
            networks, x=name, y="condition", order=order, ax=axes, color="black", linestyle="none", markersize=2.5,
            errorbar=("ci", 95), n_boot=1000, seed=0, err_kws={"linewidth": 0.9},
        )  # fmt: skip
    axes.set(xlim=(-0.05, 1.05) if name == "share" else (-0.5, max([3, *networks[name]]) + 0.5))


def _draw_spacings(axes: Axes, conditions: list[Condition]) -> None:
    """A dot per module, as large as the module has units, in the colour of its lattice."""
    for place, condition in enumerate(conditions):
        for height, tuning in zip(_heights(place, len(condition.tuning)), condition.tuning, strict=True):
            table = describe_modules(tuning)
            colours = [style.LATTICE_COLOURS[KINDS[int(kind)]] for kind in table["kind"]]
            heights = np.full(len(colours), height)
            axes.scatter(table["spacing"], heights, s=table["units"], color=colours, linewidth=0, clip_on=False)
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
    models = [read_model(path) for path in arguments.models]
    seeds = len(arguments.tuning) // len(models)
    conditions = [
        Condition(
            name=path.stem,
            words=in_words(model, models[0]),
            maps=read_ratemaps(arguments.ratemaps[k])[0],
            tuning=[read_tuning(of_seed) for of_seed in arguments.tuning[k * seeds : (k + 1) * seeds]],
        )
        for k, (path, model) in enumerate(zip(arguments.models, models, strict=True))
    ]
    style.save_figure(draw(conditions), arguments.figure)


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    style.files_argument(parser, "models", "config of each condition; the first is what the others are compared with")
    style.files_argument(parser, "ratemaps", "rate maps of the first seed of each condition, in that order")
    style.files_argument(parser, "tuning", "tuning of every seed of each condition, in that order")
    run(main, parser)
