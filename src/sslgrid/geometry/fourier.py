"""A module in Fourier space: the plane waves that its rate maps share (Schaeffer et al. 2023, figure 4)."""

from collections.abc import Callable

import numpy as np
from scipy.optimize import minimize

from sslgrid.spatial.gridness import HEXAGONAL, SQUARE

SEARCH = 0.4  # of |k|: how far from the start a peak is sought; the next peak is a whole |k| away
SEARCH_POINTS = 41  # along each axis


def find_wave_vectors(
    rates: np.ndarray, centres: np.ndarray, spacing: float, orientation: float, kind: int
) -> np.ndarray:
    """Wave vectors of a module, in cycles per metre: (wave, 2) float64 as (x, y).

    Three waves of a hexagonal module, 60 deg apart and ordered by angle, so that k3 = k2 - k1 but for the
    `closure_error`; two of a square one. They start at the peaks of the mean Fourier power and end where plane waves
    explain most of the windowed maps. All waves are fitted at once, because at two periods an arena the peaks overlap.

    rates: (unit, y, x) of one module, NaN unvisited. centres: (bins,) m, of x and y. spacing (m) and orientation
    (deg, of the lattice's axes) say where to start; kind is HEXAGONAL or SQUARE.
    """
    start = lattice_waves(spacing, orientation, kind)
    reach = SEARCH * float(np.linalg.norm(start[0]))
    peaks = np.stack([_highest_power(rates, centres, k, reach) for k in start])
    weighted, design = weighted_maps(rates, centres)
    bounds = np.stack([start - reach, start + reach], axis=-1).reshape(-1, 2)  # maps without waves would leave them
    fit = minimize(
        lambda waves: 1 - _share(weighted, design(waves.reshape(-1, 2))),
        peaks.ravel(),
        method="L-BFGS-B",
        bounds=bounds,
        options={"ftol": 1e-12, "gtol": 1e-8},
    )
    return fit.x.reshape(-1, 2)


def explained_share(rates: np.ndarray, centres: np.ndarray, wave_vectors: np.ndarray) -> float:
    """Share of the variance of the windowed maps that the plane waves explain, all units together: 0 to 1.

    Arguments as of `wave_amplitudes`. 1 for plane waves; narrow fields have harmonics, which count as unexplained.
    """
    weighted, design = weighted_maps(rates, centres)
    return _share(weighted, design(wave_vectors))


def _share(weighted: np.ndarray, design: np.ndarray) -> float:
    basis = np.linalg.qr(design)[0]
    return float(np.square(basis.T @ weighted).sum() / np.square(weighted).sum())


def lattice_waves(spacing: float, orientation: float, kind: int) -> np.ndarray:
    """The wave vectors of a perfect lattice, cycles per metre: (wave, 2), ordered by angle from the first above 0 deg.

    spacing in m, orientation of the lattice's axes in deg. A hexagonal lattice's waves run between its axes, with
    |k| = 2 / (sqrt(3) spacing); a square one's along them, with |k| = 1 / spacing.
    """
    if kind == HEXAGONAL:
        k, angles = 2 / (np.sqrt(3) * spacing), (orientation + 30) % 60 + np.array([0, 60, 120])
    elif kind == SQUARE:
        k, angles = 1 / spacing, orientation % 90 + np.array([0, 90])
    else:
        raise ValueError(f"kind is {kind!r}; expected {HEXAGONAL} (hexagonal) or {SQUARE} (square)")
    return k * np.stack([np.cos(np.deg2rad(angles)), np.sin(np.deg2rad(angles))], axis=-1)


def closure_error(wave_vectors: np.ndarray) -> float:
    """`|k1 - k2 + k3|` in units of the mean |k|: 0 for the waves of one lattice. NaN unless there are three."""
    if len(wave_vectors) != 3:
        return np.nan
    k1, k2, k3 = wave_vectors
    return float(np.linalg.norm(k1 - k2 + k3) / np.linalg.norm(wave_vectors, axis=1).mean())


def mean_power(rates: np.ndarray, centres: np.ndarray, kx: np.ndarray, ky: np.ndarray) -> np.ndarray:
    """Fourier power of the windowed maps at any wave numbers, mean over units: (ky, kx).

    rates: (unit, y, x), NaN unvisited. centres: (bins,) m. kx, ky: cycles per metre; any distance apart, as with
    zero-padding. A wave of amplitude A has power A^2 / 4 at its peak, if nothing else is near.
    """
    weight = window(rates)
    maps = np.where(weight > 0, rates, 0)
    mean = (weight * maps).sum(axis=(1, 2), keepdims=True) / weight.sum()
    left, right = np.exp(-2j * np.pi * np.outer(ky, centres)), np.exp(-2j * np.pi * np.outer(centres, kx))
    return np.square(np.abs(left @ (weight * (maps - mean)) @ right) / weight.sum()).mean(axis=0)


def window(rates: np.ndarray) -> np.ndarray:
    """Hann window over the arena, zero where nobody went: (y, x). It keeps the walls out of the spectrum."""
    ny, nx = rates.shape[1:]
    return np.isfinite(rates).all(axis=0) * np.hanning(ny + 2)[1:-1, None] * np.hanning(nx + 2)[None, 1:-1]


def wave_amplitudes(rates: np.ndarray, centres: np.ndarray, wave_vectors: np.ndarray) -> np.ndarray:
    """Complex amplitudes A of each unit's plane waves: (unit, wave).

    The map is nearest, under the window, to a constant plus the sum of Re(A_j exp(-2 pi i k_j.x)).
    rates: (unit, y, x), NaN unvisited. centres: (bins,) m. wave_vectors: (wave, 2), cycles per metre.
    """
    weighted, design = weighted_maps(rates, centres)
    parts = np.linalg.lstsq(design(wave_vectors), weighted, rcond=None)[0][1:]
    cosine, sine = np.split(parts, 2)
    return (cosine + 1j * sine).T


def weighted_maps(rates: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]:
    """The maps under the window, (bin, unit), and what makes of waves (wave, 2) their design, (bin, 1 + 2 wave)."""
    weight = window(rates)
    inside = weight > 0
    weight = weight[inside][:, None]
    points = np.stack(np.meshgrid(centres, centres), axis=-1)[inside]
    weighted = weight * rates[:, inside].T.astype(float)
    weighted -= weight * (weight * weighted).sum(axis=0) / np.square(weight).sum()

    def design(waves: np.ndarray) -> np.ndarray:
        angle = 2 * np.pi * points @ waves.T
        return weight * np.hstack([np.ones((len(points), 1)), np.cos(angle), np.sin(angle)])

    return weighted, design


def _highest_power(rates: np.ndarray, centres: np.ndarray, start: np.ndarray, reach: float) -> np.ndarray:
    """The highest mean power within `reach` of a wave vector, on a grid: (2,)."""
    offset = np.linspace(-reach, reach, SEARCH_POINTS)
    power = mean_power(rates, centres, start[0] + offset, start[1] + offset)
    power[np.hypot(offset[:, None], offset[None]) > reach] = 0
    row, column = np.unravel_index(power.argmax(), power.shape)
    return start + offset[[column, row]]
