"""Score a network that sslgrid did not make: a small one in plain torch, written here in a few lines.

    python examples/score_other_model.py            # writes other_model.npz
    python -m sslgrid.commands.score other_model.npz --bin 0.05 --smoothing 0.05

The network keeps three phases, one along each of three directions, and adds each step's velocity to them. Its units
fire where the three waves meet: they are grid cells by construction, so the scores must say so. Put your own network in
its place. What is scored is `positions` (walk, step, 2) in metres and `activity` (walk, step, unit).
"""

import numpy as np
import torch

WALKS, STEPS, UNITS = 100, 300, 32
SIDE, SPEED = 2.0, 0.05  # m, m per step
SPACING = 0.5  # m


class WavesRNN(torch.nn.Module):
    """Path integration by phases: the state is one phase (rad) for each of three directions."""

    def __init__(self, units: int) -> None:
        super().__init__()
        angles = torch.deg2rad(torch.tensor([30.0, 90.0, 150.0]))
        wave_length = SPACING * 3**0.5 / 2
        self.waves = 2 * torch.pi / wave_length * torch.stack([angles.cos(), angles.sin()])
        self.offsets = torch.rand(units, 2) @ self.waves * SPACING

    def forward(self, velocities: torch.Tensor, start: torch.Tensor) -> torch.Tensor:
        """Activity (walk, step, unit) along velocities (walk, step, 2) m per step, from start (walk, 2) m."""
        phase, activity = start @ self.waves, []
        for step in velocities.unbind(1):
            phase = phase + step @ self.waves
            activity.append(torch.relu(torch.cos(phase[:, None] - self.offsets).sum(-1)))
        return torch.stack(activity, dim=1)


def walk(rng: np.random.Generator) -> np.ndarray:
    """Positions (walk, step + 1, 2) m of walks that keep to a square box."""
    at = rng.uniform(-SIDE / 2, SIDE / 2, (WALKS, 2))
    heading, path = rng.uniform(0, 2 * np.pi, WALKS), [at]
    for _ in range(STEPS):
        heading = heading + 0.3 * rng.standard_normal(WALKS)
        step = SPEED * np.stack([np.cos(heading), np.sin(heading)], axis=1)
        outside = np.abs(at + step) > SIDE / 2
        at = at + np.where(outside, -step, step)
        heading = np.where(outside.any(axis=1), rng.uniform(0, 2 * np.pi, WALKS), heading)
        path.append(at)
    return np.stack(path, axis=1)


if __name__ == "__main__":
    torch.manual_seed(0)
    path = walk(np.random.default_rng(0))
    velocities = torch.tensor(np.diff(path, axis=1), dtype=torch.float32)
    activity = WavesRNN(UNITS)(velocities, torch.tensor(path[:, 0], dtype=torch.float32))
    np.savez("other_model.npz", positions=path[:, 1:], activity=activity.numpy(), units="m")
    print(f"other_model.npz: {UNITS} units along {WALKS} walks of {STEPS} steps")
