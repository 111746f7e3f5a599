"""What the code is good for: how well it tells where the animal is, and how far before it repeats.

The paper claims high capacity from several modules; none of this is in it. States are compared with the mean state of
each bin, a unit's rate maps read across units.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cdist

from sslgrid.spatial.ratemap import RateMaps


@dataclass(frozen=True)
class Code:
    """The mean state of each visited bin. positions: (place, 2) m; states: (place, unit)."""

    positions: np.ndarray
    states: np.ndarray


def code_of_maps(maps: RateMaps) -> Code:
    """Every visited bin of the maps."""
    visited = maps.occupancy > 0
    x, y = np.meshgrid(maps.centres, maps.centres)
    return Code(np.stack([x[visited], y[visited]], axis=1), maps.rates[:, visited].T.astype(float))


def decoding_errors(
    code: Code,
    visits: Iterable[tuple[np.ndarray, np.ndarray]],
    noises: np.ndarray,
    within: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """Distance (m) of the decoded from the true position: (2, noise, visit).

    The place whose mean state is nearest is decoded, first among all places, then among those nearer than `within` (m)
    to the true one: how well an animal can tell that already knows so much, so that drift and noise are seen apart from
    repeats. If `within` is 0 there are no such places, and no errors among them (NaN). visits: pairs of positions
    (walk, 2) m and activity (walk, unit) of walks that the code was not made from. noises: length of the random vector
    that is added to each state, which itself has length 1; the network does not see it.
    """
    power = np.square(code.states).sum(axis=1)
    errors = []
    for positions, activity in visits:
        apart = np.linalg.norm(positions[:, None] - code.positions, axis=2)  # (walk, place)
        noise = rng.standard_normal(activity.shape) / np.sqrt(activity.shape[1])
        states = activity + noises[:, None, None] * noise
        unlike = power - 2 * states @ code.states.T  # (noise, walk, place); |g|^2 is the same for all places
        among_near = np.where(apart <= max(within, apart.min(axis=1).max()), unlike, np.inf)
        decoded = np.stack([unlike.argmin(axis=2), among_near.argmin(axis=2)])
        errors.append(np.take_along_axis(apart[None, None], decoded[..., None], axis=3)[..., 0])
    errors = np.concatenate(errors, axis=2)
    if within == 0:
        errors[1] = np.nan
    return errors


def neural_distances(
    code: Code, edges: np.ndarray, references: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Least and mean neural distance of places by how far apart they are: (range,) each, NaN where no pair is.

    edges: (range + 1,) m. Pairs are of `references` random places with all others.
    """
    chosen = rng.permutation(len(code.positions))[:references]
    least, total, count = np.full(len(edges) - 1, np.inf), np.zeros(len(edges) - 1), np.zeros(len(edges) - 1)
    for apart, neural in zip(*(cdist(each[chosen], each) for each in (code.positions, code.states)), strict=True):
        index = np.digitize(apart, edges) - 1
        inside = (index >= 0) & (index < len(least)) & (apart > 0)
        np.minimum.at(least, index[inside], neural[inside])
        total += np.bincount(index[inside], neural[inside], len(total))
        count += np.bincount(index[inside], minlength=len(count))
    seen = count > 0
    return np.where(seen, least, np.nan), np.where(seen, total / np.maximum(count, 1), np.nan)


def effective_range(centres: np.ndarray, least: np.ndarray, alike: float) -> float:
    """Effective range: distance (m) of two places from which on some pair of them looks alike again.

    centres: (range,) m, of the bins of the least neural distance. Places look alike below the neural distance `alike`,
    as all neighbours do: what counts is the first range at which they do so again. inf if there is none; 0 if even the
    farthest places look alike.
    """
    apart = np.flatnonzero(least >= alike)
    if not len(apart):
        return 0.0
    again = np.flatnonzero(least[apart[0] :] < alike)
    return float(centres[apart[0] + again[0]]) if len(again) else np.inf


def induced_metric(maps: RateMaps) -> np.ndarray:
    """Axes of the metric dg'dg that the code induces, bin by bin: (y, x, 2), per m, the longer one first.

    A conformal code has two equal axes everywhere, an isometric one the same everywhere. NaN at the walls and next to
    unvisited bins.
    """
    slope_y, slope_x = np.gradient(maps.rates.astype(float), maps.bin_size, axis=(1, 2))
    xx, yy, xy = (slope_x**2).sum(axis=0), (slope_y**2).sum(axis=0), (slope_x * slope_y).sum(axis=0)
    middle, half = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
    axes = np.sqrt(np.maximum(np.stack([middle + half, middle - half], axis=-1), 0))
    axes[[0, -1]] = axes[:, [0, -1]] = np.nan  # where differences have one side only
    return axes
