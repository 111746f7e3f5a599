"""Maps beside random mixtures of the same waves: are units more regular than chance makes of what they are made of?

The modes of one order are degenerate: the arena does not tell one mixture of them from another. If training does not
either, units are random mixtures of them, and a lattice among them is luck. So the null of a map keeps its power in
each order, draws the mixture within each order at random, and gives it the map's own values, rank by rank (as
surrogates do: Theiler et al. 1992). It has the map's scale, its rates and what the nonlinearity made of them.
"""

from typing import NamedTuple

import numpy as np
from scipy.fft import dctn

from sslgrid.spatial.gridness import NO_LATTICE
from sslgrid.spatial.spectrum import (
    Modes,
    fair_grids,
    is_square,
    shells_of,
    wall_anisotropy,
    without_plane,
)

TURNS = 10  # in which a mixture is given its power and its values


class Mixtures(NamedTuple):
    """Of as many random mixtures as there are maps, (draw,) each: means, NaN where a map has none, and a count."""

    lattices: np.ndarray  # how many are on a lattice
    fields: np.ndarray
    wall_anisotropy: np.ndarray
    modes_used: np.ndarray  # NaN if the arena is no square


def modes_used(ratemaps: np.ndarray) -> np.ndarray:
    """Effective number of a square's cosine modes in each map less its plane, 1 / sum of squared shares: (unit,).

    ratemaps: (unit, y, x); bins that nobody visited (NaN) count as ones on the plane. NaN for a map that is a plane.
    """
    power = np.square(dctn(np.nan_to_num(without_plane(ratemaps)), axes=(1, 2), norm="ortho"))
    power[:, 0, 0] = 0
    total, squares = power.sum(axis=(1, 2)), np.square(power).sum(axis=(1, 2))
    some = total > 1e-12 * np.nansum(np.square(ratemaps), axis=(1, 2))
    return np.square(total) / np.where(some, squares, np.nan)


def mixtures(
    ratemaps: np.ndarray,
    modes: Modes,
    bin_size: float,
    corners: np.ndarray | None,
    draws: int,
    rng: np.random.Generator,
) -> Mixtures:
    """Draw a random mixture for each map (unit, y, x), `draws` times. NaN everywhere without any map.

    corners: as of `wall_anisotropy`.
    """
    found = Mixtures(*np.full((len(Mixtures._fields), draws), np.nan))
    count = np.ones(len(ratemaps))
    for draw in range(draws if len(ratemaps) else 0):
        mixed = random_mixtures(ratemaps, modes, rng)
        fair = fair_grids(mixed, bin_size, count, count, 0 * count)
        found.lattices[draw], found.fields[draw] = (fair.lattice != NO_LATTICE).sum(), fair.fields.mean()
        found.wall_anisotropy[draw] = np.nanmean(wall_anisotropy(mixed, corners))
        if is_square(corners):
            found.modes_used[draw] = np.nanmean(modes_used(mixed))
    return found


def random_mixtures(ratemaps: np.ndarray, modes: Modes, rng: np.random.Generator) -> np.ndarray:
    """One for each map, less its plane: (unit, y, x), NaN in the same bins.

    Values change the power a little and power the values, so both are given in turn (Schreiber & Schmitz 1996).
    """
    visited = np.isfinite(ratemaps).all(axis=0)
    rest = without_plane(ratemaps)[:, visited]
    values = np.sort(rest, axis=1)
    of_order = shells_of(modes) == np.unique(shells_of(modes))[:, None]  # (order, mode)
    power = np.square(rest @ modes.shapes.T) @ of_order.T
    drawn = rng.standard_normal((len(rest), len(modes.order))) @ modes.shapes
    for _ in range(TURNS):
        parts = drawn @ modes.shapes.T
        now = np.square(parts) @ of_order.T
        parts *= np.sqrt(power / np.where(now > 0, now, 1)) @ of_order
        ranks = np.argsort(np.argsort(parts @ modes.shapes, axis=1, kind="stable"), axis=1, kind="stable")
        drawn = np.take_along_axis(values, ranks, axis=1)
    mixed = np.full(ratemaps.shape, np.nan)
    mixed[:, visited] = drawn
    return mixed
