"""The phase of each unit of a module, and whether the phases tile the lattice's unit cell."""

import numpy as np

from sslgrid.geometry.fourier import wave_amplitudes

HIGHEST_MODE = 2  # of either phase, in the test of uniformity


def unit_phases(rates: np.ndarray, centres: np.ndarray, wave_vectors: np.ndarray) -> np.ndarray:
    """Phase of each unit along each wave, radians in [-pi, pi): (unit, wave).

    The unit fires where cos(2 pi k.x - phase) peaks. rates: (unit, y, x), NaN unvisited. centres: (bins,) m.
    wave_vectors: (wave, 2), cycles per metre.
    """
    return (np.angle(wave_amplitudes(rates, centres, wave_vectors)) + np.pi) % (2 * np.pi) - np.pi


def uniformity(phases: np.ndarray, draws: int, rng: np.random.Generator) -> dict[str, float]:
    """Do the phases tile the unit cell? A Rayleigh test on the 2-torus, against uniform draws.

    The statistic is the sum of `n |mean of exp(i m.phase)|^2` over the lowest Fourier modes m: large for clumped
    phases, small for phases more evenly spread than chance. phases: (unit, 2) radians, along two independent waves.
    Returns it as `uniformity`, and the shares of draws that reach it from above and from below as `p_clumped` and
    `p_even`.
    """
    observed = _power_of_modes(phases)
    null = _power_of_modes(rng.uniform(-np.pi, np.pi, (draws, *phases.shape)))
    return {
        "uniformity": float(observed),
        "p_clumped": float((1 + (null >= observed).sum()) / (1 + draws)),
        "p_even": float((1 + (null <= observed).sum()) / (1 + draws)),
    }


def _power_of_modes(phases: np.ndarray) -> np.ndarray:
    """(..., unit, 2) -> (...)."""
    orders = np.arange(-HIGHEST_MODE, HIGHEST_MODE + 1)
    modes = np.stack(np.meshgrid(orders, orders), axis=-1).reshape(-1, 2)
    half = modes[len(modes) // 2 + 1 :]  # the others are their negatives
    return phases.shape[-2] * np.square(np.abs(np.exp(1j * phases @ half.T).mean(axis=-2))).sum(axis=-1)
