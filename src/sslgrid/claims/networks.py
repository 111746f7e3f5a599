"""The results of each network, read where a claim asks for them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import xarray as xr

from sslgrid.basics.arena import ArenaConfig
from sslgrid.basics.errors import InputError
from sslgrid.datasets.brain import read_brain
from sslgrid.datasets.coding import read_coding
from sslgrid.datasets.development import read_development
from sslgrid.datasets.generalisation import read_generalisation
from sslgrid.datasets.geometry import read_geometry
from sslgrid.datasets.localisation import read_localisation
from sslgrid.datasets.modules import read_modules
from sslgrid.datasets.networks import network_of
from sslgrid.datasets.one_torus import read_one_torus
from sslgrid.datasets.outcomes import divergence, read_history
from sslgrid.datasets.spectra import read_spectra
from sslgrid.datasets.tuning import read_tuning

READERS: dict[str, Callable[[Path], xr.Dataset]] = {
    "training": read_history,
    "tuning": read_tuning,
    "modules": read_modules,
    "generalisation": read_generalisation,
    "coding": read_coding,
    "geometry": read_geometry,
    "one_torus": read_one_torus,
    "brain": read_brain,
    "localisation": read_localisation,
    "development": read_development,
    "spectra": read_spectra,
}
OF_ALL = ("training", "tuning", "modules")  # kinds of results that every network has


class NotInStudyError(Exception):
    """What a claim speaks of is not part of this study; the message says what."""


class ResultFiles(Mapping[str, xr.Dataset]):
    """Results of one network by kind, a name of `READERS`; a file is read when it is first asked for."""

    def __init__(self, paths: dict[str, Path]):
        self.paths = paths
        self.known: dict[str, xr.Dataset] = {}

    def __getitem__(self, kind: str) -> xr.Dataset:
        if kind not in self.known:
            self.known[kind] = READERS[kind](self.paths[kind])
        return self.known[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)


@dataclass(frozen=True)
class NetworkResults:
    """One seed of one condition. arenas: the configs of those that figure 3 compares, by name."""

    condition: str
    seed: int
    results: Mapping[str, xr.Dataset]
    arenas: Mapping[str, ArenaConfig] = field(default_factory=dict)

    def read(self, kind: str) -> xr.Dataset:
        """Results of a kind. Raises NotInStudyError if this study does not measure it for this condition."""
        if kind not in self.results:
            raise NotInStudyError(f"no {kind} results of {self.condition} in this study")
        return self.results[kind]

    @property
    def diverged(self) -> bool:
        """Whether training stopped early; what is measured is then its last sound snapshot."""
        return divergence(self.read("training")) != ""


def networks_of(files: dict[str, list[Path]], arenas: Mapping[str, ArenaConfig]) -> dict[str, list[NetworkResults]]:
    """The networks of each condition, by seed; files: of each kind. What each is about is read off its path.

    Raises InputError if a network lacks results that every network has.
    """
    paths: dict[tuple[str, int], dict[str, Path]] = {}
    for kind, of_kind in files.items():
        for path in of_kind:
            paths.setdefault(network_of(path), {})[kind] = path
    networks: dict[str, list[NetworkResults]] = {}
    for (condition, seed), of_network in sorted(paths.items()):
        missing = [kind for kind in OF_ALL if kind not in of_network]
        if missing:
            raise InputError(f"{condition} seed{seed} comes without {', '.join(missing)}; give that file too")
        networks.setdefault(condition, []).append(NetworkResults(condition, seed, ResultFiles(of_network), arenas))
    return networks
