"""results/trajectories/<arena>.nc"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from sslgrid.datasets import netcdf
from sslgrid.datasets.netcdf import variable
from sslgrid.errors import InputError
from sslgrid.walks.config import ArenaConfig
from sslgrid.walks.walks import BLOCK, Walks


def write_walks(path: Path, walks: Walks, provenance: dict[str, str]) -> None:
    """Write walks that are in memory."""
    positions = walks.positions
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
            "heading": variable(
                "trajectory time", walks.headings, "radian", "heading of the step that ends here", chunks[:2]
            ),
        },
        {
            "trajectory": variable("trajectory", np.arange(len(positions)), "1", "number of the walk"),
            "time": variable("time", np.arange(positions.shape[1]), "1", "steps since the start"),
            "axis": variable("axis", np.arange(2), "1", "0: x, 1: y"),
        },
        provenance,
    )


def read_walks(path: Path) -> Walks:
    """All walks of a file, in memory; `open_walks` is for walks of any length."""
    dataset = netcdf.read(path, "position", "heading")
    return Walks(dataset["position"].values, dataset["heading"].values)


@contextmanager
def open_walks(path: Path, arena: ArenaConfig) -> Iterator[Walks]:
    """The walks of a file; a slice of them reads that slice alone.

    Raises InputError if the walks leave the arena: they are of another one.
    """
    with netcdf.open_lazily(path, "position", "heading") as dataset:
        position = dataset["position"]
        reach = np.abs(position.attrs["actual_range"]).max()
        if reach > arena.width / 2 * (1 + 1e-9):
            raise InputError(
                f"{path} goes {reach:.2f} m from the centre; expected walks within the arena, {arena.width:g} m wide: "
                "delete it and let snakemake make it again"
            )
        yield Walks(position, dataset["heading"])
