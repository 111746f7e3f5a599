"""Cueva & Wei (2018), figure 3: tuning to speed and to heading, and what of each unit's rate they explain."""

import argparse

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.datasets.localisation import read_localisation
from sslgrid.datasets.tuning import read_tuning
from sslgrid.figures import style
from sslgrid.figures.classes import GROUPS, group_of
from sslgrid.figures.networks import match_networks
from sslgrid.store.facts import summary_provenance

EXAMPLES = 6  # heading curves of each group


def draw(networks: dict[tuple[str, int], tuple[xr.Dataset, xr.Dataset]]) -> Figure:
    """networks: tuning and localisation of each, by condition and seed."""
    style.use_style()
    figure = plt.figure(figsize=(style.PAGE_WIDTH, 4.4), layout="constrained")
    upper, lower = style.subfigures(figure, 2, 1)
    curves, summary = upper.subplots(1, len(GROUPS), sharey=True), lower.subplots(1, 3)
    _draw_speed(curves, networks)
    _draw_heading(summary[0], networks)
    _draw_explained(summary[1], networks, "heading")
    _draw_explained(summary[2], networks, "speed")
    style.label_panel(curves[0], "a")
    for axes, letter in zip(summary, "bcd", strict=True):
        style.label_panel(axes, letter)
    upper.suptitle("mean rate by speed, less that at the lowest; a line per unit", fontsize=7)
    return figure


def _draw_speed(panels: np.ndarray, networks: dict) -> None:
    """Curves of the live units of all networks, group by group."""
    for axes, (group, colour) in zip(panels, GROUPS.items(), strict=True):
        count = 0
        for tuning, measured in networks.values():
            chosen = (group_of(tuning) == group) & (tuning["live"].values == 1)
            count += chosen.sum()
            curves = measured["speed_tuning"].dropna("speed", how="all").isel(unit=chosen)  # some are never at rest
            axes.plot(curves["speed"], (curves - curves[:, 0]).T, color=colour, linewidth=0.4, alpha=0.6)
        if not count:
            axes.set_xticks([])
            axes.text(0.5, 0.5, "none", transform=axes.transAxes, color="0.5", ha="center", va="center")
        axes.set(xlabel="speed (m per step)", title=f"{group} ({count})")
    panels[0].set(ylabel="change of mean rate")


def _draw_heading(axes: Axes, networks: dict) -> None:
    """The units that heading explains most of, of the first network."""
    tuning, measured = next(iter(networks.values()))
    best = np.argsort(-np.nan_to_num(measured["explained_by_heading"].values))[:EXAMPLES]
    for unit in best:
        colour = GROUPS[str(group_of(tuning)[unit])]
        axes.plot(np.rad2deg(measured["heading"]), measured["heading_tuning"][unit], color=colour)
    axes.set(xlabel="heading (deg)", ylabel="mean rate", xticks=[0, 90, 180, 270, 360], title="most tuned to heading")


def _draw_explained(axes: Axes, networks: dict, name: str) -> None:
    """What a variable explains of each unit against what the place does."""
    for tuning, measured in networks.values():
        groups = group_of(tuning)
        for group, colour in GROUPS.items():
            chosen = (groups == group) & (tuning["live"].values == 1)
            axes.scatter(
                measured["explained_by_place"][chosen], measured[f"explained_by_{name}"][chosen], s=6, color=colour,
                linewidth=0, alpha=0.7,
            )  # fmt: skip
    axes.set(xlabel="variance explained by place", ylabel=f"... by {name}", xlim=(-0.02, 1.02), ylim=(0, None))


def main(arguments: argparse.Namespace) -> None:
    """Read, draw and save."""
    networks = match_networks({"tuning": arguments.tuning, "localisation": arguments.localisation})
    pairs = {
        network: (read_tuning(files["tuning"]), read_localisation(files["localisation"]))
        for network, files in networks.items()
    }
    style.save_figure(draw(pairs), arguments.figure, summary_provenance(__spec__.name, inputs_of(arguments)))


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    input_argument(parser, "tuning", several=True, help="tuning of each network")
    input_argument(parser, "localisation", several=True, help="localisation of each network")
    run(main, parser)
