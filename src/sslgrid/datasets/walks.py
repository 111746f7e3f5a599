"""results/trajectories/<arena>.nc"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from sslgrid.basics.arena import ArenaConfig
from sslgrid.basics.errors import InputError
from sslgrid.datasets.schema import Schema
from sslgrid.walks.walks import BLOCK, Walks

WALKS = Schema(
    "walks",
    "Walks through an arena",
    "trajectories/<arena>.nc",
    {
        "trajectory time axis": {
            "position": ("m", "position"),
            "velocity": ("m", "displacement by the step that ends here"),
        },
        "trajectory time": {"heading": ("radian", "heading of the step that ends here; at rest too")},
    },
    {"trajectory": ("1", "number of the walk"), "time": ("1", "steps since the start"), "axis": ("1", "0: x, 1: y")},
)


def write_walks(path: Path, walks: Walks, provenance: dict[str, str]) -> None:
    """Write walks that are in memory."""
    positions = np.asarray(walks.positions)
    velocity = np.full_like(positions, np.nan)
    velocity[:, 1:] = np.diff(positions, axis=1)
    dataset = WALKS.dataset({"position": positions, "velocity": velocity, "heading": walks.headings})
    dataset["position"].attrs["actual_range"] = np.array([positions.min(), positions.max()])
    for name, values in dataset.data_vars.items():
        dataset[name].encoding["chunksizes"] = (len(positions), min(positions.shape[1], BLOCK), 2)[: values.ndim]
    WALKS.write(path, dataset, provenance)


def read_walks(path: Path) -> Walks:
    """All walks of a file, in memory; `open_walks` is for walks of any length."""
    dataset = WALKS.read(path)
    return Walks(dataset["position"].values, dataset["heading"].values)


@contextmanager
def open_walks(path: Path, arena: ArenaConfig) -> Iterator[Walks]:
    """The walks of a file; a slice of them reads that slice alone.

    Raises InputError if the walks leave the arena: they are of another one.
    """
    with WALKS.open(path) as dataset:
        position = dataset["position"]
        reach = np.abs(position.attrs["actual_range"]).max()
        if reach > arena.width / 2 * (1 + 1e-9):
            raise InputError(
                f"{path} goes {reach:.2f} m from the centre; expected walks within the arena, {arena.width:g} m wide: "
                "delete it and let snakemake make it again"
            )
        yield Walks(position, dataset["heading"])
