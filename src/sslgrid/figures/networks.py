"""The command line of figures that show units: they read the rate maps and the tuning of each seed."""

import argparse
from collections.abc import Callable

import xarray as xr
from matplotlib.figure import Figure

from sslgrid.commands.cli import run
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.tuning import read_tuning
from sslgrid.figures import style
from sslgrid.spatial.ratemap import RateMaps


def run_on_units(draw: Callable[[list[int], list[RateMaps], list[xr.Dataset]], Figure], description: str) -> None:
    """Read what the arguments name, draw and save."""
    parser = style.figure_parser(description)
    style.seeds_argument(parser)
    style.files_argument(parser, "ratemaps", "rate maps of each seed")
    style.files_argument(parser, "tuning", "tuning of each seed")

    def main(arguments: argparse.Namespace) -> None:
        maps = [read_ratemaps(path)[0] for path in arguments.ratemaps]
        tuning = [read_tuning(path) for path in arguments.tuning]
        style.save_figure(draw(arguments.seeds, maps, tuning), arguments.figure)

    run(main, parser)
