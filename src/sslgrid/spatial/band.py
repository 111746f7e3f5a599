"""Band score: one plane wave against the three of a hexagonal lattice (Krupic et al. 2012 for the components)."""

import numpy as np

TRANSFORM = 128  # bins of the zero-padded Fourier transform in which the waves are sought
APART = np.cos(np.deg2rad(25))  # waves closer in direction than this are one
FLAT = 1e-6  # of the highest rate: a map that varies by less holds no wave
PROFILE = 12  # steps across the arena
PERIODS = 1.3  # a wave has at least this many in the arena: a longer one is a slope


def band_scores(ratemaps: np.ndarray, walls: np.ndarray) -> np.ndarray:
    """1 for a single plane wave, 0.25 for two equal ones, 0 for three: (unit,).

    With P1 >= P2 >= P3 the powers of three plane waves of different direction, the score is
    `(3 P1 / (P1 + P2 + P3) - 1) / 2`. The waves are sought one by one, each as the strongest in what those before it
    leave, and fitted together over the visited bins, so that neither the walls nor gaps tell on their powers.
    ratemaps: (unit, y, x), NaN unvisited; walls: distance of each bin to each wall (y, x, wall), m. NaN for a flat map.
    """
    rates, window = np.nan_to_num(ratemaps).astype(float), np.isfinite(ratemaps) * taper(walls)
    y, x = np.mgrid[: ratemaps.shape[1], : ratemaps.shape[2]]
    size = max(TRANSFORM, *ratemaps.shape[1:])
    ky, kx = np.meshgrid(np.fft.fftfreq(size), np.fft.rfftfreq(size), indexing="ij")
    k = np.hypot(ky, kx)
    allowed = np.broadcast_to(k > PERIODS / least_width(walls), (len(rates), *k.shape))
    waves = np.ones((len(rates), 1, *ratemaps.shape[1:]))
    for _ in range(3):
        left = rates - np.einsum("uc,ucyx->uyx", _fit(rates, waves, window), waves)
        power = np.where(allowed, np.abs(np.fft.rfft2(window * left, (size, size))) ** 2, 0)
        at = power.reshape(len(rates), -1).argmax(axis=1)
        ky_of, kx_of, k_of = (each.ravel()[at][:, None, None] for each in (ky, kx, k))
        angle = 2 * np.pi * (ky_of * y + kx_of * x)
        waves = np.concatenate([waves, np.stack([np.cos(angle), np.sin(angle)], axis=1)], axis=1)
        allowed = allowed & (np.abs(ky_of * ky + kx_of * kx) <= APART * k_of * k)
    powers = np.square(_fit(rates, waves, window)[:, 1:]).reshape(-1, 3, 2).sum(axis=2)
    highest = rates.max(axis=(1, 2))
    varies = (window * (highest[:, None, None] - rates)).max(axis=(1, 2)) > FLAT * highest
    return np.where(varies, (3 * powers.max(axis=1) / np.where(varies, powers.sum(axis=1), 1) - 1) / 2, np.nan)


def turns_back(ratemaps: np.ndarray, walls: np.ndarray) -> np.ndarray:
    """How often the rate crosses its range along the direction in which it varies most: (unit,), 1 for a slope.

    A stripe in the middle has 2, a plane wave 2 a period: a slope, however steep, is no band. Of profiles in
    `PROFILE` steps from one side of the arena to the other. ratemaps, walls: as in `band_scores`. NaN for a map
    without any visits.
    """
    visited = np.isfinite(ratemaps) & (walls.min(axis=2) >= 0)
    y, x = np.mgrid[: ratemaps.shape[1], : ratemaps.shape[2]]
    slope_y, slope_x = np.gradient(ratemaps, axis=(1, 2))
    known = np.isfinite(slope_y) & np.isfinite(slope_x)
    slope_y, slope_x = np.where(known, slope_y, 0), np.where(known, slope_x, 0)
    xx, yy, xy = ((a * b).sum(axis=(1, 2)) for a, b in ((slope_x, slope_x), (slope_y, slope_y), (slope_x, slope_y)))
    way = 0.5 * np.arctan2(2 * xy, xx - yy)  # of the largest axis of the gradients' covariance
    return np.array([_crossings(rates[seen], np.cos(turn) * x[seen] + np.sin(turn) * y[seen])
                     for rates, seen, turn in zip(ratemaps, visited, way, strict=True)])  # fmt: skip


def _crossings(rates: np.ndarray, along: np.ndarray) -> float:
    """Total variation of the profile of rates (bin,) by where the bins are, over its range."""
    if not len(rates):
        return np.nan
    edges = np.linspace(along.min(), along.max(), PROFILE + 1)
    step = np.digitize(along, edges[1:-1])
    count = np.bincount(step, minlength=PROFILE)
    profile = (np.bincount(step, rates, PROFILE) / np.maximum(count, 1))[count > 0]
    spread = np.ptp(profile)
    return float(np.abs(np.diff(profile)).sum() / spread) if spread > 0 else 0.0


def least_width(walls: np.ndarray) -> float:
    """Of the arena, in bins: the least extent across from a wall. walls: as in `band_scores`."""
    inside = walls.min(axis=2) >= 0
    bin_size = np.hypot(walls[1, 0, 0] - walls[0, 0, 0], walls[0, 1, 0] - walls[0, 0, 0])
    return float(np.ptp(walls[inside], axis=0).min() / bin_size + 1)


def taper(walls: np.ndarray) -> np.ndarray:
    """Weights of the bins (y, x): falling towards the walls, so that these leak into no direction; 0 outside.

    In a square it is Hann's window along each axis. walls: distance of each bin to each wall (y, x, wall).
    """
    depth = walls / walls.min(axis=2).max()
    return np.square(np.sin(np.pi / 2 * depth.clip(0, 1))).prod(axis=2)


def _fit(rates: np.ndarray, waves: np.ndarray, window: np.ndarray) -> np.ndarray:
    """Weighted least squares: the coefficients (unit, wave) of waves (unit, wave, y, x) in rates (unit, y, x)."""
    flat = waves.reshape(*waves.shape[:2], -1)
    weighted = flat * window.reshape(len(waves), 1, -1)
    square = weighted @ np.swapaxes(flat, 1, 2)
    return (np.linalg.pinv(square, hermitian=True) @ (weighted @ rates.reshape(len(rates), -1, 1)))[..., 0]
