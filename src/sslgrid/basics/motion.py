"""The law of velocities that SIC networks are trained with, and that iid evaluation walks follow too."""

import numpy as np

from sslgrid.kernels.draws import cosines_and_sines, uniform


def draw_velocities(rng: np.random.Generator, count: int, law: str, half_width: float) -> np.ndarray:
    """Draw `count` velocities; (count, 2) float64, m per step.

    "square" is the paper's p(v), uniform on [-half_width, half_width]^2. "disc" is the isotropic law of equal
    variance, uniform on the disc of `radius_of_disc(half_width)`.
    """
    if law == "square":
        return uniform(rng, -half_width, half_width, (count, 2))
    if law == "disc":
        radius = radius_of_disc(half_width) * np.sqrt(rng.random(count))
        return radius[:, None] * cosines_and_sines(uniform(rng, 0, 2 * np.pi, count))
    raise ValueError(f"velocity_law is {law!r}; expected 'square' or 'disc'")


def radius_of_disc(half_width: float) -> float:
    """Highest speed of the law "disc", m per step: half_width * sqrt(4/3)."""
    return half_width * np.sqrt(4 / 3)
