"""When a training network has modules: the criterion, and the first time it holds."""

import numpy as np
import xarray as xr

SHARE = 0.5  # of the live units on a lattice
RATIO = 1.25  # of the mean spacings of two modules


def has_modules(tuning: xr.Dataset) -> bool:
    """Whether half of the live units are on a lattice and two modules have spacings more than a quarter apart.

    tuning: `live`, `lattice`, `module` and `spacing` by unit, at one time.
    """
    live = tuning["live"].values == 1
    on_lattice = tuning["lattice"].values[live] > 0
    spacings = module_spacings(tuning)
    return bool(len(spacings) and on_lattice.mean() >= SHARE and max(spacings) > RATIO * min(spacings))


def module_spacings(tuning: xr.Dataset) -> list[float]:
    """Mean spacing of each module, m, rising."""
    module, spacing = tuning["module"].values, tuning["spacing"].values
    return [float(spacing[module == name].mean()) for name in range(module.max() + 1)]


def first_modules(emergence: xr.Dataset) -> int | None:
    """The first index along `step` from which the criterion holds twice in a row, or at the very end; None if never.

    Twice, because early in training units pass through lattices that do not last.
    """
    holds = np.array([has_modules(emergence.isel(step=k)) for k in range(emergence.sizes["step"])])
    lasting = holds & np.append(holds[1:], True)
    return int(lasting.argmax()) if lasting.any() else None
