"""What each module of a network is: how many units, on which lattice."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sslgrid.basics.angles import circular_mean, circular_spread
from sslgrid.modules.finding import SYMMETRY
from sslgrid.spatial.gridness import HEXAGONAL, SQUARE


def two_largest(units: ArrayLike) -> np.ndarray:
    """The numbers of the two modules with most units (module,), the finer on a tie, by rising spacing.

    Of fewer than two modules those that there are.
    """
    return np.sort(np.argsort(-np.asarray(units), kind="stable")[:2])  # modules are numbered by spacing


def describe_modules(tuning: Mapping[Any, ArrayLike]) -> dict[str, np.ndarray]:
    """One row per module, by rising spacing: each (module,).

    tuning: the columns of a tuning file, each (unit,). `ratio_to_next`: the next module's spacing over this one's, NaN
    for the last. Spreads are standard deviations over units.
    """
    module = np.asarray(tuning["module"])
    members = [np.flatnonzero(module == name) for name in range(module.max(initial=-1) + 1)]

    def of_units(name: str, statistic) -> np.ndarray:
        values = np.asarray(tuning[name])
        return np.array([statistic(values[units]) for units in members])

    spacing = of_units("spacing", np.mean)
    square = of_units("gridness90", np.mean) > of_units("gridness60", np.mean)
    kind = np.where(square, SQUARE, HEXAGONAL).astype(np.int8)
    orientation = np.asarray(tuning["orientation"])
    turns = [(orientation[units], SYMMETRY[int(name)]) for units, name in zip(members, kind, strict=True)]
    return {
        "units": np.array([len(units) for units in members], int),
        "kind": kind,
        "spacing": spacing,
        "spacing_spread": of_units("spacing", np.std),
        "orientation": np.array([circular_mean(angles, period) for angles, period in turns]),
        "orientation_spread": np.array([circular_spread(angles, period) for angles, period in turns]),
        "ellipticity": of_units("ellipticity", np.mean),
        "gridness60": of_units("gridness60", np.mean),
        "gridness90": of_units("gridness90", np.mean),
        "ratio_to_next": np.append(spacing[1:] / spacing[:-1], np.nan)[: len(spacing)],
    }
