"""Random numbers from numpy's generators whose bits are the same on every machine.

numpy draws whole numbers, and fractions of 2^53, exactly. Its laws do arithmetic on them that compilers may join, and
take logarithms from the machine's library; so that part is done here.
"""

import math

import numpy as np

from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.functions import log, sin_cos


def uniform(rng: np.random.Generator, low: float, high: float, shape: tuple[int, ...] | int) -> np.ndarray:
    """Uniform on [low, high), float64."""
    return rng.random(shape) * (high - low) + low


def normal(rng: np.random.Generator, count: int) -> np.ndarray:
    """Standard normal numbers (count,), float64, by the transform of Box and Muller."""
    return _normal(1.0 - rng.random(count), rng.random(count) * (2 * math.pi))


def cosines_and_sines(angles: np.ndarray) -> np.ndarray:
    """(count, 2) float64: of angles (count,) in radians."""
    found = np.empty((len(angles), 2))
    _cosines_and_sines(np.asarray(angles, np.float64), found)
    return found


@compiled
def _normal(shares, angles):
    found = np.empty(len(shares))
    for i in range(len(shares)):
        found[i] = np.sqrt(-2.0 * log(shares[i])) * sin_cos(angles[i])[1]
    return found


@compiled
def _cosines_and_sines(angles, found):
    for i in range(len(angles)):
        found[i, 1], found[i, 0] = sin_cos(angles[i])
