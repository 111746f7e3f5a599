"""The networks that a figure shows, and the command line of figures that show their units."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import xarray as xr
from matplotlib.figure import Figure

from sslgrid.basics.errors import InputError
from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.datasets.modules import read_modules
from sslgrid.datasets.networks import network_of
from sslgrid.datasets.outcomes import divergence, read_history
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.tuning import read_tuning
from sslgrid.figures import style
from sslgrid.spatial.ratemap import RateMaps
from sslgrid.store.facts import summary_provenance


@dataclass(frozen=True)
class ShownNetwork:
    """One network; diverged: when and how its training did, "" if it finished; maps: of those whose units are drawn."""

    condition: str
    seed: int
    tuning: xr.Dataset
    modules: xr.Dataset
    diverged: str = ""
    maps: RateMaps | None = None

    @property
    def drawn(self) -> RateMaps:
        """The rate maps of a network whose units are drawn. Raises ValueError for any other."""
        if self.maps is None:
            raise ValueError(f"no rate maps were given of {self.condition}, seed {self.seed}")
        return self.maps


def network_arguments(parser: argparse.ArgumentParser) -> None:
    """The files of the networks; which network a file is of, its path says."""
    input_argument(parser, "tuning", several=True, help="tuning of each network")
    input_argument(parser, "modules", several=True, help="modules of each network")
    input_argument(parser, "histories", several=True, help="training.nc of each network")
    input_argument(
        parser, "ratemaps", several=True, required=False, help="rate maps of the networks whose units are drawn"
    )


def read_networks(arguments: argparse.Namespace) -> list[ShownNetwork]:
    """The networks, in the order of their tuning files. Raises InputError unless all files are of the same ones."""
    networks = match_networks({name: getattr(arguments, name) for name in ("tuning", "modules", "histories")})
    maps = {network_of(path): path for path in arguments.ratemaps}
    if not networks.keys() >= maps.keys():
        raise InputError("--ratemaps: expected files of networks whose tuning is given")
    return [
        ShownNetwork(
            *network, read_tuning(files["tuning"]), read_modules(files["modules"]),
            divergence(read_history(files["histories"])),
            read_ratemaps(maps[network])[0] if network in maps else None,
        )
        for network, files in networks.items()
    ]  # fmt: skip


def match_networks(files: dict[str, list[Path]]) -> dict[tuple[str, int], dict[str, Path]]:
    """The files of each network by kind, in the order of the first kind. Raises InputError unless all have all."""
    by_kind = {kind: {network_of(path): path for path in paths} for kind, paths in files.items()}
    first = next(iter(by_kind.values()))
    if any(of_kind.keys() != first.keys() for of_kind in by_kind.values()):
        names = " and ".join(f"--{kind}" for kind in files)
        raise InputError(f"{names}: expected files of the same networks")
    return {network: {kind: of_kind[network] for kind, of_kind in by_kind.items()} for network in first}


def run_on_networks(module: str, draw: Callable[[list[ShownNetwork]], Figure], description: str | None) -> None:
    """Read what the arguments name, draw and save."""
    parser = style.figure_parser(description)
    network_arguments(parser)

    def main(arguments: argparse.Namespace) -> None:
        record = summary_provenance(module, inputs_of(arguments))
        style.save_figure(draw(read_networks(arguments)), arguments.figure, record)

    run(main, parser)
