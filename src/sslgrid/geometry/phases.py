"""The phase of each unit of a module, and whether the phases tile the lattice's unit cell."""

import numpy as np

from sslgrid.geometry.fourier import wave_amplitudes


def unit_phases(rates: np.ndarray, centres: np.ndarray, wave_vectors: np.ndarray) -> np.ndarray:
    """Phase of each unit along each wave, radians in [-pi, pi): (unit, wave).

    The unit fires where cos(2 pi k.x - phase) peaks. rates: (unit, y, x), NaN unvisited. centres: (bins,) m.
    wave_vectors: (wave, 2), cycles per metre.
    """
    return (np.angle(wave_amplitudes(rates, centres, wave_vectors)) + np.pi) % (2 * np.pi) - np.pi
