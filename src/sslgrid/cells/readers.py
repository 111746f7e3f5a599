"""Reading what is not ours: recordings, rate maps and activity, told apart by what a file holds."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from sslgrid.basics.errors import InputError
from sslgrid.cells.matlab import map_of, read_matlab, recording_of
from sslgrid.cells.nwb import read_nwb
from sslgrid.cells.recording import Recording, checked, metres_in

SUFFIXES = (".mat", ".npz", ".nwb", ".nc", ".csv")


@dataclass(frozen=True)
class Maps:
    """Rate maps that somebody else made. rates: (unit, y, x), NaN unvisited; bin_size in m; names of the units."""

    name: str
    rates: np.ndarray
    bin_size: float
    units: list[str]


@dataclass(frozen=True)
class Activity:
    """What a network did. positions: (walk, step, 2) m; activity: (walk, step, unit)."""

    name: str
    positions: np.ndarray
    activity: np.ndarray


def read(path: Path, units: str | None, bin_size: float | None, series: str | None) -> Recording | Maps | Activity:
    """What a file holds. units: of lengths in files that do not state theirs, "cm" or "m".

    bin_size: m, of a bare map. series: of an NWB file. Raises InputError with one line for what cannot be read.
    """
    path = Path(path)
    if path.suffix not in SUFFIXES:
        raise InputError(f"{path} ends in {path.suffix or 'nothing'}; expected one of {', '.join(SUFFIXES)}")
    if not path.is_file():
        raise InputError(f"{path} is missing: check the path")
    if path.suffix == ".nwb":
        return read_nwb(path, units, series)
    if path.suffix == ".npz":
        return _from_arrays(path, _npz(path), units, bin_size)
    if path.suffix == ".nc":
        return _from_netcdf(path, units)
    if path.suffix == ".csv":
        return _maps(path.stem, str(path), _csv(path), bin_size)
    content = read_matlab(path)
    rates = map_of(content)
    return recording_of(path, content, units) if rates is None else _maps(path.stem, str(path), rates, bin_size)


def _from_arrays(path: Path, content: dict, units: str | None, bin_size: float | None) -> Recording | Maps | Activity:
    units = units or (str(content["units"]) if "units" in content else None)
    if "ratemap" in content:
        size = bin_size
        if size is None and "bin_size" in content:
            size = float(content["bin_size"]) * metres_in(units, str(path))
        return _maps(path.stem, str(path), content["ratemap"], size)
    if "positions" not in content:
        raise InputError(
            f"{path} has neither ratemap nor positions; it holds {', '.join(sorted(content)) or 'nothing'}"
        )
    positions = content["positions"].astype(float) * metres_in(units, str(path))
    if "activity" in content:
        return _activity(path, positions, content["activity"])
    if "times" not in content:
        raise InputError(f"{path} has positions but neither times (of a recording) nor activity (of a network)")
    return checked(Recording(path.stem, content["times"], positions, _spikes(path, content)))


def _spikes(path: Path, content: dict) -> dict[str, np.ndarray]:
    """Either one array `spikes_<cell>` for each cell, or all `spike_times` with their `spike_cells`."""
    if "spike_times" in content:
        times, cells = content["spike_times"], content.get("spike_cells")
        if cells is None or np.shape(cells) != np.shape(times):
            named = 0 if cells is None else np.size(cells)
            raise InputError(
                f"{path}: spike_times has {np.size(times)} values and spike_cells {named}; expected one cell a spike"
            )
        return {str(cell): times[cells == cell] for cell in np.unique(cells)}
    return {name.removeprefix("spikes_"): at for name, at in content.items() if name.startswith("spikes_")}


def _activity(path: Path, positions: np.ndarray, activity: np.ndarray) -> Activity:
    if activity.ndim != 3 or positions.shape != (*activity.shape[:2], 2):
        raise InputError(
            f"{path}: positions of shape {positions.shape} and activity of shape {activity.shape}; expected "
            "(walk, step, 2) and (walk, step, unit)"
        )
    if not (np.isfinite(positions).all() and np.isfinite(activity).all()):
        raise InputError(f"{path}: positions and activity must be finite; expected no NaN")
    return Activity(path.stem, positions, activity)


def _maps(name: str, source: str, rates: np.ndarray, bin_size: float | None, units: list[str] | None = None) -> Maps:
    rates = np.asarray(rates, float)
    rates = rates[None] if rates.ndim == 2 else rates
    if rates.ndim != 3 or min(rates.shape) < 1:
        raise InputError(f"{source}: a rate map of shape {rates.shape}; expected (y, x) or (unit, y, x)")
    if bin_size is None or not bin_size > 0:
        raise InputError(f"{source} does not state the side of a bin; give it in metres: --bin 0.03")
    if np.isinf(rates).any():
        raise InputError(f"{source}: rates are infinite; expected numbers, or NaN where nobody went")
    return Maps(name, rates, float(bin_size), units or [str(unit) for unit in range(len(rates))])


def _from_netcdf(path: Path, units: str | None) -> Maps:
    """`ratemap(unit, y, x)` with coordinates, by whatever wrote it: no seal of this pipeline is asked for."""
    try:
        with xr.open_dataset(path, engine="netcdf4") as dataset:
            dataset = dataset.load()
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as NetCDF ({error})") from None
    missing = [name for name in ("ratemap", "y", "x") if name not in dataset.variables]
    if missing or set(dataset["ratemap"].dims) != {"unit", "y", "x"}:
        raise InputError(
            f"{path} has no {', '.join(missing) or 'ratemap(unit, y, x)'}; expected ratemap(unit, y, x), y and x"
        )
    steps = [np.diff(dataset[axis].values.astype(float)) for axis in ("y", "x")]
    size = np.median(np.concatenate(steps))
    if not all(len(step) and np.allclose(step, size, rtol=1e-3) for step in steps):
        raise InputError(f"{path}: the bins of y and x have several sides; expected one rising step for both")
    metres = metres_in(units or dataset["x"].attrs.get("units"), f"{path}, coordinate x,")
    rates = dataset["ratemap"].transpose("unit", "y", "x").values
    names = [str(unit) for unit in dataset["unit"].values] if "unit" in dataset.variables else None
    return _maps(path.stem, str(path), rates, size * metres, names)


def _npz(path: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as file:
            return dict(file)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise InputError(f"{path} cannot be read as npz ({error})") from None


def _csv(path: Path) -> np.ndarray:
    try:
        cells = np.genfromtxt(path, delimiter=",", dtype=str, ndmin=2)
    except ValueError as error:
        raise InputError(f"{path} cannot be read as a table of numbers ({error})".replace("\n", " ")) from None
    words = [cell for cell in cells.ravel() if not _is_number(cell)]
    if words:
        raise InputError(
            f"{path} holds {str(words[0])!r}; expected one rate map: rows of numbers alone, empty or nan where the "
            "animal was not"
        )
    return np.where(np.strings.strip(cells) == "", "nan", cells).astype(float)


def _is_number(cell: str) -> bool:
    try:
        return not cell.strip() or np.isscalar(float(cell))
    except ValueError:
        return False
