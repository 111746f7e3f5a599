"""Writing networks: safetensors, which cannot run code, with their provenance in the header."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from safetensors.torch import save_file
from torch import Tensor, nn

from sslgrid.store.files import whole_file
from sslgrid.store.records import HEADER, HEADER_VERSION, VERSION


def weights(network: nn.Module) -> dict[str, Tensor]:
    """A copy of the weights, on the CPU."""
    return {name: tensor.detach().cpu().clone() for name, tensor in network.state_dict().items()}


def bytes_of(network: nn.Module) -> int:
    """What its weights take, in memory and on disk."""
    return sum(parameter.numel() * parameter.element_size() for parameter in network.parameters())


def save_network(path: Path, network: nn.Module, header: dict[str, str]) -> None:
    """Write the weights; `header` says what made them (network, config, config_hash, code_hash, seed, versions, steps).

    `network` is the kind, a name of `networks.KINDS`.
    """
    _save(path, weights(network), header)


def save_snapshots(path: Path, snapshots: dict[int, dict[str, Tensor]], header: dict[str, str]) -> None:
    """Write the weights after each of several numbers of steps; tensors are named <steps>/<name>."""
    _save(path, {f"{step}/{name}": tensor for step, held in snapshots.items() for name, tensor in held.items()}, header)


def content_of(header: dict[str, str], tensors: Iterable[tuple[str, Tensor]]) -> str:
    """SHA-256 of a header, without its own `content`, and of tensors by name: safetensors notices no wrong bit."""
    told = {name: value for name, value in header.items() if name != "content"}
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
    for name, tensor in sorted(tensors):
        digest.update(f"{name} {tuple(tensor.shape)} {tensor.dtype}".encode())
        digest.update(tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()


def _save(path: Path, tensors: dict[str, Tensor], header: dict[str, str]) -> None:
    told = header | {VERSION: str(HEADER_VERSION)}
    told |= {"content": content_of(told, tensors.items())}
    with whole_file(path) as temporary:
        save_file(tensors, temporary, metadata={HEADER: json.dumps(told, sort_keys=True)})
