"""Rate maps: mean activity in each bin of the arena."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

import numpy as np
from scipy.ndimage import gaussian_filter

from sslgrid.basics.arena import ArenaConfig
from sslgrid.basics.errors import InputError
from sslgrid.basics.polygons import corners_of, wall_distances

BLOCK = 100  # steps: longer than a pass through a field, so the halves share no pass but at the seams
# Of a map that shows half of its arena or less, no score can tell a lattice from a few fields, or a wall from a field.
MINIMUM_COVERAGE = 0.55
FEWEST_BINS = 2  # of a side: their distance is the side of a bin


@dataclass(frozen=True)
class RateMaps:
    """rates: (unit, y, x) float32, NaN where no walk went. occupancy: (y, x) visits. centres: (bins,) m, of x and y.

    stability: (unit,), correlation of the maps of two halves of the walks; None for maps that no walk made.
    corners: (corner, 2) m, of the arena; None for the square that the map is.

    Raises InputError if there are too few bins to know their side.
    """

    rates: np.ndarray
    occupancy: np.ndarray
    centres: np.ndarray
    stability: np.ndarray | None = None
    corners: np.ndarray | None = None

    def __post_init__(self):
        if (bins := len(self.centres)) < FEWEST_BINS:
            raise InputError(
                f"rate maps have {bins} x {bins} bins; expected at least {FEWEST_BINS} x {FEWEST_BINS}: "
                "make the bins smaller"
            )

    @property
    def bin_size(self) -> float:
        """Side of a bin, m."""
        return float(self.centres[1] - self.centres[0])

    @property
    def side(self) -> float:
        """Side of the map, m."""
        return self.bin_size * len(self.centres)

    @property
    def least_width(self) -> float:
        """Of the arena, m: the closest distance of two parallel lines that it fits between."""
        corners = corners_of("square", self.side) if self.corners is None else self.corners
        return float(wall_distances(corners, corners).max(axis=0).min())

    @property
    def signed(self) -> bool:
        """Whether the network's rates go below zero."""
        return bool((self.rates < 0).any())

    @cached_property
    def walls(self) -> np.ndarray:
        """Distance of each bin's centre to each wall of the arena, m, negative outside: (y, x, wall)."""
        corners = corners_of("square", self.side) if self.corners is None else self.corners
        return wall_distances(np.stack(np.meshgrid(self.centres, self.centres), axis=-1), corners)

    @cached_property
    def coverage(self) -> float:
        """Share of the bins within the arena that were visited, in [0, 1]."""
        return float((self.occupancy > 0)[self.walls.min(axis=2) >= 0].mean())

    def rounded(self, steps: int) -> "RateMaps":
        """The same maps in a third of the room on disk: rates are multiples of a power of two, of each unit's own.

        steps: how many there are, at least, between the unit's lowest and highest rate; at most twice as many.
        """
        extent = np.nanmax(self.rates, axis=(1, 2)) - np.nanmin(self.rates, axis=(1, 2))
        step = np.exp2(np.floor(np.log2(np.where(extent > 0, extent, 1) / steps)))[:, None, None].astype(np.float32)
        return replace(self, rates=np.rint(self.rates / step) * step)

    @property
    def shown(self) -> np.ndarray:
        """The rates, all NaN if less than `MINIMUM_COVERAGE` of the arena was visited: no score then."""
        return self.rates if self.coverage >= MINIMUM_COVERAGE else np.full_like(self.rates, np.nan)


def bin_centres(arena: ArenaConfig) -> np.ndarray:
    """Centres of the bins along one axis, m: as many bins as fit the side best."""
    bins = max(round(arena.width / arena.bin), 1)
    edges = np.linspace(-arena.width / 2, arena.width / 2, bins + 1)
    return (edges[:-1] + edges[1:]) / 2


def upright(maps: RateMaps) -> RateMaps:
    """Maps that can be read as firing rates. Those without negative rates stay as they are.

    In a network whose rates go below zero, no sign is special: a unit that is low along a wall marks the wall as well
    as one that is high there. Each unit is turned so that its map is skewed to high rates, and counted from its
    lowest one.
    """
    if not maps.signed:
        return maps
    visited = np.isfinite(maps.rates).any(axis=0)
    rates = maps.rates[:, visited].astype(float)
    third = np.nanmean((rates - np.nanmean(rates, axis=1, keepdims=True)) ** 3, axis=1)  # its sign is the skewness's
    sign = np.where(third < 0, -1, 1).astype(maps.rates.dtype)
    rates = maps.rates * sign[:, None, None]
    return replace(maps, rates=rates - np.nanmin(rates, axis=(1, 2), keepdims=True))


def accumulate(arena: ArenaConfig, visits: Iterable[tuple[np.ndarray, np.ndarray]]) -> RateMaps:
    """Average activity over the visits to each bin, and over two halves of them, streaming.

    visits: pairs of positions (walk, 2) m and activity (walk, unit), one pair per time step. The halves are alternate
    blocks of `BLOCK` steps, and what is one half's block in a walk is the other's in the next walk: both halves see
    all walks and all times. The first `arena.settle` steps are left out. Raises InputError if these are all steps.
    """
    centres = bin_centres(arena)
    bins = len(centres)
    width, sigma = arena.width, arena.smoothing / arena.width * bins
    occupancy = np.zeros(2 * bins * bins)
    total = np.zeros((0, 0))
    for step, (positions, activity) in enumerate(islice(visits, arena.settle, None)):
        column, row = np.clip(((positions / width + 0.5) * bins).astype(int), 0, bins - 1).T
        half = (step // BLOCK + np.arange(len(positions))) % 2
        index = (half * bins + row) * bins + column
        occupancy += np.bincount(index, minlength=len(occupancy))
        total = total if step else np.zeros((len(occupancy), activity.shape[1]))
        order = np.argsort(index, kind="stable")  # one sum for each bin: np.add.at takes six times as long
        visited, first = np.unique(index[order], return_index=True)
        total[visited] += np.add.reduceat(activity[order], first, axis=0, dtype=float)
    if not occupancy.any():
        raise InputError(f"the walks have no steps after the first {arena.settle}, which do not count for rate maps")
    occupancy = occupancy.reshape(2, bins, bins)
    total = np.moveaxis(total.reshape(2, bins, bins, -1), 3, 1)
    rates = smooth_rates(total.sum(axis=0), occupancy.sum(axis=0), sigma)
    halves = [smooth_rates(*half, sigma) for half in zip(total, occupancy, strict=True)]
    stability = map_correlations(*halves)
    return RateMaps(rates.astype(np.float32), occupancy.sum(axis=0), centres, stability, arena.corners)


def map_correlations(some: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Pearson correlation of each unit's two maps, over the bins visited in both; both (unit, y, x) -> (unit,).

    NaN where one of the two is flat.
    """
    both = np.isfinite(some) & np.isfinite(others)
    count = np.maximum(both.sum(axis=(1, 2), keepdims=True), 1)

    def standardised(maps: np.ndarray) -> np.ndarray:
        maps = np.where(both, maps, 0.0)
        square = np.square(maps).sum(axis=(1, 2), keepdims=True)
        maps = np.where(both, maps - maps.sum(axis=(1, 2), keepdims=True) / count, 0)
        deviation = np.square(maps).sum(axis=(1, 2), keepdims=True)
        varies = deviation > 1e-12 * square  # beyond what rounding makes of a constant
        return np.where(varies, maps / np.sqrt(np.where(varies, deviation, 1)), np.nan)

    return (standardised(some) * standardised(others)).sum(axis=(1, 2))


def smooth_rates(total: np.ndarray, occupancy: np.ndarray, sigma: float) -> np.ndarray:
    """Summed activity over occupancy, both smoothed by a Gaussian (sigma in bins); NaN stays where nobody went.

    total: (unit, y, x). occupancy: (y, x). Smoothing both keeps borders and gaps unbiased.
    """
    if sigma > 0:
        total = gaussian_filter(total, sigma=(0, sigma, sigma), mode="constant")
        weight = gaussian_filter(occupancy, sigma=sigma, mode="constant")
    else:
        weight = occupancy
    return np.where(occupancy > 0, total / np.where(occupancy > 0, weight, 1), np.nan)
