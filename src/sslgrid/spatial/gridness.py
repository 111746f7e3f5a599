"""Gridness: how much an autocorrelogram resembles itself turned by a hexagon's or a square's angle.

The ring that is compared follows the lattice: it is centred on the inner peaks, wherever they are, so the score does
not depend on the arena's size (Sargolini et al. 2006; Langston et al. 2010 for the adaptive ring).

A score is no test of significance: of smooth random maps of a 2 m box, a tenth to a half pass the threshold by chance,
the more the smoother they are, and mostly as squares, which need only two peaks at a right angle. `significance.py`
tests each unit; a module, many units with one spacing and orientation, is much harder still to have by chance.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import map_coordinates

from sslgrid.spatial import lattice as lt
from sslgrid.spatial.autocorrelogram import autocorrelograms

RING = np.linspace(0.5, 1.3, 13)  # radii, in units of the inner peaks' radius: past the core, short of the next peaks
ANGLES = np.arange(0, 180, 3)  # deg; the other half is the same by symmetry
# A stretch by 3^(1/4) takes a hexagonal lattice half of the way to a square one. Beyond, "corrected" would rename
# the lattice rather than repair it, so the score stays uncorrected.
LARGEST_CORRECTION = 3**0.25
LATTICE_THRESHOLD = 0.3  # a unit with a higher gridness60 or gridness90 is on a lattice
NO_LATTICE, HEXAGONAL, SQUARE = 0, 1, 2
KINDS = {NO_LATTICE: "none", HEXAGONAL: "hexagonal", SQUARE: "square"}


@dataclass(frozen=True)
class GridScores:
    """Per unit, all (unit,). `*_corrected`: after undoing the lattice's ellipse.

    A unit without two independent inner peaks repeats nowhere: its gridness is 0 and its lattice's measures are NaN.
    A flat map has no autocorrelogram: all NaN.
    """

    gridness60: np.ndarray
    gridness90: np.ndarray
    gridness60_corrected: np.ndarray
    gridness90_corrected: np.ndarray
    lattice: np.ndarray  # NO_LATTICE, HEXAGONAL or SQUARE, by the uncorrected scores
    spacing: np.ndarray  # m
    orientation: np.ndarray  # deg, mod 60 (square lattices: mod 90)
    ellipticity: np.ndarray  # ratio of the axes, >= 1


def score_grids(ratemaps: np.ndarray, bin_size: float) -> GridScores:
    """Score every unit. ratemaps: (unit, y, x), NaN unvisited; bin_size in m."""
    sacs = autocorrelograms(ratemaps)
    triple = lt.find_lattices(sacs, bin_size)
    pair = triple[:, :2]
    spacing60, spacing90 = lt.spacing(triple), lt.spacing(pair)
    shape60, ratio60 = lt.axes(lt.hexagonal_form(triple))
    shape90, ratio90 = lt.axes(lt.square_form(triple))
    flat = np.isnan(sacs).all(axis=(1, 2))

    def score(gridness, shape):
        return np.where(flat, np.nan, np.nan_to_num(gridness(ring_correlations(sacs, shape, bin_size))))

    plain60, plain90 = score(gridness60, _circles(spacing60)), score(gridness90, _circles(spacing90))
    corrected60, corrected90 = score(gridness60, shape60), score(gridness90, shape90)
    square = plain90 > plain60
    return GridScores(
        gridness60=plain60,
        gridness90=plain90,
        gridness60_corrected=np.where(ratio60 <= LARGEST_CORRECTION, corrected60, plain60),
        gridness90_corrected=np.where(ratio90 <= LARGEST_CORRECTION, corrected90, plain90),
        lattice=classify(plain60, plain90),
        spacing=np.where(square, spacing90, spacing60),
        orientation=np.where(square, lt.orientation(pair, 4), lt.orientation(triple, 6)),
        ellipticity=np.where(square, ratio90, ratio60),
    )


def classify(score60: np.ndarray, score90: np.ndarray) -> np.ndarray:
    """The kind of lattice by the higher score, if it passes `LATTICE_THRESHOLD`."""
    kind = np.where(score90 > score60, SQUARE, HEXAGONAL)
    passes = np.fmax(score60, score90) > LATTICE_THRESHOLD
    return np.where(passes, kind, NO_LATTICE)


def gridness60(r: dict[int, np.ndarray]) -> np.ndarray:
    """`min(r60, r120) - max(r30, r90, r150)` (Sargolini et al. 2006)."""
    return np.minimum(r[60], r[120]) - np.maximum(np.maximum(r[30], r[90]), r[150])


def gridness90(r: dict[int, np.ndarray]) -> np.ndarray:
    """`r90 - (r45 + r135) / 2`."""
    return r[90] - (r[45] + r[135]) / 2


def ring_correlations(sacs: np.ndarray, shape: np.ndarray, bin_size: float) -> dict[int, np.ndarray]:
    """Correlation of the ring with itself turned by each angle (deg): {angle: (unit,)}.

    shape: (unit, 2, 2) m, maps the unit circle onto the ellipse of the inner peaks; the turn happens on the circle.
    """
    theta = np.deg2rad(ANGLES)
    circle = RING[:, None, None] * np.stack([np.cos(theta), np.sin(theta)], axis=-1)  # (radius, angle, 2)
    offset = np.einsum("uab,rnb->urna", shape / bin_size, circle) + sacs.shape[-1] // 2  # (x, y) in bins
    values = np.stack([_sample(sac, points) for sac, points in zip(sacs, offset, strict=True)])
    weight = np.isfinite(values) * RING[:, None]  # by area
    values = np.where(weight > 0, values, 0)
    step = ANGLES[1] - ANGLES[0]
    return {
        angle: _weighted_correlation(
            values,
            np.roll(values, angle // step, axis=2),
            weight * (np.roll(weight, angle // step, axis=2) > 0),
        )
        for angle in (30, 45, 60, 90, 120, 135, 150)
    }


def _sample(sac: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Linear interpolation at points (..., 2) as (x, y) in bins; NaN next to NaN and outside."""
    if np.isnan(points).any():
        return np.full(points.shape[:-1], np.nan)
    return map_coordinates(sac, [points[..., 1], points[..., 0]], order=1, mode="constant", cval=np.nan)


def _weighted_correlation(a: np.ndarray, b: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Pearson correlation over all but the first axis; NaN if less than half of the ring is known."""
    over = (1, 2)
    known = (weight > 0).mean(axis=over) >= 0.5
    total = np.where(known, weight.sum(axis=over), 1)[:, None, None]
    a = a - (weight * a).sum(axis=over, keepdims=True) / total
    b = b - (weight * b).sum(axis=over, keepdims=True) / total
    power = (weight * a * a).sum(axis=over) * (weight * b * b).sum(axis=over)
    known &= power > 0
    return np.where(known, (weight * a * b).sum(axis=over) / np.sqrt(np.where(known, power, 1)), np.nan)


def _circles(radius: np.ndarray) -> np.ndarray:
    return radius[:, None, None] * np.eye(2)
