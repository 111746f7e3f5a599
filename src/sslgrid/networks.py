"""Reading trained networks, of whatever kind."""

import json
from collections.abc import Iterator
from pathlib import Path

from safetensors import SafetensorError, safe_open
from torch import Tensor

from sslgrid.errors import InputError
from sslgrid.localiser.config import LocaliserConfig
from sslgrid.localiser.network import RateRNN
from sslgrid.sic.config import ModelConfig
from sslgrid.sic.network import VelocityRNN
from sslgrid.store.records import HEADER
from sslgrid.training.weights import content_of
from sslgrid.walks.activity import Network

KINDS = {"velocity_rnn": (ModelConfig, VelocityRNN), "rate_rnn": (LocaliserConfig, RateRNN)}


def load_network(path: Path) -> tuple[Network, dict[str, str]]:
    """The network and its header. Raises InputError if the file is damaged or its tensors do not fit its config."""
    header = _read_header(path)
    with safe_open(path, framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118, not a dict
    return _network(path, header, tensors), header


def load_snapshots(path: Path) -> tuple[Iterator[tuple[int, Network]], dict[str, str]]:
    """Pairs of steps taken and network, by rising steps and read one by one; and the header. Errors: `load_network`."""
    header = _read_header(path)
    return _read_snapshots(path, header), header


def _read_snapshots(path: Path, header: dict[str, str]) -> Iterator[tuple[int, Network]]:
    with safe_open(path, framework="pt") as file:
        names = [name.split("/", 1) for name in file.keys()]  # noqa: SIM118, not a dict
        for step in sorted({int(step) for step, _ in names}):
            tensors = {name: file.get_tensor(f"{step}/{name}") for own, name in names if int(own) == step}
            yield step, _network(path, header, tensors)


def _read_header(path: Path) -> dict[str, str]:
    try:
        with safe_open(path, framework="pt") as file:
            header = json.loads(file.metadata()[HEADER])
            content = content_of(header, ((name, file.get_tensor(name)) for name in file.keys()))  # noqa: SIM118
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path} is not a network of sslgrid ({error}): delete it and train again") from None
    if content != header.get("content"):
        raise InputError(f"{path} is damaged, or was made by another version of sslgrid: delete it and train again")
    return header


def _network(path: Path, header: dict[str, str], tensors: dict[str, Tensor]) -> Network:
    try:
        config_class, network_class = KINDS[header["network"]]
        config = config_class.from_dict(json.loads(header["config"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path} was made by another version of sslgrid ({error}): train again") from None
    network = network_class(config.network)
    try:
        network.load_state_dict(tensors)
    except RuntimeError as error:
        raise InputError(f"{path} does not fit the config in its own header: {error}".replace("\n", " ")) from None
    return network.requires_grad_(False)
