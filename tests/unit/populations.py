"""Populations of grid cells whose activity is a known function of position."""

import numpy as np
import xarray as xr

from examples import grid_of
from sslgrid.geometry.fourier import lattice_waves
from sslgrid.spatial.gridness import HEXAGONAL
from sslgrid.spatial.ratemap import RateMaps

SPACING, ORIENTATION = 0.7, 10.0  # m, deg
WAVES = lattice_waves(SPACING, ORIENTATION, HEXAGONAL)
CELL = np.linalg.inv(WAVES[:2])  # columns: lattice vectors, m


def population(positions: np.ndarray, side: int = 5) -> np.ndarray:
    """Rates at positions (..., 2) m of one hexagonal module whose side^2 phases tile the unit cell: (..., unit)."""
    shares = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2) / side
    angle = 2 * np.pi * ((positions @ WAVES.T)[..., None, :] - shares @ CELL.T @ WAVES.T)
    return (1.5 + np.cos(angle).sum(axis=-1)) / 4.5


def maps_of(width: float, bin_size: float = 0.04, side: int = 5) -> RateMaps:
    """Its rate maps in an arena."""
    points = grid_of(width, bin_size)
    rates = np.moveaxis(population(points, side), -1, 0).astype(np.float32)
    return RateMaps(rates, np.ones(points.shape[:2]), points[0, :, 0])


def tuning_of(units: int) -> xr.Dataset:
    """Its tuning: one module."""
    values = {
        "module": 0, "lattice": HEXAGONAL, "spacing": SPACING, "orientation": ORIENTATION, "ellipticity": 1.0,
        "gridness60": 1.2, "gridness60_corrected": 1.2, "gridness90": 0.1, "gridness90_corrected": 0.1,
    }  # fmt: skip
    return xr.Dataset({name: ("unit", np.full(units, value)) for name, value in values.items()})
