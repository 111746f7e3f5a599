"""What each kind of NetCDF file holds, said once: for those who write, for those who read, and for the docs."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sslgrid.basics.errors import InputError
from sslgrid.datasets import netcdf

KIND = "schema"  # the global attribute that says which schema a file follows, and its version
Words = tuple  # CF units ("1" for none), what it is in words, and further attributes if any


@dataclass(frozen=True)
class Schema:
    """One kind of file.

    kind: its name in the files. title: what such a file is. place: where results/ has it. variables: by dimensions, as
    "unit y x", those that have them, each with its `Words`; "" for a single number. coordinates: likewise, of each
    dimension. optional: variables that a file may lack. version: one more with each change that old files do not have.
    """

    kind: str
    title: str
    place: str
    variables: Mapping[str, Mapping[str, Words]]
    coordinates: Mapping[str, Words]
    optional: frozenset[str] = frozenset()
    version: int = 1
    words: dict[str, tuple[str, Words]] = field(init=False, repr=False)  # of each variable, its dimensions and `Words`

    def __post_init__(self) -> None:
        words = {name: (dims, each) for dims, held in self.variables.items() for name, each in held.items()}
        object.__setattr__(self, "words", words)

    def dataset(
        self, values: Mapping[str, Any], coordinates: Mapping[str, Any] | None = None, **attributes: Any
    ) -> xr.Dataset:
        """A dataset of this kind. Coordinates that are not given count from 0.

        values: an array for each variable. attributes: global ones. Raises ValueError unless the names are those of the
        schema: a mistake of the code, not of a user.
        """
        unknown, missing = values.keys() - self.words.keys(), self.words.keys() - values.keys() - self.optional
        if unknown or missing:
            raise ValueError(f"{self.kind}: {sorted(unknown)} are not in the schema, {sorted(missing)} are missing")
        held = {
            name: netcdf.variable(dims, values[name], *words[:2], **(words[2] if len(words) > 2 else {}))
            for name, (dims, words) in self.words.items()
            if name in values
        }
        sizes = {dim: size for dims, array, *_ in held.values() for dim, size in zip(dims, array.shape, strict=True)}
        given = {dim: np.arange(size) for dim, size in sizes.items() if dim in self.coordinates} | dict(
            coordinates or {}
        )
        axes = {}
        for name, array in given.items():
            units, words, *more = self.coordinates[name]
            axes[name] = netcdf.variable(name, array, units, words, **(more[0] if more else {}))
        return xr.Dataset(held, axes, attributes)

    def write(self, path: Path, dataset: xr.Dataset, provenance: Mapping[str, str]) -> None:
        """Write a dataset of this kind, whole or not at all; provenance: what made it."""
        facts = {"title": self.title, KIND: f"{self.kind} {self.version}", **dataset.attrs, **provenance}
        netcdf.write(path, dataset.assign_attrs(facts))

    def read(self, path: Path) -> xr.Dataset:
        """A dataset with every variable that is not optional, in memory.

        Raises InputError, naming the file, if it is missing, damaged, of another kind or of another version.
        """
        with self.open(path) as dataset:
            return netcdf.loaded(path, dataset)

    def open(self, path: Path) -> AbstractContextManager[xr.Dataset]:
        """Like `read`, but a variable's values are read where they are used."""
        return netcdf.open_lazily(path, *(name for name in self.words if name not in self.optional), check=self._check)

    def _check(self, path: Path, dataset: xr.Dataset) -> None:
        kind, _, version = str(dataset.attrs.get(KIND, f"{self.kind} 0")).partition(
            " "
        )  # 0: before there were versions
        if kind != self.kind:
            raise InputError(f"{path} is a file of {kind}; expected one of {self.kind}")
        if int(version) > self.version:
            raise InputError(
                f"{path} is of version {version} of its kind; this sslgrid knows {self.version}: use a newer sslgrid"
            )


def by_name(words: Mapping[str, Words], *names: str) -> dict[str, Words]:
    """Some of the variables of another kind, which mean the same here."""
    return {name: words[name] for name in names}


def flags(*meanings: str, first: int = 0) -> dict[str, Any]:
    """CF attributes of a variable whose numbers, from `first` on, stand for words."""
    values = np.arange(first, first + len(meanings), dtype=np.int8)
    return {"flag_values": values, "flag_meanings": " ".join(meanings)}
