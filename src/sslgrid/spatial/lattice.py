"""The lattice behind an autocorrelogram: its inner peaks, spacing, orientation and ellipse."""

import numpy as np
from scipy.ndimage import maximum_filter

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
    filled = np.where(np.isfinite(sacs), sacs, -np.inf)
    maxima = (filled == maximum_filter(filled, size=(1, 5, 5), mode="nearest")) & (filled > MINIMUM_PEAK)
    core = central_radius(sacs)
    vectors = np.full((len(sacs), 3, 2), np.nan)
    for unit in range(len(sacs)):
        peaks, heights = _inner_peaks(filled[unit], maxima[unit], core[unit])
        vectors[unit] = _roundest_superbase(peaks, heights)
    return vectors * bin_size


def central_radius(sacs: np.ndarray) -> np.ndarray:
    """Radius of the first minimum of the angular mean, in bins: (unit,); NaN if there is none."""
    n = sacs.shape[-1]
    offset = np.arange(n) - n // 2
    ring = np.rint(np.hypot(offset[:, None], offset[None])).astype(int).ravel()
    flat = sacs.reshape(len(sacs), -1)
    valid = np.isfinite(flat)
    radii = n // 2
    total = np.stack([np.bincount(ring, np.where(v, s, 0), n)[:radii] for s, v in zip(flat, valid, strict=True)])
    count = np.stack([np.bincount(ring, v, n)[:radii] for v in valid])
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    falls_no_more = np.diff(mean, axis=1) >= 0
    return np.where(falls_no_more.any(axis=1), falls_no_more.argmax(axis=1).astype(float), np.nan)


def _inner_peaks(sac: np.ndarray, maxima: np.ndarray, core: float) -> tuple[np.ndarray, np.ndarray]:
    """Peaks outside the core, nearest first, one of each +- pair: (peak, 2) as (x, y) in bins, and their heights."""
    centre = sac.shape[0] // 2
    rows, columns = np.nonzero(maxima)
    offset = np.stack([columns, rows], axis=1) - centre
    distance = np.hypot(*offset.T)
    upper = (offset[:, 1] > 0) | ((offset[:, 1] == 0) & (offset[:, 0] > 0))
    keep = np.flatnonzero(upper & (distance > core))  # none for a flat map, whose core is NaN
    keep = keep[np.argsort(distance[keep], kind="stable")]
    refined = [_refine(sac, rows[i], columns[i]) for i in keep]
    return np.array(refined).reshape(-1, 2) - centre, sac[rows[keep], columns[keep]]


def _roundest_superbase(peaks: np.ndarray, heights: np.ndarray) -> np.ndarray:
    """Of the superbases among all peaks, the high ones and the highest: the first that none is clearly rounder than."""
    best, best_stretch = np.full((3, 2), np.nan), np.inf
    for share in RELATIVE_PEAKS if len(peaks) else ():
        base = _superbase(peaks[heights >= share * heights[:INNER].max()])
        stretch = np.linalg.norm(base[1]) / np.linalg.norm(base[0])
        if stretch < CLEARLY_ROUNDER * best_stretch:
            best, best_stretch = base, stretch
    return best


def _refine(sac: np.ndarray, row: int, column: int) -> tuple[float, float]:
    """Position (x, y) of a maximum to a fraction of a bin, from a parabola along each axis."""

    def vertex(before: float, at: float, after: float) -> float:
        curvature = before - 2 * at + after
        return 0.5 * (before - after) / curvature if np.isfinite(curvature) and curvature < 0 else 0.0

    last = sac.shape[0] - 1
    if not (0 < row < last and 0 < column < last):
        return column, row
    at = sac[row, column]
    return (
        column + vertex(sac[row, column - 1], at, sac[row, column + 1]),
        row + vertex(sac[row - 1, column], at, sac[row + 1, column]),
    )


def _superbase(peaks: np.ndarray) -> np.ndarray:
    """The three shortest peaks that belong to one lattice: (3, 2), NaN without two independent ones.

    The first two are the nearest independent peaks. The third is their sum or difference, whichever is shorter,
    read off a peak where there is one near by.
    """
    if len(peaks) < 2:
        return np.full((3, 2), np.nan)
    first = peaks[0]
    sine = (first[0] * peaks[:, 1] - first[1] * peaks[:, 0]) / np.linalg.norm(peaks, axis=1) / np.linalg.norm(first)
    independent = np.flatnonzero(np.abs(sine) > COLLINEAR)
    if not len(independent):
        return np.full((3, 2), np.nan)
    second = peaks[independent[0]]
    third = second - first if first @ second > 0 else second + first
    both_signs = np.concatenate([peaks, -peaks])
    miss = np.linalg.norm(both_signs - third, axis=1)
    if miss.min() < 0.25 * np.linalg.norm(first):
        third = both_signs[miss.argmin()]
    return np.stack([first, second, third])


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


def orientation(vectors: np.ndarray, fold: int) -> np.ndarray:
    """Angle of the lattice's axes, deg in [0, 360 / fold): the circular mean over vectors (unit, any, 2)."""
    angle = np.arctan2(vectors[..., 1], vectors[..., 0])
    mean = np.angle(np.exp(1j * fold * angle).mean(axis=-1))
    return np.rad2deg(mean / fold) % (360 / fold)
