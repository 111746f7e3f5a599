"""Rate maps of spikes: counts over time spent, both smoothed."""

from dataclasses import dataclass

import numpy as np

from sslgrid.cells.tracking import Track
from sslgrid.spatial.ratemap import RateMaps, map_correlations, smooth_rates

BIN = 0.03  # m (Stensola et al. 2012)
SMOOTHING = 0.05  # m, standard deviation of the Gaussian (Hafting et al. 2005)
HALF_BLOCK = 60.0  # s: minutes go to either half in turn


@dataclass(frozen=True)
class Binned:
    """Where the animal was at each step: bins (step,) of a square grid about the origin, -1 while it did not move."""

    bins: np.ndarray
    step: float  # s
    centres: np.ndarray  # (bin,) m, of x and y
    sigma: float  # bins

    @property
    def side(self) -> int:
        """Bins along one axis."""
        return len(self.centres)

    def counted(self, weights: np.ndarray) -> np.ndarray:
        """Sums (row, y, x) of weights (row, step) over the steps in each bin."""
        inside = self.bins >= 0
        at = self.bins[inside]
        sums = np.stack([np.bincount(at, row[inside], self.side**2) for row in weights])
        return sums.reshape(-1, self.side, self.side)

    def rates(self, counts: np.ndarray) -> np.ndarray:
        """Rate maps (row, y, x) in Hz, float32, of spike counts (row, step)."""
        return smooth_rates(self.counted(counts), self.occupancy, self.sigma).astype(np.float32)

    @property
    def occupancy(self) -> np.ndarray:
        """Time spent in each bin, s: (y, x)."""
        return self.step * self.counted(np.ones((1, len(self.bins))))[0]


def bin_path(track: Track, corners: np.ndarray, bin_size: float = BIN, smoothing: float = SMOOTHING) -> Binned:
    """The steps of a path about the origin, by bin. Steps outside of the arena count for the bin at its rim."""
    half = max(int(np.ceil(np.abs(corners).max() / bin_size - 1e-9)), 1)
    centres = (np.arange(2 * half) + 0.5 - half) * bin_size
    column, row = np.clip(np.floor(track.positions / bin_size).astype(int) + half, 0, 2 * half - 1).T
    return Binned(np.where(track.moving, row * 2 * half + column, -1), track.step, centres, smoothing / bin_size)


def map_spikes(track: Track, binned: Binned, corners: np.ndarray) -> RateMaps:
    """The rate maps of all cells, with the stability of two halves of the recording, alternate minutes."""
    minute = (np.arange(len(binned.bins)) * binned.step // HALF_BLOCK).astype(int)
    halves = []
    for half in (0, 1):
        part = Binned(np.where(minute % 2 == half, binned.bins, -1), binned.step, binned.centres, binned.sigma)
        halves.append(part.rates(track.counts))
    return RateMaps(binned.rates(track.counts), binned.occupancy, binned.centres, map_correlations(*halves), corners)
