"""The first weights of a localiser.

Cueva & Wei (2018, section 2.2) draw W_rec orthogonal or normal and W_in normal; W_out and b begin at 0 in the paper,
and at small random values in the authors' code. Draws and the factorisation come from our own kernels, because
the normal laws of numpy and torch and the factorisations of LAPACK differ between processors.
"""

import numpy as np

from sslgrid.kernels.draws import normal
from sslgrid.kernels.linear_algebra import orthonormal
from sslgrid.localiser.architecture import RateNetworkConfig


def first_weights(config: RateNetworkConfig, inputs: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw `recurrent` (N, N), `input` (N, inputs), `output` (2, N) and `bias` (N,), in this order, in float64.

    Each array is drawn even if its scale is 0, so that one option does not change what another one draws.
    """
    N = config.units
    recurrent = config.gain * _recurrent(config, normal(rng, N * N).reshape(N, N))
    if config.zero_diagonal:
        np.fill_diagonal(recurrent, 0.0)
    return {
        "recurrent": recurrent,
        "input": normal(rng, N * inputs).reshape(N, inputs) / np.sqrt(inputs),
        "output": config.output_gain * normal(rng, 2 * N).reshape(2, N) / np.sqrt(N),
        "bias": config.bias_mean + config.bias_deviation * normal(rng, N),
    }


def _recurrent(config: RateNetworkConfig, drawn: np.ndarray) -> np.ndarray:
    """W_rec at gain 1 from independent standard normal numbers (N, N)."""
    if config.recurrent_start == "normal":
        return drawn / np.sqrt(len(drawn))
    return uniform_orthogonal(drawn)


def uniform_orthogonal(drawn: np.ndarray) -> np.ndarray:
    """An orthogonal matrix that is uniform among all of them, from independent standard normal numbers (N, N).

    It is Q of their QR decomposition with the signs that make the diagonal of R positive (Mezzadri 2007).
    """
    Q = orthonormal(drawn)
    return Q * np.sign((Q * drawn).sum(axis=0))
