"""Spatial autocorrelograms: the Pearson correlation of a rate map with itself, shifted."""

import numpy as np
from scipy.fft import irfft2, next_fast_len, rfft2

MINIMUM_OVERLAP = 0.1  # of the visited bins: correlations over fewer are noise


def autocorrelograms(ratemaps: np.ndarray) -> np.ndarray:
    """Pearson correlation at each lag, over the bins visited in both copies (Sargolini et al. 2006).

    ratemaps: (unit, y, x), NaN unvisited. Returns (unit, 2 y - 1, 2 x - 1) in the maps' precision, lag zero in the
    centre; NaN where fewer than `MINIMUM_OVERLAP` of the bins overlap, or where a copy is constant there.
    """
    visited = np.isfinite(ratemaps)
    if (visited == visited[:1]).all():
        visited = visited[:1]  # one set of overlaps serves all units
    ny, nx = ratemaps.shape[1:]
    shape = next_fast_len(2 * ny - 1, real=True), next_fast_len(2 * nx - 1, real=True)
    count = np.maximum(visited.sum(axis=(1, 2), keepdims=True, dtype=ratemaps.dtype), 1)
    rates = np.where(visited, ratemaps, 0)
    rates = np.where(visited, rates - rates.sum(axis=(1, 2), keepdims=True) / count, 0)
    M, F, F2 = (rfft2(array, shape) for array in (visited.astype(rates.dtype), rates, rates**2))

    def lagged(A: np.ndarray, B: np.ndarray) -> np.ndarray:
        """Sum over r of a(r) b(r + lag)."""
        full = irfft2(A.conj() * B, shape)
        return np.roll(full, (ny - 1, nx - 1), axis=(1, 2))[:, : 2 * ny - 1, : 2 * nx - 1]

    n = np.rint(lagged(M, M))
    enough = n >= np.maximum(MINIMUM_OVERLAP * count, 3)
    n = np.where(enough, n, 1)
    mean, square = lagged(F, M) / n, lagged(F2, M) / n  # of the first copy; of the second at the opposite lag
    covariance = lagged(F, F) / n - mean * _reflected(mean)
    variance = square - mean**2
    product = variance * _reflected(variance)
    total = np.square(rates).sum(axis=(1, 2), keepdims=True) / count
    flat = product <= np.finfo(rates.dtype).eps * total**2  # below what the FFT can tell from a constant
    return np.where(enough & ~flat, covariance / np.sqrt(np.where(flat, 1, product)), np.nan).clip(-1, 1)


def _reflected(array: np.ndarray) -> np.ndarray:
    """The value at the opposite lag."""
    return array[:, ::-1, ::-1]
