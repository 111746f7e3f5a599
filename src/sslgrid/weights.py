"""Trained networks on disk: safetensors, which cannot run code, with their provenance in the header."""

import json
from collections.abc import Iterator
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from sslgrid.config.model import ModelConfig
from sslgrid.errors import InputError
from sslgrid.files import whole_file
from sslgrid.networks.velocity_rnn import VelocityRNN

HEADER = "sslgrid"  # one key, because safetensors does not keep the order of several


def weights(network: VelocityRNN) -> dict[str, Tensor]:
    """A copy of the weights, on the CPU."""
    return {name: tensor.detach().cpu().clone() for name, tensor in network.state_dict().items()}


def save_network(path: Path, network: VelocityRNN, header: dict[str, str]) -> None:
    """Write the weights; `header` says what made them (config, config_hash, code_hash, seed, versions, steps)."""
    _save(path, weights(network), header)


def save_snapshots(path: Path, snapshots: dict[int, dict[str, Tensor]], header: dict[str, str]) -> None:
    """Write the weights after each of several numbers of steps; tensors are named <steps>/<name>."""
    _save(path, {f"{step}/{name}": tensor for step, held in snapshots.items() for name, tensor in held.items()}, header)


def load_network(path: Path) -> tuple[VelocityRNN, dict[str, str]]:
    """The network and its header. Raises InputError if the file is damaged or its tensors do not fit its config."""
    header = _read_header(path)
    with safe_open(path, framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118, not a dict
    return _network(path, header, tensors), header


def load_snapshots(path: Path) -> tuple[Iterator[tuple[int, VelocityRNN]], dict[str, str]]:
    """Pairs of steps taken and network, by rising steps and read one by one; and the header. Errors: `load_network`."""
    header = _read_header(path)
    return _read_snapshots(path, header), header


def _read_snapshots(path: Path, header: dict[str, str]) -> Iterator[tuple[int, VelocityRNN]]:
    with safe_open(path, framework="pt") as file:
        names = [name.split("/", 1) for name in file.keys()]  # noqa: SIM118, not a dict
        for step in sorted({int(step) for step, _ in names}):
            tensors = {name: file.get_tensor(f"{step}/{name}") for own, name in names if int(own) == step}
            yield step, _network(path, header, tensors)


def _save(path: Path, tensors: dict[str, Tensor], header: dict[str, str]) -> None:
    with whole_file(path) as temporary:
        save_file(tensors, temporary, metadata={HEADER: json.dumps(header, sort_keys=True)})


def _read_header(path: Path) -> dict[str, str]:
    try:
        with safe_open(path, framework="pt") as file:
            return json.loads(file.metadata()[HEADER])
    except (OSError, SafetensorError, KeyError, TypeError) as error:
        raise InputError(f"{path} is not a network of sslgrid ({error}): delete it and train again") from None


def _network(path: Path, header: dict[str, str], tensors: dict[str, Tensor]) -> VelocityRNN:
    try:
        config = ModelConfig.from_dict(json.loads(header["config"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path} was made by another version of sslgrid ({error}): train again") from None
    network = VelocityRNN(config.network, torch.Generator())
    try:
        network.load_state_dict(tensors)
    except RuntimeError as error:
        raise InputError(f"{path} does not fit the config in its own header: {error}".replace("\n", " ")) from None
    return network.requires_grad_(False)
