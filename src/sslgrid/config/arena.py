"""An evaluation arena and how it is walked: results/config/arenas/<arena>.json."""

from dataclasses import dataclass
from pathlib import Path

from sslgrid.config.reading import read_config

RECORDED_ROOMS = {"sargolini": (1.0, 1.0), "tanni": (3.5, 2.5)}  # m: width and height of the rooms of recorded rats


@dataclass(frozen=True)
class ArenaConfig:
    """A square arena centred on the origin, the walks through it and the bins of its rate maps."""

    side: float  # m
    motion: str  # "rat" (smooth, RatInABox) | "iid" (velocities drawn like the training's) | a name of RECORDED_ROOMS
    walks: int
    steps: int
    seed: int
    velocity_law: str  # of iid walks
    half_width: float  # m per step: of the law of iid velocities; the highest speed of other walks
    mean_speed: float  # m per step, of other walks than iid
    bin: float  # m
    smoothing: float  # m, standard deviation of the Gaussian; 0 for none

    @property
    def room(self) -> tuple[float, float]:
        """Width and height of the part, about the centre, that walks can enter, m: a recorded room may be oblong."""
        width, height = RECORDED_ROOMS.get(self.motion, (1.0, 1.0))
        return self.side * width / max(width, height), self.side * height / max(width, height)


def read_arena(path: Path) -> ArenaConfig:
    """Read `results/config/arenas/<arena>.json`."""
    return read_config(path, lambda section: ArenaConfig(**section))
