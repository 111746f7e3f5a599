"""An evaluation arena and how it is walked: results/config/arenas/<arena>.json."""

from dataclasses import dataclass
from pathlib import Path

from sslgrid.config.reading import read_config


@dataclass(frozen=True)
class ArenaConfig:
    """A square arena centred on the origin, the walks through it and the bins of its rate maps."""

    side: float  # m
    motion: str  # "rat" (smooth, RatInABox) | "iid" (velocities drawn like the training's)
    walks: int
    steps: int
    seed: int
    velocity_law: str  # of iid walks
    half_width: float  # m per step: of the law of iid velocities; the highest speed of rat-like walks
    mean_speed: float  # m per step, of rat-like walks
    bin: float  # m
    smoothing: float  # m, standard deviation of the Gaussian; 0 for none


def read_arena(path: Path) -> ArenaConfig:
    """Read `results/config/arenas/<arena>.json`."""
    return read_config(path, lambda section: ArenaConfig(**section))
