"""results/tuning/<condition>/seed<k>/<arena>.nc"""

from pathlib import Path

import numpy as np
import xarray as xr

from sslgrid.datasets import netcdf
from sslgrid.datasets.netcdf import variable
from sslgrid.spatial.classes import CLASSES

LATTICES = {"flag_values": np.array([0, 1, 2], np.int8), "flag_meanings": "none hexagonal square"}
UNIT_CLASSES = {"flag_values": np.arange(len(CLASSES), dtype=np.int8), "flag_meanings": " ".join(CLASSES)}
COLUMNS = {
    "live": ("1", "1 if the unit is active anywhere", {}),
    "max_rate": ("1", "highest rate of the map", {}),
    "gridness60": ("1", "hexagonal gridness", {}),
    "gridness90": ("1", "square gridness", {}),
    "gridness60_corrected": ("1", "hexagonal gridness after undoing the lattice's ellipse", {}),
    "gridness90_corrected": ("1", "square gridness after undoing the lattice's ellipse", {}),
    "lattice": ("1", "kind of lattice, by the uncorrected gridness", LATTICES),
    "spacing": ("m", "mean distance of the inner autocorrelogram peaks", {}),
    "orientation": ("degree", "angle of the lattice axes, mod 60 (square lattices: mod 90)", {}),
    "ellipticity": ("1", "ratio of the axes of the ellipse through the inner peaks", {}),
    "periodicity": ("1", "mean autocorrelation at the lattice's points up to two steps away", {}),
    "border_score": ("1", "border score", {}),
    "band_score": ("1", "band score", {}),
    "place_score": ("1", "share of the rate in the largest field, less the share of the arena it covers", {}),
    "fields": ("1", "firing fields: 0 for a silent unit, and for one that fires over more than half of the arena", {}),
    "spatial_information": ("bit", "Skaggs information per spike", {}),
    "class": ("1", "class of the unit, by its scores", UNIT_CLASSES),
    "stability": ("1", "correlation of the maps of two halves of the walks", {}),
    "p_value": ("1", "p-value of the highest gridness: random maps of the same radial spectrum reach it", {}),
    "p_band": ("1", "p-value of the band score, likewise; NaN if it was not tested", {}),
    "p_border": ("1", "p-value of the border score, likewise; NaN if it was not tested", {}),
    "significant": (
        "1",
        "1 if the p-value passes correction for all units, at 5 % (of signed rates, with three fields or more)",
        {},
    ),
    "module": ("1", "module the unit belongs to, by rising spacing; -1 for none", {}),
}


def write_tuning(path: Path, columns: dict[str, np.ndarray], provenance: dict[str, str]) -> None:
    """columns: one (unit,) array for each name in `COLUMNS`."""
    if columns.keys() != COLUMNS.keys():
        raise ValueError(f"tuning columns differ by {sorted(columns.keys() ^ COLUMNS.keys())}")
    variables = {
        name: variable("unit", columns[name], units, long_name, **attributes)
        for name, (units, long_name, attributes) in COLUMNS.items()
    }
    units = {"unit": variable("unit", np.arange(len(columns["live"])), "1", "number of the unit")}
    netcdf.write(path, "Spatial tuning of one network in one arena", variables, units, provenance)


def read_tuning(path: Path) -> xr.Dataset:
    """A dataset with every variable of `COLUMNS`."""
    return netcdf.read(path, *COLUMNS)
