"""Rate maps of one network as they form in training, snapshot by snapshot, as a gif."""

import argparse
import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.animation import PillowWriter
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from sslgrid.cli import input_argument, inputs_of, output_argument, run
from sslgrid.datasets.emergence import read_emergence
from sslgrid.figures import style
from sslgrid.modules.table import describe_modules
from sslgrid.store.facts import summary_provenance
from sslgrid.store.files import whole_file
from sslgrid.store.records import Record

ROWS, COLUMNS = 4, 6
FRAMES_PER_SECOND = 4
MOST_FRAMES = 100  # of longer trainings, every so many snapshots
LAST = 3.0  # seconds for which the end is shown
RESOLUTION = 110  # dots per inch


def animate(emergence: xr.Dataset, path: Path, record: Record) -> None:
    """Write the gif; `record` says how it was made.

    Each unit keeps its place; colour runs from zero to the highest rate of each map.
    """
    style.use_style()
    figure, panels = plt.subplots(
        ROWS, COLUMNS, figsize=(0.8 * COLUMNS, 0.8 * ROWS + 0.35), layout="constrained", squeeze=False
    )
    units = choose_units(emergence.isel(step=-1), ROWS * COLUMNS)
    images = [_place(axes, emergence, unit) for axes, unit in zip(panels.flat, units, strict=False)]
    for axes in panels.flat[len(units) :]:
        axes.axis("off")
    _caption(figure, emergence.isel(step=-1))  # leaves room for those of all frames
    style.settle_layout(figure)
    writer = PillowWriter(fps=FRAMES_PER_SECOND, metadata={"comment": json.dumps(record, sort_keys=True)})
    with whole_file(path) as temporary, writer.saving(figure, temporary, RESOLUTION):
        for moment in _moments(emergence):
            _show(images, moment["ratemap"].values[units])
            _caption(figure, moment)
            writer.grab_frame()
        for _ in range(round(LAST * FRAMES_PER_SECOND)):
            writer.grab_frame()


def choose_units(end: xr.Dataset, count: int) -> np.ndarray:
    """The most regular units of the largest modules, as many of each, by rising spacing; then other live units.

    end: emergence at one step. Returns the numbers of at most `count` units.
    """
    module, live = end["module"].values, end["live"].values == 1
    gridness = np.nan_to_num(np.fmax(end["gridness60"].values, end["gridness90"].values), nan=-np.inf)
    rank = np.full(len(module), len(module))  # of a unit within its module
    for name in np.unique(module[module >= 0]):
        members = np.flatnonzero(module == name)
        rank[members[np.argsort(-gridness[members], kind="stable")]] = np.arange(len(members))
    chosen = np.lexsort((-gridness, rank, ~live))[:count]
    by_module = np.where(module >= 0, module, module.max() + 1)[chosen]
    return chosen[np.lexsort((-gridness[chosen], by_module, ~live[chosen]))]


def _moments(emergence: xr.Dataset) -> list[xr.Dataset]:
    """The snapshots that get a frame, the first and the last among them."""
    count = min(emergence.sizes["step"], MOST_FRAMES)
    return [emergence.isel(step=round(k)) for k in np.linspace(0, emergence.sizes["step"] - 1, count)]


def _place(axes: Axes, emergence: xr.Dataset, unit: int) -> AxesImage:
    """An empty map, framed in the colour of the module that the unit ends in."""
    module = int(emergence["module"].values[-1, unit])
    frame = style.module_colour(module) if module >= 0 else "0.8"
    return style.draw_ratemap(axes, emergence["ratemap"].values[0, unit], side=1.0, frame=frame)


def _show(images: list[AxesImage], rates: np.ndarray) -> None:
    for image, of_unit in zip(images, rates, strict=True):
        image.set_data(of_unit)
        image.set_clim(0, np.nanmax(of_unit))


def _caption(figure: Figure, moment: xr.Dataset) -> None:
    spacings = ", ".join(f"{spacing:.2f} m" for spacing in describe_modules(moment)["spacing"])
    figure.suptitle(f"after {int(moment['step']):,} gradient steps\nmodules: {spacings or 'none'}", fontsize=8)


def main(arguments: argparse.Namespace) -> None:
    """Read what emerged and animate it."""
    record = summary_provenance(__spec__.name, inputs_of(arguments))
    animate(read_emergence(arguments.emergence), arguments.animation, record)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    input_argument(parser, "emergence", help="emergence of one network")
    output_argument(parser, "animation", help="gif to write")
    run(main, parser)
