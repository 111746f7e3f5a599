"""A batch of trajectories as torch takes it: `batches.py` draws it."""

from typing import NamedTuple

import torch
from torch import Tensor

from sslgrid.sic.batches import Batch


class Inputs(NamedTuple):
    """A batch as tensors on the network's device: (T, 2) as the weights' type, (B, T), (B, T + 1, 2), (B, T)."""

    velocities: Tensor
    order: Tensor
    positions: Tensor
    speeds: Tensor


def to_tensors(batch: Batch, like: Tensor) -> Inputs:
    """The batch as tensors; velocities get the type of `like`, and all its device."""
    velocities = torch.from_numpy(batch.velocities).to(like)
    rest = (torch.from_numpy(array).to(like.device) for array in (batch.order, batch.positions, batch.speeds))
    return Inputs(velocities, *rest)
