"""Rate maps: mean activity in each bin of the arena."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter

from sslgrid.config.arena import ArenaConfig


@dataclass(frozen=True)
class RateMaps:
    """rates: (unit, y, x) float32, NaN where no walk went. occupancy: (y, x) visits. centres: (bins,) m, of x and y."""

    rates: np.ndarray
    occupancy: np.ndarray
    centres: np.ndarray

    @property
    def bin_size(self) -> float:
        """Side of a bin, m."""
        return float(self.centres[1] - self.centres[0])

    @property
    def side(self) -> float:
        """Side of the arena, m."""
        return self.bin_size * len(self.centres)


def bin_centres(arena: ArenaConfig) -> np.ndarray:
    """Centres of the bins along one axis, m: as many bins as fit the side best."""
    bins = max(round(arena.side / arena.bin), 1)
    edges = np.linspace(-arena.side / 2, arena.side / 2, bins + 1)
    return (edges[:-1] + edges[1:]) / 2


def coverage(arena: ArenaConfig, maps: RateMaps) -> float:
    """Share of the bins that walks can reach, in [0, 1], that they visited. An oblong room leaves bins out of reach."""
    width, height = arena.room
    x, y = (np.abs(maps.centres) < extent / 2 for extent in (width, height))
    return float((maps.occupancy > 0)[np.ix_(y, x)].mean())


def accumulate(arena: ArenaConfig, visits: Iterable[tuple[np.ndarray, np.ndarray]]) -> RateMaps:
    """Average activity over the visits to each bin, streaming.

    visits: pairs of positions (walk, 2) m and activity (walk, unit), e.g. one pair per time step.
    """
    centres = bin_centres(arena)
    bins = len(centres)
    occupancy = np.zeros(bins * bins)
    total: np.ndarray | float = 0.0
    for positions, activity in visits:
        column, row = np.clip(((positions / arena.side + 0.5) * bins).astype(int), 0, bins - 1).T
        index = row * bins + column
        occupancy += np.bincount(index, minlength=bins * bins)
        visit = np.zeros((bins * bins, activity.shape[1]))
        np.add.at(visit, index, activity)
        total = total + visit
    occupancy = occupancy.reshape(bins, bins)
    rates = smooth_rates(np.asarray(total).T.reshape(-1, bins, bins), occupancy, arena.smoothing / arena.side * bins)
    return RateMaps(rates.astype(np.float32), occupancy, centres)


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
