"""Small populations of known truth for the tests of one torus."""

import numpy as np

from sslgrid.generalisation.one_torus import populations
from sslgrid.generalisation.one_torus.drift_lock import module_displacements
from sslgrid.generalisation.one_torus.pair import Module, Pair
from sslgrid.geometry.fourier import lattice_waves
from sslgrid.spatial.gridness import HEXAGONAL
from sslgrid.spatial.ratemap import RateMaps

UNITS, SPACING = 60, 1.0
FINE, COARSE = np.arange(28), np.arange(28, 58)  # units 58 and 59 are in no module


def blank_maps(side: float, bin_size: float = 0.08) -> RateMaps:
    """Maps of an arena that say nothing yet."""
    bins = round(side / bin_size)
    centres = (np.arange(bins) + 0.5) * side / bins - side / 2
    return RateMaps(np.zeros((UNITS, bins, bins), np.float32), np.ones((bins, bins)), centres)


def pair_of(ratio: float = 3**0.5, turn: float = 30.0) -> Pair:
    """A pair of hexagonal modules whose fine one has that ratio and turn to the coarse one."""
    fine = Module(FINE, lattice_waves(SPACING / ratio, turn, HEXAGONAL), SPACING / ratio, HEXAGONAL)
    return Pair(fine, Module(COARSE, lattice_waves(SPACING, 0.0, HEXAGONAL), SPACING, HEXAGONAL))


def truth(one: bool, seed: int = 0):
    """A synthetic population of one lattice or of two, and its pair."""
    make = populations.one_lattice if one else populations.two_lattices
    return make(pair_of(), UNITS, np.random.default_rng([seed]))


def paths(steps: int, walks: int, seed: int = 0) -> np.ndarray:
    """Positions (step, walk, 2) m of smooth walks that stay within a square of 2 m."""
    rng = np.random.default_rng([seed])
    angle = np.cumsum(rng.normal(0, 0.02, (steps, walks, 2)), axis=0) + rng.uniform(0, 6, (walks, 2))
    return 0.9 * np.sin(angle)


def walked(one: bool, steps: int = 1200, walks: int = 6, diffusion: float = 0.02):
    """Walks on which the code drifts: the pair, both modules' displacements (2, stretch, walk, 2) and the record."""
    population, pair = truth(one)
    record = populations.walk_synthetic(
        population, paths(steps, walks), diffusion, 0.1, one, np.random.default_rng([1])
    )
    return pair, module_displacements(pair, population.maps(blank_maps(2.0)), record), record
