"""A recording: where an animal was, and when its cells fired."""

from dataclasses import dataclass, replace

import numpy as np

from sslgrid.basics.errors import InputError

METRES = {"m": 1.0, "cm": 0.01}
NARROWEST, WIDEST = 0.1, 50.0  # m, of an arena: beyond, the units of length are wrong


@dataclass(frozen=True)
class Recording:
    """times: (sample,) s, rising. positions: (sample, 2) m, NaN where not tracked. spikes: times (spike,) s by cell."""

    name: str
    times: np.ndarray
    positions: np.ndarray
    spikes: dict[str, np.ndarray]


def metres_in(units: str | None, source: str) -> float:
    """Metres in one unit of length. Raises InputError where nobody states the unit: a guess would scale all results."""
    if units not in METRES:
        stated = "does not state its unit of length" if units is None else f"states the unit of length {units!r}"
        raise InputError(f"{source} {stated}; expected cm or m: give it as --units cm or --units m")
    return METRES[units]


def checked(recording: Recording) -> Recording:
    """The recording with its spikes sorted. Raises InputError, naming file and cell, for what cannot be scored."""
    name, times, positions = recording.name, np.ravel(recording.times).astype(float), recording.positions.astype(float)
    if positions.ndim != 2 or positions.shape[1] != 2 or len(positions) != len(times):
        raise InputError(
            f"{name}: {len(times)} times and positions of shape {positions.shape}; expected one (x, y) for each time"
        )
    if len(times) < 2 or not np.isfinite(times).all() or (np.diff(times) <= 0).any():
        raise InputError(
            f"{name}: the times of the positions do not rise; expected two or more rising times in seconds"
        )
    tracked = positions[np.isfinite(positions).all(axis=1)]
    extent = np.ptp(tracked, axis=0) if len(tracked) else np.zeros(2)
    if extent.min() == 0:
        raise InputError(f"{name}: the position is always the same along an axis; expected a path through an arena")
    if extent.max() < NARROWEST or extent.max() > WIDEST:
        raise InputError(
            f"{name}: the path is {extent.max():.3g} m wide; expected {NARROWEST:g} to {WIDEST:g} m: "
            "are --units those of the file?"
        )
    if not recording.spikes:
        raise InputError(f"{name} holds no cell; expected the spike times of one or more")
    spikes = {cell: _checked_spikes(name, cell, at, times) for cell, at in recording.spikes.items()}
    return replace(recording, times=times, positions=positions, spikes=spikes)


def _checked_spikes(name: str, cell: str, spikes: np.ndarray, times: np.ndarray) -> np.ndarray:
    spikes = np.sort(np.ravel(spikes).astype(float))
    if not np.isfinite(spikes).all():
        raise InputError(f"{name}: spike times of cell {cell} are not all finite; expected seconds")
    step = np.median(np.diff(times))
    outside = int(((spikes < times[0] - step) | (spikes > times[-1] + step)).sum())
    if outside:
        raise InputError(
            f"{name}: {outside} of {len(spikes)} spikes of cell {cell} are outside of the recording, {times[0]:.6g} to "
            f"{times[-1]:.6g} s; expected spike times on the clock of the positions, in seconds"
        )
    return spikes
