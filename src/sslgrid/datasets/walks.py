"""results/trajectories/<arena>.nc"""

from pathlib import Path

import numpy as np

from sslgrid.datasets import netcdf
from sslgrid.datasets.netcdf import variable


def write_walks(path: Path, positions: np.ndarray, provenance: dict[str, str]) -> None:
    """positions: (trajectory, time, 2) m, the start included."""
    velocity = np.full_like(positions, np.nan)
    velocity[:, 1:] = np.diff(positions, axis=1)
    netcdf.write(
        path,
        "Walks through an arena",
        {
            "position": variable("trajectory time axis", positions, "m", "position"),
            "velocity": variable("trajectory time axis", velocity, "m", "displacement by the step that ends here"),
        },
        {
            "trajectory": variable("trajectory", np.arange(len(positions)), "1", "number of the walk"),
            "time": variable("time", np.arange(positions.shape[1]), "1", "steps since the start"),
            "axis": variable("axis", np.arange(2), "1", "0: x, 1: y"),
        },
        provenance,
    )


def read_positions(path: Path) -> np.ndarray:
    """Positions (trajectory, time, 2) float64, m."""
    return netcdf.read(path, "position")["position"].values
