"""Recorded cells beside network units with Poisson spikes along the same paths, by the same measures."""

import argparse
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from sslgrid.cells.brain import FEATURES, NETWORK, RECORDED, accuracy, compare
from sslgrid.cells.readers import read
from sslgrid.cells.recording import Recording
from sslgrid.cells.scoring import Scored, Settings
from sslgrid.cli import draws_argument, input_argument, inputs_of, run
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.tuning import TUNING
from sslgrid.errors import InputError
from sslgrid.figures import style
from sslgrid.spatial.ratemap import RateMaps, upright
from sslgrid.store.facts import summary_provenance

SHOWN = 6  # maps of either kind
UNITS = 20  # of each network: enough for a comparison with a few cells
COLOURS = {RECORDED: style.PALETTE[3], NETWORK: style.PALETTE[0]}
TITLES = {
    "gridness60_corrected": "gridness, corrected", "ellipticity": "ellipticity", "stability": "stability",
    "spatial_information": "bits per spike", "field_variation": "variation of field peaks",
    "field_roundness": "roundness of fields",
}  # fmt: skip


def draw(rows: pd.DataFrame, scored: list[Scored], told_apart: tuple[float, float]) -> Figure:
    """rows: of `cells.brain.compare`; told_apart: balanced accuracy and its p-value."""
    style.use_style()
    figure = plt.figure(figsize=(style.PAGE_WIDTH, 4.6), layout="constrained")
    upper, lower = figure.subfigures(2, 1, height_ratios=(1, 1.1))
    maps = upper.subplots(2, SHOWN)
    for axes, source in zip(maps, (RECORDED, NETWORK), strict=True):
        _draw_maps(axes, [each for each in scored if (NETWORK in each.name) == (source == NETWORK)], source)
    panels = lower.subplots(1, len(FEATURES) + 1)
    for axes, name in zip(panels, FEATURES, strict=False):
        sns.stripplot(
            rows[rows["significant"] == 1], x="source", y=name, hue="source", order=list(COLOURS), palette=COLOURS,
            size=2, jitter=0.25, legend=False, ax=axes,
        )  # fmt: skip
        axes.set(xlabel="", ylabel=TITLES[name])
        axes.tick_params(axis="x", rotation=40)
    _draw_ratios(panels[-1], rows)
    share, p = told_apart
    words = "too few cells or units on a lattice" if np.isnan(share) else f"{share:.2f} (chance 0.5), p = {p:.3f}"
    lower.suptitle(f"balanced accuracy of a classifier: {words}", fontsize=7)
    return figure


def _draw_maps(axes: np.ndarray, scored: list[Scored], source: str) -> None:
    """The first maps with the highest gridness."""
    every = [(each, unit) for each in scored for unit in range(len(each.units))]
    every.sort(key=lambda pair: -np.nan_to_num(pair[0].columns["gridness60_corrected"][pair[1]], nan=-2))
    for each in axes:
        each.axis("off")
    for panel, (each, unit) in zip(axes, every, strict=False):
        style.draw_ratemap(panel, each.maps.rates[unit], each.maps.side)
        panel.set_title(f"{each.columns['max_rate'][unit]:.0f} Hz", fontsize=5.5)
    axes[0].text(-0.1, 0.5, source, transform=axes[0].transAxes, rotation=90, va="center", ha="right", fontsize=7)


def _draw_ratios(axes: plt.Axes, rows: pd.DataFrame) -> None:
    """Ratios of the spacings of neighbouring modules, by recording and source."""
    found = []
    for (source, _), group in rows[rows["module"] >= 0].groupby(["source", "recording"]):
        spacings = np.sort(group.groupby("module")["spacing"].mean())
        found += [(source, ratio) for ratio in spacings[1:] / spacings[:-1]]
    if not found:
        style.not_available(axes, "no pair\nof modules")
        return
    ratios = pd.DataFrame(found, columns=["source", "ratio"])
    sns.stripplot(ratios, x="source", y="ratio", hue="source", order=list(COLOURS), palette=COLOURS, size=3, ax=axes)
    axes.set(xlabel="", ylabel="ratio of spacings")
    axes.tick_params(axis="x", rotation=40)


def units_of_modules(ratemaps: Path, tuning: Path, rng: np.random.Generator) -> RateMaps:
    """Maps of up to `UNITS` units of a network's modules, drawn at random."""
    maps, _ = read_ratemaps(ratemaps)
    maps = upright(maps)
    members = np.flatnonzero(TUNING.read(tuning)["module"].values >= 0)
    chosen = np.sort(rng.choice(members, min(UNITS, len(members)), replace=False))
    return RateMaps(maps.rates[chosen], maps.occupancy, maps.centres, corners=maps.corners)


def main(arguments: argparse.Namespace) -> None:
    """Read the recordings and the networks, compare, draw and say how well they are told apart."""
    rng = np.random.default_rng([0])
    recordings = [read(path, arguments.units, None, None) for path in arguments.recordings]
    for path, recording in zip(arguments.recordings, recordings, strict=True):
        if not isinstance(recording, Recording):
            raise InputError(f"{path} holds no recording; `recordings` expects paths with spike times")
    networks = [units_of_modules(*pair, rng) for pair in zip(arguments.ratemaps, arguments.tuning, strict=True)]
    networks = [maps for maps in networks if len(maps.rates)]
    rows, scored = compare(recordings, networks, Settings(draws=arguments.draws), rng)
    told_apart = accuracy(rows)
    style.save_figure(
        draw(rows, scored, told_apart), arguments.figure, summary_provenance(__spec__.name, inputs_of(arguments))
    )
    cells, units = ((rows["source"] == source) & (rows["significant"] == 1) for source in (RECORDED, NETWORK))
    print(
        f"brain: {cells.sum()} recorded cells and {units.sum()} network units on a lattice; balanced accuracy of a "
        f"classifier {told_apart[0]:.2f}, p = {told_apart[1]:.3f}"
    )


if __name__ == "__main__":
    parser = style.figure_parser(__doc__)
    input_argument(parser, "recordings", help="recordings of cells", several=True)
    parser.add_argument("--units", choices=("cm", "m"), help="unit of length of recordings that do not state theirs")
    input_argument(parser, "ratemaps", help="rate maps of each network", several=True)
    input_argument(parser, "tuning", help="tuning of each network, in the same order", several=True)
    draws_argument(parser)
    run(main, parser)
