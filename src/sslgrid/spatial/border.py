"""Border score (Solstad et al. 2008): fields that line a wall."""

import numpy as np

from sslgrid.spatial.fields import SMALLEST_FIELD, find_fields
from sslgrid.spatial.ratemap import covered

WALLS = np.index_exp[0], np.index_exp[-1], np.index_exp[:, 0], np.index_exp[:, -1]


def border_scores(ratemaps: np.ndarray, bin_size: float) -> np.ndarray:
    """`(cM - dM) / (cM + dM)` of each unit, in [-1, 1]: (unit,).

    cM is the largest share of one wall (of its visited bins) that one field touches; dM the mean distance of field
    bins to the nearest wall, weighted by rate, in units of the largest possible. ratemaps: (unit, y, x) of a
    rectangle, NaN unvisited; bin_size in m. NaN without a field. The walls are those of the smallest rectangle that
    holds all visits: an oblong room may lie within a square map.
    """
    return np.array([_border_score(rates, bin_size) for rates in covered(ratemaps)])


def _border_score(rates: np.ndarray, bin_size: float) -> float:
    visited = np.isfinite(rates)
    room = np.ix_(visited.any(axis=1), visited.any(axis=0))
    rates, visited = rates[room], visited[room]
    touched, in_field = 0.0, np.zeros(rates.shape, bool)
    fields, count = find_fields(rates)
    for field in range(1, count + 1):
        inside = fields == field
        if inside.sum() * bin_size**2 >= SMALLEST_FIELD:
            in_field |= inside
            touched = max(touched, *(_share(inside[wall], visited[wall]) for wall in WALLS))
    if not in_field.any():
        return np.nan
    ny, nx = rates.shape
    y, x = np.arange(ny) + 0.5, np.arange(nx) + 0.5
    to_wall = np.minimum(np.minimum(y, ny - y)[:, None], np.minimum(x, nx - x)[None])
    distance = np.average(to_wall[in_field], weights=rates[in_field]) / (min(ny, nx) / 2)
    return (touched - distance) / (touched + distance)


def _share(inside: np.ndarray, visited: np.ndarray) -> float:
    """Share of a wall's visited bins that are inside a field; a wall that was hardly visited counts as half visited."""
    return inside.sum() / max(visited.sum(), len(visited) / 2)
