"""Which units form a module: units that share a lattice's spacing and orientation more than chance lets them.

The number of modules follows from nulls, not from a fixed gap. A group of units is cut in two where chance would hardly
ever part as many (`cuts.py`). What is left uncut is a module if units of the same spacings, but with orientations drawn
at random, hardly ever have a group so large and so aligned: maps without a lattice of their own have no reason to agree
on a direction.
"""

import numpy as np

from sslgrid.basics.angles import circular_mean, difference
from sslgrid.modules.cuts import best_cut
from sslgrid.spatial.gridness import HEXAGONAL, LATTICE_THRESHOLD, SQUARE

SYMMETRY = {HEXAGONAL: 60.0, SQUARE: 90.0}  # deg
MINIMUM_UNITS = 4
LEVEL, DRAWS = 0.01, 200  # of the test of a module
CUT_LEVEL = 0.05  # of the tests of a cut; the resolution below also keeps what is one module from being cut by chance
# Differences that the measures themselves make (the calibration's bounds): no cut within them.
SPACING_RESOLUTION = 0.03  # in log spacing
ORIENTATION_RESOLUTION = 2.0  # deg


def find_modules(
    kind: np.ndarray,
    spacing: np.ndarray,
    orientation: np.ndarray,
    gridness: np.ndarray,
    founders: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """The module of each unit, numbered from 0 by rising mean spacing, -1 for none; all (unit,).

    kind: HEXAGONAL or SQUARE, whichever lattice a unit's map resembles more, in whatever degree; other units are in no
    module. spacing in m and orientation in deg of that lattice. gridness: how much of that lattice the map shows once
    its ellipse is undone; a module's median must pass the threshold of a lattice. founders: (unit,) bool, which units
    make up the modules; the others join one whose lattice cannot be told from their own. Hexagonal and square units
    never share a module. rng: for the null of a module.
    """
    labels = np.full(len(kind), -1)
    for name, period in SYMMETRY.items():
        units = np.flatnonzero((kind == name) & founders)
        for group in _modules_of_kind(np.log(spacing[units]), orientation[units], period, rng):
            members = units[group]
            if np.median(gridness[members]) > LATTICE_THRESHOLD:
                same = _same_lattice(np.log(spacing), orientation, members, period)
                joining = np.flatnonzero((kind == name) & ~founders & (labels < 0) & same)
                labels[np.append(members, joining)] = labels.max() + 1
    return _by_spacing(labels, spacing)


def part_tentative(module: np.ndarray, significant: np.ndarray, spacing: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The modules with a significant unit, and those without one, which are tentative; both numbered like `module`.

    All (unit,). The null of a module has no walls: units that are not tuned to anything, but whose maps fade along the
    walls alike, agree on the walls' direction, and so on a square lattice. What tells them from a module is that no
    unit by itself is more periodic than chance.
    """
    sound = np.isin(module, module[significant & (module >= 0)])
    return _by_spacing(np.where(sound, module, -1), spacing), _by_spacing(np.where(sound, -1, module), spacing)


def _same_lattice(log_spacing: np.ndarray, orientation: np.ndarray, members: np.ndarray, period: float) -> np.ndarray:
    """Whose lattice is that of the members, as far as the measures can tell: (unit,) bool."""
    turn = np.abs(difference(orientation, circular_mean(orientation[members], period), period))
    stretch = np.abs(log_spacing - log_spacing[members].mean())
    return (stretch <= SPACING_RESOLUTION) & (turn <= ORIENTATION_RESOLUTION)


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
        p, above = min((best_cut(values, resolution) for values, resolution in coordinates), key=lambda cut: cut[0])
        if p <= CUT_LEVEL / 4:  # two measures, and two tests of each
            waiting += [group[above], group[~above]]
        else:
            groups.append(group)
    return groups


def _unwrap(orientation: np.ndarray, period: float) -> np.ndarray:
    """Orientations (deg) on a line that starts behind the widest gap of the circle."""
    ordered = np.sort(orientation % period)
    gaps = np.diff(ordered, append=ordered[0] + period)
    return (orientation - ordered[(gaps.argmax() + 1) % len(ordered)]) % period


def _by_spacing(labels: np.ndarray, spacing: np.ndarray) -> np.ndarray:
    names = [name for name in np.unique(labels) if name >= 0]
    names.sort(key=lambda name: spacing[labels == name].mean())
    renamed = np.full(len(labels), -1, np.int16)
    for module, name in enumerate(names):
        renamed[labels == name] = module
    return renamed
