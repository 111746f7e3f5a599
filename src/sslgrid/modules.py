"""Which units form a module: units that share a lattice's spacing and orientation more than chance lets them.

The number of modules follows from two nulls, not from a fixed gap. A group of units is cut in two where one normal
cloud of that many units would hardly ever fall apart as well (the one-dimensional form of Liu et al.'s 2008 test of
the significance of clusters). What is left uncut is a module if units of the same spacings, but with orientations
drawn at random, hardly ever have a group so large and so aligned: maps without a lattice of their own have no reason
to agree on a direction.
"""

from functools import cache

import numpy as np

from sslgrid.spatial.gridness import HEXAGONAL, LATTICE_THRESHOLD, SQUARE

SYMMETRY = {HEXAGONAL: 60.0, SQUARE: 90.0}  # deg
MINIMUM_UNITS = 4
LEVEL, DRAWS = 0.01, 200  # of the test of a module
CUT_LEVEL, CUT_DRAWS = 0.05, 2000  # of a cut; the resolution below keeps what is one module from being cut by chance
# Differences that the measures themselves make (the calibration's bounds): no cut within them.
SPACING_RESOLUTION = 0.03  # in log spacing
ORIENTATION_RESOLUTION = 2.0  # deg


def find_modules(
    kind: np.ndarray, spacing: np.ndarray, orientation: np.ndarray, gridness: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """The module of each unit, numbered from 0 by rising mean spacing, -1 for none; all (unit,).

    kind: HEXAGONAL or SQUARE, whichever lattice a unit's map resembles more, in whatever degree; other units are in no
    module. spacing in m and orientation in deg of that lattice. gridness: how much of that lattice the map shows once
    its ellipse is undone; a module's median must pass the threshold of a lattice. Hexagonal and square units never
    share a module. rng: for the null of a module.
    """
    labels = np.full(len(kind), -1)
    for name, period in SYMMETRY.items():
        units = np.flatnonzero(kind == name)
        for group in _modules_of_kind(np.log(spacing[units]), orientation[units], period, rng):
            members = units[group]
            if np.median(gridness[members]) > LATTICE_THRESHOLD:
                labels[members] = labels.max() + 1
    return _by_spacing(labels, spacing)


def _modules_of_kind(
    log_spacing: np.ndarray, orientation: np.ndarray, period: float, rng: np.random.Generator
) -> list[np.ndarray]:
    """Groups of units that pass as modules, the most aligned first; each is tested among what the former leave."""
    left, modules = np.arange(len(log_spacing)), []
    while len(left) >= MINIMUM_UNITS:
        group, observed = _most_aligned(log_spacing[left], orientation[left], period)
        if not _is_beyond_chance(observed, log_spacing[left], period, rng):
            break
        modules.append(left[group])
        left = np.delete(left, group)
    return modules


def _is_beyond_chance(observed: float, log_spacing: np.ndarray, period: float, rng: np.random.Generator) -> bool:
    """Whether the p-value of an alignment is within `LEVEL`; the draws end as soon as it cannot be."""
    reached = 0
    for _ in range(DRAWS):
        drawn = rng.uniform(0, period, len(log_spacing))
        reached += _most_aligned(log_spacing, drawn, period)[1] >= observed
        if 1 + reached > LEVEL * (1 + DRAWS):
            return False
    return True


def _most_aligned(log_spacing: np.ndarray, orientation: np.ndarray, period: float) -> tuple[np.ndarray, float]:
    """Of the groups that the units fall into, the most aligned one, and how aligned it is; -inf if there is none."""
    groups = [group for group in _groups(log_spacing, orientation, period) if len(group) >= MINIMUM_UNITS]
    alignments = [_alignment(orientation[group], period) for group in groups]
    if not groups:
        return np.array([], int), -np.inf
    best = int(np.argmax(alignments))
    return groups[best], alignments[best]


def _alignment(orientation: np.ndarray, period: float) -> float:
    """Log likelihood ratio of one normal direction against all directions alike."""
    spread = max(_unwrap(orientation, period).std(), ORIENTATION_RESOLUTION / 2)
    return len(orientation) * np.log(period / (spread * np.sqrt(2 * np.pi * np.e)))


def _groups(log_spacing: np.ndarray, orientation: np.ndarray, period: float) -> list[np.ndarray]:
    """Cut the units in two, and the parts again, for as long as there is a significant cut."""
    waiting, groups = [np.arange(len(log_spacing))], []
    while waiting:
        group = waiting.pop()
        coordinates = (
            (log_spacing[group], SPACING_RESOLUTION),
            (_unwrap(orientation[group], period), ORIENTATION_RESOLUTION),
        )
        cuts = [_best_cut(values, resolution) for values, resolution in coordinates]
        excess, above = min(cuts, key=lambda cut: cut[0])
        if excess < 0:
            waiting += [group[above], group[~above]]
        else:
            groups.append(group)
    return groups


def _unwrap(orientation: np.ndarray, period: float) -> np.ndarray:
    """Orientations (deg) on a line that starts behind the widest gap of the circle."""
    ordered = np.sort(orientation % period)
    gaps = np.diff(ordered, append=ordered[0] + period)
    return (orientation - ordered[(gaps.argmax() + 1) % len(ordered)]) % period


def _best_cut(values: np.ndarray, resolution: float) -> tuple[float, np.ndarray]:
    """The cut of values (unit,) that leaves the least variance within its two parts.

    Returns the share of variance left less the share that a normal cloud leaves at `CUT_LEVEL`, so below 0 if the cut
    is significant, and which units are above it (unit,).
    """
    n = len(values)
    if n < 3:
        return np.inf, np.zeros(n, bool)
    ordered = np.sort(values)
    left = variance_left(ordered[None])[0]
    at = int(left.argmin())
    if ordered[at + 1 :].mean() - ordered[: at + 1].mean() <= resolution:
        return np.inf, np.zeros(n, bool)
    return left[at] - _critical_share(n), values > ordered[at]


def variance_left(ordered: np.ndarray) -> np.ndarray:
    """Share of the variance within the two parts, for a cut after each value: (draw, n), sorted -> (draw, n - 1)."""
    n = ordered.shape[1]
    centred = ordered - ordered.mean(axis=1, keepdims=True)
    below = np.cumsum(centred, axis=1)[:, :-1]  # the sum above is its negative
    count = np.arange(1, n)
    between = below**2 * (1 / count + 1 / (n - count))
    total = np.square(centred).sum(axis=1, keepdims=True)
    return 1 - between / np.where(total > 0, total, 1)


@cache
def _critical_share(n: int) -> float:
    """What the best cut of n normal values leaves of their variance, at `CUT_LEVEL`, halved for the two coordinates."""
    values = np.random.default_rng([n]).standard_normal((CUT_DRAWS, n))
    return float(np.quantile(variance_left(np.sort(values, axis=1)).min(axis=1), CUT_LEVEL / 2))


def _by_spacing(labels: np.ndarray, spacing: np.ndarray) -> np.ndarray:
    names = [name for name in np.unique(labels) if name >= 0]
    names.sort(key=lambda name: spacing[labels == name].mean())
    renamed = np.full(len(labels), -1, np.int16)
    for module, name in enumerate(names):
        renamed[labels == name] = module
    return renamed
