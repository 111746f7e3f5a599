"""Motion of Cueva & Wei (2018): the heading follows a Brownian motion, and most of the time there is no movement.

At a wall the heading is drawn again until the step stays inside the arena: uniformly, or as a turn from a Gaussian that
widens with each failure, as the authors' code has it. There it keeps the animal along the wall more often.
"""

from dataclasses import dataclass

import numpy as np

from sslgrid.basics.polygons import walls
from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.functions import log, sin_cos
from sslgrid.kernels.noise import standard_normal

MOST_DRAWS = 1000  # of a heading at a wall; in a corner sharper than a hair none may be found


@dataclass(frozen=True)
class Motion:
    """What decides a walk besides the arena (Cueva & Wei 2018, section 2.1)."""

    standstill: float  # share of the steps without movement, in [0, 1)
    highest_speed: float  # m per step: speeds of the others are uniform up to this
    heading_noise: float  # rad, standard deviation of the change of heading in a step
    at_walls: str = "uniform"  # | "widening": draw n turns from a deviation of n + 1 times `heading_noise`


def walk(
    motion: Motion,
    corners: np.ndarray,
    walks: int,
    steps: int,
    rng: np.random.Generator,
    before: tuple[np.ndarray, np.ndarray] | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Speeds (step, walk) m per step, headings (step, walk) rad, and positions (step + 1, walk, 2) m.

    corners: (corner, 2) m, of a convex arena with the origin inside. before: positions (walk, 2) and headings (walk,)
    to go on from; else walks start at the origin. Float32, but for positions, which are exact sums.
    """
    speeds = rng.random((steps, walks), np.float32) * np.float32(motion.highest_speed)
    speeds *= rng.random((steps, walks), np.float32) >= np.float32(motion.standstill)
    turns = standard_normal(int(rng.integers(2**63)), 1, steps, walks)[0]
    headings = turns * np.float32(motion.heading_noise)  # turns, so far
    positions = np.zeros((steps + 1, walks, 2))
    if before is None:
        last = rng.random(walks) * (2 * np.pi)
    else:
        positions[0], last = before[0], before[1].astype(float)
    widening = motion.heading_noise if motion.at_walls == "widening" else 0.0
    _walk(*walls(corners), speeds, headings, last, positions, widening, rng)
    return speeds, headings, positions


@compiled
def _walk(normals, offsets, speeds, headings, last, positions, widening, rng):
    """Fill positions[1:] and replace the turns in `headings` by the headings that were taken, in [0, 2 pi).

    last: the heading of each walk before its first step. widening: what each failure at a wall adds to the deviation
    (rad) of the next turn; 0 for headings that are drawn uniformly.
    """
    steps, walks = speeds.shape
    full = 2 * np.pi
    for t in range(steps):
        for w in range(walks):
            heading, speed = last[w] + headings[t, w], speeds[t, w]
            x, y = positions[t, w, 0], positions[t, w, 1]
            for draw in range(MOST_DRAWS + 1):
                if draw > 0 and widening > 0:
                    normal = np.sqrt(-2 * log(1 - rng.random())) * sin_cos(rng.random() * full)[1]
                    heading = last[w] + normal * widening * (draw + 1)
                elif draw > 0:
                    heading = rng.random() * full
                if draw == MOST_DRAWS:
                    speed = np.float32(0)
                sine, cosine = sin_cos(heading)
                new_x, new_y = x + speed * cosine, y + speed * sine
                inside = True
                for wall in range(len(offsets)):
                    if normals[wall, 0] * new_x + normals[wall, 1] * new_y + offsets[wall] < 0:
                        inside = False
                        break
                if inside:
                    break
            heading -= full * np.floor(heading / full)
            last[w], headings[t, w], speeds[t, w] = heading, heading, speed
            positions[t + 1, w, 0], positions[t + 1, w, 1] = new_x, new_y
