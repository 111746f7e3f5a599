"""MATLAB files of recordings in the layouts of the public Trondheim data, and of single rate maps."""

from pathlib import Path

import numpy as np
import scipy.io

from sslgrid.basics.errors import InputError
from sslgrid.cells.recording import Recording, checked, metres_in

ONE_POINT = ("pos_x", "pos_y", "pos_timeStamps")  # Hafting et al. 2005; spikes: `<cell>_timeStamps`
TWO_LEDS = ("x1", "y1", "x2", "y2", "t", "ts")  # Sargolini et al. 2006: two LEDs on the head, and one cell's spikes
SPIKES = "_timeStamps"
LEAST_MAP = 5  # bins along each side of what may be a rate map


def read_matlab(path: Path) -> dict[str, np.ndarray]:
    """Every array of a MATLAB file up to version 7. Raises InputError for any other file."""
    try:
        content = scipy.io.loadmat(path)
    except NotImplementedError:
        raise InputError(
            f"{path} is a MATLAB file of version 7.3; expected one up to version 7: save it in MATLAB with -v7"
        ) from None
    except Exception as error:  # scipy raises what the bytes happen to trip over
        raise InputError(f"{path} cannot be read as a MATLAB file ({error})") from None
    return {name: value for name, value in content.items() if isinstance(value, np.ndarray) and name[0] != "_"}


def recording_of(path: Path, content: dict[str, np.ndarray], units: str | None) -> Recording:
    """The recording in a MATLAB file. A head with two LEDs is midway between them, or at the one that was tracked.

    units: "cm" or "m", which these files do not state. Raises InputError for a missing array.
    """
    names = set(content)
    if names & set(TWO_LEDS[:4]):
        _require(path, names, TWO_LEDS)
        x, y = (_middle(path, content[f"{axis}1"], content[f"{axis}2"]) for axis in "xy")
        times, cells = content["t"], {"cell": content["ts"]}
    else:
        _require(path, names, ONE_POINT)
        x, y, times = (content[name] for name in ONE_POINT)
        cells = {name.removesuffix(SPIKES): content[name] for name in sorted(names) if name.endswith(SPIKES)}
        cells.pop("pos", None)
    if np.size(x) != np.size(y):
        raise InputError(f"{path}: {np.size(x)} values of x and {np.size(y)} of y; expected as many of each")
    positions = np.stack([np.ravel(x), np.ravel(y)], axis=1) * metres_in(units, str(path))
    return checked(Recording(path.stem, np.ravel(times), positions, {name: np.ravel(at) for name, at in cells.items()}))


def map_of(content: dict[str, np.ndarray]) -> np.ndarray | None:
    """The one rate map (y, x) that a MATLAB file holds; None if it holds something else."""
    arrays = [value for value in content.values() if value.ndim == 2 and min(value.shape) >= LEAST_MAP]
    return arrays[0].astype(float) if len(arrays) == 1 and len(content) == 1 else None


def _middle(path: Path, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    first, second = np.ravel(first).astype(float), np.ravel(second).astype(float)
    if len(first) != len(second):
        raise InputError(f"{path}: {len(first)} positions of one LED and {len(second)} of the other")
    both = (first + second) / 2
    return np.where(np.isfinite(both), both, np.where(np.isfinite(first), first, second))


def _require(path: Path, names: set[str], expected: tuple[str, ...]) -> None:
    missing = [name for name in expected if name not in names]
    if missing:
        raise InputError(
            f"{path} has no {', '.join(missing)}; expected {', '.join(ONE_POINT)} and <cell>{SPIKES}, or "
            f"{', '.join(TWO_LEDS)}"
        )
