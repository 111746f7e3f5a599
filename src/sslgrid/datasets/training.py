"""results/networks/<condition>/seed<k>/training.nc"""

from pathlib import Path

import numpy as np

from sslgrid.datasets import netcdf
from sslgrid.datasets.netcdf import variable


def write_training(
    path: Path, steps: np.ndarray, rows: np.ndarray, columns: dict[str, tuple[str, str]], provenance: dict[str, str]
) -> None:
    """steps: (row,), the steps taken; rows: (row, column)."""
    variables = {
        name: variable("step", rows[:, column], units, long_name)
        for column, (name, (units, long_name)) in enumerate(columns.items())
    }
    coordinates = {"step": variable("step", steps, "1", "gradient steps taken")}
    netcdf.write(path, "Training of one network", variables, coordinates, provenance)
