"""Small configs and synthetic units of known truth, for the tests."""

import numpy as np

from sslgrid.config.arena import ArenaConfig
from sslgrid.config.model import LossConfig, ModelConfig, NetworkConfig, TrainingConfig, TrajectoryConfig

NETWORK = NetworkConfig(
    units=8, hidden_units=6, hidden_layers=2, activation="gelu", identity_start=True, output_scale=0.3,
    learned_initial_state=True, zero_rule="zero",
)  # fmt: skip
LOSSES = LossConfig(
    sigma_x=0.05, sigma_g=0.4, separation=1.0, path_invariance=0.1, capacity=0.5, conformal_isometry=0.1,
    pair_reduction="masked_mean", self_pairs=False,
)  # fmt: skip
TRAJECTORIES = TrajectoryConfig(batch=4, steps=10, velocity_law="square", half_width=0.15, permute=True)
TRAINING = TrainingConfig(
    steps=30, learning_rate=1e-3, betas=(0.9, 0.999), weight_decay=0.0, warmup=5, final_fraction=0.02, clip=0.1,
    record_every=4, snapshots=3,
)  # fmt: skip
MODEL = ModelConfig(NETWORK, LOSSES, TRAJECTORIES, TRAINING)
ARENA = ArenaConfig(
    side=2.0, motion="iid", walks=50, steps=100, seed=0, velocity_law="square", half_width=0.15, mean_speed=0.05,
    bin=0.04, smoothing=0.04,
)  # fmt: skip


def grid_of(side: float, bin_size: float) -> np.ndarray:
    """Bin centres (y, x, 2) as (x, y), m."""
    centres = (np.arange(round(side / bin_size)) + 0.5) * bin_size - side / 2
    return np.stack(np.meshgrid(centres, centres), axis=-1)


def waves(points: np.ndarray, directions: np.ndarray, wavelength: float, phase: np.ndarray) -> np.ndarray:
    """Sum of plane waves, scaled to [0, 1]."""
    k = 2 * np.pi / wavelength * np.stack([np.cos(directions), np.sin(directions)], axis=-1)
    rates = np.cos((points - phase) @ k.T).sum(axis=-1)
    return (rates - rates.min()) / np.ptp(rates)


def hexagonal(points, spacing, orientation=0.0, phase=(0.0, 0.0)) -> np.ndarray:
    """A hexagonal lattice: spacing in m, orientation of its axes in deg."""
    directions = np.deg2rad(orientation + 30 + np.array([0, 60, 120]))
    return waves(points, directions, spacing * np.sqrt(3) / 2, np.asarray(phase))


def square(points, spacing, orientation=0.0, phase=(0.0, 0.0)) -> np.ndarray:
    """A square lattice: spacing in m, orientation of its axes in deg."""
    return waves(points, np.deg2rad(orientation + np.array([0, 90])), spacing, np.asarray(phase))


def band(points, wavelength, direction=0.0) -> np.ndarray:
    """A plane wave that runs along `direction` (deg)."""
    return waves(points, np.deg2rad([direction]), wavelength, np.zeros(2))


def place(points, centre, width=0.15) -> np.ndarray:
    """One Gaussian field."""
    return np.exp(-((points - centre) ** 2).sum(axis=-1) / (2 * width**2))


def smooth_noise(rng: np.random.Generator, shape: tuple[int, ...], sigma: float) -> np.ndarray:
    """Filtered white noise of unit variance, (..., y, x)."""
    from scipy.ndimage import gaussian_filter

    noise = gaussian_filter(rng.normal(size=shape), sigma=[0] * (len(shape) - 2) + [sigma] * 2, mode="wrap")
    return noise / noise.std()
