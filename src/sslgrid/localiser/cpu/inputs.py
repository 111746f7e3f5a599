"""What a network is told of each step, with sines and cosines that are the same on every machine."""

import math

import numpy as np

from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.functions import sin_cos
from sslgrid.kernels.memory import load_first, store_first
from sslgrid.kernels.vector_type import lanes


def encode(kind: str, speeds: np.ndarray, headings: np.ndarray) -> np.ndarray:
    """As `network.INPUTS[kind]`, whose definition this is held to: (...) speeds and headings (rad) -> (..., K)."""
    if kind == "angle":
        return np.stack([speeds, np.remainder(headings, headings.dtype.type(2 * math.pi))], axis=-1)
    sines, cosines = np.empty_like(headings), np.empty_like(headings)
    _sines_and_cosines(headings.ravel(), sines.ravel(), cosines.ravel())
    if kind == "direction":
        return np.stack([speeds, cosines, sines], axis=-1)
    return np.stack([speeds * cosines, speeds * sines], axis=-1)


@compiled
def _sines_and_cosines(angles, sines, cosines):
    for i in range(0, len(angles), lanes(angles.dtype)):
        left = len(angles) - i
        sine, cosine = sin_cos(load_first(angles, i, left))
        store_first(sines, i, sine, left)
        store_first(cosines, i, cosine, left)
