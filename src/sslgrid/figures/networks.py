"""The networks that a figure shows, and the command line of figures that show their units."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import xarray as xr
from matplotlib.figure import Figure

from sslgrid.commands.cli import run
from sslgrid.datasets.modules import read_modules
from sslgrid.datasets.networks import network_of
from sslgrid.datasets.outcomes import divergence, read_history
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.tuning import read_tuning
from sslgrid.errors import InputError
from sslgrid.figures import style
from sslgrid.spatial.ratemap import RateMaps


@dataclass(frozen=True)
class Network:
    """One network; diverged: when and how its training did, "" if it finished; maps: of those whose units are drawn."""

    condition: str
    seed: int
    tuning: xr.Dataset
    modules: xr.Dataset
    diverged: str = ""
    maps: RateMaps | None = None


def network_arguments(parser: argparse.ArgumentParser) -> None:
    """The files of the networks; which network a file is of, its path says."""
    style.files_argument(parser, "tuning", "tuning of each network")
    style.files_argument(parser, "modules", "modules of each network")
    style.files_argument(parser, "histories", "training.nc of each network")
    style.files_argument(parser, "ratemaps", "rate maps of the networks whose units are drawn")


def read_networks(arguments: argparse.Namespace) -> list[Network]:
    """The networks, in the order of their tuning files. Raises InputError unless all files are of the same ones."""
    tuning, modules, histories, maps = (
        {network_of(path): path for path in paths}
        for paths in (arguments.tuning, arguments.modules, arguments.histories, arguments.ratemaps)
    )
    if not (tuning.keys() == modules.keys() == histories.keys() >= maps.keys()):
        raise InputError("--tuning, --modules, --histories and --ratemaps: expected files of the same networks")
    return [
        Network(
            *network, read_tuning(path), read_modules(modules[network]), divergence(read_history(histories[network])),
            read_ratemaps(maps[network])[0] if network in maps else None,
        )
        for network, path in tuning.items()
    ]  # fmt: skip


def run_on_networks(draw: Callable[[list[Network]], Figure], description: str) -> None:
    """Read what the arguments name, draw and save."""
    parser = style.figure_parser(description)
    network_arguments(parser)
    run(lambda arguments: style.save_figure(draw(read_networks(arguments)), arguments.figure), parser)
