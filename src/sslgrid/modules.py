"""Which units form a module: a shared spacing and orientation."""

import numpy as np
from sklearn.cluster import DBSCAN

from sslgrid.spatial.gridness import HEXAGONAL, SQUARE

SPACING_TOLERANCE = 0.1  # in log spacing, between neighbours in a cluster
ORIENTATION_TOLERANCE = 7.5  # deg
MINIMUM_UNITS = 4
SYMMETRY = {HEXAGONAL: 60.0, SQUARE: 90.0}  # deg


def find_modules(lattice: np.ndarray, spacing: np.ndarray, orientation: np.ndarray) -> np.ndarray:
    """Cluster the units on a lattice by log spacing and orientation; all (unit,).

    Hexagonal and square units never share a module. Returns the module of each unit, numbered from 0 by rising mean
    spacing, -1 for none.
    """
    labels = np.full(len(lattice), -1)
    for kind in (HEXAGONAL, SQUARE):
        units = np.flatnonzero(lattice == kind)
        if len(units) >= MINIMUM_UNITS:
            distance = _distance(spacing[units], orientation[units], SYMMETRY[kind])
            found = DBSCAN(eps=1.0, min_samples=MINIMUM_UNITS, metric="precomputed").fit_predict(distance)
            labels[units] = np.where(found >= 0, found + labels.max() + 1, -1)
    return _by_spacing(labels, spacing)


def _distance(spacing: np.ndarray, orientation: np.ndarray, symmetry: float) -> np.ndarray:
    """Distance of each pair of units, 1 at the tolerance in either coordinate alone."""
    ratio = np.abs(np.log(spacing[:, None] / spacing[None]))
    turn = np.abs(orientation[:, None] - orientation[None]) % symmetry
    turn = np.minimum(turn, symmetry - turn)
    return np.hypot(ratio / SPACING_TOLERANCE, turn / ORIENTATION_TOLERANCE)


def _by_spacing(labels: np.ndarray, spacing: np.ndarray) -> np.ndarray:
    names = [name for name in np.unique(labels) if name >= 0]
    names.sort(key=lambda name: spacing[labels == name].mean())
    renamed = np.full(len(labels), -1, np.int16)
    for module, name in enumerate(names):
        renamed[labels == name] = module
    return renamed
