"""Trained networks on disk: safetensors, which cannot run code, with their provenance in the header."""

import json
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from sslgrid.config.model import ModelConfig
from sslgrid.errors import InputError
from sslgrid.files import whole_file
from sslgrid.networks.velocity_rnn import VelocityRNN

HEADER = "sslgrid"  # one key, because safetensors does not keep the order of several


def save_network(path: Path, network: VelocityRNN, header: dict[str, str]) -> None:
    """Write the weights; `header` says what made them (config, config_hash, code_hash, seed, versions, steps)."""
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}
    with whole_file(path) as temporary:
        save_file(tensors, temporary, metadata={HEADER: json.dumps(header, sort_keys=True)})


def read_header(path: Path) -> dict[str, str]:
    """The header that `save_network` wrote."""
    try:
        with safe_open(path, framework="pt") as file:
            return json.loads(file.metadata()[HEADER])
    except (OSError, SafetensorError, KeyError, TypeError) as error:
        raise InputError(f"{path} is not a network of sslgrid ({error}): delete it and train again") from None


def load_network(path: Path) -> tuple[VelocityRNN, dict[str, str]]:
    """The network and its header. Raises InputError if the file is damaged or its tensors do not fit its config."""
    header = read_header(path)
    try:
        config = ModelConfig.from_dict(json.loads(header["config"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path} was made by another version of sslgrid ({error}): train again") from None
    network = VelocityRNN(config.network, torch.Generator())
    with safe_open(path, framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118, not a dict
    try:
        network.load_state_dict(tensors)
    except RuntimeError as error:
        raise InputError(f"{path} does not fit the config in its own header: {error}".replace("\n", " ")) from None
    return network.requires_grad_(False), header
