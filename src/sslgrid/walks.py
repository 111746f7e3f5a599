"""Evaluation walks in a square arena: iid velocities like the training's, smooth rat-like motion, or a recorded rat.

All walks start at the origin, the arena's centre, because that is where the network's initial state stands for.
"""

from contextlib import contextmanager

import numpy as np
from ratinabox import Agent, Environment

from sslgrid.config.arena import RECORDED_ROOMS, ArenaConfig
from sslgrid.recordings import recorded_walks
from sslgrid.trajectories import draw_velocities

# RatInABox integrates Ornstein-Uhlenbeck processes of speed and turning. Its seconds only set the scale here: with
# ten updates a second and turns that persist for 0.4 s, a walk curves over about ten steps, as a rat's path does.
RAT_STEP = 0.1  # s per step
RAT_MOTION = {
    "dt": RAT_STEP,
    "speed_coherence_time": 1.0,  # s
    "rotational_velocity_coherence_time": 0.4,  # s
    "rotational_velocity_std": np.deg2rad(90),  # rad/s
    "thigmotaxis": 0.3,
    "save_history": False,
}


def sample_walks(arena: ArenaConfig) -> np.ndarray:
    """Positions of every walk: (walks, steps + 1, 2) float64, m; [:, 0] is the origin. Recordings may end earlier."""
    rng = np.random.default_rng([arena.seed, arena.walks, arena.steps])  # no two arenas share walks
    if arena.motion == "iid":
        return _iid_walks(arena, rng)
    if arena.motion == "rat":
        return _rat_walks(arena, rng)
    if arena.motion in RECORDED_ROOMS:
        return recorded_walks(arena)
    raise ValueError(f"motion is {arena.motion!r}; expected one of: iid, rat, {', '.join(RECORDED_ROOMS)}")


def _iid_walks(arena: ArenaConfig, rng: np.random.Generator) -> np.ndarray:
    """Each velocity is drawn again until its step stays inside."""
    positions = np.zeros((arena.walks, arena.steps + 1, 2))
    for t in range(arena.steps):
        undecided = np.arange(arena.walks)
        while len(undecided):
            step = draw_velocities(rng, len(undecided), arena.velocity_law, arena.half_width)
            positions[undecided, t + 1] = positions[undecided, t] + step
            inside = np.abs(positions[undecided, t + 1]).max(axis=1) <= arena.side / 2
            undecided = undecided[~inside]
    return positions


def _rat_walks(arena: ArenaConfig, rng: np.random.Generator) -> np.ndarray:
    """RatInABox's random rat, held back where it would be faster than half_width (a few steps in a thousand)."""
    box = Environment({"scale": arena.side})
    positions = np.zeros((arena.walks, arena.steps + 1, 2))
    centre = np.full(2, arena.side / 2)
    with _ratinabox_seeded(rng):
        for walk in positions:
            rat = Agent(box, RAT_MOTION | {"speed_mean": arena.mean_speed / RAT_STEP})
            rat.pos = centre.copy()
            for t in range(arena.steps):
                before = rat.pos
                rat.update()
                speed = np.linalg.norm(rat.pos - before)
                if speed > arena.half_width:
                    rat.pos = before + (rat.pos - before) * (arena.half_width / speed)
                walk[t + 1] = rat.pos - centre
    return positions


@contextmanager
def _ratinabox_seeded(rng: np.random.Generator):
    """RatInABox draws from numpy's global state and takes no generator: lend it one and put the old one back."""
    before = np.random.get_state()  # noqa: NPY002
    np.random.seed(rng.integers(2**32))  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002
