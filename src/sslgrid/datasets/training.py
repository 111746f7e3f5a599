"""results/networks/<condition>/seed<k>/training.nc"""

from pathlib import Path

import numpy as np

from sslgrid.datasets import netcdf
from sslgrid.datasets.netcdf import variable

# What is recorded, in this order; training fills one row at a time.
SIC_COLUMNS = {
    "loss": ("1", "weighted total loss"),
    "separation": ("1", "separation loss"),
    "path_invariance": ("1", "path invariance loss"),
    "capacity": ("1", "capacity loss"),
    "conformal_isometry": ("m-2", "conformal isometry loss"),
    "gradient_norm": ("1", "norm of the gradient before clipping"),
    "learning_rate": ("1", "learning rate"),
    "silent_fraction": ("1", "share of states, since the last row, that the zero-vector rule replaced"),
    "seconds": ("s", "training time so far, over all sessions"),
}


LOCALISER_COLUMNS = {
    "loss": ("1", "weighted total loss"),
    "error": ("m2", "mean squared error of the position, of each coordinate"),
    "weights": ("1", "mean square of W_in plus that of W_out"),
    "rates": ("1", "mean square of the rates"),
    "gradient_norm": ("1", "norm of the gradient before clipping"),
    "learning_rate": ("1", "learning rate of Adam; 0 in Hessian-free steps"),
    "damping": ("1", "damping of Hessian-free steps; 0 in steps of Adam"),
    "iterations": ("1", "iterations of conjugate gradients in a step"),
    "seconds": ("s", "training time so far, over all sessions"),
}


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
