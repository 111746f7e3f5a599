"""Walks as stages hand them to each other."""

from typing import NamedTuple

import numpy as np
import xarray as xr

BLOCK = 250  # steps that are read at once


class Walks(NamedTuple):
    """Walks in memory, or in a file that is read slice by slice.

    positions: (trajectory, time, 2) float64, m, the start included. headings: (trajectory, time) rad, of the step
    that ends then; at rest, where the animal looks.
    """

    positions: np.ndarray | xr.DataArray
    headings: np.ndarray | xr.DataArray


def headings_of_steps(steps: np.ndarray) -> np.ndarray:
    """Direction (walk, step) rad of each of some steps (walk, step, 2) m; at rest that of the last step that moved."""
    moved = np.where((steps != 0).any(axis=2), np.arange(steps.shape[1]), 0)
    last = np.maximum.accumulate(moved, axis=1)
    return np.take_along_axis(np.arctan2(steps[..., 1], steps[..., 0]), last, axis=1)
