"""Two recorded rat trajectories as evaluation walks. The recordings ship in RatInABox's wheel.

"sargolini": ten minutes in a square of 1 m (Sargolini et al. 2006). "tanni": two hours in a room of 3.5 m by 2.5 m
(Tanni et al. 2022). A room is scaled about its centre until its longer side fits the arena's, and keeps its shape.
"""

from importlib.resources import files

import numpy as np

from sslgrid.config.arena import RECORDED_ROOMS, ArenaConfig

ROUNDS = 12  # of matching the mean step; each leaves about half of the error in the logarithm, or less


def recorded_walk(arena: ArenaConfig) -> np.ndarray:
    """The walk that a recorded rat would be: (1, steps + 1, 2) float64, m; [:, 0] is the origin.

    Sampled at equal times, so that it keeps the rat's changes of speed, with a mean of `mean_speed` metres per step.
    A longer step than half_width becomes several on the same line. A straight path of steps of mean_speed leads from
    the origin to the first point. `steps` is the most that is taken; a recording may be over before.
    """
    times, path = _recording(arena)
    sampled = _sample(times, path, _step_duration(times, path, arena.mean_speed))
    longest = np.full(len(sampled), arena.half_width)
    longest[0] = arena.mean_speed
    walk = subdivide(np.vstack([np.zeros(2), sampled]), longest)
    return walk[None, : arena.steps + 1]


def subdivide(points: np.ndarray, longest: np.ndarray) -> np.ndarray:
    """The same polygon in steps that are short enough: (point, 2) m, with all the points in it.

    longest: (point - 1,) m, of the steps between each point and the next, which are of equal length.
    """
    sides = np.diff(points, axis=0)
    pieces = np.maximum(np.ceil(np.linalg.norm(sides, axis=1) / longest), 1).astype(int)
    side = np.repeat(np.arange(len(sides)), pieces)
    before = np.repeat(np.cumsum(pieces) - pieces, pieces)
    share = (np.arange(len(side)) - before) / pieces[side]
    return np.vstack([points[side] + share[:, None] * sides[side], points[-1:]])


def _recording(arena: ArenaConfig) -> tuple[np.ndarray, np.ndarray]:
    """Times (s) and positions in the arena (m). Tanni's tracker strays out of the room by centimetres: clipped."""
    room = np.array(RECORDED_ROOMS[arena.motion])
    with (files("ratinabox") / "data" / f"{arena.motion}.npz").open("rb") as file:
        recording = np.load(file)
        times, positions = recording["t"], recording["pos"]
    return times, (np.clip(positions, 0, room) - room / 2) * arena.side / room.max()


def _sample(times: np.ndarray, path: np.ndarray, duration: float) -> np.ndarray:
    """Positions at equal times, straight across the recording's gaps: (point, 2)."""
    at = np.arange(times[0], times[-1], duration)
    return np.stack([np.interp(at, times, coordinate) for coordinate in path.T], axis=1)


def _step_duration(times: np.ndarray, path: np.ndarray, mean_speed: float) -> float:
    """Seconds per step for a mean step of `mean_speed` m. Longer steps cut more corners, so it takes a few rounds."""
    duration = np.median(np.diff(times))
    for _ in range(ROUNDS):
        steps = np.diff(_sample(times, path, duration), axis=0)
        duration *= mean_speed / np.linalg.norm(steps, axis=1).mean()
    return duration
