"""Modules of recorded cells: cells whose lattices agree more than those of shifted spikes do.

A recording holds few cells of a module, too few for the cuts of `sslgrid.modules`. So the largest set of cells that
agree with one of them in spacing and orientation is compared with the largest set among as many maps of shifted spikes,
which share the path and the arena but no lattice.
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


def find_cell_modules(
    spacing: np.ndarray, orientation: np.ndarray, founders: np.ndarray, shifted: Shifted, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The module of each cell, from 0 by rising spacing, -1 for none: (cell,); and the p-value of each module.

    spacing in m, orientation in deg, both (cell,), of hexagonal lattices; founders: (cell,) bool, cells that may be in
    a module. The null draws maps of shifted spikes of the cells that are left. The p-values of modules are tested in
    turn, the largest first, until one exceeds `MODULE_ALPHA`.
    """
    module, p_values = np.full(len(spacing), -1, np.int16), []
    left = np.flatnonzero(founders & np.isfinite(spacing))
    while len(left) >= FEWEST_CELLS:
        group = largest_agreement(spacing[left], orientation[left])
        null = [_drawn_agreement(shifted, left, rng) for _ in range(shifted.gridness.shape[1])]
        p = (1 + sum(size >= len(group) for size in null)) / (1 + len(null))
        if len(group) < FEWEST_CELLS or p > MODULE_ALPHA:
            break
        module[left[group]] = len(p_values)
        p_values.append(p)
        left = np.delete(left, group)
    order = np.argsort([spacing[module == name].mean() for name in range(len(p_values))])
    renamed = np.append(np.argsort(order), -1).astype(np.int16)
    return renamed[module], np.array(p_values)[order]


def largest_agreement(spacing: np.ndarray, orientation: np.ndarray) -> np.ndarray:
    """The most cells that agree with one of them: their numbers, at least one if there are any."""
    stretch = np.abs(np.log(spacing[:, None] / spacing[None]))
    turn = np.abs(difference(orientation[:, None], orientation[None], SYMMETRY[HEXAGONAL]))
    agree = (stretch <= SAME_SPACING) & (turn <= SAME_ORIENTATION)  # False for NaN
    return np.flatnonzero(agree[agree.sum(axis=1).argmax()]) if len(spacing) else np.array([], int)


def _drawn_agreement(shifted: Shifted, cells: np.ndarray, rng: np.random.Generator) -> int:
    draw = rng.integers(shifted.gridness.shape[1], size=len(cells))
    return len(largest_agreement(shifted.spacing[cells, draw], shifted.orientation[cells, draw]))
