"""How the processor's engine lays out weights and batches, so that one matrix product does all of a step.

A row of `rates` is h of a path at a step, then the inputs of the step that follows, then 1. Multiplied by the rows of
`forward`, it gives the recurrent input, W_in I and b at once, and in two columns more the read-out of h. A row of
`slopes` is dL/dx of the step that follows h, then dL/dy of h: multiplied by `backward` it gives dL/dh, and the product
of all rows of both is the gradient of all weights. Rows end in zeros that fill the last vector.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sslgrid.kernels.vector_type import BYTES, lanes

ROWS = 4  # paths whose products share each load of the weights; as many as share a draw of noise
BLOCK = 8 * ROWS  # paths that are walked together, at most
FEWEST_BLOCKS = 4  # if there are rows enough, so that this many threads have work


def blocks_of(paths: int) -> list[tuple[int, int]]:
    """First path and number of rows of each block: a function of the number of paths alone, as sums depend on it.

    Rows are multiples of `ROWS`; those beyond the last path count for nothing.
    """
    groups = -(-paths // ROWS)
    count = max(-(-paths // BLOCK), min(FEWEST_BLOCKS, groups))
    bounds = [ROWS * (groups * i // count) for i in range(count + 1)]
    return [(first, last - first) for first, last in pairwise(bounds)]


def aligned(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """An array of zeros that begins where a vector may."""
    size = int(np.prod(shape)) * dtype.itemsize
    memory = np.zeros(size + BYTES, np.uint8)
    first = -memory.ctypes.data % BYTES
    return memory[first : first + size].view(dtype).reshape(shape)


@dataclass(frozen=True)
class Shape:
    """Sizes of a network's arrays."""

    units: int  # N
    inputs: int  # K
    dtype: np.dtype

    @property
    def lanes(self) -> int:
        """Numbers in a vector."""
        return lanes(self.dtype)

    @property
    def columns(self) -> int:
        """Numbers in a row: N, then K + 1 of inputs or 2 of the read-out, in whole vectors."""
        return -(-(self.units + max(self.inputs + 1, 2)) // self.lanes) * self.lanes

    def forward(self, parts: list[np.ndarray], leak: float) -> np.ndarray:
        """What h, inputs and 1 (N + K + 1) are multiplied by: (N + K + 1, columns), from W_rec, W_in, b and W_out."""
        recurrent, input_, bias, output = parts
        N, K, leak = self.units, self.inputs, self.dtype.type(leak)
        packed = aligned((N + K + 1, self.columns), self.dtype)
        packed[:N, :N], packed[:N, N : N + 2] = leak * recurrent.T, output.T
        packed[N : N + K, :N], packed[N + K, :N] = leak * input_.T, leak * bias
        return packed

    def backward(self, parts: list[np.ndarray], leak: float) -> np.ndarray:
        """What dL/dx and dL/dy (N + 2) are multiplied by: (N + 2, columns)."""
        recurrent, _, _, output = parts
        N = self.units
        packed = aligned((N + 2, self.columns), self.dtype)
        packed[:N, :N], packed[N:, :N] = self.dtype.type(leak) * recurrent, output
        return packed

    def gradients(self, product: np.ndarray, leak: float) -> list[np.ndarray]:
        """Gradients of W_rec, W_in, b and W_out from the product (N + 2 or more, columns) of slopes and rates."""
        N, K, leak = self.units, self.inputs, self.dtype.type(leak)
        of_drive = leak * product[:N]
        return [of_drive[:, :N], of_drive[:, N : N + K], of_drive[:, N + K], product[N : N + 2, :N]]
