"""How far the code reaches before it repeats, and what it would be if its two modules were independent."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cdist

from sslgrid.basics.streams import stream
from sslgrid.coding.decoding import Code, code_of_maps, effective_range, neural_distances
from sslgrid.generalisation.one_torus.pair import Pair
from sslgrid.generalisation.one_torus.populations import turned_fine_maps
from sslgrid.modules.finding import SYMMETRY
from sslgrid.spatial.ratemap import RateMaps

BIN = 0.05  # m
REFERENCES = 300  # places that are compared with all others
TURNS = 8  # of the fine module, evenly over its symmetry


@dataclass(frozen=True)
class Reach:
    """reach: effective range, m. confused: share of the far pairs of places that look alike."""

    reach: float
    confused: float


def measure_ranges(pair: Pair, maps: RateMaps, alike: float, seed: int) -> tuple[Reach, list[Reach], np.ndarray]:
    """The reach of the code, and its reach with the fine module's lattice turned by each of (turn,) deg.

    Both are of the units of the two modules, over the disc that every turned map covers; states are scaled to unit
    length, as the network does. A turned fine module has the same spacing, units and noise, and shares no lattice with
    the coarse one. A code that does not repeat counts as reaching as far as was compared. Places are far apart beyond
    half the coarse spacing. maps: of the widest arena. alike: neural distance below which two places look alike. seed:
    of the places that are compared, the same for every turn.
    """
    symmetry = SYMMETRY[pair.fine.kind]
    turns = symmetry * (np.arange(TURNS) + 0.5) / TURNS
    own, *turned = (
        reach_of(turned_fine_maps(maps, pair.fine.units, np.deg2rad(turn), 1.0), pair, alike, seed)
        for turn in (0.0, *turns)
    )
    return own, turned, turns


def reach_of(maps: RateMaps, pair: Pair, alike: float, seed: int) -> Reach:
    """The reach of the pair's units over the disc within the arena."""
    code = code_of_maps(maps)
    within = np.linalg.norm(code.positions, axis=1) <= maps.side / 2 - maps.bin_size
    states = code.states[within][:, pair.units]
    code = Code(code.positions[within], states / np.linalg.norm(states, axis=1, keepdims=True))
    edges = np.arange(0, maps.side + BIN, BIN)
    middles = (edges[1:] + edges[:-1]) / 2
    least, _ = neural_distances(code, edges, REFERENCES, stream(seed, "range of one torus"))
    compared = middles[np.isfinite(least)].max()
    return Reach(
        reach=float(min(effective_range(middles, least, alike), compared)),
        confused=confused_share(code, pair.coarse.spacing / 2, alike, stream(seed, "confusion of one torus")),
    )


def confused_share(code: Code, beyond: float, alike: float, rng: np.random.Generator) -> float:
    """Share of the pairs of places farther apart than `beyond` (m) whose neural distance is below `alike`.

    Pairs are of `REFERENCES` random places with all others.
    """
    chosen = rng.permutation(len(code.positions))[:REFERENCES]
    apart, neural = (cdist(each[chosen], each) for each in (code.positions, code.states))
    return float((neural[apart > beyond] < alike).mean())
