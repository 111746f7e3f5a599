"""results/emergence/<condition>/seed<k>/<arena>.nc"""

from pathlib import Path

import numpy as np
import xarray as xr

from sslgrid.datasets import netcdf
from sslgrid.datasets.netcdf import variable
from sslgrid.datasets.tuning import COLUMNS as TUNING
from sslgrid.spatial.ratemap import RateMaps

KEPT = ("live", "gridness60", "gridness90", "lattice", "spacing", "orientation", "ellipticity", "module")
COLUMNS = {name: TUNING[name] for name in KEPT}
SUMMARY = {
    "lattice_share": ("1", "share of the live units that are on a lattice"),
    "hexagonal_modules": ("1", "number of modules of hexagonal lattices"),
    "square_modules": ("1", "number of modules of square lattices"),
}


def write_emergence(
    path: Path,
    steps: np.ndarray,
    summary: dict[str, np.ndarray],
    columns: dict[str, np.ndarray],
    maps: list[RateMaps],
    provenance: dict[str, str],
) -> None:
    """steps: (step,) taken at each snapshot; summary, columns: (step,) per `SUMMARY`, (step, unit) per `COLUMNS`.

    maps: the rate maps of each snapshot, over the same bins.
    """
    centres = maps[0].centres
    variables = {name: variable("step", summary[name], *words) for name, words in SUMMARY.items()} | {
        name: variable("step unit", columns[name], units, long_name, **attributes)
        for name, (units, long_name, attributes) in COLUMNS.items()
    }
    rates = np.stack([each.rates for each in maps])
    variables["ratemap"] = variable("step unit y x", rates, "1", "mean activity", cell_methods="time: mean")
    coordinates = {
        "step": variable("step", steps, "1", "gradient steps taken"),
        "unit": variable("unit", np.arange(rates.shape[1]), "1", "number of the unit"),
        "y": variable("y", centres, "m", "bin centre", axis="Y"),
        "x": variable("x", centres, "m", "bin centre", axis="X"),
    }
    netcdf.write(path, "Rate maps and tuning of one network as it is trained", variables, coordinates, provenance)


def read_emergence(path: Path) -> xr.Dataset:
    """A dataset with `ratemap` and every variable of `SUMMARY` and `COLUMNS`."""
    return netcdf.read(path, "ratemap", *SUMMARY, *COLUMNS)
