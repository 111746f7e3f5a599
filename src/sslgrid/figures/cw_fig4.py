"""Cueva & Wei (2018), figure 4: development. Shares of each kind of unit through training, onsets, and t-SNE."""

import argparse

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter

from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.datasets.development import read_development
from sslgrid.datasets.networks import network_of
from sslgrid.emergence.classes import onset
from sslgrid.figures import style
from sslgrid.figures.classes import GROUPS, KINDS, group_of
from sslgrid.store.facts import summary_provenance


def draw(networks: dict[tuple[str, int], xr.Dataset]) -> Figure:
    """networks: development of each, by condition and seed; the plane is that of the first."""
    style.use_style()
    conditions = list(dict.fromkeys(condition for condition, _ in networks))
    figure = plt.figure(figsize=(style.PAGE_WIDTH, 2.3 + 1.7 * len(conditions)), layout="constrained")
    upper, lower = style.subfigures(figure, 2, 1, height_ratios=(2.3, 1.7 * len(conditions)))
    planes = upper.subplots(1, 2)
    _draw_plane(upper, planes, next(iter(networks.items())))
    rows = lower.subplots(len(conditions), 2, squeeze=False, width_ratios=(1.6, 1), sharex="col")
    last = max(development["step"].values[-1] for development in networks.values())
    for row, condition in zip(rows, conditions, strict=True):
        own = [development for (name, _), development in networks.items() if name == condition]
        _draw_shares(row[0], own)
        _draw_onsets(row[1], own, last)
        row[0].set(ylabel="share of live units", title=condition)
    rows[-1, 0].set(xlabel="training step")
    rows[-1, 1].set(xlabel="step at half of the final share")
    for axes, letter in zip((*planes, *rows[0]), "abcd", strict=True):
        style.label_panel(axes, letter, x=-0.1)
    return figure


def _draw_plane(figure, panels: np.ndarray, network: tuple[tuple[str, int], xr.Dataset]) -> None:
    """t-SNE of all units at all snapshots, by step and by kind."""
    (condition, seed), development = network
    plane = development["embedding"].values
    steps = np.broadcast_to(development["step"].values[:, None], plane.shape[:2])
    points = panels[0].scatter(*plane.reshape(-1, 2).T, c=steps.ravel(), s=2, cmap="viridis", linewidth=0)
    figure.colorbar(points, ax=panels[0], label="training step", format=EngFormatter())
    groups = group_of(development)
    for group, colour in GROUPS.items():
        panels[1].scatter(*plane[groups == group].T, s=2, color=colour, linewidth=0, label=group)
    panels[1].legend(loc="center left", bbox_to_anchor=(1, 0.5), markerscale=3)
    for axes, words in zip(panels, ("by training step", "by kind"), strict=True):
        axes.set(xticks=[], yticks=[], title=f"t-SNE of the maps of {condition} {seed}, {words}")


def _draw_shares(axes: Axes, networks: list[xr.Dataset]) -> None:
    """A line for each seed and kind but the irregular units, which are the rest, and most."""
    kinds = [group for group in GROUPS if group != "irregular"]
    shares = {group: [_share(development, group) for development in networks] for group in kinds}
    for group, of_group in shares.items():
        for development, share in zip(networks, of_group, strict=True):
            axes.plot(development["step"], share, color=GROUPS[group], marker=".", markersize=2)
    highest = max(np.nanmax(share) for of_group in shares.values() for share in of_group)
    axes.set(ylim=(-0.005, max(0.1, 1.1 * highest)))
    axes.xaxis.set_major_formatter(EngFormatter())


def _draw_onsets(axes: Axes, networks: list[xr.Dataset], last: int) -> None:
    """A dot for each seed, and their range; kinds without a unit at the end have none. last: step of all trainings."""
    for row, (group, colour) in enumerate(GROUPS.items()):
        onsets = [onset(each["step"].values, _share(each, group)) for each in networks]
        known = [step for step in onsets if np.isfinite(step)]
        if known:
            axes.plot([min(known), max(known)], [row, row], color=colour)
            axes.scatter(known, [row] * len(known), s=12, color=colour, zorder=3)
        else:
            axes.text(0.02, row, "none", color="0.5", va="center", transform=axes.get_yaxis_transform())
    axes.set(yticks=range(len(GROUPS)), yticklabels=GROUPS, ylim=(len(GROUPS) - 0.5, -0.5), xlim=(-0.03 * last, last))
    axes.xaxis.set_major_formatter(EngFormatter())


def _share(development: xr.Dataset, group: str) -> np.ndarray:
    return development["share"].values[:, list(KINDS[group])].sum(axis=1)


def main(arguments: argparse.Namespace) -> None:
    """Read, draw and save."""
    networks = {network_of(path): read_development(path) for path in arguments.development}
    style.save_figure(draw(networks), arguments.figure, summary_provenance(__spec__.name, inputs_of(arguments)))


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    input_argument(parser, "development", several=True, help="development of each network")
    run(main, parser)
