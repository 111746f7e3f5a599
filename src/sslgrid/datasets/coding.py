"""results/coding/<condition>/seed<k>.nc"""

from pathlib import Path

import numpy as np
import xarray as xr

from sslgrid.datasets import netcdf
from sslgrid.datasets.netcdf import variable

VARIABLES = {  # dimensions, units, what it is
    "decoding_error": ("noise window", "m", "median distance of the decoded from the true position"),
    "local_error": (
        "noise window",
        "m",
        "the same, among places within half of the effective range alone (none if it is 0)",
    ),
    "chance_error": ("", "m", "median distance of a random place of the arena from another"),
    "least_distance": ("range", "1", "least neural distance of two places this far apart"),
    "mean_distance": ("range", "1", "mean neural distance of two places this far apart"),
    "alike": ("", "1", "neural distance below which the losses take two states for alike (sigma_g)"),
    "effective_range": ("", "m", "how far apart places are when some look alike again; infinite if none do"),
    "range_in_spacings": ("", "1", "the same over the largest module's spacing"),
    "distance_from_start": ("plane_y plane_x", "1", "neural distance of each place from the initial state"),
    "metric_long": ("y x", "m-1", "longer axis of the metric that the code induces"),
    "metric_short": ("y x", "m-1", "shorter axis of the metric that the code induces"),
}
COORDINATES = {
    "noise": ("1", "length of the random vector added to states of length 1", {}),
    "window": ("1", "steps since the start, in the middle of the window", {}),
    "range": ("m", "distance between two places, middle of the bin", {}),
    "plane_y": ("m", "bin centre in the widest arena", {}),
    "plane_x": ("m", "bin centre in the widest arena", {}),
    "y": ("m", "bin centre", {"axis": "Y"}),
    "x": ("m", "bin centre", {"axis": "X"}),
}


def write_coding(
    path: Path, values: dict[str, np.ndarray], coordinates: dict[str, np.ndarray], provenance: dict[str, str]
) -> None:
    """values: an array for each name in `VARIABLES`; coordinates: one for each in `COORDINATES`."""
    netcdf.write(
        path,
        "What the code of one network is good for",
        {name: variable(dims, values[name], units, words) for name, (dims, units, words) in VARIABLES.items()},
        {
            name: variable(name, coordinates[name], units, words, **attributes)
            for name, (units, words, attributes) in COORDINATES.items()
        },
        provenance,
    )


def read_coding(path: Path) -> xr.Dataset:
    """A dataset with every variable of `VARIABLES`."""
    return netcdf.read(path, *VARIABLES)
