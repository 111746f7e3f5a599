"""Border score (Solstad et al. 2008): fields that line a wall, of a square or of any other convex arena."""

import numpy as np

from sslgrid.spatial.fields import SMALLEST_FIELD, find_fields

MOST_WALLS = 8  # a polygon with more corners stands for a circle


def border_scores(ratemaps: np.ndarray, walls: np.ndarray, bin_size: float) -> np.ndarray:
    """`(cM - dM) / (cM + dM)` of each unit, in [-1, 1]: (unit,).

    cM is the largest share of one wall (of the visited bins along it) that one field touches; dM the mean distance of
    field bins to the nearest wall, weighted by rate, in units of the largest possible. ratemaps: (unit, y, x),
    non-negative, NaN unvisited; walls: distance of each bin to each wall (y, x, wall) and bin_size in m. NaN without
    a field.
    """
    nearest = walls.min(axis=2)
    along = _joined(np.moveaxis(walls, 2, 0) < bin_size) & (nearest >= 0)
    return np.array([_border_score(rates, along, nearest / nearest.max(), bin_size) for rates in ratemaps])


def _joined(along: np.ndarray) -> np.ndarray:
    """Which bins line each wall: (wall, y, x). Where a polygon stands for a circle, a wall is a quarter of the rim."""
    if len(along) <= MOST_WALLS:
        return along
    return np.any([np.roll(along, -turn, axis=0) for turn in range(round(len(along) / 4))], axis=0)


def _border_score(rates: np.ndarray, along: np.ndarray, depth: np.ndarray, bin_size: float) -> float:
    """along: (wall, y, x), which bins line a wall; depth: (y, x), distance to the nearest one, 1 at most."""
    visited = np.isfinite(rates)
    touched, in_field = 0.0, np.zeros(rates.shape, bool)
    fields, count = find_fields(rates)
    for field in range(1, count + 1):
        inside = fields == field
        if inside.sum() * bin_size**2 >= SMALLEST_FIELD:
            in_field |= inside
            touched = max(touched, *(_share(inside[wall], visited[wall]) for wall in along))
    if not in_field.any():
        return np.nan
    distance = np.average(depth[in_field], weights=rates[in_field])
    return (touched - distance) / (touched + distance)


def _share(inside: np.ndarray, visited: np.ndarray) -> float:
    """Share of a wall's visited bins that are inside a field; a wall that was hardly visited counts as half visited."""
    return inside.sum() / max(visited.sum(), len(visited) / 2)
