"""Gridness: how much an autocorrelogram resembles itself turned by a hexagon's or a square's angle.

The ring that is compared follows the lattice: it is centred on the inner peaks, wherever they are, so the score does
not depend on the arena's size (Sargolini et al. 2006; Langston et al. 2010 for the adaptive ring).

A score is no test of significance: of smooth random maps of a 2 m box, a tenth to a half pass the threshold by chance,
the more the smoother they are, and mostly as squares, which need only two peaks at a right angle. `significance.py`
tests each unit; a module, many units with one spacing and orientation, is much harder still to have by chance.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.fft import irfft, rfft

from sslgrid.spatial import lattice as lt
from sslgrid.spatial.autocorrelogram import autocorrelograms

RING = np.linspace(0.5, 1.3, 13)  # radii, in units of the inner peaks' radius: past the core, short of the next peaks
ANGLES = np.arange(0, 180, 3)  # deg; the other half is the same by symmetry
# A stretch by 3^(1/4) takes a hexagonal lattice half of the way to a square one, if it is along an axis; in other
# directions a lattice can be stretched by more and still be nearer to a hexagonal than to a square one. Where the other
# kind is nearer, "corrected" would rename the lattice rather than repair it, so the score stays uncorrected.
HALF_WAY = 3**0.25
LARGEST_CORRECTION = 1.5
LATTICE_THRESHOLD = 0.3  # a unit with a higher gridness60 or gridness90 is on a lattice
REPEATING = 0.15  # periodicity: of true lattices in noise 1 % have less, of random maps that pass the threshold half
NO_LATTICE, HEXAGONAL, SQUARE = 0, 1, 2
KINDS = {NO_LATTICE: "none", HEXAGONAL: "hexagonal", SQUARE: "square"}


@dataclass(frozen=True)
class GridScores:
    """Per unit, all (unit,). `*_corrected`: after undoing the lattice's ellipse, where that raises the score.

    An ellipse through noisy peaks can be further from the truth than a circle, so undoing it may lower the score.

    A unit without two independent inner peaks repeats nowhere: its gridness is 0 and its lattice's measures are NaN.
    A flat map has no autocorrelogram: all NaN.
    """

    gridness60: np.ndarray
    gridness90: np.ndarray
    gridness60_corrected: np.ndarray
    gridness90_corrected: np.ndarray
    lattice: (
        np.ndarray
    )  # NO_LATTICE, HEXAGONAL or SQUARE, by the uncorrected scores; NO_LATTICE for what does not repeat
    spacing: np.ndarray  # m
    orientation: np.ndarray  # deg, mod 60 (square lattices: mod 90)
    ellipticity: np.ndarray  # ratio of the axes, >= 1
    periodicity: np.ndarray  # mean autocorrelation at the lattice's points, two steps far: 1 for an exact repeat

    @property
    def highest(self) -> np.ndarray:
        """The higher of the two corrected scores, which are never below the uncorrected ones: (unit,)."""
        return np.fmax(self.gridness60_corrected, self.gridness90_corrected)


def score_grids(ratemaps: np.ndarray, bin_size: float) -> GridScores:
    """Score every unit. ratemaps: (unit, y, x), NaN unvisited; bin_size in m."""
    sacs = autocorrelograms(ratemaps)
    triple = lt.find_lattices(sacs, bin_size)
    pair = triple[:, :2]
    spacing60, spacing90 = lt.spacing(triple), lt.spacing(pair)
    shape60, ratio60 = lt.axes(lt.hexagonal_form(triple))
    shape90, ratio90 = lt.axes(lt.square_form(triple))
    flat = np.isnan(sacs).all(axis=(1, 2))

    def score(gridness: Callable, shape: np.ndarray, chosen: np.ndarray | bool = True) -> np.ndarray:
        """0 for units that are not chosen, and those without an ellipse."""
        chosen = np.all(np.isfinite(shape), axis=(1, 2)) & chosen
        values = np.zeros(len(sacs))
        values[chosen] = np.nan_to_num(gridness(ring_correlations(sacs[chosen], shape[chosen], bin_size)))
        return np.where(flat, np.nan, values)

    plain60, plain90 = score(gridness60, _circles(spacing60)), score(gridness90, _circles(spacing90))
    repaired60, repaired90 = _is_repair(ratio60, ratio90), _is_repair(ratio90, ratio60)
    square = plain90 > plain60
    periodicity = np.where(flat, np.nan, repeats(sacs, triple, bin_size))
    return GridScores(
        gridness60=plain60,
        gridness90=plain90,
        gridness60_corrected=_higher(plain60, score(gridness60, shape60, repaired60), repaired60),
        gridness90_corrected=_higher(plain90, score(gridness90, shape90, repaired90), repaired90),
        lattice=np.where(periodicity > REPEATING, classify(plain60, plain90), NO_LATTICE),
        spacing=np.where(square, spacing90, spacing60),
        orientation=np.where(square, lt.orientation(pair, 4), lt.orientation(triple, 6)),
        ellipticity=np.where(square, ratio90, ratio60),
        periodicity=periodicity,
    )


def _is_repair(ratio: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Whether undoing an ellipse of that ratio repairs a lattice. other: ratio that makes it the other kind."""
    return (ratio <= HALF_WAY) | ((ratio <= LARGEST_CORRECTION) & (ratio < other))


def classify(score60: np.ndarray, score90: np.ndarray) -> np.ndarray:
    """The kind of lattice by the higher score, if it passes `LATTICE_THRESHOLD`."""
    kind = np.where(score90 > score60, SQUARE, HEXAGONAL)
    passes = np.fmax(score60, score90) > LATTICE_THRESHOLD
    return np.where(passes, kind, NO_LATTICE)


def repeats(sacs: np.ndarray, triple: np.ndarray, bin_size: float) -> np.ndarray:
    """Mean autocorrelation at the lattice's points up to two steps from the centre: (unit,), 0 without a lattice.

    Gridness looks at the first ring alone; three bumps in a row can pass for that, but do not go on. Points whose
    correlation is unknown are left out.
    """
    y, x = np.moveaxis(lt.points(triple, steps=2)[..., ::-1] / bin_size, 2, 0)
    return np.nan_to_num(lt.mean_of_known(lt.sample(sacs, y, x)))


def gridness60(r: dict[int, np.ndarray]) -> np.ndarray:
    """`min(r60, r120) - max(r30, r90, r150)` (Sargolini et al. 2006)."""
    return np.minimum(r[60], r[120]) - np.maximum(np.maximum(r[30], r[90]), r[150])


def gridness90(r: dict[int, np.ndarray]) -> np.ndarray:
    """`r90 - (r45 + r135) / 2`."""
    return r[90] - (r[45] + r[135]) / 2


def ring_correlations(sacs: np.ndarray, shape: np.ndarray, bin_size: float) -> dict[int, np.ndarray]:
    """Correlation of the ring with itself turned by each angle (deg): {angle: (unit,)}.

    shape: (unit, 2, 2) m, maps the unit circle onto the ellipse of the inner peaks; the turn happens on the circle.
    NaN where less than half of the ring is known.
    """
    rings = _sample_rings(sacs, shape, bin_size)
    known = np.isfinite(rings)
    values = np.where(known, rings, 0)
    K, F, F2 = (rfft(array, axis=2) for array in (known.astype(float), values, values**2))

    def turned(A: np.ndarray, B: np.ndarray) -> np.ndarray:
        """Sum over the ring of a(angle) b(angle + turn), by area: (unit, turn)."""
        return irfft(RING @ (A.conj() * B), len(ANGLES), axis=1)

    weight = turned(K, K)
    enough = weight >= 0.5 * RING.sum() * len(ANGLES)
    weight = np.where(enough, weight, 1)
    mean, square = turned(F, K) / weight, turned(F2, K) / weight  # of one copy; of the other at the opposite turn
    one = square - mean**2
    variance = one * np.roll(one[:, ::-1], 1, axis=1)
    enough &= variance > 0
    covariance = turned(F, F) / weight - mean * np.roll(mean[:, ::-1], 1, axis=1)
    correlation = np.where(enough, covariance, np.nan) / np.sqrt(np.where(enough, variance, 1))
    step = ANGLES[1] - ANGLES[0]
    return {angle: correlation[:, angle // step] for angle in (30, 45, 60, 90, 120, 135, 150)}


def _sample_rings(sacs: np.ndarray, shape: np.ndarray, bin_size: float) -> np.ndarray:
    """The autocorrelogram on the ring: (unit, radius of `RING`, angle)."""
    theta = np.deg2rad(ANGLES)
    circle = np.stack([np.outer(RING, np.sin(theta)), np.outer(RING, np.cos(theta))])  # (2, radius, angle) as (y, x)
    form = shape[:, ::-1, ::-1] / bin_size
    y, x = np.moveaxis((form @ circle.reshape(2, -1)).reshape(-1, *circle.shape), 1, 0)
    return lt.sample(sacs, y, x)


def _higher(plain: np.ndarray, corrected: np.ndarray, repaired: np.ndarray) -> np.ndarray:
    return np.where(repaired, np.fmax(plain, corrected), plain)


def _circles(radius: np.ndarray) -> np.ndarray:
    return radius[:, None, None] * np.eye(2)
