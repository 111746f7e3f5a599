"""Training trajectories: random orders of one set of velocities (Schaeffer et al. 2023, section 3, "Data").

All trajectories of a batch share their start, and because they are permutations of the same steps they share their
end too, and cross often in between. That is all the supervision there is.
"""

from dataclasses import dataclass

import numpy as np

from sslgrid.basics.motion import draw_velocities
from sslgrid.basics.streams import BATCH_STREAM, generator
from sslgrid.kernels.compiled import compiled
from sslgrid.sic.config import TrajectoryConfig


@dataclass(frozen=True)
class Batch:
    """One gradient step's data.

    velocities: (T, 2) float64, m per step.
    order: (B, T) int64; trajectory b takes velocity `order[b, t]` at step t.
    positions: (B, T + 1, 2) float64, m; positions[:, 0] is the origin.
    speeds: (B, T) float64: |v| of each step, m.
    """

    velocities: np.ndarray
    order: np.ndarray
    positions: np.ndarray
    speeds: np.ndarray


def sample_batch(config: TrajectoryConfig, seed: int, step: int) -> Batch:
    """The batch of a given training step: a pure function of (config, seed, step), so resuming needs no state."""
    rng = generator(seed, BATCH_STREAM, step)
    B, T = config.batch, config.steps
    velocities = draw_velocities(rng, T, config.velocity_law, config.half_width)
    order = np.tile(np.arange(T), (B, 1))
    if config.permute:
        order = rng.permuted(order, axis=1)
    if config.outward:
        velocities, order = go_apart(rng, velocities, order, config)
    positions, speeds = np.zeros((B, T + 1, 2)), np.empty((B, T))
    follow(velocities, order, positions, speeds)
    return Batch(velocities, order, positions, speeds)


def go_apart(
    rng: np.random.Generator, velocities: np.ndarray, order: np.ndarray, config: TrajectoryConfig
) -> tuple[np.ndarray, np.ndarray]:
    """The same batch with its trajectories walking around two places: not the paper's data (docs/one-torus.md).

    Of the T velocities `outward` are replaced by a step of `half_width` in a random direction, and as many by the
    opposite step. Half of the trajectories take the first kind, then what is left in their own order, then the second
    kind; the other half the reverse. Shapes as in `Batch`.
    """
    n, B = config.outward, len(order)
    angle = rng.uniform(0, 2 * np.pi)
    velocities = velocities.copy()
    velocities[:n] = config.half_width * np.array([np.cos(angle), np.sin(angle)])
    velocities[n : 2 * n] = -velocities[:n]
    there, back = (np.tile(part, (B, 1)) for part in (np.arange(n), np.arange(n, 2 * n)))
    between = order[order >= 2 * n].reshape(B, -1)
    one_way = np.hstack([there, between, back])
    return velocities, np.where(np.arange(B)[:, None] < B // 2, one_way, np.hstack([back, between, there]))


@compiled
def follow(velocities, order, positions, speeds):
    """Fill speeds (B, T) and positions[:, 1:] (B, T + 1, 2)."""
    for b in range(order.shape[0]):
        for t in range(order.shape[1]):
            x, y = velocities[order[b, t]]
            positions[b, t + 1, 0] = positions[b, t, 0] + x
            positions[b, t + 1, 1] = positions[b, t, 1] + y
            speeds[b, t] = np.sqrt(x * x + y * y)
