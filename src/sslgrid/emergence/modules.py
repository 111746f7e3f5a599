"""When a training network has modules: the criterion, and the first time it holds."""

import numpy as np
import xarray as xr

from sslgrid.modules.table import describe_modules, two_largest
from sslgrid.spatial.gridness import NO_LATTICE

SHARE = 0.5  # of the live units on a lattice
RATIO = 1.25  # of the mean spacings of two modules


def has_modules(tuning: xr.Dataset) -> bool:
    """Whether half of the live units are on a lattice and two modules have spacings more than a quarter apart.

    tuning: the columns of an emergence file by unit, at one time.
    """
    share = lattice_share(tuning["live"].values, tuning["lattice"].values)
    spacings = describe_modules(tuning)["spacing"]
    return bool(len(spacings) and share >= SHARE and max(spacings) > RATIO * min(spacings))


def lattice_share(live: np.ndarray, lattice: np.ndarray) -> np.ndarray:
    """Share of the live units that are on a lattice; both (..., unit), returns (...). NaN where no unit is live."""
    count = (live == 1).sum(axis=-1)
    on_lattice = ((live == 1) & (lattice != NO_LATTICE)).sum(axis=-1)
    return np.where(count > 0, on_lattice / np.maximum(count, 1), np.nan)


def first_modules(emergence: xr.Dataset) -> int | None:
    """The first index along `step` from which the criterion holds twice in a row, or at the very end; None if never.

    Twice, because early in training units pass through lattices that do not last.
    """
    holds = np.array([has_modules(emergence.isel(step=k)) for k in range(emergence.sizes["step"])])
    lasting = holds & np.append(holds[1:], True)
    return int(lasting.argmax()) if lasting.any() else None


def largest_pair(modules: xr.Dataset) -> tuple[np.ndarray, int | None]:
    """The two modules with most units, the finer on a tie, by rising spacing, and the number of their pair.

    modules: of `datasets.modules.MODULES_AND_PAIRS`. Of fewer than two modules those that there are, and no pair.
    """
    largest = two_largest(modules["units"].values)
    if len(largest) < 2:
        return largest, None
    pair = (modules["fine"].values == largest[0]) & (modules["coarse"].values == largest[1])
    return largest, int(pair.argmax())
