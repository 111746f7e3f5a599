"""The training paths of a localiser: batches that are a pure function of (config, seed, step)."""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from sslgrid.basics.brownian import Motion, walk
from sslgrid.basics.polygons import corners_of
from sslgrid.basics.streams import BATCH_STREAM, generator
from sslgrid.localiser.config import LocaliserConfig, PathConfig


class Paths(NamedTuple):
    """A batch of training paths, on the network's device and of its type, and where the noise along them comes from."""

    speeds: Tensor  # (T, M) m per step
    headings: Tensor  # (T, M) rad
    positions: Tensor  # (T, M, 2) m, after each step
    noise_seed: int

    def to(self, like: Tensor) -> "Paths":
        """On the device, and of the type, of a tensor."""
        return Paths(self.speeds.to(like), self.headings.to(like), self.positions.to(like), self.noise_seed)

    def first(self, trials: int) -> "Paths":
        """So many of them; all if that is 0. The noise along each is that of the whole batch."""
        if trials == 0:
            return self
        speeds, headings, positions = (each[:, :trials].contiguous() for each in self[:3])
        return Paths(speeds, headings, positions, self.noise_seed)


def sample_paths(config: PathConfig, standstill: float, seed: int, step: int) -> Paths:
    """The batch of a gradient step: a pure function of its arguments, so resuming needs no state."""
    rng = generator(seed, BATCH_STREAM, step)
    motion = Motion(standstill, config.highest_speed, config.heading_noise, config.at_walls)
    corners = corners_of(config.shape, config.side)
    speeds, headings, positions = walk(motion, corners, config.trials, config.steps, rng)
    kept = torch.from_numpy(speeds), torch.from_numpy(headings), torch.from_numpy(positions[1:].astype(np.float32))
    return Paths(*kept, noise_seed=int(rng.integers(2**63)))


def share_at_rest(config: LocaliserConfig, step: int) -> float:
    """Of the paths of gradient step `step` (from 0): rises from 0 over the curriculum."""
    ramp = config.training.curriculum
    return config.trajectories.standstill * min(1.0, (step + 1) / ramp if ramp else 1.0)
