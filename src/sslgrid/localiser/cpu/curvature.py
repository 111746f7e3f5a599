"""Gauss-Newton products and the preconditioner on a processor: the same bits on every one, with any number of threads.

Parameters are one vector, in the order of `RateRNN.parameters()`. `localiser.curvature` is the definition.
"""

import numpy as np
from torch import Tensor

from sslgrid.localiser.cpu.batch import as_vector, batch_of, weights_of
from sslgrid.localiser.cpu.gradient import decay_of, sum_in_order
from sslgrid.localiser.cpu.layout import ROWS, aligned
from sslgrid.localiser.cpu.tangent import add_squares, come_back, follow_change
from sslgrid.localiser.cpu.walk import go_back
from sslgrid.localiser.network import RateRNN
from sslgrid.localiser.objective import Weights
from sslgrid.localiser.paths import Paths


class Curvature:
    """The Gauss-Newton matrix at the network's weights, over a batch of paths."""

    def __init__(self, network: RateRNN, paths: Paths, config: Weights):
        """Follow the paths once; each product then needs one pass forward and one backward."""
        self.config, self.batch, self.weights = config, batch_of(network, paths), weights_of(network)
        batch, shape = self.batch, self.batch.shape
        self.forward, self.backward = shape.forward(self.weights, batch.leak), shape.backward(self.weights, batch.leak)
        self.followed = [(batch.rows(count), batch.rows(count)) for _, count in batch.blocks]
        self._memory: dict[int, np.ndarray] = {}  # each thread's own

        def work(_thread: int, block: int, first: int, count: int) -> None:
            batch.follow(self.forward, *self.followed[block], first, count)

        batch.each_block(work)

    def product(self, vector: Tensor, structural: float = 0.0) -> Tensor:
        """The matrix times a vector (P,), as `localiser.curvature.Curvature.product`."""
        batch, shape = self.batch, self.batch.shape
        parts, number = self._split(vector.numpy()), shape.dtype.type
        change, size = shape.forward(parts, batch.leak), batch.steps * batch.trials
        scale, cost = number(1 / size), number(2 * self.config.rates / (size * shape.units))
        on_states = number(2 * structural / (size * shape.units))

        def work(thread: int, block: int, first: int, count: int, total: np.ndarray) -> None:
            rates, slopes = self.followed[block]
            states = self._rows(thread)[: len(rates)]
            changed, memory = (aligned((rows, shape.columns), shape.dtype) for rows in (count, ROWS))
            follow_change(
                rates, slopes, states, changed, self.forward, change, batch.unit, shape.units, batch.trials - first,
                scale,
            )  # fmt: skip
            come_back(rates, slopes, states, memory, self.backward, batch.unit, count, cost, on_states, total)

        gradients = shape.gradients(self._sum(work), batch.leak)
        for index in (1, 3):
            gradients[index] = gradients[index] + decay_of(parts[index], self.config)
        return as_vector(gradients)

    def squares(self) -> Tensor:
        """Sum over trials of the squared gradients of their errors, for a preconditioner: (P,)."""
        batch, shape = self.batch, self.batch.shape

        def work(thread: int, _block: int, first: int, count: int, total: np.ndarray) -> None:
            rates, slopes = self.followed[_block]
            found, memory = self._rows(thread)[: len(rates)], aligned((ROWS, shape.columns), shape.dtype)
            counted, none = min(batch.trials - first, count), aligned((0, shape.columns), shape.dtype)
            go_back(
                rates, slopes, found, memory, self.backward, batch.unit, count, counted, shape.dtype.type(0), none
            )  # fmt: skip
            product = aligned((shape.columns, shape.columns), shape.dtype)
            add_squares(found, rates, count, counted, shape.units + 2, product, total)

        return as_vector(shape.gradients(self._sum(work), batch.leak * batch.leak))

    def _sum(self, work) -> np.ndarray:
        """`work` adds to the total (columns, columns) of a block; the sum over blocks."""
        batch, columns = self.batch, self.batch.shape.columns
        totals = aligned((len(batch.blocks), columns, columns), batch.shape.dtype)
        batch.each_block(lambda thread, block, first, count: work(thread, block, first, count, totals[block]))
        return sum_in_order(totals)

    def _rows(self, thread: int) -> np.ndarray:
        if thread not in self._memory:
            self._memory[thread] = self.batch.rows(self.batch.most_rows)
        return self._memory[thread]

    def _split(self, vector: np.ndarray) -> list[np.ndarray]:
        ends = np.cumsum([part.size for part in self.weights])[:-1]
        return [part.reshape(own.shape) for part, own in zip(np.split(vector, ends), self.weights, strict=True)]
