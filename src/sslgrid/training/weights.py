"""Writing networks: safetensors, which cannot run code, with their provenance in the header."""

import json
from pathlib import Path

from safetensors.torch import save_file
from torch import Tensor, nn

from sslgrid.store.files import whole_file
from sslgrid.store.records import HEADER, HEADER_VERSION, VERSION, content_of


def weights(network: nn.Module) -> dict[str, Tensor]:
    """A copy of the weights, on the CPU."""
    return {name: tensor.detach().cpu().clone() for name, tensor in network.state_dict().items()}


def bytes_of(network: nn.Module) -> int:
    """What its weights take, in memory and on disk."""
    return sum(parameter.numel() * parameter.element_size() for parameter in network.parameters())


def gradients(network: nn.Module) -> list[Tensor]:
    """The gradient of each parameter that is trained, in their order. Raises ValueError if one has none yet."""
    found = [parameter.grad for parameter in network.parameters() if parameter.requires_grad]
    if any(gradient is None for gradient in found):
        raise ValueError("a parameter has no gradient yet: descend first")
    return [gradient for gradient in found if gradient is not None]


def save_network(path: Path, network: nn.Module, header: dict[str, str]) -> None:
    """Write the weights; `header` says what made them (network, config, config_hash, code_hash, seed, versions, steps).

    `network` is the kind, a name of `networks.KINDS`.
    """
    _save(path, weights(network), header)


def save_snapshots(path: Path, snapshots: dict[int, dict[str, Tensor]], header: dict[str, str]) -> None:
    """Write the weights after each of several numbers of steps; tensors are named <steps>/<name>."""
    _save(path, {f"{step}/{name}": tensor for step, held in snapshots.items() for name, tensor in held.items()}, header)


def _save(path: Path, tensors: dict[str, Tensor], header: dict[str, str]) -> None:
    told = header | {VERSION: str(HEADER_VERSION)}
    told |= {"content": content_of(told, ((name, tensor.numpy()) for name, tensor in tensors.items()))}
    with whole_file(path) as temporary:
        save_file(tensors, temporary, metadata={HEADER: json.dumps(told, sort_keys=True)})
