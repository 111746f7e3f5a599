"""Files of each kind, written from arrays, as the stages write them from what they measure."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import xarray as xr

from sslgrid.datasets.modules import MODULES_AND_PAIRS, columns_of
from sslgrid.datasets.schema import Schema
from sslgrid.datasets.training import training_schema
from sslgrid.datasets.tuning import TUNING
from sslgrid.generalisation.outside import of_named_arenas


def filled(schema: Schema, sizes: Mapping[str, int], value: float = 1.0) -> dict[str, np.ndarray]:
    """A number for every value of a kind of file; sizes: by dimension."""

    def array(dims: str, words: tuple) -> np.ndarray:
        numbered = len(words) > 2 and "flag_values" in words[2]
        return np.full([sizes[dim] for dim in dims.split()], value, np.int8 if numbered else float)

    return {name: array(dims, words) for name, (dims, words) in schema.words.items()}


def write_training(path: Path, steps: np.ndarray, rows: np.ndarray, columns: Mapping, facts: Mapping[str, str]) -> None:
    """rows: (row, column)."""
    schema = training_schema(columns)
    schema.write(path, schema.dataset(dict(zip(columns, rows.T, strict=True)), {"step": steps}), facts)


def write_tuning(path: Path, columns: Mapping, facts: Mapping[str, str]) -> None:
    """columns: (unit,) each."""
    TUNING.write(path, TUNING.dataset(dict(columns)), facts)


def write_modules(path: Path, modules: Mapping, pairs: list[dict], facts: Mapping[str, str]) -> None:
    """modules: (module,) each; pairs: a row for each pair."""
    MODULES_AND_PAIRS.write(path, MODULES_AND_PAIRS.dataset({**modules, **columns_of(pairs)}), facts)


def generalisation_of(schema_values: Mapping[str, np.ndarray], arenas: list[str]) -> xr.Dataset:
    """A dataset of these values, whose windows, radii and distances count from 1."""
    windows, radii = schema_values["path_length"], schema_values["mean_distance"]
    distances = schema_values["visits"].shape[1]
    axes = {
        "window": np.arange(len(windows)) + 1.0,
        "radius": np.arange(len(radii)) + 0.5,
        "distance": (np.arange(distances) + 0.5) / distances,
    }
    return of_named_arenas(arenas, dict(schema_values), axes)
