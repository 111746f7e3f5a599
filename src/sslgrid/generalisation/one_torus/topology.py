"""Are the joint states of both modules a torus? Persistent homology, with the power of the test.

One torus has two loops and one cavity. Two independent modules have a torus each, so that their joint states fill a
4-torus with four loops and six cavities. A hundred landmarks are enough to see the first and far too few to see the
second: three or four a side of a space of four dimensions. So the test asks one question, whether the states are a
2-torus, and populations of known truth say how often it answers yes for one lattice and no for two.

Lifetimes are in units of the mean distance between landmarks, measured along the cloud of states.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.decomposition import PCA

from sslgrid.basics.errors import InputError
from sslgrid.generalisation.one_torus.drift_lock import Record
from sslgrid.geometry.homology import FIELD, geodesic_distances, landmarks
from sslgrid.spatial.ratemap import RateMaps

STATES = 2000  # at most, spread evenly over all walks and steps
COMPONENTS = 12  # two modules of three waves: what the plane waves of both span
LANDMARKS = 100
END = 1.0  # where the filtration ends: by then the loops and cavities of a torus are gone
CLEAR = 2.0  # the last bar that a torus has must be so much longer than the next one
TORUS = {1: 2, 2: 1}  # bars of each dimension


@dataclass(frozen=True)
class Topology:
    """loops, cavities: lifetimes (bar,), the longest first. margin: how much longer the last bar that a torus has is
    than the next one, in the dimension where that is least; 1 if there is no gap.
    """

    loops: np.ndarray
    cavities: np.ndarray
    margin: float

    @property
    def is_torus(self) -> bool:
        """Whether two loops and one cavity stand out."""
        return self.margin >= CLEAR


def even_steps(steps: int, walks: int) -> np.ndarray:
    """The steps (step,) whose states are taken: evenly spread, `STATES` states of all walks together."""
    return np.unique(np.linspace(0, steps - 1, max(STATES // walks, 1)).astype(int))


def states_of(walked: Record, units: np.ndarray) -> np.ndarray:
    """The units' states at `even_steps` of all walks: (state, unit)."""
    chosen = walked.activity[even_steps(*walked.activity.shape[:2])]
    return chosen[..., units].reshape(-1, len(units)).astype(float)


def states_of_maps(maps: RateMaps, units: np.ndarray) -> np.ndarray:
    """The units' mean states at the places of a map, where no drift blurs them: (state, unit), `STATES` at most."""
    states = maps.rates[units].reshape(len(units), -1).T.astype(float)
    states = states[np.isfinite(states).all(axis=1)]
    return states[np.unique(np.linspace(0, len(states) - 1, min(STATES, len(states))).astype(int))]


def measure_topology(states: np.ndarray) -> Topology:
    """The bars of a cloud of states (state, unit)."""
    try:
        from ripser import ripser
    except ImportError:
        raise InputError("the torus needs ripser: pip install ripser") from None
    points = PCA(min(COMPONENTS, *states.shape), svd_solver="full").fit_transform(states)
    distances = geodesic_distances(points, landmarks(points, LANDMARKS))
    diagrams = ripser(distances, distance_matrix=True, maxdim=2, coeff=FIELD, thresh=END)["dgms"]
    bars = {}
    for dimension in TORUS:
        births, deaths = diagrams[dimension].astype(float).T
        bars[dimension] = -np.sort(births - np.minimum(deaths, END))
    return Topology(bars[1], bars[2], min(_margin(bars[dimension], count) for dimension, count in TORUS.items()))


def _margin(lifetimes: np.ndarray, count: int) -> float:
    """The last of `count` bars over the next one; 0 if there are fewer, inf if there is no next one."""
    if len(lifetimes) < count:
        return 0.0
    following = lifetimes[count] if len(lifetimes) > count else 0.0
    return float(lifetimes[count - 1] / following) if following > 0 else np.inf
