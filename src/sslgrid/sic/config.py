"""The model of one condition: network, losses, training trajectories and optimisation.

Values come from the validated study (``study.py``) through ``results/config/<condition>.json``; the schema holds
every default, range and description. A field with a default here is younger than the others, and the default is what
networks had before there was such a field (`store.reading.build`).
"""

from dataclasses import dataclass
from pathlib import Path

from sslgrid.sic.architecture import NetworkConfig
from sslgrid.store.reading import build, canonical, read_config
from sslgrid.training.engines import FAST


@dataclass(frozen=True)
class LossConfig:
    """Scales and weights of the four SIC losses (Schaeffer et al. 2023, section 3 and table 1)."""

    sigma_x: float  # m: two points nearer than this are the same place
    sigma_g: float  # neural distance below which two states count as alike
    separation: float  # the weights lambda
    path_invariance: float
    capacity: float
    conformal_isometry: float
    pair_reduction: str  # "masked_mean" | "all_mean" | "sum"
    self_pairs: bool  # count a point as its own near neighbour
    far_separation: float = 0.0  # weight of a term that is not the paper's: separation of the farthest pairs
    far_distance: float = 1.0  # m: its pairs are farther apart


@dataclass(frozen=True)
class TrajectoryConfig:
    """Training trajectories: B permutations of T iid velocities (Schaeffer et al. 2023, section 3)."""

    batch: int  # B
    steps: int  # T
    velocity_law: str  # "square" | "disc" (the disc of equal variance)
    half_width: float  # m per step: v is uniform on [-half_width, half_width]^2
    permute: bool  # False: every trajectory keeps the base order
    outward: int = 0  # steps that half of the trajectories first go one way, the others the other way; not the paper's


@dataclass(frozen=True)
class TrainingConfig:
    """AdamW with warm-up, then a cosine or a plateau schedule; gradients clipped by norm."""

    steps: int
    learning_rate: float
    betas: tuple[float, float]
    weight_decay: float
    warmup: int  # steps
    schedule: str  # "cosine" | "plateau"
    final_fraction: float  # of learning_rate, that a cosine reaches at the last step
    plateau_window: int  # steps whose mean loss the plateau schedule looks at
    plateau_factor: float  # on the rate, where it no longer falls
    plateau_patience: int  # windows without a new best that are waited for
    accumulate: int  # batches whose gradients are averaged in one step
    clip: float
    record_every: int  # steps between rows of training.nc
    snapshots: int  # networks kept along the way, the last one included
    engine: str = FAST  # a name of `training.engines`


@dataclass(frozen=True)
class ModelConfig:
    """Everything that decides a network's weights, but for the seed."""

    network: NetworkConfig
    losses: LossConfig
    trajectories: TrajectoryConfig
    training: TrainingConfig

    @classmethod
    def from_dict(cls, section: dict) -> "ModelConfig":
        """Build from a resolved `model` section, or from that in the header of an older network."""
        return build(cls, section)

    def to_json(self) -> str:
        """Canonical text; equal configs give equal text."""
        return canonical(self)


def read_model(path: Path) -> ModelConfig:
    """Read `results/config/<condition>.json`."""
    return read_config(path, ModelConfig.from_dict)
