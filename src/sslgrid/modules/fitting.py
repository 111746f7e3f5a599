"""The modules of a network in one arena, and how their lattices fit together."""

from itertools import combinations

import numpy as np
import xarray as xr

from sslgrid.datasets.modules import MODULES_AND_PAIRS, columns_of
from sslgrid.modules.commensurability import Lattice, compare
from sslgrid.modules.table import describe_modules

DRAWS = 10_000  # of the null and of the bootstraps


def measure_modules(tuning: xr.Dataset, rng: np.random.Generator) -> xr.Dataset:
    """What a file of `datasets.modules.MODULES_AND_PAIRS` holds. tuning: of one network in one arena."""
    modules = describe_modules(tuning)
    return MODULES_AND_PAIRS.dataset(modules | columns_of(compare_all(tuning, modules["kind"], rng)))


def compare_all(tuning: xr.Dataset, kinds: np.ndarray, rng: np.random.Generator) -> list[dict]:
    """A row for each pair of modules, the finer one first."""
    module = tuning["module"].values
    lattices = [
        Lattice(int(kind), tuning["spacing"].values[module == name], tuning["orientation"].values[module == name])
        for name, kind in enumerate(kinds)
    ]
    return [
        {"fine": fine, "coarse": coarse} | compare(lattices[fine], lattices[coarse], DRAWS, rng)
        for fine, coarse in combinations(range(len(lattices)), 2)
    ]
