"""results/emergence/<condition>/seed<k>/<arena>.nc"""

from pathlib import Path

import numpy as np
import xarray as xr

from sslgrid.datasets import netcdf
from sslgrid.datasets.netcdf import variable
from sslgrid.datasets.tuning import COLUMNS as TUNING

COLUMNS = {name: TUNING[name] for name in ("live", "gridness60", "gridness90", "lattice", "spacing", "module")}


def write_emergence(
    path: Path, steps: np.ndarray, seconds: np.ndarray, columns: dict[str, np.ndarray], provenance: dict[str, str]
) -> None:
    """steps, seconds: (step,) taken and trained for at each snapshot; columns: a (step, unit) array per `COLUMNS`."""
    variables = {
        name: variable("step unit", columns[name], units, long_name, **attributes)
        for name, (units, long_name, attributes) in COLUMNS.items()
    }
    variables["seconds"] = variable("step", seconds, "s", "training time so far, over all sessions")
    coordinates = {
        "step": variable("step", steps, "1", "gradient steps taken"),
        "unit": variable("unit", np.arange(columns["live"].shape[1]), "1", "number of the unit"),
    }
    netcdf.write(path, "Spatial tuning of one network as it is trained", variables, coordinates, provenance)


def read_emergence(path: Path) -> xr.Dataset:
    """A dataset with every variable of `COLUMNS` and `seconds`."""
    return netcdf.read(path, "seconds", *COLUMNS)
