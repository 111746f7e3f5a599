"""The model of a condition that learns to localise itself (Cueva & Wei 2018): network, loss, trajectories,
optimisation.

Values come from the validated study through `results/config/<condition>.json`; the schema holds every default, range
and description, so nothing is defaulted here.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from sslgrid.store.reading import read_config


@dataclass(frozen=True)
class RateNetworkConfig:
    """`tau dx/dt = -x + W_rec u + W_in I + b + xi`, `u = tanh(x)` (Cueva & Wei 2018, equation 1)."""

    units: int  # N
    time_constant: float  # tau, in Euler steps
    noise: float  # standard deviation of x of an isolated unit that is driven by noise alone
    inputs: str  # "angle": speed and heading; "direction": speed, cosine and sine of the heading; "velocity"
    speed_scale: float  # m per step: speeds are given in units of this
    recurrent_start: str  # "orthogonal" | "normal"
    gain: float  # of the initial W_rec: of its singular values, or the standard deviation times sqrt(N)


@dataclass(frozen=True)
class LocalisationLossConfig:
    """Weights of what is added to the squared error of the position (Cueva & Wei 2018, section 2.2)."""

    weights: float  # of R_L2, the mean squares of W_in and of W_out
    rates: float  # of R_FR, the metabolic cost: the mean square of u


@dataclass(frozen=True)
class PathConfig:
    """Training paths: Brownian headings in an arena, most of the time at rest (Cueva & Wei 2018, section 2.1)."""

    shape: str | list[list[float]]  # of the arena, as in `polygons.corners_of`
    side: float  # m
    trials: int  # M, of a gradient step
    steps: int  # T
    standstill: float  # share of the steps without movement
    highest_speed: float  # m per step
    heading_noise: float  # rad per step


@dataclass(frozen=True)
class LocaliserTrainingConfig:
    """Gradient steps with warm-up and cosine decay, and Hessian-free steps (Martens 2010), one after the other."""

    first: str  # "gradient" | "hessian_free"
    optimiser: str  # of the gradient steps: "soap" | "adam"
    steps: int  # of gradient
    learning_rate: float
    betas: tuple[float, float]
    warmup: int  # steps
    final_fraction: float  # of learning_rate, reached at the last step
    clip: float
    hessian_free_steps: int
    iterations: int  # of conjugate gradients in a Hessian-free step, at most
    damping: float  # at first
    curriculum: int  # steps over which the share of rest rises from 0 to `standstill`
    record_every: int  # steps between rows of training.nc
    snapshots: int  # networks kept along the way, the last one included


@dataclass(frozen=True)
class LocaliserConfig:
    """Everything that decides a network's weights, but for the seed."""

    network: RateNetworkConfig
    losses: LocalisationLossConfig
    trajectories: PathConfig
    training: LocaliserTrainingConfig

    @classmethod
    def from_dict(cls, section: dict) -> "LocaliserConfig":
        """Build from a resolved `localiser` section; the study has validated it."""
        training = dict(section["training"])
        training["betas"] = tuple(training["betas"])
        return cls(
            network=RateNetworkConfig(**section["network"]),
            losses=LocalisationLossConfig(**section["losses"]),
            trajectories=PathConfig(**section["trajectories"]),
            training=LocaliserTrainingConfig(**training),
        )

    def to_json(self) -> str:
        """Canonical text: sorted keys, no whitespace; equal configs give equal text."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))


def read_localiser(path: Path) -> LocaliserConfig:
    """Read `results/config/<condition>.json`."""
    return read_config(path, LocaliserConfig.from_dict)
