"""An evaluation arena and how it is walked."""

from dataclasses import dataclass

import numpy as np

from sslgrid.basics.polygons import corners_of

RECORDED_ROOMS = {"sargolini": (1.0, 1.0), "tanni": (3.5, 2.5)}  # m: width and height of the rooms of recorded rats


@dataclass(frozen=True)
class ArenaConfig:
    """A convex arena centred on the origin, the walks through it and the bins of its rate maps."""

    shape: str | list[list[float]]  # as in `polygons.corners_of`; recorded rooms are rectangles of their own
    side: float  # m: the longest edge
    # "rat" (smooth, RatInABox) | "iid" (velocities drawn like the training's) | "brownian" (headings of Brownian
    # motion, and rests, as localisers are trained with) | a name of RECORDED_ROOMS
    motion: str
    walks: int
    steps: int
    seed: int
    velocity_law: str  # of iid walks
    half_width: float  # m per step: of the law of iid velocities; the highest speed of other walks
    mean_speed: float  # m per step, of rat-like and recorded walks
    standstill: float  # share of the steps at rest, of Brownian walks
    heading_noise: float  # rad per step, of Brownian walks
    settle: int  # steps of each walk, from its start on, that do not count for rate maps
    bin: float  # m
    smoothing: float  # m, standard deviation of the Gaussian; 0 for none

    @property
    def corners(self) -> np.ndarray:
        """Corners (corner, 2) m of the part that walks can enter: a recorded room may be oblong."""
        if self.motion not in RECORDED_ROOMS:
            return corners_of(self.shape, self.side)
        width, height = RECORDED_ROOMS[self.motion]
        return corners_of([[0, 0], [width, 0], [width, height], [0, height]], self.side)

    @property
    def width(self) -> float:
        """Side of the square about the origin that holds the arena, m."""
        return float(2 * np.abs(self.corners).max())
