"""A network at each snapshot of its training: rate maps, tuning, and what has formed so far."""

from collections.abc import Iterable

import numpy as np
import xarray as xr

from sslgrid.datasets.emergence import COLUMNS, EMERGENCE
from sslgrid.emergence.modules import lattice_share
from sslgrid.modules.lattices import lattice_columns, score_lattices
from sslgrid.modules.table import describe_modules
from sslgrid.spatial.gridness import HEXAGONAL, SQUARE
from sslgrid.spatial.ratemap import RateMaps, upright

Mapped = Iterable[tuple[int, RateMaps]]  # training steps taken, and the rate maps then


def measure_emergence(mapped: Mapped, tuning: xr.Dataset, rng: np.random.Generator) -> xr.Dataset:
    """What a file of `datasets.emergence.EMERGENCE` holds.

    tuning: of the network that the training ended with, in the same arena. The last snapshot is that network, so its
    modules are those of the tuning, tested for significance. Those of the other snapshots are not. rng: for these.
    """
    steps, maps, rows = [], [], []
    for step, of_step in mapped:
        tuned = upright(of_step)
        steps.append(step)
        maps.append(of_step)
        rows.append(lattice_columns(tuned, score_lattices(tuned), rng))
    rows[-1] = {name: tuning[name].values for name in COLUMNS}
    columns = {name: np.stack([row[name] for row in rows]) for name in COLUMNS}
    values = {**summarise(columns), **columns, "ratemap": np.stack([each.rates for each in maps])}
    return EMERGENCE.dataset(values, {"step": np.array(steps), "y": maps[0].centres, "x": maps[0].centres})


def summarise(columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What the network has at each step, each (step,); columns: (step, unit)."""
    moments = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    kinds = [describe_modules(moment)["kind"] for moment in moments]
    return {
        "lattice_share": lattice_share(columns["live"], columns["lattice"]),
        "hexagonal_modules": np.array([(kind == HEXAGONAL).sum() for kind in kinds]),
        "square_modules": np.array([(kind == SQUARE).sum() for kind in kinds]),
    }
