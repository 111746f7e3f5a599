"""results/localisation/<condition>/seed<k>.nc"""

from pathlib import Path

import numpy as np
import xarray as xr

from sslgrid.datasets import netcdf
from sslgrid.datasets.netcdf import variable

VARIABLES = {
    "error": ("walk step", "m", "distance from the read-out to the position, along held-out paths"),
    "constant_error": ("", "m", "mean distance to the best constant answer"),
    "path": ("step axis", "m", "position along one held-out path"),
    "tracked": ("step axis", "m", "read-out along it"),
    "long_error": ("window long_walk", "m", "mean distance from the read-out to the position, along long paths"),
    "long_error_inside": ("window long_walk", "m", "the same of paths that turn before they meet a wall"),
    "long_constant": ("", "m", "mean distance to the best constant answer along the long paths"),
    "long_constant_inside": ("", "m", "the same along those that turn before they meet a wall"),
    "speed_tuning": ("unit speed", "1", "mean rate by speed"),
    "heading_tuning": ("unit heading", "1", "mean rate by heading"),
    "explained_by_place": ("unit", "1", "share of the variance of the rate between places"),
    "explained_by_heading": ("unit", "1", "share of the variance of the rate between headings"),
    "explained_by_speed": ("unit", "1", "share of the variance of the rate between speeds"),
}
COORDINATES = {
    "step": ("1", "steps since the start"),
    "window": ("1", "middle of a window of steps since the start"),
    "speed": ("m", "speed in a step, 0 at rest"),
    "heading": ("radian", "heading"),
}


def write_localisation(
    path: Path, values: dict[str, np.ndarray], coordinates: dict[str, np.ndarray], provenance: dict[str, str]
) -> None:
    """values: by the names of `VARIABLES`; coordinates: by those of `COORDINATES`."""
    variables = {
        name: variable(dims, values[name], units, long_name) for name, (dims, units, long_name) in VARIABLES.items()
    }
    axes = {
        name: variable(name, coordinates[name], units, long_name) for name, (units, long_name) in COORDINATES.items()
    }
    counts = {
        "unit": values["speed_tuning"],
        "walk": values["error"],
        "long_walk": values["long_error"].T,
        "axis": np.arange(2),
    }
    axes |= {name: variable(name, np.arange(len(each)), "1", f"number of the {name}") for name, each in counts.items()}
    netcdf.write(path, "How well one network localises itself", variables, axes, provenance)


def read_localisation(path: Path) -> xr.Dataset:
    """A dataset with every variable of `VARIABLES`."""
    return netcdf.read(path, *VARIABLES)
