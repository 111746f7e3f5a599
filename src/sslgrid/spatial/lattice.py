"""The lattice behind an autocorrelogram: its inner peaks, spacing, orientation and ellipse."""

import numpy as np
from scipy.ndimage import maximum_filter
from scipy.sparse import csr_array

MARGIN = 2  # bins: a peak is the highest of its neighbourhood, this far each way
MINIMUM_PEAK = 0.0  # correlation: where it is negative, nothing repeats
NEAREST = 10  # peaks (of one half) that may span the lattice
COLLINEAR = np.sin(np.deg2rad(25))  # two peaks closer in angle than this do not span a lattice
# Two peaks span a lattice as its shortest vectors, unless their sum or difference is shorter than the second by more
# than noise makes it.
REDUCED = 0.7
SNAP = 0.25  # of the shortest vector: how far a peak may be from where the lattice has its third
# What a lattice's merit loses per unit of the logarithm of |b| / |a|, and of |a| |b|: of two lattices that an
# autocorrelogram repeats as well, the rounder and the finer one is meant. And points of no correlation that each
# lattice is given besides its own: where few are known, chance makes them high. Chosen on synthetic lattices in noise
# (95 % are recovered, and as many with half of the first or the last) and on networks whose units have a coarse lattice
# and weak peaks of a finer one.
ELONGATION, SIZE, DOUBT = 0.6, 0.2, 2
# Where a lattice repeats, in steps along its two shortest vectors (at an obtuse angle), and places midway.
POINTS = np.array([(1, 0), (0, 1), (1, 1), (1, -1), (2, 0), (0, 2), (2, 1), (1, 2), (2, 2)])
BETWEEN = np.array([(3, 0), (0, 3), (3, 3), (4, 2), (2, 4), (2, -2)]) / 6


def find_lattices(sacs: np.ndarray, bin_size: float) -> np.ndarray:
    """The six inner peaks of each autocorrelogram: `vectors` and their negatives.

    sacs: (unit, 2 y - 1, 2 x - 1); bin_size in m. Returns vectors (unit, 3, 2) as (x, y), m; shortest first,
    v1 + v2 + v3 = 0 up to signs; NaN if there are no two independent peaks.
    """
    return _best_superbases(sacs, _find_peaks(sacs)) * bin_size


def central_radius(sacs: np.ndarray) -> np.ndarray:
    """Radius of the first minimum of the angular mean, in bins: (unit,); NaN if there is none."""
    height, width = sacs.shape[1:]
    y, x = np.arange(height) - height // 2, np.arange(width) - width // 2
    ring = np.rint(np.hypot(y[:, None], x[None])).astype(int).ravel()
    rim = max(height, width) // 2
    if rim < 2:
        return np.full(len(sacs), np.nan)
    inside = np.flatnonzero(ring < rim)
    rings = csr_array((np.ones(len(inside), sacs.dtype), (ring[inside], inside)), shape=(rim, height * width))
    flat = sacs.reshape(len(sacs), height * width).T
    valid = np.isfinite(flat)
    count = rings @ valid.astype(sacs.dtype)
    mean = np.where(count > 0, rings @ np.where(valid, flat, 0) / np.maximum(count, 1), np.nan)
    falls_no_more = np.diff(mean, axis=0) >= 0
    return np.where(falls_no_more.any(axis=0), falls_no_more.argmax(axis=0).astype(float), np.nan)


def sample(sacs: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Linear interpolation at lags y and x (unit, ...) in bins: (unit, ...); NaN next to NaN and outside."""
    height, width = sacs.shape[1:]
    y, x = y + height // 2, x + width // 2
    inside = (np.minimum(y, x) >= 0) & (y < height - 1) & (x < width - 1)  # False for units without a lattice
    row, column = (np.where(inside, axis, 0).astype(int) for axis in (y, x))
    below, right = y - row, x - column
    first = np.arange(len(sacs)).reshape(-1, *[1] * (y.ndim - 1)) * (height * width)
    flat, at = sacs.ravel(), first + row * width + column
    here, next_to, under, across = (flat.take(at + step, mode="clip") for step in (0, 1, width, width + 1))
    upper, lower = (1 - right) * here + right * next_to, (1 - right) * under + right * across
    return np.where(inside, (1 - below) * upper + below * lower, np.nan)


def _find_peaks(sacs: np.ndarray) -> np.ndarray:
    """Peaks outside the core, nearest first, one of each +- pair: (unit, peak, 2) as (x, y) in bins.

    Units with fewer peaks than others have NaN in their last places.
    """
    middle, centre = sacs.shape[1] // 2, sacs.shape[2] // 2
    filled = np.where(np.isfinite(sacs[:, middle - MARGIN :]), sacs[:, middle - MARGIN :], -np.inf)
    highest = maximum_filter(filled, size=(1, 2 * MARGIN + 1, 2 * MARGIN + 1), mode="nearest")
    maxima = ((filled == highest) & (filled > MINIMUM_PEAK))[:, MARGIN:]  # from the centre up: the rest is its mirror
    y, x = np.arange(maxima.shape[1])[:, None], np.arange(maxima.shape[2])[None] - centre
    distance = np.where((y > 0) | (x > 0), np.hypot(y, x), 0)
    unit, row, column = np.nonzero(maxima & (distance > central_radius(sacs)[:, None, None]))  # none if it is NaN
    order = np.lexsort((distance[row, column], unit))
    unit, row, column = unit[order], row[order] + MARGIN, column[order]
    place = np.arange(len(unit)) - np.searchsorted(unit, unit)
    peaks = np.full((len(sacs), place.max(initial=-1) + 1, 2), np.nan)
    peaks[unit, place] = _refine(filled, unit, row, column) - (centre, MARGIN)
    return peaks


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


def _best_superbases(sacs: np.ndarray, peaks: np.ndarray) -> np.ndarray:
    """Of the lattices that two of the nearest peaks span, the one that the autocorrelogram repeats most: (unit, 3, 2).

    peaks: (unit, peak, 2) in bins, nearest first. NaN without two independent peaks.
    """
    peaks = peaks[:, :NEAREST]
    first, second = np.triu_indices(peaks.shape[1], 1)
    if not len(first):
        return np.full((len(peaks), 3, 2), np.nan)
    bases, reduced = _superbases(peaks, first, second)
    merit = np.where(reduced, _merit(sacs, bases), -np.inf)
    best = merit.argmax(axis=1)
    units = np.arange(len(peaks))
    return np.where(np.isfinite(merit[units, best])[:, None, None], bases[units, best], np.nan)


def _superbases(peaks: np.ndarray, first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The superbase of each pair of peaks: (unit, pair, 3, 2), and whether the two are its shortest, (unit, pair).

    The third vector is their sum or difference, whichever is shorter, read off a peak where there is one near by.
    """
    a, b = peaks[:, first], peaks[:, second]
    length = np.linalg.norm(a, axis=-1)
    cross = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    acute = (a * b).sum(axis=-1, keepdims=True) > 0
    third = np.where(acute, b - a, b + a)
    reduced = np.abs(cross) > COLLINEAR * length * np.linalg.norm(b, axis=-1)  # False for NaN
    reduced &= np.linalg.norm(third, axis=-1) > REDUCED * np.linalg.norm(b, axis=-1)
    both_signs = np.concatenate([peaks, -peaks], axis=1)
    miss = np.linalg.norm(both_signs[:, None] - third[:, :, None], axis=-1)
    miss = np.where(np.isfinite(miss), miss, np.inf)
    near = miss.min(axis=-1) < SNAP * length
    snapped = np.take_along_axis(both_signs, miss.argmin(axis=-1)[..., None], axis=1)
    return np.stack([a, b, np.where(near[..., None], snapped, third)], axis=2), reduced


def _merit(sacs: np.ndarray, bases: np.ndarray) -> np.ndarray:
    """How much higher the autocorrelogram is at a lattice's points than between them, less its elongation.

    bases: (unit, base, 3, 2) in bins. Returns (unit, base); -inf where the autocorrelogram is not known.
    """
    a, b = bases[:, :, 0], bases[:, :, 1]
    b = np.where((a * b).sum(axis=-1, keepdims=True) > 0, -b, b)  # so that a + b is short too
    at = {name: sample(sacs, *np.moveaxis(weights @ np.stack([a, b], axis=2), -1, 0)[::-1])
          for name, weights in (("points", POINTS), ("between", BETWEEN))}  # fmt: skip
    known = np.isfinite(at["points"]).sum(axis=-1)
    points = mean_of_known(at["points"]) * known / (known + DOUBT)
    between = mean_of_known(at["between"])
    short, long = np.linalg.norm(a, axis=-1), np.linalg.norm(b, axis=-1)
    cost = ELONGATION * np.log(long / short) + SIZE * np.log(short * long)
    return np.nan_to_num(points - between - cost, nan=-np.inf)


def mean_of_known(values: np.ndarray) -> np.ndarray:
    """Mean over the last axis of what is not NaN; NaN if nothing is."""
    known = np.isfinite(values)
    count = known.sum(axis=-1)
    return np.where(count > 0, np.where(known, values, 0).sum(axis=-1) / np.maximum(count, 1), np.nan)


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
    solvable = np.all(np.isfinite(equations), axis=(1, 2))
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
