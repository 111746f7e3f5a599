"""Neural distance from the start, |g(0) - g(x)|, against |x|; and the displacements that training covered."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import pdist

RANGE, RING = 3.5, 0.05  # m: of |x|, and the width of its bins
LARGEST_DISTANCE, DISTANCE_BINS = 2**0.5, 70  # two states of norm 1 without negative rates are at most this far apart
POINTS = 500  # of a batch of training, for its displacements


@dataclass(frozen=True)
class Distances:
    """Neural distance from the start, in rings of |x|; NaN in rings that no walk entered."""

    radius_edges: np.ndarray  # (ring + 1,) m
    distance_edges: np.ndarray  # (bin + 1,)
    visits: np.ndarray  # (ring, bin) steps of walks
    mean: np.ndarray  # (ring,)
    lowest: np.ndarray  # (ring,)


def measure_distances(start: np.ndarray, visits: Iterable[tuple[np.ndarray, np.ndarray]]) -> Distances:
    """|g(0) - g(x)| along walks, streaming.

    start: g(0), (unit,). visits: per step the positions (walk, 2) m and the activity (walk, unit).
    """
    radii = radius_edges()
    edges = np.linspace(0, LARGEST_DISTANCE, DISTANCE_BINS + 1)
    rings = len(radii) - 1
    counts, total, lowest = np.zeros((rings, DISTANCE_BINS)), np.zeros(rings), np.full(rings, np.inf)
    for positions, activity in visits:
        radius = np.linalg.norm(positions, axis=1)
        near = radius < radii[-1]
        radius = radius[near]
        distance = np.linalg.norm(activity[near].astype(float) - start, axis=1)
        ring = np.searchsorted(radii, radius, side="right") - 1
        counts += np.histogram2d(radius, np.minimum(distance, edges[-1]), bins=(radii, edges))[0]
        total += np.bincount(ring, distance, rings)
        np.minimum.at(lowest, ring, distance)
    seen = counts.sum(axis=1)
    mean = np.where(seen > 0, total / np.maximum(seen, 1), np.nan)
    return Distances(radii, edges, counts, mean, np.where(seen > 0, lowest, np.nan))


def shares_within(batches: Iterable[np.ndarray], radii: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Share of the pairs of points of one batch that are nearer than each radius, mean over batches: (radius,).

    batches: points (point, 2) m; of each, some that are chosen at random.
    """
    nearer, count = np.zeros(len(radii)), 0
    for points in batches:
        distances = np.sort(pdist(points[rng.permutation(len(points))[:POINTS]]))
        nearer += np.searchsorted(distances, radii) / max(len(distances), 1)
        count += 1
    return nearer / count


def radius_edges() -> np.ndarray:
    """Edges of the rings, m."""
    return np.linspace(0, RANGE, round(RANGE / RING) + 1)
