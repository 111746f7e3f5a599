"""Writing and reading NetCDF files: CF-1.11, compressed, equal bytes for equal content."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import xarray as xr

from sslgrid.basics.errors import InputError
from sslgrid.store.files import is_sealed, seal, whole_file

# Files appear whole and are never changed, so HDF5 needs no lock, which some network file systems refuse.
os.environ.setdefault("HDF5_USE_FILE_LOCKING", "FALSE")

Variable = tuple[tuple[str, ...], np.ndarray, dict, dict]
Check = Callable[[Path, xr.Dataset], None]


def variable(
    dims: str, values: np.ndarray, units: str, long_name: str, chunks: tuple[int, ...] | None = None, **attributes
) -> Variable:
    """One variable: dims as "unit y x", CF units ("1" for none), and what it is in words.

    chunks: how much is read at once, along each dimension; by default all, or one by one along the first of three.
    """
    encoding = {} if chunks is None else {"chunksizes": chunks}
    return tuple(dims.split()), np.asarray(values), {"units": units, "long_name": long_name, **attributes}, encoding


def write(path: Path, dataset: xr.Dataset) -> None:
    """Write a dataset whole or not at all. No dates, hosts or paths go in, so equal content gives equal bytes."""
    dataset = dataset.assign_attrs(Conventions="CF-1.11")
    encoding = {name: _encoding(values) for name, values in dataset.variables.items()}
    with whole_file(path) as temporary:
        dataset.to_netcdf(temporary, engine="netcdf4", format="NETCDF4", encoding=encoding)
        seal(temporary)


def read(path: Path, *names: str) -> xr.Dataset:
    """Read a dataset of any kind into memory and check that it holds the named variables.

    Raises InputError, naming the file, if it is missing, damaged by a single bit, or of another kind.
    """
    with open_lazily(path, *names) as dataset:
        return loaded(path, dataset)


def loaded(path: Path, dataset: xr.Dataset) -> xr.Dataset:
    """A dataset that was opened, with its values in memory. Raises InputError, naming the file, if it is damaged."""
    try:
        return dataset.load()
    except (OSError, RuntimeError, ValueError) as error:
        raise _unreadable(path, error) from None


@contextmanager
def open_lazily(path: Path, *names: str, check: Check | None = None) -> Iterator[xr.Dataset]:
    """Like `read`, but a variable's values are read where they are used, so a slice of it reads no more than that.

    check: what else may be wrong with the file, before its variables are looked for.
    """
    try:
        if not is_sealed(path):
            raise ValueError("it is not as it was written")
        dataset = xr.open_dataset(path, engine="netcdf4", cache=False)
    except (OSError, RuntimeError, ValueError) as error:
        raise _unreadable(path, error) from None
    with dataset:
        if check is not None:
            check(path, dataset)
        missing = [name for name in names if name not in dataset.variables]
        if missing:
            raise InputError(f"{path} has no {', '.join(missing)}: expected a file that this version of sslgrid made")
        yield dataset


def _unreadable(path: Path, error: Exception) -> InputError:
    if not Path(path).exists():
        return InputError(f"{path} is missing: let snakemake make it again")
    return InputError(
        f"{path} cannot be read ({error}): if the pipeline made it, delete it and let snakemake make it again; maps of "
        "your own are scored by: sslgrid score FILE"
    )


def _encoding(values: xr.Variable) -> dict:
    if values.ndim == 0 or values.dtype.kind not in "fiu":
        return {"_FillValue": None} if values.dtype.kind == "f" else {}
    fill = np.nan if values.dtype.kind == "f" and not isinstance(values, xr.IndexVariable) else None
    chunks = (1,) * (values.ndim - 2) + values.shape[-2:] if values.ndim > 2 else values.shape  # map by map
    return {"zlib": True, "complevel": 4, "shuffle": True, "chunksizes": chunks, "_FillValue": fill, **values.encoding}
