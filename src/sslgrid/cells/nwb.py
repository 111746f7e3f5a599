"""Recordings from NWB files, through pynwb: `pip install pynwb`."""

from pathlib import Path

import numpy as np

from sslgrid.basics.errors import InputError
from sslgrid.cells.recording import Recording, checked, metres_in

UNITS = {"meters": "m", "metres": "m", "meter": "m", "m": "m", "centimeters": "cm", "centimetres": "cm", "cm": "cm"}


def read_nwb(path: Path, units: str | None, series: str | None = None) -> Recording:
    """The path and the units of an NWB file.

    units: replaces the unit of length that the file states. series: name of the SpatialSeries, if there are several.
    Raises InputError without pynwb, or for a file without a path of two coordinates or without units.
    """
    try:
        from pynwb import NWBHDF5IO  # pyright: ignore[reportMissingImports] (an optional extra)
    except ImportError:
        raise InputError(f"{path} is an NWB file; reading it needs pynwb: pip install pynwb") from None
    try:
        with NWBHDF5IO(str(path), mode="r", load_namespaces=True) as file:
            return _recording(path, file.read(), units, series)
    except (OSError, KeyError, ValueError) as error:
        raise InputError(f"{path} cannot be read as an NWB file ({error})") from None


def _recording(path: Path, content, units: str | None, series: str | None) -> Recording:
    position = _chosen(path, _spatial_series(content), series)
    data = np.asarray(position.data[:], float) * float(position.conversion)
    if position.timestamps is not None:
        times = np.asarray(position.timestamps[:], float)
    else:
        times = (position.starting_time or 0.0) + np.arange(len(data)) / position.rate
    if content.units is None:
        raise InputError(f"{path} has no units table; expected one with spike_times")
    spikes = {str(key): np.asarray(content.units["spike_times"][row]) for row, key in enumerate(content.units.id[:])}
    unit = units or UNITS.get(str(position.unit).lower(), position.unit)
    return checked(Recording(path.stem, times, data[:, :2] * metres_in(unit, str(path)), spikes))


def _spatial_series(content) -> dict:
    """Every SpatialSeries of two coordinates or more, by name."""
    every = list(content.acquisition.values())
    for module in content.processing.values():
        every += list(module.data_interfaces.values())
    found = {}
    for each in every:
        for series in getattr(each, "spatial_series", {"": each}).values():
            if type(series).__name__ == "SpatialSeries" and np.ndim(series.data) == 2 and series.data.shape[1] >= 2:
                found[series.name] = series
    return found


def _chosen(path: Path, found: dict, name: str | None):
    if name is None and len(found) == 1:
        return next(iter(found.values()))
    if name in found:
        return found[name]
    raise InputError(
        f"{path} holds {len(found)} paths ({', '.join(sorted(found)) or 'no SpatialSeries of two coordinates'}); "
        "expected one: name it with --series"
    )
