"""Training trajectories: random orders of one set of velocities (Schaeffer et al. 2023, section 3, "Data").

All trajectories of a batch share their start, and because they are permutations of the same steps they share their
end too, and cross often in between. That is all the supervision there is.
"""

from dataclasses import dataclass

import numpy as np

from sslgrid.config.model import TrajectoryConfig

# A stream of its own for each use of a seed, so that no two uses share random numbers.
BATCH_STREAM, WEIGHT_STREAM = 0, 1


@dataclass(frozen=True)
class Batch:
    """One gradient step's data.

    velocities: (T, 2) float64, m per step.
    order: (B, T) int64; trajectory b takes velocity `order[b, t]` at step t.
    positions: (B, T + 1, 2) float64, m; positions[:, 0] is the origin.
    """

    velocities: np.ndarray
    order: np.ndarray
    positions: np.ndarray

    @property
    def speeds(self) -> np.ndarray:
        """(B, T) float64: |v| of each step, m."""
        return np.linalg.norm(self.velocities, axis=1)[self.order]


def generator(seed: int, *stream: int) -> np.random.Generator:
    """A generator for one purpose of one seed: a pure function of its arguments, so nothing needs to be saved."""
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence([seed, *stream])))


def draw_velocities(rng: np.random.Generator, count: int, law: str, half_width: float) -> np.ndarray:
    """Draw `count` velocities; (count, 2) float64, m per step.

    "square" is the paper's p(v), uniform on [-half_width, half_width]^2. "disc" is the isotropic law of equal
    variance: uniform on the disc of radius half_width * sqrt(4/3).
    """
    if law == "square":
        return rng.uniform(-half_width, half_width, size=(count, 2))
    if law == "disc":
        radius = half_width * np.sqrt(4 / 3) * np.sqrt(rng.uniform(size=count))
        angle = rng.uniform(0, 2 * np.pi, size=count)
        return radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    raise ValueError(f"velocity_law is {law!r}; expected 'square' or 'disc'")


def sample_batch(config: TrajectoryConfig, seed: int, step: int) -> Batch:
    """The batch of a given training step: a pure function of (config, seed, step), so resuming needs no state."""
    rng = generator(seed, BATCH_STREAM, step)
    B, T = config.batch, config.steps
    velocities = draw_velocities(rng, T, config.velocity_law, config.half_width)
    order = np.tile(np.arange(T), (B, 1))
    if config.permute:
        order = rng.permuted(order, axis=1)
    positions = np.zeros((B, T + 1, 2))
    np.cumsum(velocities[order], axis=1, out=positions[:, 1:])
    return Batch(velocities, order, positions)
