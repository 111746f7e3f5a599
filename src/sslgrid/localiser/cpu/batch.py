"""What the kernels are given of a network and of a batch of paths."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from sslgrid.kernels.noise import key_of
from sslgrid.localiser.cpu.inputs import encode
from sslgrid.localiser.cpu.layout import Shape, aligned, blocks_of
from sslgrid.localiser.cpu.walk import IN_USE, KEPT, NOISE_ON_RATES, NOISE_ON_STATE, follow
from sslgrid.localiser.network import RateRNN
from sslgrid.localiser.paths import Paths
from sslgrid.machine.threads import in_parts

LOWEST = {"tanh": -1.0, "rectified": 0.0}  # rate, by the names of `network.rates`


@dataclass(frozen=True)
class Batch:
    """Constants of a walk along a batch."""

    shape: Shape
    leak: float
    unit: np.ndarray  # (4, columns): the rows that `walk` names
    lowest: np.floating
    inputs: np.ndarray  # (T, M, K)
    positions: np.ndarray  # (T, M, 2)
    noise: tuple[bool, np.uint32, np.uint32]  # whether there is any, and its key

    @property
    def steps(self) -> int:
        """T."""
        return len(self.inputs)

    @property
    def trials(self) -> int:
        """M."""
        return self.inputs.shape[1]

    @property
    def blocks(self) -> list[tuple[int, int]]:
        """First path and number of rows of each block."""
        return blocks_of(self.trials)

    @property
    def most_rows(self) -> int:
        """Of a block."""
        return max(rows for _, rows in self.blocks)

    def rows(self, paths: int) -> np.ndarray:
        """Zeros ((T + 1) paths, columns): a row for each step of a block of paths."""
        return aligned(((self.steps + 1) * paths, self.shape.columns), self.shape.dtype)

    def each_block(self, work: Callable[[int, int, int, int], None]) -> None:
        """Call `work(thread, block, first path, rows)` for each block, dealt out to the threads."""
        blocks = self.blocks

        def part_of_work(part: int, parts: int) -> None:
            for block in range(part, len(blocks), parts):
                work(part, block, *blocks[block])

        in_parts(part_of_work)

    def follow(self, weights: np.ndarray, rates: np.ndarray, slopes: np.ndarray, first: int, paths: int) -> np.ndarray:
        """Walk a block forward as `walk.follow`; returns the sums of squares that it finds, (1 + lanes,)."""
        state = aligned((paths, self.shape.columns), self.shape.dtype)
        found = np.zeros(1 + self.shape.lanes)
        scale = self.shape.dtype.type(1 / (self.steps * self.trials))  # mean over T, M and 2 axes, of squares
        follow(
            rates, slopes, state, weights, self.unit, self.lowest, self.inputs, self.positions, first, self.noise,
            scale, found,
        )  # fmt: skip
        return found


def batch_of(network: RateRNN, paths: Paths) -> Batch:
    """Of a network on the processor, and paths of its type."""
    speeds, headings, positions = (np.ascontiguousarray(each.numpy()) for each in paths[:3])
    config, N = network.config, network.config.units
    inputs = encode(config.inputs, speeds / speeds.dtype.type(config.speed_scale), headings)
    shape = Shape(N, inputs.shape[-1], speeds.dtype)
    unit = aligned((4, shape.columns), shape.dtype)
    unit[IN_USE, :N], unit[KEPT, :N] = 1, 1 - network.leak
    unit[NOISE_ON_RATES if config.noise_on == "rates" else NOISE_ON_STATE, :N] = network.step_noise
    lowest = shape.dtype.type(LOWEST[config.rates])
    noise = network.noise > 0, *key_of(paths.noise_seed)
    return Batch(shape, network.leak, unit, lowest, inputs, positions, noise)


def weights_of(network: RateRNN) -> list[np.ndarray]:
    """W_rec, W_in, b and W_out, in the order of `RateRNN.parameters()`."""
    return [parameter.detach().numpy() for parameter in network.parameters()]


def as_vector(parts: list[np.ndarray]) -> torch.Tensor:
    """All in one vector (P,)."""
    return torch.from_numpy(np.concatenate([part.ravel() for part in parts]))
