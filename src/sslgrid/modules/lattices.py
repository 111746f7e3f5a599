"""The lattices of a network's units: which units are live, what lattice each is on, and the modules they form."""

from dataclasses import asdict

import numpy as np

from sslgrid.modules.finding import find_modules
from sslgrid.spatial.gridness import HEXAGONAL, NO_LATTICE, SQUARE, GridScores, score_grids
from sslgrid.spatial.ratemap import RateMaps

LIVE_RATE = 0.01  # activity has norm 1: a unit that never exceeds this carries nothing
FLAT = 0.01  # share of its highest rate by which a unit's rates must deviate to be a map of anything


def highest_rates(maps: RateMaps) -> np.ndarray:
    """(unit,)."""
    return maps.rates[:, maps.occupancy > 0].max(axis=1)


def tuned_rates(maps: RateMaps) -> np.ndarray:
    """The rates (unit, y, x), NaN for units that are silent or flat: these get no lattice and no module."""
    highest, deviation = highest_rates(maps), maps.rates[:, maps.occupancy > 0].std(axis=1)
    tuned = (highest > LIVE_RATE) & (deviation > FLAT * highest)
    return np.where(tuned[:, None, None], maps.shown, np.nan)


def score_lattices(maps: RateMaps) -> GridScores:
    """Grid scores of the tuned units, NaN for the others."""
    return score_grids(tuned_rates(maps), maps.bin_size)


def lattice_columns(
    maps: RateMaps, scores: GridScores, rng: np.random.Generator, founders: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """The scores by name, `live` and `module`: columns of the tuning file, each (unit,).

    rng, founders: as in `find_modules`; None if all units found modules.
    """
    kind, gridness = nearest_lattice(scores)
    founders = np.ones(len(kind), bool) if founders is None else founders
    return asdict(scores) | {
        "live": (highest_rates(maps) > LIVE_RATE).astype(np.int8),
        "lattice": scores.lattice.astype(np.int8),
        "module": find_modules(kind, scores.spacing, scores.orientation, gridness, founders, rng),
    }


def nearest_lattice(scores: GridScores) -> tuple[np.ndarray, np.ndarray]:
    """The kind of lattice whose spacing and orientation a unit has, and its corrected gridness; both (unit,).

    Unlike `scores.lattice` this asks for no threshold: a unit of a sheared module passes none by itself.
    """
    square = scores.gridness90 > scores.gridness60
    kind = np.where(np.isfinite(scores.spacing), np.where(square, SQUARE, HEXAGONAL), NO_LATTICE)
    return kind, np.where(square, scores.gridness90_corrected, scores.gridness60_corrected)
