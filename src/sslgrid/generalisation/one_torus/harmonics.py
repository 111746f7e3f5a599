"""How much of each unit's map lies on the reciprocal lattice of the coarse module, and on which of its shells.

A map that repeats with the coarse lattice has power at the points of the reciprocal lattice alone. They lie on shells:
|k| = 1, sqrt(3), 2, sqrt(7), 3 times the first, for a hexagonal lattice. A module that is independent of the coarse one
has its power elsewhere.
"""

from dataclasses import dataclass

import numpy as np

from sslgrid.generalisation.one_torus.pair import SHELLS, Pair
from sslgrid.geometry.fourier import wave_amplitudes, weighted_maps
from sslgrid.modules.cuts import variance_left
from sslgrid.modules.finding import SYMMETRY
from sslgrid.spatial.gridness import HEXAGONAL
from sslgrid.spatial.ratemap import RateMaps

LARGEST_SCALE = 1.5  # of the null: the lattice is made up to so much larger or smaller
HIGH = 95  # percentile of the null
OFF_LATTICE = 0.5  # a unit with less of its variance on the lattice than off it fits no shell


@dataclass(frozen=True)
class Harmonics:
    """All shares are of the variance of a unit's map under the window, 0 to 1; NaN for a flat map."""

    lattice_share: np.ndarray  # (unit,) on all shells together
    null_mean: np.ndarray  # (unit,) on the lattice turned and scaled at random, mean over draws
    null_high: np.ndarray  # (unit,) the same, 95th percentile
    shell_share: np.ndarray  # (unit, shell) on each shell


def measure_harmonics(pair: Pair, maps: RateMaps, draws: int, rng: np.random.Generator) -> Harmonics:
    """The shares of every unit of the maps. maps: of the widest arena; draws: random lattices of the null."""
    kind, basis = pair.coarse.kind, pair.basis
    counts, shell = lattice_points(kind)
    weighted, design = weighted_maps(maps.rates, maps.centres)
    total = np.square(weighted).sum(axis=0)
    total = np.where(total > 0, total, np.nan)

    def share(waves: np.ndarray) -> np.ndarray:
        return np.square(np.linalg.qr(design(waves))[0].T @ weighted).sum(axis=0) / total

    null = np.stack([share(counts @ random_lattice(basis, kind, rng)) for _ in range(draws)])
    power = np.square(np.abs(wave_amplitudes(maps.rates, maps.centres, counts @ basis))) / 2
    constant = design(np.zeros((0, 2)))[:, 0]
    power = power / (total / np.square(constant).sum())[:, None]  # a wave's share of the windowed variance
    return Harmonics(
        lattice_share=share(counts @ basis),
        null_mean=null.mean(axis=0),
        null_high=np.percentile(null, HIGH, axis=0),
        shell_share=np.stack([power[:, shell == number].sum(axis=1) for number in SHELLS[kind]], axis=1),
    )


def lattice_points(kind: int) -> tuple[np.ndarray, np.ndarray]:
    """The reciprocal lattice up to the last shell, one of k and -k: counts (point, 2) and the shell's number (point,).

    A point m b1 + n b2 has |k|^2 = m^2 + m n + n^2 over that of the first shell (square lattices: m^2 + n^2).
    """
    largest = max(SHELLS[kind])
    reach = np.arange(-largest, largest + 1)
    m, n = (each.ravel() for each in np.meshgrid(reach, reach, indexing="ij"))
    shell = m**2 + n**2 + (m * n if kind == HEXAGONAL else 0)
    chosen = ((m > 0) | ((m == 0) & (n > 0))) & (shell <= largest)
    return np.stack([m, n], axis=1)[chosen], shell[chosen]


def random_lattice(basis: np.ndarray, kind: int, rng: np.random.Generator) -> np.ndarray:
    """The basis (2, 2) turned by any angle and scaled by up to `LARGEST_SCALE` either way."""
    angle = np.deg2rad(rng.uniform(0, SYMMETRY[kind]))
    scale = np.exp(rng.uniform(-1, 1) * np.log(LARGEST_SCALE))
    return scale * basis @ rotation(angle).T


def rotation(angle: float) -> np.ndarray:
    """The matrix (2, 2) that turns column vectors anticlockwise; angle in rad."""
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def two_groups_p(share: np.ndarray, draws: int, rng: np.random.Generator) -> float:
    """Do shares (unit,) fall into two groups? The p-value of the best cut, against as many uniform shares.

    The cut leaves the least variance within its two parts. NaN shares are left out.
    """
    known = np.sort(share[np.isfinite(share)])
    if len(known) < 4:
        return np.nan
    null = variance_left(np.sort(rng.uniform(size=(draws, len(known))), axis=1)).min(axis=1)
    return float((1 + (null <= variance_left(known[None]).min()).sum()) / (1 + draws))


def mixture(shell_share: np.ndarray) -> np.ndarray:
    """How much of what lies on the first two shells lies on the first: (unit, shell) -> (unit,), NaN for nothing."""
    both = shell_share[:, :2].sum(axis=1)
    return np.divide(shell_share[:, 0], both, out=np.full(len(both), np.nan), where=both > 0)
