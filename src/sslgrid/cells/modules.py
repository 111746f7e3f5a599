"""Modules of recorded cells: cells whose lattices agree more than chance would have it.

A recording holds few cells of a module, too few for the cuts of `sslgrid.modules`. So the largest set of cells that
agree with one of them in spacing and orientation is tested, and of two sets of one size the one whose orientations
agree better counts as larger. It must be larger than under each of two nulls:

- *no lattices*: maps of shifted spikes of the same cells, which share the path and the arena.
- *independent lattices*: the same spacings, with orientations drawn at random. Cells that have a lattice each can agree
  in spacing by chance or because the arena favours some; they are a module if they are turned alike, too.
"""

import numpy as np

from sslgrid.basics.angles import difference
from sslgrid.cells.shifts import Shifted
from sslgrid.modules.finding import SYMMETRY
from sslgrid.spatial.gridness import HEXAGONAL

SAME_SPACING = np.log(1.42) / 2  # half of the way to the next module (mean ratio of Stensola et al. 2012)
SAME_ORIENTATION = 7.5  # deg: a quarter of all directions
FOUNDING = 0.05  # p-value of cells that make up modules, uncorrected: the test of the module answers for the many
MODULE_ALPHA = 0.05
FEWEST_CELLS = 3
INDEPENDENT_DRAWS = 1000  # of the second null, which costs little
AT_ONCE = 50  # draws: recordings have up to hundreds of cells


def find_cell_modules(
    spacing: np.ndarray, orientation: np.ndarray, founders: np.ndarray, shifted: Shifted, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The module of each cell, from 0 by rising spacing, -1 for none: (cell,); and the p-value of each module.

    spacing in m, orientation in deg, both (cell,), of hexagonal lattices; founders: (cell,) bool, cells that may be in
    a module. Both nulls are of the cells that are left; a module's p-value is the larger of the two. Modules are tested
    in turn, the largest first, until a p-value exceeds `MODULE_ALPHA`.
    """
    module, p_values = np.full(len(spacing), -1, np.int16), []
    left = np.flatnonzero(founders & np.isfinite(spacing))
    while len(left) >= FEWEST_CELLS:
        group = largest_agreement(spacing[left], orientation[left])
        observed = float(agreement(spacing[left], orientation[left]))
        draws = rng.integers(shifted.gridness.shape[1], size=(shifted.gridness.shape[1], len(left)))
        turned = rng.uniform(0, SYMMETRY[HEXAGONAL], (INDEPENDENT_DRAWS, len(left)))
        p = max(
            _share_reaching(observed, shifted.spacing[left, draws], shifted.orientation[left, draws]),
            _share_reaching(observed, np.broadcast_to(spacing[left], turned.shape), turned),
        )
        if len(group) < FEWEST_CELLS or p > MODULE_ALPHA:
            break
        module[left[group]] = len(p_values)
        p_values.append(p)
        left = np.delete(left, group)
    order = np.argsort([spacing[module == name].mean() for name in range(len(p_values))])
    renamed = np.append(np.argsort(order), -1).astype(np.int16)
    return renamed[module], np.array(p_values)[order]


def largest_agreement(spacing: np.ndarray, orientation: np.ndarray) -> np.ndarray:
    """The most cells that agree with one of them, turned most alike: their numbers, at least one if there are any."""
    agree, strength = _sets(spacing, orientation)
    return np.flatnonzero(agree[strength.argmax()]) if len(spacing) else np.array([], int)


def agreement(spacing: np.ndarray, orientation: np.ndarray) -> np.ndarray:
    """Strength of the largest set, (...,), of cells (..., cell): its number, plus less than one for its orientations.

    0 if no cell has a lattice.
    """
    return _sets(spacing, orientation)[1].max(axis=-1, initial=0)


def _share_reaching(observed: float, spacing: np.ndarray, orientation: np.ndarray) -> float:
    """P-value of an agreement against draws of spacing and orientation, (draw, cell)."""
    batches = [slice(first, first + AT_ONCE) for first in range(0, len(spacing), AT_ONCE)]
    reached = sum((agreement(spacing[batch], orientation[batch]) >= observed).sum() for batch in batches)
    return (1 + reached) / (1 + len(spacing))


def _sets(spacing: np.ndarray, orientation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Who agrees with each cell, (..., cell, cell) bool; and the strength of that set, (..., cell).

    The strength is the number of cells, plus half the length of the mean of their orientations as unit vectors.
    """
    stretch = np.abs(np.log(spacing[..., :, None] / spacing[..., None, :]))
    turn = np.abs(difference(orientation[..., :, None], orientation[..., None, :], SYMMETRY[HEXAGONAL]))
    agree = (stretch <= SAME_SPACING) & (turn <= SAME_ORIENTATION)  # False for NaN
    size = agree.sum(axis=-1)
    vectors = np.nan_to_num(np.exp(2j * np.pi / SYMMETRY[HEXAGONAL] * orientation))
    return agree, size + np.abs((agree @ vectors[..., None])[..., 0]) / np.maximum(size, 1) / 2
