"""Evaluation walks in an arena: iid velocities like the training's, smooth or Brownian motion, or a recorded rat.

All walks start at the origin, the arena's centre, because that is where the network's initial state stands for.
"""

import numpy as np

from sslgrid.basics.arena import RECORDED_ROOMS, ArenaConfig
from sslgrid.basics.brownian import Motion, walk
from sslgrid.basics.motion import draw_velocities
from sslgrid.basics.polygons import wall_distances
from sslgrid.walks.rats import rat_walks
from sslgrid.walks.recordings import recorded_walks
from sslgrid.walks.walks import Walks, headings_of_steps


def sample_walks(arena: ArenaConfig) -> Walks:
    """Every walk; positions[:, 0] is the origin. Recordings may end before `arena.steps`."""
    rng = np.random.default_rng([arena.seed, arena.walks, arena.steps])  # no two arenas share walks
    if arena.motion == "iid":
        positions = _iid_walks(arena, rng)
    elif arena.motion == "rat":
        positions = rat_walks(
            arena.corners, arena.walks, arena.steps, arena.mean_speed, arena.half_width, int(rng.integers(2**32))
        )
    elif arena.motion == "brownian":
        return _brownian_walks(arena, rng)
    elif arena.motion in RECORDED_ROOMS:
        positions = recorded_walks(arena)
    else:
        expected = ("iid", "rat", "brownian", *RECORDED_ROOMS)
        raise ValueError(f"motion is {arena.motion!r}; expected one of: {', '.join(expected)}")
    return Walks(positions, headings_of(positions))


def headings_of(positions: np.ndarray) -> np.ndarray:
    """Direction of the step that ends at each point (walk, point, 2), rad; at rest that of the one before."""
    return headings_of_steps(np.diff(positions, axis=1, prepend=positions[:, :1]))


def _brownian_walks(arena: ArenaConfig, rng: np.random.Generator) -> Walks:
    """As localisers are trained with; the head turns at rest too."""
    motion = Motion(arena.standstill, arena.half_width, arena.heading_noise)
    _, headings, positions = walk(motion, arena.corners, arena.walks, arena.steps, rng)
    return Walks(np.moveaxis(positions, 1, 0).copy(), np.pad(headings.T, ((0, 0), (1, 0))))


def _iid_walks(arena: ArenaConfig, rng: np.random.Generator) -> np.ndarray:
    """Each velocity is drawn again until its step stays inside."""
    positions = np.zeros((arena.walks, arena.steps + 1, 2))
    for t in range(arena.steps):
        undecided = np.arange(arena.walks)
        while len(undecided):
            step = draw_velocities(rng, len(undecided), arena.velocity_law, arena.half_width)
            positions[undecided, t + 1] = positions[undecided, t] + step
            inside = wall_distances(positions[undecided, t + 1], arena.corners).min(axis=1) >= 0
            undecided = undecided[~inside]
    return positions
