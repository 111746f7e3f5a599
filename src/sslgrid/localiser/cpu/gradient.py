"""The localisation objective and its gradient on a processor: the same bits on every one, with any number of threads.

Blocks of paths are dealt to the threads; each leaves its sums, which are added in the order of the blocks.
"""

import math

import numpy as np
import torch
from torch import Tensor

from sslgrid.localiser.cpu.batch import Batch, batch_of, weights_of
from sslgrid.localiser.cpu.layout import ROWS, aligned
from sslgrid.localiser.cpu.walk import go_back
from sslgrid.localiser.network import RateRNN
from sslgrid.localiser.objective import Terms, Weights, weigh
from sslgrid.localiser.paths import Paths


class Descent:
    """Call it with a batch of paths to leave the gradient in the network's parameters; returns the loss and its terms.

    `sslgrid.localiser.objective.objective` is the definition.
    """

    def __init__(self, network: RateRNN, config: Weights):
        self.network, self.config = network, config
        self._memory: dict[tuple, tuple[np.ndarray, np.ndarray]] = {}

    def __call__(self, paths: Paths, gradient: bool = True) -> tuple[Tensor, Terms]:
        """Paths as `paths.sample_paths` returns them, of the network's type; gradient: False for the loss alone."""
        batch, parts = batch_of(self.network, paths), weights_of(self.network)
        shape, size = batch.shape, batch.steps * batch.trials
        forward, backward = shape.forward(parts, batch.leak), shape.backward(parts, batch.leak)
        cost = shape.dtype.type(2 * self.config.rates / (size * shape.units))
        found = np.empty((len(batch.blocks), 1 + shape.lanes))
        products = aligned((len(batch.blocks) if gradient else 0, shape.columns, shape.columns), shape.dtype)

        def work(thread: int, block: int, first: int, count: int) -> None:
            steps = batch.steps + 1 if gradient else 2
            rates, slopes = (each[: steps * count] for each in self._rows(batch, thread))
            found[block] = batch.follow(forward, rates, slopes, first, count)
            if gradient:
                memory = aligned((ROWS, shape.columns), shape.dtype)
                counted = batch.trials - first
                go_back(rates, slopes, slopes, memory, backward, batch.unit, count, counted, cost, products[block])

        batch.each_block(work)
        squares = math.fsum(mean_square(each) for each in (parts[1], parts[3]))
        sums = math.fsum(found[:, 0]) / (2 * size), squares, math.fsum(found[:, 1:].ravel()) / (size * shape.units)
        terms = Terms(*(torch.tensor(each, dtype=torch.float64) for each in sums))
        if gradient:
            self._leave(shape.gradients(sum_in_order(products), batch.leak), parts)
        return weigh(terms, self.config), terms

    def _rows(self, batch: Batch, thread: int) -> tuple[np.ndarray, np.ndarray]:
        """Memory for rates and slopes of a block, each thread's own, used again and again."""
        key = thread, batch.shape, batch.steps, batch.most_rows
        if key not in self._memory:
            self._memory[key] = batch.rows(batch.most_rows), batch.rows(batch.most_rows)
        return self._memory[key]

    def _leave(self, gradients: list[np.ndarray], parts: list[np.ndarray]) -> None:
        """The gradients, with those of R_L2, in the parameters."""
        for index, (parameter, gradient) in enumerate(zip(self.network.parameters(), gradients, strict=True)):
            if index in (1, 3):
                gradient = gradient + decay_of(parts[index], self.config)
            parameter.grad = torch.from_numpy(np.ascontiguousarray(gradient))


def mean_square(weights: np.ndarray) -> float:
    """The sum is exact before it is rounded, so it has no order."""
    return math.fsum(np.square(weights, dtype=np.float64).ravel()) / weights.size


def decay_of(weights: np.ndarray, config: Weights) -> np.ndarray:
    """The gradient of R_L2's part of the loss by W_in or W_out; also its curvature, times a change of them."""
    return weights.dtype.type(2 * config.weights / weights.size) * weights


def sum_in_order(arrays: np.ndarray) -> np.ndarray:
    """The sum over the first axis, one after the other."""
    total = arrays[0].copy()
    for each in arrays[1:]:
        total += each
    return total
