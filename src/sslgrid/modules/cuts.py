"""Where the values of one measure fall apart into two groups, and whether chance would part them as well."""

from functools import cache

import numpy as np
from scipy.ndimage import convolve1d
from scipy.special import fdtrc

DRAWS = 2000  # of the null of a cut by variance
NEIGHBOURS = 3  # gaps on either side that a gap is compared with


def best_cut(values: np.ndarray, resolution: float) -> tuple[float, np.ndarray]:
    """The less likely of two cuts: its p-value (1 for none), and which values lie above it, (n,) bool.

    One leaves the least variance within its parts, compared with what the best cut of as many normal values leaves (the
    one-dimensional form of the test of Liu et al. 2008): it sees two clouds that nearly touch. The other is at the
    widest gap for its neighbourhood, compared with a density that is smooth there: it sees many narrow groups, of which
    no single cut takes away much variance. Parts whose means differ by no more than `resolution` are one.
    """
    n = len(values)
    if n < 3:
        return 1.0, np.zeros(n, bool)
    ordered = np.sort(values)
    count = np.arange(1, n)
    below = np.cumsum(ordered)[:-1] / count
    above = np.cumsum(ordered[::-1])[-2::-1] / (n - count)
    apart = above - below > resolution
    if not apart.any():
        return 1.0, np.zeros(n, bool)
    p, at = min(_cut_by_variance(ordered, apart), _cut_by_gap(ordered, apart, resolution))
    return p, values > ordered[at]


def variance_left(ordered: np.ndarray) -> np.ndarray:
    """Share of the variance within the two parts, for a cut after each value: (draw, n), sorted -> (draw, n - 1)."""
    n = ordered.shape[1]
    centred = ordered - ordered.mean(axis=1, keepdims=True)
    below = np.cumsum(centred, axis=1)[:, :-1]  # the sum above is its negative
    count = np.arange(1, n)
    between = below**2 * (1 / count + 1 / (n - count))
    total = np.square(centred).sum(axis=1, keepdims=True)
    return 1 - between / np.where(total > 0, total, 1)


def _cut_by_variance(ordered: np.ndarray, apart: np.ndarray) -> tuple[float, int]:
    left = np.where(apart, variance_left(ordered[None])[0], np.inf)
    at = int(left.argmin())
    return float((1 + np.searchsorted(_normal_shares(len(ordered)), left[at], "right")) / (1 + DRAWS)), at


@cache
def _normal_shares(n: int) -> np.ndarray:
    """What the best cut of n normal values leaves of their variance: sorted, (DRAWS,)."""
    values = np.random.default_rng([n]).standard_normal((DRAWS, n))
    return np.sort(variance_left(np.sort(values, axis=1)).min(axis=1))


def _cut_by_gap(ordered: np.ndarray, apart: np.ndarray, resolution: float) -> tuple[float, int]:
    """Where the density is smooth, gaps are exponential, and a gap over the mean of m others is Fisher's F(2, 2 m)."""
    gaps = np.diff(ordered)
    window = np.ones(2 * NEIGHBOURS + 1)
    window[NEIGHBOURS] = 0
    around = convolve1d(np.ones(len(gaps)), window, mode="constant")
    mean = convolve1d(gaps, window, mode="constant") / np.maximum(around, 1)
    ratio = gaps / np.maximum(mean, resolution / len(ordered))  # equal values are no closer than can be told
    p = np.where(apart & (around > 0), len(gaps) * fdtrc(2, 2 * np.maximum(around, 1), ratio), np.inf)
    at = int(p.argmin())
    return float(min(p[at], 1.0)), at
