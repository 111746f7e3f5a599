"""Calibration: errors of the measures on units of known truth, against noise and arena."""

import argparse

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas.api.typing import SeriesGroupBy

from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.datasets.calibration import read_calibration
from sslgrid.datasets.module_calibration import read_module_calibration
from sslgrid.datasets.tuning import read_tuning
from sslgrid.figures import style
from sslgrid.spatial.classes import CLASSES, UnitClass
from sslgrid.store.facts import summary_provenance

ERRORS = {  # column: label, factor
    "spacing_error": ("error of spacing (%)", 100),
    "orientation_error": ("error of orientation (deg)", 1),
    "ellipticity_error": ("error of ellipticity", 1),
}
OWN_SCORE = {
    UnitClass.HEXAGONAL: "gridness60",
    UnitClass.SQUARE: "gridness90",
    UnitClass.BAND: "band_score",
    UnitClass.BORDER: "border_score",
    UnitClass.PLACE: "place_score",
}
SIDE_COLOURS = dict(zip((2.0, 3.0, 4.0), sns.color_palette("crest", 3), strict=True))
RATINABOX = 1
LEVEL = 0.05
MOST_MISSING = 0.45  # maps that miss more have no scores


def draw(units: pd.DataFrame, accuracy: pd.Series, real: np.ndarray, negatives: xr.Dataset) -> Figure:
    """units: a row per synthetic unit; accuracy: by noise level; real: stabilities of the live units of networks.

    negatives: of `datasets.module_calibration.MODULE_CALIBRATION`.
    """
    style.use_style()
    figure = plt.figure(figsize=(style.PAGE_WIDTH, 4.3), layout="constrained")
    upper, lower = style.subfigures(figure, 2, 1, height_ratios=(1, 1.15))
    scored = units[units["missing"] < MOST_MISSING]
    *errors, arenas = upper.subplots(1, 4)
    for axes, (column, (label, factor)) in zip(errors, ERRORS.items(), strict=True):
        _draw_errors(axes, scored, column, factor, real)
        axes.set(ylabel=label)
    errors[0].legend(handlelength=1, handletextpad=0.3, loc="lower left")
    _draw_scores(arenas, scored[scored["noise_level"] == scored["noise_level"].max()])
    classes, noise, p_values, modules = lower.subplots(1, 4, width_ratios=(1.5, 1, 1, 0.7))
    drawn_alike = scored[scored["p_value"].isna() & (scored["noise_level"] == scored["noise_level"].max())]
    _draw_confusion(classes, drawn_alike, accuracy.iloc[0])
    _draw_accuracy(noise, accuracy, real)
    tested = units[units["p_value"].notna()]
    _draw_tested(noise, tested)
    _draw_p_values(p_values, tested[tested["noise_level"] == tested["noise_level"].max()])
    _draw_negatives(modules, negatives)
    for axes, letter in zip((*errors, arenas, classes, noise, p_values, modules), "abcdefgh", strict=True):
        style.label_panel(axes, letter, x=-0.12)
    return figure


def _draw_errors(axes: Axes, units: pd.DataFrame, column: str, factor: float, real: np.ndarray) -> None:
    """The errors in each arena at each noise level; a star for RatInABox's grid cells."""
    lattices = units[units[column].notna()]
    errors = factor * lattices[column]
    for place, (side, colour) in enumerate(SIDE_COLOURS.items()):
        level = lattices["noise_level"].where(lattices["side"] == side)
        stability = lattices["stability"].groupby(level).median() + 0.012 * (place - 1)
        _draw_spread(axes, stability, errors.groupby(level), color=colour, marker="o", label=f"{side:g} m")
    cells = lattices["source"].where(lattices["source"] == RATINABOX)
    stability = lattices["stability"].groupby(cells).median() + 0.03
    _draw_spread(axes, stability, errors.groupby(cells), color="black", marker="*", label="RatInABox")
    axes.axhline(0, color="0.5", linewidth=0.5, zorder=0)
    _mark_real(axes, real)


def _draw_spread(axes: Axes, x: pd.Series, groups: SeriesGroupBy, **look) -> None:
    """Median and middle 90 % of each group, at its x."""
    low, middle, high = (groups.quantile(share).to_numpy() for share in (0.05, 0.5, 0.95))
    axes.errorbar(x, middle, (middle - low, high - middle), linestyle="", markersize=3, elinewidth=0.8, **look)


def _mark_real(axes: Axes, real: np.ndarray, label: str | None = None) -> None:
    """Shade the stabilities of 90 % of the networks' maps; noise grows to the right."""
    axes.set(xlabel="stability of the maps", xlim=(1.05, 0.45))
    if len(real):
        axes.axvspan(*np.quantile(real, [0.05, 0.95]), color=style.PALETTE[8], alpha=0.5, linewidth=0, zorder=0,
                     label=label)  # fmt: skip


def _draw_scores(axes: Axes, units: pd.DataFrame) -> None:
    """Each class's own score in each arena."""
    for shift, (kind, score) in zip(np.linspace(-0.16, 0.16, len(OWN_SCORE)), OWN_SCORE.items(), strict=True):
        of_class = units[units["true_class"] == kind]
        sides = of_class.groupby("side")["side"].first() + shift
        colour, name = style.CLASS_COLOURS[CLASSES[kind]], score.replace("_", " ")
        _draw_spread(axes, sides, of_class.groupby("side")[score], color=colour, marker="o", label=name)
    axes.set(xlabel="side of the arena (m)", ylabel="score", xticks=list(SIDE_COLOURS), xlim=(1.6, 4.4), ylim=(0, 2.4))
    axes.legend(handlelength=1, handletextpad=0.3, loc="upper center", ncols=2, columnspacing=0.5, labelspacing=0.2)


def _draw_confusion(axes: Axes, units: pd.DataFrame, accuracy: float) -> None:
    table = pd.crosstab(units["true_class"], units["class"], normalize="index")
    table = 100 * table.reindex(index=range(len(CLASSES)), columns=range(len(CLASSES)), fill_value=0)
    labels = table.map(lambda share: f"{share:.0f}" if share else "")
    sns.heatmap(
        table, annot=labels, fmt="", annot_kws={"size": 6}, cmap="mako_r", vmin=0, vmax=100, cbar=False, linewidths=0.5,
        xticklabels=CLASSES, yticklabels=CLASSES, ax=axes,
    )  # fmt: skip
    axes.tick_params(left=False, bottom=False)
    axes.tick_params(axis="x", rotation=40)
    axes.tick_params(axis="y", rotation=0)
    axes.set(xlabel="measured class", ylabel="true class", title=f"% of units; balanced accuracy {accuracy:.3f}")


def _draw_accuracy(axes: Axes, accuracy: pd.Series, real: np.ndarray) -> None:
    axes.plot(accuracy.index, accuracy, marker="o", markersize=3, color="black")
    axes.axhline(1 / len(CLASSES), color="0.5", linewidth=0.5, linestyle=":", label="chance")
    axes.set(ylabel="balanced accuracy, share of units", ylim=(0, 1.05))
    _mark_real(axes, real, label="networks' maps")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 0.2))


def _draw_tested(axes: Axes, units: pd.DataFrame) -> None:
    """Share of hexagonal lattices and of random maps with a p-value of `LEVEL` or less, by stability."""
    for kind, name, colour in (
        (UnitClass.HEXAGONAL, "lattices", style.CLASS_COLOURS["hexagonal"]),
        (UnitClass.NONE, "random maps", "0.6"),
    ):
        tested = units[units["true_class"] == kind]
        shares = (tested["p_value"] <= LEVEL).groupby(tested["noise_level"]).mean()
        axes.plot(shares.index, shares, marker="s", markersize=2.5, color=colour, label=f"{name}, p ≤ {LEVEL:g}")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 0.2))


def _draw_p_values(axes: Axes, units: pd.DataFrame) -> None:
    """Share of the units whose p-value is that low: the diagonal for units of the null."""
    random = units["true_class"] == UnitClass.NONE
    kinds = {
        "lattices": (~random, style.CLASS_COLOURS["hexagonal"]),
        "noise": (random & units["wavelength"].isna(), "0.6"),
        "waves": (random & units["wavelength"].notna(), "0.2"),
    }
    for name, (chosen, colour) in kinds.items():
        p = units["p_value"][chosen]
        sns.ecdfplot(x=p, ax=axes, color=colour, label=f"{name}: {100 * (p <= LEVEL).mean():.0f} %")
    axes.plot([0, 1], [0, 1], color="0.5", linewidth=0.5, linestyle=":")
    axes.axvline(LEVEL, color="0.5", linewidth=0.5)
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="p-value", ylabel="share of units")
    axes.legend(handlelength=1, loc="lower right", title=f"p up to {LEVEL:g}", alignment="left")


def _draw_negatives(axes: Axes, negatives: xr.Dataset) -> None:
    """Networks of 50 steps with a module, which are mistakes, and with a tentative one, which counts nowhere."""
    networks = negatives.sizes["network"]
    counts = [int((negatives[name] > 0).sum()) for name in ("modules", "tentative_modules")]
    bars = axes.bar(["found", "tentative"], counts, color=("0.3", "none"), edgecolor="0.3", linewidth=0.8)
    axes.bar_label(bars, [f"{count} of {networks}" for count in counts], fontsize=6)
    axes.axhline(LEVEL * networks, color="0.5", linewidth=0.5)
    axes.set(xlabel="modules", ylabel=f"networks of {int(negatives['steps'])} steps", ylim=(0, networks))


def main(arguments: argparse.Namespace) -> None:
    """Read the calibration and the networks' stabilities, and draw."""
    data, negatives = read_calibration(arguments.measures), read_module_calibration(arguments.modules)
    tuning = [read_tuning(path) for path in arguments.tuning]
    real = np.concatenate([each["stability"].values[each["live"].values == 1] for each in tuning])
    units, accuracy = data.drop_dims("level").to_dataframe(), data["balanced_accuracy"].to_series()
    style.save_figure(
        draw(units, accuracy, real[np.isfinite(real)], negatives),
        arguments.figure,
        summary_provenance(__spec__.name, inputs_of(arguments)),
    )


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    input_argument(parser, "measures", help="measures of units of known truth")
    input_argument(parser, "modules", help="modules of networks that were hardly trained")
    input_argument(parser, "tuning", several=True, help="tuning of each seed, whose stability is marked")
    run(main, parser)
