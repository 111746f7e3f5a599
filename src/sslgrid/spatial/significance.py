"""Is a unit's score more than its smoothness and scale would give by chance?

Of gridness, what is tested is the highest gridness, hexagonal or square, as it is or with the lattice's ellipse
undone: of a sheared module no unit passes uncorrected. The null keeps each map's radial power spectrum (how smooth it
is, and at what scale it varies), its rates and its unvisited bins, and draws the phases at random, so that no
direction is special. A lattice differs from it by its directions. The p-values are approximate: of smooth random maps
about 5 to 7 % have p <= 0.05, of ring-like ones 7 to 11 % if the arena holds three periods, but 25 % if it holds only
two.

Scoring hundreds of maps for each unit costs more than all else, so a map whose lattice is wide is first merged to bins
of twice the side: unit and null are compared on equal terms, on maps that lose nothing a gridness score looks at.
"""

from collections.abc import Callable

import numpy as np
from scipy.fft import irfft2, rfft2

from sslgrid.spatial.gridness import score_grids

AT_ONCE = 100  # surrogates
PROMISING = 0.05  # p-value up to which a unit is tested again, where few of many units may be tuned
BINS_PER_SPACING = 5  # merged bins that a spacing must keep: with fewer, the peaks of the autocorrelogram melt together
FALSE_DISCOVERY_RATE = 0.05


def gridness_p_values(
    ratemaps: np.ndarray,
    spacing: np.ndarray,
    bin_size: float,
    draws: int,
    rng: np.random.Generator,
    widest: float = np.inf,
) -> np.ndarray:
    """P-value of the highest gridness of each unit: (unit,), at least 1 / (draws + 1); NaN without a score.

    ratemaps: (unit, y, x), NaN unvisited, and the spacing (unit,) m of their lattices, NaN for none. All units share
    the noise that their surrogates are made of. widest: a surrogate with a wider spacing (m) has no lattice.
    """
    p = np.full(len(ratemaps), np.nan)
    ratemaps = ratemaps.astype(np.float32)
    close = spacing < 2 * BINS_PER_SPACING * bin_size  # not for NaN: what has no lattice can be merged
    for units, maps, size in (
        (np.flatnonzero(close), ratemaps[close], bin_size),
        (np.flatnonzero(~close), merged(ratemaps[~close]), 2 * bin_size),
    ):
        white = rfft2(rng.standard_normal((draws, 2 * maps.shape[1], 2 * maps.shape[2]), np.float32))
        for unit, ratemap, observed in zip(units, maps, score_grids(maps, size).highest, strict=True):
            if np.isfinite(observed):

                def reaches(drawn: np.ndarray, observed=observed, size=size) -> np.ndarray:
                    scores = score_grids(drawn, size)
                    return (scores.highest >= observed) & ~(scores.spacing > widest)

                p[unit] = _p_value(ratemap, white, reaches)
    return p


def score_p_values(
    ratemaps: np.ndarray, score: Callable[[np.ndarray], np.ndarray], draws: int, rng: np.random.Generator
) -> np.ndarray:
    """P-value of a score that is high where a unit is tuned, like `gridness_p_values`: (unit,), NaN without a score.

    ratemaps: (unit, y, x), NaN unvisited; score: from such maps to (unit,).
    """
    ratemaps = ratemaps.astype(np.float32)
    white = rfft2(rng.standard_normal((draws, 2 * ratemaps.shape[1], 2 * ratemaps.shape[2]), np.float32))
    p = np.full(len(ratemaps), np.nan)
    for unit, (ratemap, observed) in enumerate(zip(ratemaps, score(ratemaps), strict=True)):
        if np.isfinite(observed):
            # A surrogate without a score does not reach it.
            p[unit] = _p_value(ratemap, white, lambda drawn, observed=observed: score(drawn) >= observed)
    return p


def _p_value(ratemap: np.ndarray, white: np.ndarray, reaches: Callable[[np.ndarray], np.ndarray]) -> float:
    """From the share of surrogates of a map that reach its score, some at a time: many take long to make room for."""
    reached = sum(
        int(reaches(surrogates(ratemap, white[first : first + AT_ONCE])).sum())
        for first in range(0, len(white), AT_ONCE)
    )
    return (1 + reached) / (1 + len(white))


def confirmed(
    test: Callable[[np.ndarray, int, np.random.Generator], np.ndarray],
    candidates: np.ndarray,
    known: np.ndarray,
    draws: int,
    further: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """P-values (unit,) of a test of candidates: by `draws` of the null, and if promising by `further` fresh ones.

    The smallest p-value that n draws can give is 1 / (n + 1), so of a hundred units ten must reach it for any to pass
    the correction for a hundred. Where a few are what is sought, these need more draws; the others do not.
    test: (numbers of units, draws, rng) -> their p-values. candidates: (unit,) bool, those whose score passes the
    threshold of their class. The statistic is the score where it does, else nothing: the p-value of the others is 1,
    and they take part in the correction, but for those without a score (known: (unit,) bool), whose p-value is NaN.
    """
    p = np.where(known, 1.0, np.nan)
    if candidates.any():
        p[candidates] = test(np.flatnonzero(candidates), draws, rng)
    promising = np.flatnonzero((p <= PROMISING) & candidates)
    if len(promising):
        p[promising] = test(promising, further, rng)
    return p


def significant_units(p: np.ndarray) -> np.ndarray:
    """Which units pass at `FALSE_DISCOVERY_RATE` (Benjamini and Hochberg 1995): (unit,) bool; p is NaN if untested."""
    ordered = np.sort(p[np.isfinite(p)])
    passing = ordered * (len(ordered) / np.arange(1, len(ordered) + 1)) <= FALSE_DISCOVERY_RATE
    return p <= ordered[passing].max(initial=-np.inf)


def merged(ratemaps: np.ndarray) -> np.ndarray:
    """Mean over the visited of each 2 x 2 bins: (unit, y // 2, x // 2). An odd last row or column is left out."""
    ny, nx = ratemaps.shape[1] // 2, ratemaps.shape[2] // 2
    blocks = ratemaps[:, : 2 * ny, : 2 * nx].reshape(-1, ny, 2, nx, 2)
    visited = np.isfinite(blocks)
    count = visited.sum(axis=(2, 4))
    total = np.where(visited, blocks, 0).sum(axis=(2, 4))
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(ratemaps.dtype)


def surrogates(ratemap: np.ndarray, white: np.ndarray) -> np.ndarray:
    """Random maps (draw, y, x) with the radial power spectrum, the rates and the unvisited bins of `ratemap` (y, x).

    Amplitude-adjusted Fourier surrogates (Theiler et al. 1992): noise of that spectrum, whose values are then replaced,
    rank by rank, by the map's own. The spectrum is taken, and the noise made, on a grid of twice the size, so that
    opposite walls do not touch: white is the `rfft2` of white noise (draw, 2 y, 2 x).
    """
    visited = np.isfinite(ratemap)
    ny, nx = ratemap.shape
    shape = (2 * ny, 2 * nx)
    power = np.abs(rfft2(np.where(visited, ratemap - ratemap[visited].mean(), 0), shape)) ** 2
    k = np.hypot(np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])[None])
    ring = np.rint(k * max(shape)).astype(int)
    radial = np.bincount(ring.ravel(), power.ravel()) / np.bincount(ring.ravel())
    noise = irfft2(white * np.sqrt(radial[ring]).astype(ratemap.dtype), shape)
    ranks = noise[:, :ny, :nx][:, visited].argsort(axis=1)
    values = np.empty(ranks.shape, ratemap.dtype)
    np.put_along_axis(values, ranks, np.sort(ratemap[visited])[None], axis=1)
    maps = np.full((len(white), ny, nx), np.nan, ratemap.dtype)
    maps[:, visited] = values
    return maps
