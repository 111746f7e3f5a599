"""Maps beside random mixtures of them: are units more regular than chance makes of the same waves?

A rotation of the units leaves what a population encodes, and the mean square of its rates. If training is indifferent
to it, units are random mixtures of the waves that the population has, and a lattice among them is luck. So the null of
a population is itself, rotated at random: the same spectrum, and no unit that is preferred.
"""

import numpy as np
from scipy.fft import dctn

from sslgrid.spatial.gridness import NO_LATTICE
from sslgrid.spatial.spectrum import fair_grids, without_plane


def modes_used(ratemaps: np.ndarray) -> np.ndarray:
    """Effective number of a square's cosine modes in each map less its plane, 1 / sum of squared shares: (unit,).

    ratemaps: (unit, y, x); bins that nobody visited (NaN) count as ones on the plane. NaN for a map that is a plane.
    """
    power = np.square(dctn(np.nan_to_num(without_plane(ratemaps)), axes=(1, 2), norm="ortho"))
    power[:, 0, 0] = 0
    total, squares = power.sum(axis=(1, 2)), np.square(power).sum(axis=(1, 2))
    some = total > 1e-12 * np.nansum(np.square(ratemaps), axis=(1, 2))
    return np.square(total) / np.where(some, squares, np.nan)


def mixtures(
    ratemaps: np.ndarray, bin_size: float, in_square: bool, draws: int, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Of random rotations of units (unit, y, x), (draw,) each: lattices among them, mean fields and number of modes."""
    count = len(ratemaps)
    lattices, fields, used = np.zeros(draws), np.full(draws, np.nan), np.full(draws, np.nan)
    for draw in range(draws if count > 1 else 0):
        mixed = np.tensordot(rotation(count, rng), ratemaps, 1)
        fair = fair_grids(mixed, bin_size, np.ones(count), np.ones(count), np.zeros(count))
        lattices[draw], fields[draw] = (fair.lattice != NO_LATTICE).sum(), fair.fields.mean()
        if in_square:
            used[draw] = np.nanmean(modes_used(mixed))
    return {"mixture_lattices": lattices, "mixture_fields": fields, "mixture_modes_used": used}


def rotation(size: int, rng: np.random.Generator) -> np.ndarray:
    """An orthogonal matrix (size, size), all equally likely (Mezzadri 2007, section 5)."""
    q, r = np.linalg.qr(rng.standard_normal((size, size)))
    return q * np.sign(np.diag(r))
