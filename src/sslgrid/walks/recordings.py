"""Two recorded rat trajectories as evaluation walks. The recordings ship in RatInABox's wheel.

"sargolini": ten minutes in a square of 1 m (Sargolini et al. 2006). "tanni": two hours in a room of 3.5 m by 2.5 m
(Tanni et al. 2022). A room is scaled about its centre until its longer side fits the arena's, and keeps its shape.
"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np

from sslgrid.basics.arena import RECORDED_ROOMS, ArenaConfig
from sslgrid.basics.errors import InputError

ROUNDS = 12  # of matching the mean step; each leaves about half of the error in the logarithm, or less


def recorded_walks(arena: ArenaConfig) -> np.ndarray:
    """The walks that a recorded rat would take: (walks, steps + 1, 2) float64, m; [:, 0] is the origin.

    Sampled at equal times, so that the rat's changes of speed are kept, with a mean of `mean_speed` metres per step.
    A longer step than half_width becomes several on the same line. The path is cut into `walks` pieces of one length;
    each is reached from the origin by a straight path in steps of mean_speed, and followed until there are `steps`
    steps in all, or fewer if the piece is shorter.
    """
    times, path = _recording(arena)
    sampled = _sample(times, path, _step_duration(times, path, arena.mean_speed))
    walked = subdivide(sampled, arena.half_width)
    length = len(walked) // arena.walks
    longest_way = int(np.ceil(np.linalg.norm(arena.corners[0]) / arena.mean_speed))
    if length <= longest_way:
        most = max(len(walked) // (longest_way + 1), 1)
        raise InputError(
            f"config: walks is {arena.walks} in an arena with the recording {arena.motion}; expected at most {most}, "
            f"as it is {len(walked)} steps of {arena.mean_speed:g} m and each piece has to be reached from the centre"
        )
    steps = min(arena.steps, length)
    return np.stack(
        [_reached(walked[k * length : (k + 1) * length], arena.mean_speed)[: steps + 1] for k in range(arena.walks)]
    )


def _reached(piece: np.ndarray, mean_speed: float) -> np.ndarray:
    """A path with a straight one before it, from the origin to its first point."""
    return np.vstack([subdivide(np.stack([np.zeros(2), piece[0]]), mean_speed), piece[1:]])


def subdivide(points: np.ndarray, longest: float) -> np.ndarray:
    """The same polygon, all its points included, in steps of at most `longest` m; points: (point, 2) m."""
    sides = np.diff(points, axis=0)
    pieces = np.maximum(np.ceil(np.linalg.norm(sides, axis=1) / longest), 1).astype(int)
    side = np.repeat(np.arange(len(sides)), pieces)
    before = np.repeat(np.cumsum(pieces) - pieces, pieces)
    share = (np.arange(len(side)) - before) / pieces[side]
    return np.vstack([points[side] + share[:, None] * sides[side], points[-1:]])


def _recording(arena: ArenaConfig) -> tuple[np.ndarray, np.ndarray]:
    """Times (s) and positions in the arena (m). Tanni's tracker strays out of the room by centimetres: clipped."""
    room = np.array(RECORDED_ROOMS[arena.motion])
    found = find_spec("ratinabox")  # not imported, which would take a second
    if found is None or found.origin is None:
        raise InputError("the package ratinabox, which has the recorded paths, is not installed: pip install ratinabox")
    with np.load(Path(found.origin).parent / "data" / f"{arena.motion}.npz") as recording:
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
