"""Cueva & Wei (2018), figure 6: the error along paths far longer than those of training, with and without walls."""

import argparse

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.datasets.localisation import read_localisation
from sslgrid.datasets.networks import network_of
from sslgrid.figures import style
from sslgrid.store.facts import summary_provenance

WITH, WITHOUT = style.PALETTE[0], style.PALETTE[1]
PATHS = {"": (WITH, "walls are met"), "_inside": (WITHOUT, "walls are never met")}


def draw(networks: dict[tuple[str, int], xr.Dataset], tracked: str) -> Figure:
    """networks: localisation of each, by condition and seed; tracked: the condition whose errors are shown in time."""
    style.use_style()
    conditions = list(dict.fromkeys(condition for condition, _ in networks))
    size = (style.PAGE_WIDTH, max(2.6, 0.3 + 0.2 * len(conditions)))
    figure, panels = plt.subplots(1, 2, figsize=size, layout="constrained", width_ratios=(1.4, 1))
    _draw_time(panels[0], {seed: each for (name, seed), each in networks.items() if name == tracked}, tracked)
    _draw_ends(panels[1], networks, conditions)
    for axes, letter in zip(panels, "ab", strict=True):
        style.label_panel(axes, letter)
    return figure


def _draw_time(axes: Axes, measured: dict[int, xr.Dataset], condition: str) -> None:
    """Mean over walks and interval of 95 % of them, a line per seed."""
    for number, each in enumerate(measured.values()):
        for suffix, (colour, words) in PATHS.items():
            errors = each[f"long_error{suffix}"].values
            axes.plot(each["window"], errors.mean(axis=1), color=colour, label=words if not number else None)
            axes.fill_between(each["window"], *np.percentile(errors, [2.5, 97.5], axis=1), color=colour, alpha=0.12)
            axes.axhline(float(each[f"long_constant{suffix}"]), color=colour, linewidth=0.6, linestyle=":")
    training = next(iter(measured.values())).sizes["step"]
    axes.axvline(training, color="0.6", linewidth=0.6)
    axes.text(training, 0.96, " end of training paths", transform=axes.get_xaxis_transform(), fontsize=5.5, color="0.4")
    axes.set(
        xlabel="step",
        ylabel="error (m)",
        xscale="log",
        ylim=(0, None),
        title=f"{condition}; dotted: best constant answer",
    )
    axes.legend(loc="lower right")


def _draw_ends(axes: Axes, networks: dict[tuple[str, int], xr.Dataset], conditions: list[str]) -> None:
    """The error at the end over that of the best constant answer in the whole arena, a dot per seed."""
    for row, condition in enumerate(conditions):
        for suffix, (colour, _) in PATHS.items():
            values = [
                float(each[f"long_error{suffix}"][-1].mean() / each["long_constant"])
                for (name, _), each in networks.items() if name == condition
            ]  # fmt: skip
            axes.scatter(values, [row] * len(values), s=12, color=colour, linewidth=0)
    axes.axvline(1, color="0.6", linewidth=0.6, linestyle=":")
    axes.set(yticks=range(len(conditions)), yticklabels=conditions, ylim=(len(conditions) - 0.5, -0.5), xlim=(0, None))
    axes.set(xlabel="error at the end, over the best constant answer's")


def main(arguments: argparse.Namespace) -> None:
    """Read, draw and save."""
    networks = {network_of(path): read_localisation(path) for path in arguments.localisation}
    style.save_figure(
        draw(networks, arguments.tracked), arguments.figure, summary_provenance(__spec__.name, inputs_of(arguments))
    )


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    input_argument(parser, "localisation", several=True, help="localisation of each network")
    parser.add_argument("--tracked", required=True, help="condition whose errors are shown in time")
    run(main, parser)
