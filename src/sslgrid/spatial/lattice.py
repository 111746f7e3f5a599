"""The lattice behind an autocorrelogram: its inner peaks, spacing, orientation and ellipse."""

import numpy as np
from scipy.ndimage import maximum_filter
from scipy.sparse import csr_array

MARGIN = 2  # bins: a peak is the highest of its neighbourhood, this far each way
MINIMUM_PEAK = 0.2  # correlation: lower maxima are ripples
# A lattice may carry weak peaks of a finer one, so peaks below these shares of the highest are set aside in turn.
RELATIVE_PEAKS = (0.2, 0.4, 0.6, 0.8)
INNER = 8  # how many of the nearest peaks (of one half) the highest is sought among; at the rim, few bins overlap
CLEARLY_ROUNDER = 0.9
COLLINEAR = np.sin(np.deg2rad(25))  # two peaks closer in angle than this do not span a lattice


def find_lattices(sacs: np.ndarray, bin_size: float) -> np.ndarray:
    """The six inner peaks of each autocorrelogram: `vectors` and their negatives.

    sacs: (unit, 2 n - 1, 2 n - 1); bin_size in m. Returns vectors (unit, 3, 2) as (x, y), m; shortest first,
    v1 + v2 + v3 = 0 up to signs; NaN if there are no two independent peaks.
    """
    return _roundest_superbases(*_find_peaks(sacs)) * bin_size


def central_radius(sacs: np.ndarray) -> np.ndarray:
    """Radius of the first minimum of the angular mean, in bins: (unit,); NaN if there is none."""
    n = sacs.shape[-1]
    offset = np.arange(n) - n // 2
    ring = np.rint(np.hypot(offset[:, None], offset[None])).astype(int).ravel()
    inside = np.flatnonzero(ring < n // 2)
    rings = csr_array((np.ones(len(inside), sacs.dtype), (ring[inside], inside)), shape=(n // 2, n * n))
    flat = sacs.reshape(len(sacs), n * n).T
    valid = np.isfinite(flat)
    count = rings @ valid.astype(sacs.dtype)
    mean = np.where(count > 0, rings @ np.where(valid, flat, 0) / np.maximum(count, 1), np.nan)
    falls_no_more = np.diff(mean, axis=0) >= 0
    return np.where(falls_no_more.any(axis=0), falls_no_more.argmax(axis=0).astype(float), np.nan)


def _find_peaks(sacs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Peaks outside the core, nearest first, one of each +- pair: (unit, peak, 2) as (x, y) in bins, and heights.

    Units with fewer peaks than others have NaN in their last places.
    """
    centre = sacs.shape[-1] // 2
    filled = np.where(np.isfinite(sacs[:, centre - MARGIN :]), sacs[:, centre - MARGIN :], -np.inf)
    highest = maximum_filter(filled, size=(1, 2 * MARGIN + 1, 2 * MARGIN + 1), mode="nearest")
    maxima = ((filled == highest) & (filled > MINIMUM_PEAK))[:, MARGIN:]  # from the centre up: the rest is its mirror
    y, x = np.arange(maxima.shape[1])[:, None], np.arange(maxima.shape[2])[None] - centre
    distance = np.where((y > 0) | (x > 0), np.hypot(y, x), 0)
    unit, row, column = np.nonzero(maxima & (distance > central_radius(sacs)[:, None, None]))  # none if it is NaN
    order = np.lexsort((distance[row, column], unit))
    unit, row, column = unit[order], row[order] + MARGIN, column[order]
    place = np.arange(len(unit)) - np.searchsorted(unit, unit)
    peaks = np.full((len(sacs), place.max(initial=-1) + 1, 2), np.nan)
    heights = np.full(peaks.shape[:2], np.nan)
    peaks[unit, place] = _refine(filled, unit, row, column) - (centre, MARGIN)
    heights[unit, place] = filled[unit, row, column]
    return peaks, heights


def _refine(sacs: np.ndarray, unit: np.ndarray, row: np.ndarray, column: np.ndarray) -> np.ndarray:
    """Positions (peak, 2) as (x, y) of maxima to a fraction of a bin, from a parabola along each axis."""
    padded = np.pad(sacs, ((0, 0), (1, 1), (1, 1)), constant_values=-np.inf)
    at = sacs[unit, row, column]
    shifts = []
    for dy, dx in ((0, 1), (1, 0)):
        before, after = padded[unit, row + 1 - dy, column + 1 - dx], padded[unit, row + 1 + dy, column + 1 + dx]
        curvature = before - 2 * at + after
        curved = np.isfinite(curvature) & (curvature < 0)  # else at the rim of what is known
        difference = np.where(curved, before, 0) - np.where(curved, after, 0)
        shifts.append(0.5 * difference / np.where(curved, curvature, 1))
    return np.stack([column + shifts[0], row + shifts[1]], axis=1)


def _roundest_superbases(peaks: np.ndarray, heights: np.ndarray) -> np.ndarray:
    """Of the superbases among all peaks, the high ones and the highest: the first that none is clearly rounder than."""
    best, best_stretch = np.full((len(peaks), 3, 2), np.nan), np.full(len(peaks), np.inf)
    highest = np.nan_to_num(heights[:, :INNER]).max(axis=1, initial=0)
    for share in RELATIVE_PEAKS:
        bases = _superbases(peaks, heights >= share * highest[:, None])
        stretch = np.linalg.norm(bases[:, 1], axis=1) / np.linalg.norm(bases[:, 0], axis=1)
        rounder = stretch < CLEARLY_ROUNDER * best_stretch  # False for NaN
        best[rounder], best_stretch[rounder] = bases[rounder], stretch[rounder]
    return best


def _superbases(peaks: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """The three shortest chosen peaks that belong to one lattice: (unit, 3, 2), NaN without two independent ones.

    peaks: (unit, peak, 2), chosen: (unit, peak). The first two are the nearest independent peaks. The third is their
    sum or difference, whichever is shorter, read off a peak where there is one near by.
    """
    if not peaks.shape[1]:
        return np.full((len(peaks), 3, 2), np.nan)
    units = np.arange(len(peaks))
    peaks = np.where(chosen[..., None], peaks, np.nan)
    first = peaks[units, chosen.argmax(axis=1)]
    length = np.linalg.norm(first, axis=1)
    cross = first[:, None, 0] * peaks[..., 1] - first[:, None, 1] * peaks[..., 0]
    independent = np.abs(cross) > COLLINEAR * np.linalg.norm(peaks, axis=2) * length[:, None]
    second = np.where(independent.any(axis=1)[:, None], peaks[units, independent.argmax(axis=1)], np.nan)
    acute = (first * second).sum(axis=1, keepdims=True) > 0
    third = np.where(acute, second - first, second + first)
    both_signs = np.concatenate([peaks, -peaks], axis=1)
    miss = np.linalg.norm(both_signs - third[:, None], axis=2)
    miss = np.where(np.isfinite(miss), miss, np.inf)
    near = miss.min(axis=1) < 0.25 * length
    third = np.where(near[:, None], both_signs[units, miss.argmin(axis=1)], third)
    return np.stack([first, second, third], axis=1)


def hexagonal_form(vectors: np.ndarray) -> np.ndarray:
    """The ellipse through the six inner peaks: Q (unit, 2, 2) with v_i' Q v_i = 1. vectors: (unit, 3, 2)."""
    x, y = vectors[..., 0], vectors[..., 1]
    return _solve_form(np.stack([x * x, 2 * x * y, y * y], axis=-1), np.ones(3))


def square_form(vectors: np.ndarray) -> np.ndarray:
    """The ellipse that makes the two shortest vectors a square: v_1' Q v_1 = v_2' Q v_2 = 1, v_1' Q v_2 = 0."""
    (x1, y1), (x2, y2) = np.moveaxis(vectors[:, :2], (1, 2), (0, 1))
    rows = [
        [x1 * x1, 2 * x1 * y1, y1 * y1],
        [x2 * x2, 2 * x2 * y2, y2 * y2],
        [x1 * x2, x1 * y2 + x2 * y1, y1 * y2],
    ]
    return _solve_form(np.stack([np.stack(row, axis=-1) for row in rows], axis=-2), np.array([1.0, 1.0, 0.0]))


def _solve_form(equations: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Q from three linear equations in (Qxx, Qxy, Qyy); NaN where they do not give an ellipse."""
    solvable = np.isfinite(equations).all(axis=(1, 2))
    solvable[solvable] = np.abs(np.linalg.det(equations[solvable])) > 1e-12
    form = np.full((len(equations), 3), np.nan)
    form[solvable] = np.linalg.solve(equations[solvable], np.broadcast_to(right[:, None], (solvable.sum(), 3, 1)))[
        ..., 0
    ]
    a, b, c = form.T
    form[~((a > 0) & (a * c > b * b))] = np.nan
    return form[:, [0, 1, 1, 2]].reshape(-1, 2, 2)


def axes(form: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The ellipse of a form as a map of the unit circle, (unit, 2, 2) m, and its ratio of axes, (unit,) >= 1."""
    shape = np.full(form.shape, np.nan)
    ratio = np.full(len(form), np.nan)
    known = np.isfinite(form).all(axis=(1, 2))
    values, directions = np.linalg.eigh(form[known])
    shape[known] = (directions / np.sqrt(values)[:, None, :]) @ np.swapaxes(directions, 1, 2)
    ratio[known] = np.sqrt(values[:, 1] / values[:, 0])
    return shape, ratio


def spacing(vectors: np.ndarray) -> np.ndarray:
    """Mean length of the vectors, m: (unit, any, 2) -> (unit,)."""
    return np.linalg.norm(vectors, axis=-1).mean(axis=-1)


def points(vectors: np.ndarray, steps: int) -> np.ndarray:
    """The points of each lattice up to `steps` steps of its shortest vectors away: (unit, point, 2).

    vectors: (unit, 3, 2). One of each +- pair, the centre left out: 3 points one step away, 6 more with two.
    """
    first, second = vectors[:, 0], vectors[:, 1]
    acute = (first * second).sum(axis=1, keepdims=True) > 0
    second = np.where(acute, -second, second)  # so that first + second is short too
    counts = [
        (m, n) for m in range(-steps, steps + 1) for n in range(steps + 1) if (n > 0 or m > 0) and abs(m - n) <= steps
    ]
    return np.stack([m * first + n * second for m, n in counts], axis=1)


def orientation(vectors: np.ndarray, fold: int) -> np.ndarray:
    """Angle of the lattice's axes, deg in [0, 360 / fold): the circular mean over vectors (unit, any, 2)."""
    angle = np.arctan2(vectors[..., 1], vectors[..., 0])
    mean = np.angle(np.exp(1j * fold * angle).mean(axis=-1))
    return np.rad2deg(mean / fold) % (360 / fold)
