"""What rate maps are made of: their spectrum over the arena's own modes, which shows progress before lattices.

The modes of an arena are the standing waves that its walls allow. In a square of side L they are the products of
cosines of a cosine transform, with m and n half periods along the walls and the order sqrt(m^2 + n^2), so the first
wavelengths are 2 L, L, 2 L / 3. In an arena of another shape they have no formula and are computed from the bins; their
orders are then those of the square of the same area. Where a plane is taken from a map first, what is left of a bent
slope has a scale, too, and a higher one the steeper it is: so the mean frequency and order are of the whole map.
"""

from typing import NamedTuple

import numpy as np
from scipy.fft import dctn, fft2, fftfreq
from scipy.sparse import coo_array, diags_array
from scipy.sparse.linalg import eigsh

from sslgrid.spatial.fields import count_fields
from sslgrid.spatial.gridness import NO_LATTICE, classify, score_grids

SECOND = 2.1  # order: that of the arena's second wavelength (2), with room for the size of bins
# Of what `fair_grids` calls a lattice.
LEAST_FIELDS = 3
LEAST_STABILITY = 0.5
LEAST_BEYOND_PLANE = 0.2  # share of the map's variance
SMALLEST = 0.005  # of the arena: the smallest field


class Modes(NamedTuple):
    """Standing waves of an arena, by rising order; the constant is left out."""

    order: np.ndarray  # (mode,): half periods along the side of the square of the same area
    frequency: np.ndarray  # (mode,) periods per m
    shapes: np.ndarray  # (mode, bin): orthonormal over the visited bins, in the order of `maps[:, visited]`


class Spectrum(NamedTuple):
    """Of each unit; NaN for a map that is a plane, or flat for what is of the whole map."""

    beyond_plane: np.ndarray  # (unit,) share of the map's variance that no plane explains
    power: np.ndarray  # (unit, mode) shares of that rest; what is missing from 1 is in higher modes
    shells: np.ndarray  # (unit, shell) the same by whole orders, from the first on: order k - 1/2 to k + 1/2
    beyond_second: np.ndarray  # (unit,) share of the map's variance beyond the plane and the arena's second wavelength
    frequency: np.ndarray  # (unit,) mean spatial frequency of the whole map, periods per m
    order: np.ndarray  # (unit,) mean order of the whole map: half periods along the side


def without_plane(ratemaps: np.ndarray) -> np.ndarray:
    """Maps (unit, y, x) less the plane that fits each best; NaN stays."""
    rest = np.full(ratemaps.shape, np.nan)
    for unit, rates in enumerate(ratemaps):
        visited = np.isfinite(rates)
        y, x = np.nonzero(visited)
        plane = np.stack([np.ones(len(x)), x, y], axis=1)
        rest[unit, visited] = rates[visited] - plane @ np.linalg.lstsq(plane, rates[visited], rcond=None)[0]
    return rest


def arena_modes(visited: np.ndarray, bin_size: float, highest_order: float = 8.0) -> Modes:
    """Eigenvectors of the Laplacian on the visited bins (y, x), across whose outline nothing flows; bin_size in m."""
    bins = int(visited.sum())
    number = np.full(visited.shape, -1)
    number[visited] = np.arange(bins)
    sides = [(number[1:], number[:-1]), (number[:, 1:], number[:, :-1])]
    both = [(one >= 0) & (other >= 0) for one, other in sides]
    pairs = np.concatenate([np.stack([one[b], other[b]]) for (one, other), b in zip(sides, both, strict=True)], axis=1)
    links = np.concatenate([pairs, pairs[::-1]], axis=1)
    linked = coo_array((np.ones(links.shape[1]), tuple(links)), (bins, bins)).tocsr()
    laplacian = diags_array(linked.sum(axis=1)) - linked
    # Weyl's law: pi k^2 / 4 modes below order k, and some 2 k more for the walls.
    count = min(int(np.pi * highest_order**2 / 4 + 3 * highest_order) + 4, bins - 2)
    start = np.random.default_rng(0).standard_normal(bins)  # eigsh would draw one of its own
    values, vectors = eigsh(laplacian.tocsc(), count, sigma=-1e-6, v0=start)
    rising = np.argsort(values)[1:]
    frequency = np.sqrt(values[rising].clip(0)) / bin_size / (2 * np.pi)
    order = 2 * frequency * np.sqrt(bins) * bin_size
    kept = order <= highest_order + 0.5
    return Modes(order[kept], frequency[kept], vectors[:, rising].T[kept])


def shells_of(modes: Modes) -> np.ndarray:
    """The whole order that each mode is nearest to: (mode,)."""
    return np.rint(modes.order).astype(int)


def spectrum(ratemaps: np.ndarray, modes: Modes) -> Spectrum:
    """ratemaps: (unit, y, x), NaN in the bins that `modes` were not made of."""
    visited = np.isfinite(ratemaps).all(axis=0)
    rest = without_plane(ratemaps)[:, visited]
    whole = ratemaps[:, visited] - ratemaps[:, visited].mean(axis=1, keepdims=True)
    variance, total = np.square(rest).sum(axis=1), np.square(whole).sum(axis=1)
    some = variance > 1e-12 * np.square(ratemaps[:, visited]).sum(axis=1)
    variance = np.where(some, variance, np.nan)
    power = np.square(rest @ modes.shapes.T) / variance[:, None]
    of_map = np.square(whole @ modes.shapes.T)
    of_map /= np.where(total > 0, of_map.sum(axis=1), np.nan)[:, None]
    shell = shells_of(modes)
    shells = np.stack([power[:, shell == k].sum(axis=1) for k in range(1, shell.max() + 1)], axis=1)
    beyond_plane = variance / np.where(total > 0, total, np.nan)
    return Spectrum(
        beyond_plane=beyond_plane,
        power=power,
        shells=shells,
        beyond_second=beyond_plane * (1 - power[:, modes.order <= SECOND].sum(axis=1)),
        frequency=of_map @ modes.frequency,
        order=of_map @ modes.order,
    )


def is_square(corners: np.ndarray | None) -> bool:
    """Whether an arena of these corners (corner, 2), or of none that were noted, is a square along the axes."""
    return corners is None or len(corners) == 4


def wall_anisotropy(ratemaps: np.ndarray, corners: np.ndarray | None = None) -> np.ndarray:
    """Whether the waves of maps run across from the walls: (unit,).

    1 if all run along a wall's normal, -1 if all run halfway between two normals, 0 if neither is preferred: the mean
    of cos(n angle) over the power of a map less its plane, with n = 4 in a square and 6 in a triangle or a hexagon.
    The outline of the last two has waves of its own, so only differences between maps of one arena mean something.

    ratemaps: (unit, y, x); bins that nobody visited (NaN) count as ones on the plane. corners: (corner, 2) m of the
    arena, a square's if left out.
    """
    rest = np.nan_to_num(without_plane(ratemaps))
    if corners is None or is_square(corners):
        power = np.square(dctn(rest, axes=(1, 2), norm="ortho"))
        y, x = np.indices(power.shape[1:])
        folds, normal = 4, 0.0
    else:
        padded = [2 * size for size in rest.shape[1:]]
        power = np.square(np.abs(fft2(rest, padded, axes=(1, 2))))
        y, x = np.meshgrid(*map(fftfreq, padded), indexing="ij")
        along = corners[1] - corners[0]
        folds, normal = 6, np.arctan2(along[1], along[0]) + np.pi / 2
    power[:, 0, 0] = 0
    total = power.sum(axis=(1, 2))
    towards = np.cos(folds * (np.arctan2(y, x) - normal))
    return (power * towards).sum(axis=(1, 2)) / np.where(total > 0, total, np.nan)


class FairGrids(NamedTuple):
    """The criterion of the field for maps that a paper shows without scores; all (unit,)."""

    gridness60: np.ndarray
    gridness90: np.ndarray
    fields: np.ndarray  # upwards or downwards, whichever are more: rates of tanh have no zero
    lattice: np.ndarray  # gridness.NO_LATTICE, HEXAGONAL or SQUARE


def fair_grids(
    ratemaps: np.ndarray, bin_size: float, stability: np.ndarray, by_place: np.ndarray, by_heading: np.ndarray
) -> FairGrids:
    """Units whose map, less its plane, has a gridness above the usual 0.3 and at least `LEAST_FIELDS` fields.

    The maps of two halves of the walks must be alike, enough of the map's variance must be beyond the plane (what is
    left of a bent slope repeats by itself), and the place must explain more of the rate than the heading does: walls
    bias headings, so a heading unit has a stable map along them with a gridness90 above 1, however long the walks are.
    The criterion asks neither for significance nor for repeats within the arena, so a count says little without the
    count in a null. Lattices of less than about one and a half periods in a triangle or a hexagon, and of less than
    one in a square, have no second peak in their autocorrelogram and are not seen.

    ratemaps: (unit, y, x), NaN unvisited; stability: (unit,) correlation of the two maps; by_place, by_heading: (unit,)
    shares of the variance of the rate that each explains.
    """
    rest = without_plane(ratemaps)
    grids = score_grids(rest, bin_size)
    smallest = SMALLEST * np.isfinite(ratemaps).all(axis=0).sum() * bin_size**2
    fields = np.maximum(*(count_fields(sign * rest, bin_size, smallest) for sign in (1, -1)))
    whole = np.nanvar(ratemaps, axis=(1, 2))
    share = np.nanvar(rest, axis=(1, 2)) / np.where(whole > 0, whole, np.nan)  # a flat map has no share
    passes = (fields >= LEAST_FIELDS) & (stability >= LEAST_STABILITY) & (share >= LEAST_BEYOND_PLANE)
    passes &= by_place > by_heading
    lattice = np.where(passes, classify(grids.gridness60, grids.gridness90), NO_LATTICE)
    return FairGrids(grids.gridness60, grids.gridness90, fields, lattice)
