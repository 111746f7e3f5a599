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
