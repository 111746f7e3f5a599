"""results/decoding/<condition>/seed<k>/<arena>.nc"""

from pathlib import Path

import numpy as np
import xarray as xr

from sslgrid.datasets import netcdf
from sslgrid.datasets.netcdf import variable

VARIABLES = {
    "decoding_error": ("visit", "m", "distance of the place with the nearest mean state from the true one"),
    "read_out_error": ("visit", "m", "distance of the network's own read-out from the true place; NaN without one"),
    "constant_error": ("visit", "m", "distance of the best constant answer from the true place"),
    "radius": ("visit", "m", "distance of the true place from the centre"),
}


def write_decoding(path: Path, values: dict[str, np.ndarray], side: float, provenance: dict[str, str]) -> None:
    """values: (visit,) by the names of `VARIABLES`; side: of the arena, m."""
    variables = {
        name: variable(dims, values[name], units, long_name) for name, (dims, units, long_name) in VARIABLES.items()
    }
    variables["side"] = variable("", np.float64(side), "m", "side of the arena")
    visits = {"visit": variable("visit", np.arange(len(values["radius"])), "1", "number of the visit")}
    netcdf.write(path, "How well the states of one network tell places apart", variables, visits, provenance)


def read_decoding(path: Path) -> xr.Dataset:
    """A dataset with `side` and every variable of `VARIABLES`."""
    return netcdf.read(path, "side", *VARIABLES)
