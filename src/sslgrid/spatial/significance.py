"""Is a unit's gridness more than its smoothness and scale would give by chance?

The null keeps each map's radial power spectrum (how smooth it is, and at what scale it varies), its rates and its
unvisited bins, and draws the phases at random, so that no direction is special. A lattice differs from it by its
directions. The p-values are approximate: of random ring-like maps that repeat at 0.6 to 0.9 m in a 2 m box, 6 to 9 %
have p <= 0.05.
"""

import numpy as np
from scipy.fft import irfft2, rfft2

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
    """Random maps (draw, y, x) with the radial power spectrum, the rates and the unvisited bins of `ratemap` (y, x).

    Amplitude-adjusted Fourier surrogates (Theiler et al. 1992): noise of that spectrum, whose values are then replaced,
    rank by rank, by the map's own. The spectrum is taken, and the noise made, on a grid of twice the size, so that
    opposite walls do not touch.
    """
    visited = np.isfinite(ratemap)
    ny, nx = ratemap.shape
    shape = (2 * ny, 2 * nx)
    power = np.abs(rfft2(np.where(visited, ratemap - ratemap[visited].mean(), 0.0), shape)) ** 2
    k = np.hypot(np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])[None])
    ring = np.rint(k * max(shape)).astype(int)
    radial = np.bincount(ring.ravel(), power.ravel()) / np.bincount(ring.ravel())
    noise = irfft2(rfft2(rng.standard_normal((draws, *shape))) * np.sqrt(radial[ring]), shape)
    ranks = noise[:, :ny, :nx][:, visited].argsort(axis=1)
    values = np.empty(ranks.shape)
    np.put_along_axis(values, ranks, np.sort(ratemap[visited])[None], axis=1)
    maps = np.full((draws, ny, nx), np.nan)
    maps[:, visited] = values
    return maps
