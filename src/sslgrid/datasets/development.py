"""results/development/<condition>/seed<k>.nc"""

from pathlib import Path

import numpy as np
import xarray as xr

from sslgrid.datasets import netcdf
from sslgrid.datasets.netcdf import variable
from sslgrid.datasets.tuning import COLUMNS as TUNING
from sslgrid.spatial.classes import CLASSES

KEPT = ("live", "gridness60", "gridness90", "border_score", "band_score", "p_value", "significant", "class")
COLUMNS = {name: TUNING[name] for name in KEPT}


def write_development(
    path: Path,
    steps: np.ndarray,
    columns: dict[str, np.ndarray],
    shares: np.ndarray,
    plane: np.ndarray,
    provenance: dict[str, str],
) -> None:
    """steps: (step,) taken at each snapshot; columns: (step, unit) per `COLUMNS`; shares: (step, class).

    plane: (step, unit, 2), where t-SNE puts each unit.
    """
    variables = {
        name: variable("step unit", columns[name], units, long_name, **attributes)
        for name, (units, long_name, attributes) in COLUMNS.items()
    } | {
        "share": variable("step class_number", shares, "1", "share of the live units in each class"),
        "embedding": variable("step unit axis", plane, "1", "t-SNE of the rate maps of all units at all steps"),
    }
    words = {"flag_values": np.arange(len(CLASSES), dtype=np.int8), "flag_meanings": " ".join(CLASSES)}
    coordinates = {
        "step": variable("step", steps, "1", "training steps taken"),
        "unit": variable("unit", np.arange(plane.shape[1]), "1", "number of the unit"),
        "class_number": variable("class_number", np.arange(len(CLASSES), dtype=np.int8), "1", "class", **words),
        "axis": variable("axis", np.arange(2), "1", "axis of the plane"),
    }
    netcdf.write(path, "Classes of the units of one network as it is trained", variables, coordinates, provenance)


def read_development(path: Path) -> xr.Dataset:
    """A dataset with `share`, `embedding` and every variable of `COLUMNS`."""
    return netcdf.read(path, "share", "embedding", *COLUMNS)
