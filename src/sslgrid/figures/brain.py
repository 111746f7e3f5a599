"""Recorded cells beside network units with Poisson spikes along the same paths, by the same measures."""

import argparse
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.datasets.brain import SOURCES, read_brain
from sslgrid.datasets.networks import seeds_of
from sslgrid.figures import style
from sslgrid.store.facts import summary_provenance

RECORDED, NETWORK = range(len(SOURCES))
SHOWN = 7  # maps of either kind
COLOURS = {"recorded": style.PALETTE[3], "network": style.PALETTE[0]}
MEASURES = {
    "gridness60_corrected": "gridness, corrected", "ellipticity": "ellipticity", "stability": "stability",
    "spatial_information": "bits per spike", "field_variation": "variation of field peaks",
    "field_roundness": "roundness of fields",
}  # fmt: skip


def draw(networks: Sequence[xr.Dataset], seeds: Sequence[int]) -> Figure:
    """networks: of kind `brain`, one for each seed; the recorded cells are the same in all of them."""
    style.use_style()
    figure = plt.figure(figsize=(style.PAGE_WIDTH, 5.0), layout="constrained")
    upper, lower = style.subfigures(figure, 2, 1, height_ratios=(1, 1.2))
    for axes, source in zip(upper.subplots(2, SHOWN), range(len(SOURCES)), strict=True):
        _draw_maps(axes, networks[0], source)
    rows = rows_of(networks)
    panels = lower.subplots(2, 4).ravel()
    for axes, (name, label) in zip(panels, MEASURES.items(), strict=False):
        _draw_strip(axes, rows[rows["significant"] == 1], name, label)
    _draw_strip(panels[-2], ratios_of(rows), "ratio", "ratio of spacings")
    _draw_accuracies(panels[-1], networks, seeds)
    return figure


def rows_of(networks: Sequence[xr.Dataset]) -> pd.DataFrame:
    """A row for each recorded cell, once, and for each unit of each network: its measures, source and network."""
    tables = []
    for number, data in enumerate(networks):
        table = (
            data.drop_dims(("y", "x", "draw"))
            .drop_vars(("accuracy", "accuracy_low", "accuracy_high", "p_value"))
            .to_dataframe()
        )
        table = table if number == 0 else table[table["source"] == NETWORK]
        tables.append(table.assign(network=number))
    rows = pd.concat(tables, ignore_index=True)
    return rows.assign(source=rows["source"].map(dict(enumerate(SOURCES))))


def ratios_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Ratios of the spacings of neighbouring modules, of each recording and of each network on its own maps."""
    found, recording = [], rows["recording"].where(rows["source"] == SOURCES[RECORDED], -1)
    for (source, *_), group in rows[rows["own_module"] >= 0].groupby(["source", "network", recording]):
        spacings = np.sort(group.groupby("own_module")["own_spacing"].mean())
        found += [(source, ratio) for ratio in spacings[1:] / spacings[:-1]]
    return pd.DataFrame(found, columns=["source", "ratio"])


def _draw_maps(axes: np.ndarray, data: xr.Dataset, source: int) -> None:
    """The maps with the highest gridness."""
    units = np.flatnonzero(data["source"].values == source)
    gridness = np.nan_to_num(data["gridness60_corrected"].values[units], nan=-2.0)
    side = float(np.ptp(data["x"].values) + data["x"].values[1] - data["x"].values[0])
    for panel in axes:
        panel.axis("off")
    for panel, unit in zip(axes, units[np.argsort(-gridness, kind="stable")], strict=False):
        style.draw_ratemap(panel, data["ratemap"].values[unit], side)
        panel.set_title(f"{data['max_rate'].values[unit]:.0f} Hz", fontsize=5.5)
    words = {"transform": axes[0].transAxes, "rotation": 90, "va": "center", "ha": "right", "fontsize": 7}
    axes[0].text(-0.1, 0.5, SOURCES[source], **words)


def _draw_strip(axes: Axes, rows: pd.DataFrame, name: str, label: str) -> None:
    """A point for each row, recorded cells beside units."""
    if not len(rows):
        style.not_available(axes, f"no {label}")
        return
    look = {"order": list(COLOURS), "palette": COLOURS, "size": 2, "jitter": 0.25, "legend": False}
    sns.stripplot(rows, x="source", y=name, hue="source", rasterized=True, **look, ax=axes)
    axes.set(xlabel="", ylabel=label)


def _draw_accuracies(axes: Axes, networks: Sequence[xr.Dataset], seeds: Sequence[int]) -> None:
    """The classifier's accuracy for each seed with its interval, over the middle 90 % of those of random labels."""
    accuracy = np.array([float(data["accuracy"]) for data in networks])
    if np.isnan(accuracy).all():
        style.not_available(axes, "too few cells\nor units on a lattice")
        return
    for place, data in enumerate(networks):
        if np.isfinite(accuracy[place]):
            low, high = np.quantile(data["null_accuracy"].values, [0.05, 0.95])
            axes.plot([place, place], [low, high], color="0.75", linewidth=3, solid_capstyle="butt")
    ends = np.array([[float(data["accuracy_low"]), float(data["accuracy_high"])] for data in networks]).T
    axes.vlines(range(len(networks)), *ends, color="black", linewidth=0.6)
    axes.plot(accuracy, "o", color="black", markersize=3)
    axes.axhline(0.5, color="0.5", linewidth=0.5, linestyle=":")
    axes.set(xticks=range(len(seeds)), xticklabels=seeds, xlabel="seed", ylabel="balanced accuracy", ylim=(0.2, 1.05))


def main(arguments: argparse.Namespace) -> None:
    """Read the comparisons and draw."""
    networks = [read_brain(path) for path in arguments.brain]
    facts = summary_provenance(__spec__.name, inputs_of(arguments))
    style.save_figure(draw(networks, seeds_of(arguments.brain)), arguments.figure, facts)


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    input_argument(parser, "brain", help="comparison of each network with the recorded cells", several=True)
    run(main, parser)
