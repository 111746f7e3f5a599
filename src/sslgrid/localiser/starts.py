"""The first weights of a localiser.

Cueva & Wei (2018, section 2.2) draw W_rec orthogonal or normal and W_in normal; W_out and b begin at 0 in the paper,
and at small random values in the authors' code. All draws come from numpy and all arithmetic is written out here in
a fixed order, because the draws of torch and the factorisations of LAPACK differ between processors.
"""

import numpy as np
from numba import njit

from sslgrid.localiser.config import RateNetworkConfig


def first_weights(config: RateNetworkConfig, inputs: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw `recurrent` (N, N), `input` (N, inputs), `output` (2, N) and `bias` (N,), in this order, in float64.

    Each array is drawn even if its scale is 0, so that one option does not change what another one draws.
    """
    N = config.units
    recurrent = config.gain * _recurrent(config, rng.standard_normal((N, N)))
    if config.zero_diagonal:
        np.fill_diagonal(recurrent, 0.0)
    return {
        "recurrent": recurrent,
        "input": rng.standard_normal((N, inputs)) / np.sqrt(inputs),
        "output": config.output_gain * rng.standard_normal((2, N)) / np.sqrt(N),
        "bias": config.bias_mean + config.bias_deviation * rng.standard_normal(N),
    }


def _recurrent(config: RateNetworkConfig, normal: np.ndarray) -> np.ndarray:
    """W_rec at gain 1 from independent standard normal numbers (N, N)."""
    if config.recurrent_start == "normal":
        return normal / np.sqrt(len(normal))
    return orthonormal_rows(normal)


def orthonormal_rows(matrix: np.ndarray) -> np.ndarray:
    """Rows (N, N) that the modified Gram-Schmidt process makes of independent rows; the same bits on any processor.

    Of standard normal numbers it makes a matrix that is uniform among the orthogonal ones.
    """
    rows = np.array(matrix, np.float64)
    _orthonormalise(rows)
    return rows


@njit(cache=True)  # not `machine.compiled`: that one lets the compiler reorder sums
def _orthonormalise(rows):
    count, size = rows.shape
    for i in range(count):
        for k in range(i):
            overlap = 0.0
            for j in range(size):
                overlap += rows[k, j] * rows[i, j]
            for j in range(size):
                rows[i, j] -= overlap * rows[k, j]
        square = 0.0
        for j in range(size):
            square += rows[i, j] * rows[i, j]
        length = np.sqrt(square)
        for j in range(size):
            rows[i, j] /= length
