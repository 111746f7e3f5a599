"""One number per localiser, from its result files: what the claims of Cueva & Wei (2018) are about.

Each takes a network and returns a float, NaN if it cannot be measured, and 1 or 0 where a condition holds or not.
"""

from collections.abc import Callable, Collection

import numpy as np
import xarray as xr
from scipy.stats import spearmanr

from sslgrid.claims.networks import NetworkResults
from sslgrid.claims.statistics import live_units, modules_between
from sslgrid.emergence.classes import onset
from sslgrid.spatial.classes import LATTICES, UnitClass

BANDS, BORDERS = (UnitClass.BAND,), (UnitClass.BORDER,)  # like lattices, of localisers only what is significant
TUNED_TO_SPEED = 0.01  # of a unit's variance: less is what walks of finite length make of no tuning
LINEAR = 0.9  # R^2 of a line


def share_of(kinds: Collection[int]) -> Callable[[NetworkResults], float]:
    """Share of the live units that are of these classes; 0 if no unit is live."""

    def value(network: NetworkResults) -> float:
        live = live_units(network)
        if live is None:
            return np.nan
        return float(np.isin(live["class"].values, list(kinds)).mean()) if live.sizes["unit"] else 0.0

    return value


def has_units(kinds: Collection[int]) -> Callable[[NetworkResults], float]:
    """1 if any unit is of these classes."""

    def value(network: NetworkResults) -> float:
        share = share_of(kinds)(network)
        return np.nan if np.isnan(share) else float(share > 0)

    return value


def none_of(kinds: Collection[int]) -> Callable[[NetworkResults], float]:
    """1 if there are live units, and none of these classes."""
    has = has_units(kinds)

    def value(network: NetworkResults) -> float:
        live = live_units(network)
        return 1 - has(network) if live is not None and live.sizes["unit"] else np.nan

    return value


def hexagonal_share(network: NetworkResults) -> float:
    """Share of the units on a lattice whose hexagonal gridness is the higher one; NaN if there are none."""
    live = live_units(network)
    if live is None:
        return np.nan
    on_lattice = np.isin(live["class"].values, LATTICES)
    by60, by90 = (
        np.fmax(live[f"gridness{turn}"].values, live[f"gridness{turn}_corrected"].values)[on_lattice]
        for turn in (60, 90)
    )
    return float(np.mean(by60 > by90)) if len(by60) else np.nan


def square_share(network: NetworkResults) -> float:
    """Share of the units on a lattice whose square gridness is the higher one; NaN if there are none."""
    return 1 - hexagonal_share(network)


def one_scale(network: NetworkResults) -> float:
    """1 if the units on a lattice form at most one module; NaN if there are none."""
    if not share_of(LATTICES)(network) > 0:
        return np.nan
    return modules_between(0, 1)(network)


def held_out_error(network: NetworkResults) -> float:
    """Mean error along held-out paths, divided by that of the best constant answer."""
    measured = network.read("localisation")
    return float(measured["error"].mean() / measured["constant_error"])


def late_error(network: NetworkResults) -> float:
    """Mean error in the last window of the long paths, divided by that of the best constant answer."""
    measured = network.read("localisation")
    return float(measured["long_error"][-1].mean() / measured["long_constant"])


def gain_of_walls(network: NetworkResults) -> float:
    """Error (m) in the last window of paths that never meet the trained walls, minus that of paths that do.

    Those paths stay in a smaller arena, where knowing nothing costs less: a bias against the claim.
    """
    measured = network.read("localisation")
    return float(measured["long_error_inside"][-1].mean() - measured["long_error"][-1].mean())


def onset_difference(kinds: Collection[int], others: Collection[int]) -> Callable[[NetworkResults], float]:
    """Onset of some classes minus that of others, as a share of the training; NaN if the network lacks either."""

    def value(network: NetworkResults) -> float:
        development = network.read("development")
        steps, share = development["step"].values, development["share"].values
        first, second = (onset(steps, share[:, list(each)].sum(axis=1)) for each in (kinds, others))
        return (first - second) / steps[-1]

    return value


def speed_tuning_of_borders(network: NetworkResults) -> float:
    """Variance explained by speed: mean over border units, divided by the mean over the other live units."""
    live, measured = _tuned(network)
    if live is None:
        return np.nan
    explained, border = measured["explained_by_speed"].values, live["class"].values == UnitClass.BORDER
    if not border.any() or border.all():
        return np.nan
    return float(np.nanmean(explained[border]) / np.nanmean(explained[~border]))


def linear_in_speed(network: NetworkResults) -> float:
    """Share of units whose mean rate is linear in speed, of those that are tuned to speed; border units are left out.

    NaN if there are none.
    """
    live, measured = _tuned(network)
    if live is None:
        return np.nan
    tuned = (live["class"].values != UnitClass.BORDER) & (measured["explained_by_speed"].values >= TUNED_TO_SPEED)
    curves, speed = measured["speed_tuning"].values[tuned], measured["speed"].values
    if not len(curves):
        return np.nan
    r = [np.corrcoef(speed, curve)[0, 1] for curve in curves]
    return float(np.mean(np.square(r) >= LINEAR))


def direction_against_place(network: NetworkResults) -> float:
    """Rank correlation, over live units, of the variance that heading explains and that place explains."""
    live, measured = _tuned(network)
    if live is None:
        return np.nan
    known = np.isfinite(measured["explained_by_heading"].values)
    heading, place = (measured[f"explained_by_{name}"].values[known] for name in ("heading", "place"))
    return float(spearmanr(heading, place).statistic) if known.sum() > 2 else np.nan


def _tuned(network: NetworkResults) -> tuple[xr.Dataset | None, xr.Dataset]:
    """Tuning and localisation of the live units; the tuning is None if there is none."""
    live = live_units(network)
    measured = network.read("localisation")
    if live is None or not live.sizes["unit"]:
        return None, measured
    return live, measured.isel(unit=network.read("tuning")["live"].values == 1)
