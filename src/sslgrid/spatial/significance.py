"""Is a unit's gridness more than its smoothness and scale would give by chance?

The null keeps each map's radial power spectrum (how smooth it is, and at what scale it varies) and its unvisited bins,
and draws the phases at random, so that no direction is special. A lattice differs from it by its directions.
"""

import numpy as np

from sslgrid.spatial.gridness import GridScores, score_grids


def gridness_p_values(
    ratemaps: np.ndarray, scores: GridScores, bin_size: float, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """P-value of `max(gridness60, gridness90)` of each unit: (unit,), at least 1 / (draws + 1); NaN without a score.

    ratemaps: (unit, y, x), NaN unvisited, and `scores` of the same maps.
    """
    observed = np.fmax(scores.gridness60, scores.gridness90)
    p = np.full(len(ratemaps), np.nan)
    for unit in np.flatnonzero(np.isfinite(observed)):
        null = score_grids(surrogates(ratemaps[unit], draws, rng), bin_size)
        reached = np.fmax(null.gridness60, null.gridness90) >= observed[unit]
        p[unit] = (1 + reached.sum()) / (1 + draws)
    return p


def surrogates(ratemap: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Random maps (draw, y, x) with the radial power spectrum and the unvisited bins of `ratemap` (y, x).

    The spectrum is taken, and the noise made, on a grid of twice the size, so that opposite walls do not touch.
    """
    visited = np.isfinite(ratemap)
    ny, nx = ratemap.shape
    shape = (2 * ny, 2 * nx)
    centred = np.where(visited, ratemap - ratemap[visited].mean(), 0.0)
    power = np.abs(np.fft.fft2(centred, shape)) ** 2
    k = np.hypot(np.fft.fftfreq(shape[0])[:, None], np.fft.fftfreq(shape[1])[None])
    ring = np.rint(k * max(shape)).astype(int)
    radial = np.bincount(ring.ravel(), power.ravel()) / np.bincount(ring.ravel())
    noise = np.fft.fft2(rng.standard_normal((draws, *shape)))
    maps = np.fft.ifft2(noise * np.sqrt(radial[ring] / visited.sum())).real[:, :ny, :nx]
    return np.where(visited, maps, np.nan)
