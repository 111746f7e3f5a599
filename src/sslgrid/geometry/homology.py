"""Is the state space a torus? Persistent homology of the states against time-shifted units (Gardner et al. 2022).

Distances are measured along the cloud of states, over a graph of neighbours, as in Isomap (Tenenbaum et al. 2000).
The fields of a unit are much narrower than its lattice's spacing, so states further apart than a field's width have
almost no active unit in common and are all equally far as the crow flies, however far it is from one to the other.

Lifetimes are in units of the mean distance between landmarks, so that clouds of different size and dimension compare.
"""

import numpy as np
from scipy.sparse.csgraph import dijkstra
from sklearn.neighbors import kneighbors_graph

from sslgrid.basics.errors import InputError
from sslgrid.geometry.state_space import NEIGHBOURS, principal_components

LANDMARKS = 150
# Mean distances: where the filtration ends. By the first nearly all loops and cavities of a torus or of the null are
# gone, and going on costs three times as much; where one is not, it goes on to the second, which none has reached.
ENDS = (1.0, 1.25)
FIELD = 47  # coefficients modulo 47: modulo 2 a Klein bottle would count as a torus
TORUS = (1, 2, 1)  # Betti numbers: pieces, loops, cavities
PERCENTILE = 99  # of the null's longest lifetimes: a longer bar is significant

Bars = list[np.ndarray]


def persistence(components: np.ndarray) -> Bars:
    """Bars of dimension 0, 1 and 2: arrays (bar, 2) of birth and death, the longest first.

    components: (state, dimension). What outlives the filtration dies at its end, the last of `ENDS`.
    Raises InputError if there are too few different states to have a shape.
    """
    if not np.isfinite(components).all():
        raise InputError("the states are not finite and have no topology")
    different = len(np.unique(components, axis=0))
    if different <= NEIGHBOURS:
        raise InputError(f"{different} different states are too few for a topology; expected more than {NEIGHBOURS}")
    try:
        from ripser import ripser
    except ImportError:
        raise InputError("the torus needs ripser: pip install ripser") from None
    distances = geodesic_distances(components, landmarks(components, LANDMARKS))
    for end in ENDS:
        diagrams = ripser(distances, distance_matrix=True, maxdim=2, coeff=FIELD, thresh=end)["dgms"]
        if np.isinf(np.concatenate(diagrams)).sum() == 1:  # the piece that is left
            break
    diagrams = [np.where(np.isfinite(bars), bars, ENDS[-1]).astype(float) for bars in diagrams]
    return [bars[np.argsort(bars[:, 0] - bars[:, 1], kind="stable")] for bars in diagrams]


def landmarks(points: np.ndarray, most: int) -> np.ndarray:
    """Indices (landmark,) of points that cover the cloud: each the furthest from those before (maxmin)."""
    chosen = [int(np.linalg.norm(points - points.mean(axis=0), axis=1).argmax())]
    nearest = np.full(len(points), np.inf)
    while len(chosen) < min(most, len(points)):
        nearest = np.minimum(nearest, np.linalg.norm(points - points[chosen[-1]], axis=1))
        chosen.append(int(nearest.argmax()))
    return np.array(chosen)


def geodesic_distances(points: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Distances between the chosen points along the cloud, (landmark, landmark), with mean 1.

    Pieces that no neighbours join are put two diameters apart.
    """
    graph = kneighbors_graph(points, NEIGHBOURS, mode="distance")
    distances = dijkstra(graph, directed=False, indices=chosen)[:, chosen]
    distances = np.where(np.isfinite(distances), distances, 2 * distances[np.isfinite(distances)].max())
    return distances / distances[np.triu_indices(len(chosen), 1)].mean()


def lifetimes(bars: Bars) -> list[np.ndarray]:
    """Death less birth, (bar,) for each dimension."""
    return [each[:, 1] - each[:, 0] for each in bars]


def null_lifetimes(activity: np.ndarray, chosen: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """The longest lifetime of each dimension when the units know nothing of each other: (draw, 3).

    Each unit is shifted in time by an amount of its own, around the end of the walk. That keeps its rates and its
    smoothness, and destroys what the units say together. The piece that never dies is left out.
    activity: (visit, unit), in the order of the walk. chosen: (state,) the visits whose states are analysed.
    """
    units = np.arange(activity.shape[1])
    longest = np.zeros((draws, len(TORUS)))
    for draw in longest:
        shifted = activity[(chosen[:, None] + rng.integers(len(activity), size=len(units))) % len(activity), units]
        pieces, *holes = lifetimes(persistence(principal_components(shifted)[0]))
        draw[:] = [each.max(initial=0) for each in (pieces[1:], *holes)]
    return longest


def betti_numbers(bars: Bars, thresholds: np.ndarray) -> np.ndarray:
    """Number of bars of each dimension that outlive its threshold: (3,)."""
    return np.array([(each > limit).sum() for each, limit in zip(lifetimes(bars), thresholds, strict=True)])


def torus_margins(bars: Bars, thresholds: np.ndarray) -> np.ndarray:
    """Lifetime of the last bar that a torus has (first piece, second loop, first cavity) over the threshold: (3,).

    0 where there are fewer bars.
    """
    lasting = [each[count - 1] if len(each) >= count else 0 for each, count in zip(lifetimes(bars), TORUS, strict=True)]
    return np.array(lasting) / thresholds
