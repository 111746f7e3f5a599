"""Reading trained networks, of whatever kind: the one place that knows which network a file of weights holds.

They are read to be walked, in numpy. Training has the same networks in torch: `sic/network.py` and
`localiser/network.py`.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from safetensors import SafetensorError, safe_open

from sslgrid.basics.errors import InputError
from sslgrid.localiser.architecture import RateNetworkConfig
from sslgrid.localiser.walking import WalkedLocaliser
from sslgrid.localiser.walking import shapes as localiser_shapes
from sslgrid.sic.architecture import NetworkConfig
from sslgrid.sic.walking import WalkedSIC
from sslgrid.sic.walking import shapes as sic_shapes
from sslgrid.store.facts import network_facts
from sslgrid.store.reading import build
from sslgrid.store.records import HEADER, HEADER_VERSION, VERSION, content_of
from sslgrid.walks.activity import WalkedNetwork

Weights = Mapping[str, np.ndarray]


def _sic(section: Mapping[str, Any], weights: Weights) -> WalkedSIC:
    config = build(NetworkConfig, section)
    return WalkedSIC(config, _fitting(weights, sic_shapes(config)))


def _localiser(section: Mapping[str, Any], weights: Weights) -> WalkedLocaliser:
    config = build(RateNetworkConfig, section)
    return WalkedLocaliser(config, _fitting(weights, localiser_shapes(config)))


# How a network of each kind is made from its own section of the config and its weights.
KINDS: dict[str, Callable[[Mapping[str, Any], Weights], WalkedNetwork]] = {
    "velocity_rnn": _sic,
    "rate_rnn": _localiser,
}


class _MisfitError(Exception):
    """Weights that are not those of a config."""


def _fitting(weights: Weights, shapes: Mapping[str, tuple[int, ...]]) -> Weights:
    """The weights, if they have these names and shapes."""
    found = {name: array.shape for name, array in weights.items()}
    for name in sorted(found.keys() | shapes.keys()):
        if found.get(name) != shapes.get(name):
            raise _MisfitError(f"{name} has the shape {found.get(name)}; expected {shapes.get(name)}")
    return weights


class Trained(NamedTuple):
    """A trained network, and which one it is. The weights are fixed."""

    network: WalkedNetwork
    config: dict[str, Any]  # of its condition, as its header has it: for `from_dict` of its kind's config
    seed: int
    facts: dict[str, str]  # what a result about it says of it: `store.facts.network_facts`
    path: Path

    def check_units(self, path: Path, found: int) -> None:
        """Raise InputError unless a file holds as many units as this network has."""
        expected = self.config["network"]["units"]
        if found != expected:
            raise InputError(
                f"{path} holds {found} units; expected the {expected} of {self.path}: are both of one network?"
            )


class Snapshots(NamedTuple):
    """One network along its training: pairs of steps taken and network, by rising steps and read one by one."""

    networks: Iterator[tuple[int, WalkedNetwork]]
    config: dict[str, Any]
    seed: int
    facts: dict[str, str]
    path: Path


def load_network(path: Path) -> Trained:
    """The network of a file of weights.

    Raises InputError if the file is damaged, of a newer sslgrid, or its weights do not fit its config.
    """
    header = _read_header(path)
    with safe_open(path, framework="numpy") as file:
        weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118, not a dict
    return Trained(_network(path, header, weights), *_told(header), path)


def load_snapshots(path: Path) -> Snapshots:
    """The networks of a file of snapshots. Errors: `load_network`."""
    header = _read_header(path)
    return Snapshots(_read_snapshots(path, header), *_told(header), path)


def _told(header: Mapping[str, str]) -> tuple[dict[str, Any], int, dict[str, str]]:
    return json.loads(header["config"]), int(header["seed"]), network_facts(header)


def _read_snapshots(path: Path, header: Mapping[str, str]) -> Iterator[tuple[int, WalkedNetwork]]:
    with safe_open(path, framework="numpy") as file:
        names = [name.split("/", 1) for name in file.keys()]  # noqa: SIM118, not a dict
        for step in sorted({int(step) for step, _ in names}):
            weights = {name: file.get_tensor(f"{step}/{name}") for own, name in names if int(own) == step}
            yield step, _network(path, header, weights)


def _read_header(path: Path) -> dict[str, str]:
    try:
        with safe_open(path, framework="numpy") as file:
            header = json.loads(file.metadata()[HEADER])
            content = content_of(header, ((name, file.get_tensor(name)) for name in file.keys()))  # noqa: SIM118
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path} is not a network of sslgrid ({error}): get it, or train it, again") from None
    if content != header.get("content"):
        raise InputError(f"{path} is damaged: its content is not what its header says; get it, or train it, again")
    version = int(header.get(VERSION, 0))  # 0: before headers had one
    if version > HEADER_VERSION:
        raise InputError(
            f"{path} has a header of version {version}; this sslgrid knows {HEADER_VERSION}: use a newer one"
        )
    missing = {"network", "config", "seed", "config_hash", "code_hash"} - header.keys()
    if missing:
        raise InputError(f"{path} does not say its {', '.join(sorted(missing))}: expected a network that `train` wrote")
    return header


def _network(path: Path, header: Mapping[str, str], weights: Weights) -> WalkedNetwork:
    try:
        return KINDS[header["network"]](json.loads(header["config"])["network"], weights)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{path} has a config that this sslgrid does not know ({error}): use the one that made it"
        ) from None
    except _MisfitError as error:
        raise InputError(f"{path} does not fit the config in its own header: {error}") from None
