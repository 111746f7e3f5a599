"""Cueva & Wei (2018), figure 1: a path through the arena and where the network says it is; errors."""

import argparse
from statistics import fmean

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from matplotlib.ticker import EngFormatter

from sslgrid.basics.polygons import corners_of
from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.datasets.localisation import read_localisation
from sslgrid.datasets.networks import network_of
from sslgrid.datasets.outcomes import divergence, read_history
from sslgrid.figures import style
from sslgrid.localiser.config import LocaliserConfig, read_localiser
from sslgrid.store.facts import summary_provenance

TARGET = 0.1  # of the arena's side: an error that is called accurate


def draw(model: LocaliserConfig, measured: dict[str, xr.Dataset], histories: dict[str, xr.Dataset]) -> Figure:
    """measured, histories: by the seed's name; the path is the first one's."""
    style.use_style()
    figure, panels = plt.subplots(1, 3, figsize=(style.PAGE_WIDTH, 2.4), layout="constrained")
    for axes, letter in zip(panels, "abc", strict=True):
        style.label_panel(axes, letter)
    _draw_path(panels[0], corners_of(model.trajectories.shape, model.trajectories.side), next(iter(measured.values())))
    _draw_errors(panels[1], measured, model.trajectories.side)
    _draw_training(panels[2], histories)
    return figure


def _draw_path(axes: Axes, corners: np.ndarray, measured: xr.Dataset) -> None:
    axes.add_patch(Polygon(corners, fill=False, edgecolor="0.6"))
    axes.plot(*measured["path"].values.T, color="black", linewidth=0.7, label="path")
    axes.plot(*measured["tracked"].values.T, color=style.PALETTE[1], linewidth=0.7, label="network")
    axes.plot(0, 0, "o", color="black", markersize=3)
    axes.set(aspect="equal", xlabel="x (m)", ylabel="y (m)", title="a held-out path")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.25), ncols=2)


def _draw_errors(axes: Axes, measured: dict[str, xr.Dataset], side: float) -> None:
    """Mean and interval of 95 % of the held-out paths, seed by seed."""
    frame = pd.concat([each["error"].to_dataframe().reset_index().assign(seed=seed) for seed, each in measured.items()])
    sns.lineplot(frame, x="step", y="error", hue="seed", palette="colorblind", errorbar=("pi", 95), ax=axes)
    constant = fmean([float(each["constant_error"]) for each in measured.values()])
    for height, words in ((constant, "best constant answer"), (TARGET * side, "10 % of the side")):
        axes.axhline(height, color="0.5", linewidth=0.6, linestyle=":")
        axes.text(1, height, words, color="0.4", fontsize=5.5, va="bottom")
    axes.set(xlabel="step", ylabel="error (m)", title="held-out paths", ylim=(0, None))


def _draw_training(axes: Axes, histories: dict[str, xr.Dataset]) -> None:
    for colour, (seed, history) in zip(sns.color_palette("colorblind"), histories.items(), strict=False):
        axes.plot(history["step"], np.sqrt(2 * history["error"]), color=colour, label=seed)
    axes.set(xlabel="training step", ylabel="rms error (m)", title="training", ylim=(0, None))
    axes.xaxis.set_major_formatter(EngFormatter())


def main(arguments: argparse.Namespace) -> None:
    """Read, draw and save."""
    measured = {str(network_of(path)[1]): read_localisation(path) for path in arguments.localisation}
    histories = {}
    for path in arguments.histories:
        history = read_history(path, "error")
        diverged = divergence(history).split(":")[0]
        histories[", ".join(filter(None, [str(network_of(path)[1]), diverged]))] = history
    style.save_figure(
        draw(read_localiser(arguments.model), measured, histories),
        arguments.figure,
        summary_provenance(__spec__.name, inputs_of(arguments)),
    )


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    input_argument(parser, "model", help="the condition's config")
    input_argument(parser, "localisation", several=True, help="localisation of each seed")
    input_argument(parser, "histories", several=True, help="training.nc of each seed")
    run(main, parser)
