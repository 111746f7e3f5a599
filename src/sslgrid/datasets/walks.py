"""results/trajectories/<arena>.nc"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import xarray as xr

from sslgrid.config.arena import ArenaConfig
from sslgrid.datasets import netcdf
from sslgrid.datasets.netcdf import variable
from sslgrid.errors import InputError

BLOCK = 250  # steps that are read at once


def write_walks(path: Path, positions: np.ndarray, provenance: dict[str, str]) -> None:
    """positions: (trajectory, time, 2) m, the start included."""
    velocity = np.full_like(positions, np.nan)
    velocity[:, 1:] = np.diff(positions, axis=1)
    chunks = (len(positions), min(positions.shape[1], BLOCK), 2)
    dims, span = "trajectory time axis", np.array([positions.min(), positions.max()])
    netcdf.write(
        path,
        "Walks through an arena",
        {
            "position": variable(dims, positions, "m", "position", chunks, actual_range=span),
            "velocity": variable(dims, velocity, "m", "displacement by the step that ends here", chunks),
        },
        {
            "trajectory": variable("trajectory", np.arange(len(positions)), "1", "number of the walk"),
            "time": variable("time", np.arange(positions.shape[1]), "1", "steps since the start"),
            "axis": variable("axis", np.arange(2), "1", "0: x, 1: y"),
        },
        provenance,
    )


def read_positions(path: Path) -> np.ndarray:
    """Positions (trajectory, time, 2) float64, m, all of them; `open_positions` is for walks of any length."""
    return netcdf.read(path, "position")["position"].values


@contextmanager
def open_positions(path: Path, arena: ArenaConfig) -> Iterator[xr.DataArray]:
    """Positions (trajectory, time, 2) float64, m; a slice of them reads that slice alone.

    Raises InputError if the walks leave the arena: they are of another one.
    """
    with netcdf.open_lazily(path, "position") as dataset:
        position = dataset["position"]
        reach = np.abs(position.attrs["actual_range"]).max()
        if reach > arena.side / 2 * (1 + 1e-9):
            raise InputError(
                f"{path} goes {reach:.2f} m from the centre; expected walks within the arena of {arena.side:g} m: "
                "delete it and let snakemake make it again"
            )
        yield position
