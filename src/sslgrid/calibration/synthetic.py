"""Synthetic units of known truth, one map at a time: what the measures are calibrated and tested on."""

import numpy as np
from scipy.ndimage import gaussian_filter


def grid_of(side: float, bin_size: float) -> np.ndarray:
    """Bin centres (y, x, 2) as (x, y), m, of a square arena centred on the origin."""
    centres = (np.arange(round(side / bin_size)) + 0.5) * bin_size - side / 2
    return np.stack(np.meshgrid(centres, centres), axis=-1)


def waves(points: np.ndarray, directions: np.ndarray, wavelength: float, phases: np.ndarray) -> np.ndarray:
    """Sum of plane waves along `directions` (rad) with their phases (rad), scaled to [0, 1]: (y, x)."""
    k = 2 * np.pi / wavelength * np.stack([np.cos(directions), np.sin(directions)], axis=-1)
    rates = np.cos(points @ k.T - phases).sum(axis=-1)
    return (rates - rates.min()) / np.ptp(rates)


def hexagonal(points, spacing, orientation=0.0, phase=(0.0, 0.0)) -> np.ndarray:
    """A hexagonal lattice: spacing in m, orientation of its axes in deg, a field at `phase` (x, y) m."""
    directions = np.deg2rad(orientation + 30 + np.array([0, 60, 120]))
    return waves(points - np.asarray(phase), directions, spacing * np.sqrt(3) / 2, np.zeros(3))


def square(points, spacing, orientation=0.0, phase=(0.0, 0.0)) -> np.ndarray:
    """A square lattice: spacing in m, orientation of its axes in deg, a field at `phase` (x, y) m."""
    return waves(points - np.asarray(phase), np.deg2rad(orientation + np.array([0, 90])), spacing, np.zeros(2))


def band(points, wavelength, direction=0.0, phase=0.0) -> np.ndarray:
    """A plane wave that runs along `direction` (deg); phase in rad."""
    return waves(points, np.deg2rad([direction]), wavelength, np.array([phase]))


def place(points, centre, width=0.15) -> np.ndarray:
    """One Gaussian field; width in m."""
    return np.exp(-((points - centre) ** 2).sum(axis=-1) / (2 * width**2))


def border(points, wall, width=0.08) -> np.ndarray:
    """A field along one wall, 0 to 3 counted from the right one anticlockwise; width in m."""
    outwards = (1 if wall < 2 else -1) * points[..., wall % 2]
    return np.exp(-((outwards - outwards.max()) ** 2) / (2 * width**2))


def stretch(ratio: float, direction: float) -> np.ndarray:
    """The symmetric (2, 2) map that stretches by `ratio` along `direction` (deg), and by 1 across."""
    along = np.array([np.cos(np.deg2rad(direction)), np.sin(np.deg2rad(direction))])
    return np.eye(2) + (ratio - 1) * np.outer(along, along)


def smooth_noise(rng: np.random.Generator, shape: tuple[int, ...], sigma: float) -> np.ndarray:
    """Filtered white noise of unit variance, (..., y, x); sigma in bins."""
    noise = gaussian_filter(rng.normal(size=shape), sigma=[0] * (len(shape) - 2) + [sigma] * 2, mode="wrap")
    return noise / noise.std()


def noisy_halves(rng: np.random.Generator, rates: np.ndarray, stability: float, sigma: float) -> np.ndarray:
    """Maps of two halves of a recording, (2, y, x), that correlate by `stability`; their mean is the whole map.

    Each is `rates` (y, x) >= 0 plus noise of its own, as smooth as the maps are (sigma in bins) and cut where a rate
    would be negative. Signal of variance s under noise of variance n correlates by s / (s + n).
    """
    level = rates.std() * np.sqrt(1 / stability - 1)
    return (rates + level * smooth_noise(rng, (2, *rates.shape), sigma)).clip(0)
