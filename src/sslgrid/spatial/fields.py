"""Firing fields: connected bins of high rate."""

import numpy as np
from scipy.ndimage import label

THRESHOLD = 0.3  # of the highest rate
NEIGHBOURS = np.ones((3, 3))  # diagonal ones too: an unvisited bin splits no field
SMALLEST_FIELD = 0.02  # m^2
LARGEST_FIELD = 0.5  # of the visited bins: a unit that fires nearly everywhere has no field


def find_fields(rates: np.ndarray) -> tuple[np.ndarray, int]:
    """Number each bin of one map (y, x) by its field, 0 for none: (y, x), and how many fields there are.

    Unvisited bins (NaN) belong to no field; a map without positive rates has none.
    """
    peak = np.nanmax(rates, initial=0)
    return label(np.nan_to_num(rates) > THRESHOLD * peak if peak > 0 else np.zeros(rates.shape), NEIGHBOURS)


def count_fields(ratemaps: np.ndarray, bin_size: float, smallest: float = SMALLEST_FIELD) -> np.ndarray:
    """Firing fields of each unit, from `smallest` (m^2) up to `LARGEST_FIELD`: (unit,).

    A place unit has one, a lattice one for each of its points in the arena; a field that a wall cuts to less than
    `smallest` does not count. 0 for a silent unit and for one that fires nearly everywhere; NaN for a map without any
    visits. ratemaps: (unit, y, x), non-negative, NaN unvisited; bin_size in m.
    """
    return np.array([_count(rates, bin_size, smallest) for rates in ratemaps])


def _count(rates: np.ndarray, bin_size: float, smallest: float) -> float:
    visited = np.isfinite(rates).sum()
    if not visited:
        return np.nan
    area = np.bincount(find_fields(rates)[0].ravel())[1:]
    return float(((area * bin_size**2 >= smallest) & (area <= LARGEST_FIELD * visited)).sum())


def place_scores(ratemaps: np.ndarray) -> np.ndarray:
    """Share of a unit's rate in its largest field, less the share of the arena that this field covers: (unit,).

    0 for a rate that is the same everywhere, towards 1 for a single small field; a Gaussian one scores 0.7 less its
    area. Only what exceeds the median rate counts, the floor that noise makes under a field. ratemaps: (unit, y, x),
    non-negative, NaN unvisited. NaN for a flat map.
    """
    return np.array([_place_score(rates) for rates in ratemaps])


def _place_score(rates: np.ndarray) -> float:
    fields, count = find_fields(rates)
    excess = np.nan_to_num(rates - np.nanmedian(rates)).clip(0) if count else np.zeros(rates.shape)
    if not excess.any():
        return np.nan
    rate = np.bincount(fields.ravel(), excess.ravel())
    area = np.bincount(fields.ravel())
    largest = rate[1:].argmax() + 1
    return rate[largest] / rate.sum() - area[largest] / np.isfinite(rates).sum()
