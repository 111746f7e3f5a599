"""How far the code reaches before it repeats, and how far it would reach if its two modules were independent."""

import numpy as np

from sslgrid.coding.decoding import Code, code_of_maps, effective_range, neural_distances
from sslgrid.modules.finding import SYMMETRY
from sslgrid.one_torus.pair import Pair
from sslgrid.one_torus.populations import turned_fine_maps
from sslgrid.spatial.ratemap import RateMaps
from sslgrid.streams import stream

BIN = 0.05  # m
REFERENCES = 300  # places that are compared with all others
TURNS = 8  # of the fine module, evenly over its symmetry


def measure_ranges(pair: Pair, maps: RateMaps, alike: float, seed: int) -> tuple[float, np.ndarray, np.ndarray]:
    """The effective range (m) of the code, and its range (turn,) with the fine module's lattice turned by (turn,) deg.

    Both are of the units of the two modules, over the disc that every turned map covers; states are scaled to unit
    length, as the network does. A turned fine module has the same spacing, units and noise, and shares no lattice with
    the coarse one. A code that does not repeat counts as reaching as far as was compared. maps: of the widest arena.
    alike: neural distance below which two places look alike. seed: of the places that are compared, the same for all.
    """
    symmetry = SYMMETRY[pair.fine.kind]
    turns = symmetry * (np.arange(TURNS) + 0.5) / TURNS
    ranges = [
        range_of(turned_fine_maps(maps, pair.fine.units, np.deg2rad(turn), 1.0), pair.units, alike, seed)
        for turn in (0.0, *turns)
    ]
    return ranges[0], np.array(ranges[1:]), turns


def range_of(maps: RateMaps, units: np.ndarray, alike: float, seed: int) -> float:
    """The effective range (m) of some units over the disc within the arena."""
    code = code_of_maps(maps)
    within = np.linalg.norm(code.positions, axis=1) <= maps.side / 2 - maps.bin_size
    states = code.states[within][:, units]
    states = states / np.linalg.norm(states, axis=1, keepdims=True)
    edges = np.arange(0, maps.side + BIN, BIN)
    middles = (edges[1:] + edges[:-1]) / 2
    rng = stream(seed, "range of one torus")
    least, _ = neural_distances(Code(code.positions[within], states), edges, REFERENCES, rng)
    compared = middles[np.isfinite(least)].max()
    return float(min(effective_range(middles, least, alike), compared))
