"""An evaluation arena and how it is walked: results/config/arenas/<arena>.json."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ArenaConfig:
    """A square arena centred on the origin, the walks through it and the bins of its rate maps."""

    side: float  # m
    motion: str  # "rat" (smooth, RatInABox) | "iid" (velocities drawn like the training's)
    walks: int
    steps: int
    seed: int
    velocity_law: str  # of iid walks
    half_width: float  # m per step: no step's component exceeds it
    mean_speed: float  # m per step, of rat-like walks
    bin: float  # m
    smoothing: float  # m, standard deviation of the Gaussian; 0 for none


def read_arena(path: Path) -> ArenaConfig:
    """Read `results/config/arenas/<arena>.json`."""
    return ArenaConfig(**json.loads(Path(path).read_text()))
