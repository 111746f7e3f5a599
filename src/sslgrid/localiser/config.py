"""The model of a condition that learns to localise itself (Cueva & Wei 2018): network, loss, trajectories,
optimisation.

Values come from the validated study through `results/config/<condition>.json`; the schema holds every default, range
and description. A field with a default here is younger than the others, and the default is what networks had before
there was such a field (`store.reading.build`).
"""

from dataclasses import dataclass
from pathlib import Path

from sslgrid.localiser.architecture import RateNetworkConfig
from sslgrid.store.reading import build, canonical, read_config
from sslgrid.training.engines import FAST


@dataclass(frozen=True)
class LocalisationLossConfig:
    """Weights of what is added to the squared error of the position (Cueva & Wei 2018, section 2.2).

    By the adaptive rule the two weights are those of the first step; `penalties.Penalties` says how they go on.
    """

    weights: float  # of R_L2, the mean squares of W_in and of W_out
    rates: float  # of R_FR, the metabolic cost: the mean square of h
    rule: str = "fixed"  # | "adaptive"
    weights_shares: tuple[float, float] = (0.001, 1 / 6)  # of the squared error, that the term of R_L2 is kept between
    rates_shares: tuple[float, float] = (0.025, 0.25)  # likewise, the term of R_FR
    factor: float = 1.5  # on a weight whose term is too small; its inverse if it is too large
    adapt_every: int = 1  # steps


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
    at_walls: str = "uniform"  # | "widening": how a turn is drawn again, as in `basics.brownian.Motion`


@dataclass(frozen=True)
class LocaliserTrainingConfig:
    """Gradient steps with warm-up and cosine decay, and Hessian-free steps, one after the other."""

    first: str  # "gradient" | "hessian_free"
    optimiser: str  # of the gradient steps: "soap" | "adam"
    steps: int  # of gradient
    learning_rate: float
    betas: tuple[float, float]
    warmup: int  # steps
    final_fraction: float  # of learning_rate, reached at the last step
    clip: float
    hessian_free_steps: int
    curriculum: int  # steps over which the share of rest rises from 0 to `standstill`
    record_every: int  # steps between rows of training.nc
    snapshots: int  # networks kept along the way, the last one included
    recurrent_decay: float = 0.0  # of W_rec in a gradient step, in units of the learning rate
    noise_start: float = 1.0  # share of the network's noise that the first steps have
    noise_hold: int = 0  # steps before the noise begins to rise
    noise_ramp: int = 0  # steps that its rise takes
    engine: str = FAST  # a name of `training.engines`


@dataclass(frozen=True)
class HessianFreeConfig:
    """A Hessian-free step (Martens 2010; structural damping: Martens & Sutskever 2011).

    What follows the success of the model is either the weight of damping, or that of R_L2: see `damped`.
    """

    iterations: int  # of conjugate gradients, at most
    damping: float  # of the first step
    damping_factor: float = 1.5  # on the damping after a step that the quadratic model foretold badly
    damped: str = "parameters"  # | "penalty"
    structural_damping: float = 0.0  # weight of the change of x, in units of `structural_unit`
    structural_unit: str = "damping"  # | "weights": the present weight of R_L2
    preconditioner: str = "diagonal"  # | "identity"
    warm_start: float = 0.95  # share of the last step's solution that the next search starts from
    restart_every: int = 0  # steps between searches that start along the negative gradient instead; 0: none do
    backtracking: bool = True  # take the iterate of conjugate gradients with the lowest loss, not the last one
    line_search: float = 0.8  # factor between the lengths that are tried
    clip: float = 0.0  # largest norm of the gradient; 0: any
    curvature_trials: int = 0  # of the batch, that the curvature is taken from; 0: all


@dataclass(frozen=True)
class LocaliserConfig:
    """Everything that decides a network's weights, but for the seed."""

    network: RateNetworkConfig
    losses: LocalisationLossConfig
    trajectories: PathConfig
    training: LocaliserTrainingConfig
    hessian_free: HessianFreeConfig

    @classmethod
    def from_dict(cls, section: dict) -> "LocaliserConfig":
        """Build from a resolved `localiser` section of today, or from that in the header of an older network."""
        if "hessian_free" not in section:  # whose keys were two, and stood in `training`
            training = dict(section["training"])
            moved = {name: training.pop(name) for name in ("iterations", "damping")}
            section = section | {"training": training, "hessian_free": moved}
        return build(cls, section)

    def to_json(self) -> str:
        """Canonical text; equal configs give equal text."""
        return canonical(self)


def read_localiser(path: Path) -> LocaliserConfig:
    """Read `results/config/<condition>.json`."""
    return read_config(path, LocaliserConfig.from_dict)
