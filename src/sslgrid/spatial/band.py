"""Band score: one plane wave against the three of a hexagonal lattice (Krupic et al. 2012 for the components)."""

import numpy as np

from sslgrid.spatial.ratemap import covered

TRANSFORM = 128  # bins of the zero-padded Fourier transform
APART = np.cos(np.deg2rad(25))  # components closer in direction than this are one


def band_scores(ratemaps: np.ndarray) -> np.ndarray:
    """1 for a single plane wave, 0.25 for two equal ones, 0 for three: (unit,).

    With P1 >= P2 >= P3 the powers of the three strongest Fourier pairs of different direction, the score is
    `(3 P1 / (P1 + P2 + P3) - 1) / 2`. It holds for wavelengths up to a third of the arena's side; longer waves have too
    few periods to be told from the window, and score less. ratemaps: (unit, y, x), NaN unvisited. NaN for a flat map.
    """
    ratemaps = covered(ratemaps)
    visited = np.isfinite(ratemaps)
    ny, nx = ratemaps.shape[1:]
    window = visited * np.hanning(ny + 2)[1:-1, None] * np.hanning(nx + 2)[None, 1:-1]  # no leakage from the walls
    rates = np.nan_to_num(ratemaps)
    mean = (window * rates).sum(axis=(1, 2), keepdims=True) / np.maximum(window.sum(axis=(1, 2), keepdims=True), 1e-12)
    size = max(TRANSFORM, ny, nx)
    power = np.abs(np.fft.rfft2(window * (rates - mean), (size, size))) ** 2
    ky, kx = np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None]
    k = np.hypot(ky, kx)
    main_lobe = 2 / min(ny, nx)  # half-width of the window's own peak around zero
    power = np.where(k > main_lobe, power, 0)
    direction = np.stack([kx / np.where(k > 0, k, 1), ky / np.where(k > 0, k, 1)])
    return np.array([_band_score(each, direction) for each in power])


def _band_score(power: np.ndarray, direction: np.ndarray) -> float:
    power = power.copy()
    peaks = []
    for _ in range(3):
        at = np.unravel_index(power.argmax(), power.shape)
        peaks.append(power[at])
        power[np.abs(np.tensordot(direction[:, *at], direction, axes=1)) > APART] = 0
    return (3 * peaks[0] / sum(peaks) - 1) / 2 if peaks[0] > 0 else np.nan
