"""From a tracked path to one that maps can be made of: equal steps of time, gaps closed or left out, speed."""

from dataclasses import dataclass

import numpy as np

from sslgrid.basics.errors import InputError
from sslgrid.cells.recording import Recording

SPEED_WINDOW = 0.5  # s over which a speed is measured: trackers jitter by millimetres from sample to sample
LONGEST_MISSED = 1.0  # s without tracking that a straight line may bridge
SLOWEST = 0.025  # m/s: slower, grid cells replay other places (Gardner et al. 2022)
FEWEST_SAMPLES = 100


@dataclass(frozen=True)
class Track:
    """positions: (step, 2) m; moving: (step,) bool, tracked and fast enough; counts: spikes (cell, step) in each step.

    step: s. cells: names.
    """

    step: float
    positions: np.ndarray
    moving: np.ndarray
    counts: np.ndarray
    cells: list[str]


def follow_path(recording: Recording, slowest: float = SLOWEST, longest_missed: float = LONGEST_MISSED) -> Track:
    """The path in equal steps of the median sampling interval, and each cell's spikes in each step.

    slowest: m/s. longest_missed: s. Raises InputError if hardly anything is left.
    """
    tracked = np.isfinite(recording.positions).all(axis=1)
    times, path = recording.times[tracked], recording.positions[tracked]
    step = float(np.median(np.diff(recording.times)))
    grid = np.arange(recording.times[0], recording.times[-1] + step / 2, step)
    positions = np.stack([np.interp(grid, times, coordinate) for coordinate in path.T], axis=1)
    known = _gap_at(grid, times) <= max(longest_missed, 2 * step)
    reach = max(round(SPEED_WINDOW / 2 / step), 1)
    before, after = np.maximum(np.arange(len(grid)) - reach, 0), np.minimum(np.arange(len(grid)) + reach, len(grid) - 1)
    speed = np.linalg.norm(positions[after] - positions[before], axis=1) / (step * np.maximum(after - before, 1))
    moving = known & (speed >= slowest)
    if moving.sum() < FEWEST_SAMPLES:
        raise InputError(
            f"{recording.name}: {moving.sum()} positions are left at {slowest:g} m/s and faster; expected at least "
            f"{FEWEST_SAMPLES}: is the clock in seconds, and --slowest in m/s?"
        )
    edges = np.append(grid - step / 2, grid[-1] + step)
    counts = np.stack([np.histogram(spikes, edges)[0] for spikes in recording.spikes.values()])
    return Track(step, positions, moving, counts, list(recording.spikes))


def _gap_at(grid: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Length of the gap between the tracked times around each point of the grid, s; infinite before and after them."""
    after = np.searchsorted(times, grid)
    padded = np.concatenate([[-np.inf], times, [np.inf]])
    return padded[after + 1] - padded[after]
