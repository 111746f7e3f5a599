"""One number per localiser, from its result files: what the claims of Cueva & Wei (2018) are about.

Each takes a network and returns a float, NaN if it cannot be measured, and 1 or 0 where a condition holds or not.
"""

from collections.abc import Callable, Collection

import numpy as np
import xarray as xr
from scipy.stats import spearmanr

from sslgrid.claims.networks import Network
from sslgrid.claims.statistics import live_units
from sslgrid.development import onset
from sslgrid.spatial.classes import UnitClass
from sslgrid.spatial.gridness import HEXAGONAL
from sslgrid.spatial.significance import significant_units

LATTICES = (UnitClass.HEXAGONAL, UnitClass.SHEARED, UnitClass.SQUARE)
BANDS, BORDERS = (UnitClass.BAND,), (UnitClass.BORDER,)
TESTED_BY = {BANDS: "p_band", BORDERS: "p_border"}  # lattices are significant by their class
FLAT = 1e-3  # a rate that changes by less with speed, of the 2 that it can, is no tuning


def share_of(kinds: Collection[int]) -> Callable[[Network], float]:
    """Share of the live units that are of these classes, and significantly so; 0 if no unit is live."""

    def value(network: Network) -> float:
        live = live_units(network)
        return np.nan if live is None else float(np.mean(_significant(live, kinds))) if live.sizes["unit"] else 0.0

    return value


def has_units(kinds: Collection[int]) -> Callable[[Network], float]:
    """1 if any unit is of these classes, and significantly so."""
    share = share_of(kinds)
    return lambda network: np.nan if np.isnan(share(network)) else float(share(network) > 0)


def none_of(kinds: Collection[int]) -> Callable[[Network], float]:
    """1 if no unit is of these classes and significantly so."""
    has = has_units(kinds)
    return lambda network: 1 - has(network)


def hexagonal_share(network: Network) -> float:
    """Share of the units with a significant lattice whose lattice is nearer to a hexagonal than to a square one."""
    live = live_units(network)
    if live is None:
        return np.nan
    kinds = live["lattice"].values[_significant(live, LATTICES)]
    return float(np.mean(kinds == HEXAGONAL)) if len(kinds) else np.nan


def square_share(network: Network) -> float:
    """The rest of them."""
    return 1 - hexagonal_share(network)


def held_out_error(network: Network) -> float:
    """Mean error along held-out paths, over that of the best constant answer."""
    measured = network.read("localisation")
    return float(measured["error"].mean() / measured["constant_error"])


def late_error(network: Network) -> float:
    """Mean error in the last window of the long paths, over that of the best constant answer."""
    measured = network.read("localisation")
    return float(measured["long_error"][-1].mean() / measured["long_constant"])


def gain_of_walls(network: Network) -> float:
    """The same of paths that meet no wall, less `late_error`: positive if walls help."""
    measured = network.read("localisation")
    return float(measured["long_error_inside"][-1].mean() / measured["long_constant_inside"]) - late_error(network)


def onset_difference(kinds: Collection[int], others: Collection[int]) -> Callable[[Network], float]:
    """Onset of some classes less that of others, over the steps of the training; NaN if the network lacks either."""

    def value(network: Network) -> float:
        development = network.read("development")
        steps, share = development["step"].values, development["share"].values
        first, second = (onset(steps, share[:, list(each)].sum(axis=1)) for each in (kinds, others))
        return (first - second) / steps[-1]

    return value


def speed_tuning_of_borders(network: Network) -> float:
    """Variance explained by speed, mean of the border units over that of the other live units."""
    live, measured = _tuned(network)
    if live is None:
        return np.nan
    explained, border = measured["explained_by_speed"].values, live["class"].values == UnitClass.BORDER
    if not border.any() or border.all():
        return np.nan
    return float(np.nanmean(explained[border]) / np.nanmean(explained[~border]))


def linear_in_speed(network: Network) -> float:
    """Share of the live units but border ones whose mean rate is nine tenths linear in the speed (R^2 >= 0.9)."""
    live, measured = _tuned(network)
    if live is None:
        return np.nan
    others = live["class"].values != UnitClass.BORDER
    curves, speed = measured["speed_tuning"].values[others], measured["speed"].values
    curves = curves[np.ptp(curves, axis=1) > FLAT]
    if not len(curves):
        return np.nan
    r = [np.corrcoef(speed, curve)[0, 1] for curve in curves]
    return float(np.mean(np.square(r) >= 0.9))


def direction_against_place(network: Network) -> float:
    """Rank correlation over the live units of what heading and what place explain of their variance."""
    live, measured = _tuned(network)
    if live is None:
        return np.nan
    known = np.isfinite(measured["explained_by_heading"].values)
    heading, place = (measured[f"explained_by_{name}"].values[known] for name in ("heading", "place"))
    return float(spearmanr(heading, place).statistic) if known.sum() > 2 else np.nan


def _tuned(network: Network) -> tuple[xr.Dataset | None, xr.Dataset]:
    """Tuning and localisation of the live units; the tuning is None if there is none."""
    live = live_units(network)
    measured = network.read("localisation")
    if live is None or not live.sizes["unit"]:
        return None, measured
    return live, measured.isel(unit=network.read("tuning")["live"].values == 1)


def _significant(live: xr.Dataset, kinds: Collection[int]) -> np.ndarray:
    """Which live units are of these classes, and significantly so: (unit,) bool."""
    of_class = np.isin(live["class"].values, kinds)
    tested = TESTED_BY.get(tuple(kinds))
    beyond_chance = live["significant"].values == 1 if tested is None else significant_units(live[tested].values)
    return of_class & beyond_chance
