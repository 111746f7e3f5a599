"""Are two modules independent, or is the coarse lattice a superlattice of the fine one?

If every point of the coarse lattice is a point of the fine one, the two repeat together after one step of the coarse
lattice, and the pair tells no more places apart than the coarse module alone. Modules of unrelated spacing and
orientation repeat together far later.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sslgrid.basics.angles import circular_mean, difference
from sslgrid.basics.bootstrap import interval
from sslgrid.modules.finding import SYMMETRY
from sslgrid.spatial.gridness import HEXAGONAL

LARGEST_INDEX = 7  # points of the fine lattice per point of the coarse one: more would be near any ratio and turn
LARGEST_RATIO = 3.0  # of the null; the largest superlattice has sqrt(7)


@dataclass(frozen=True)
class Lattice:
    """The units of one module: spacing (unit,) m and orientation (unit,) deg of a lattice of that kind."""

    kind: int
    spacing: np.ndarray
    orientation: np.ndarray


def superlattices(kind: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ratio of spacings, turn (deg, in [0, symmetry / 2]) and index of every superlattice up to `LARGEST_INDEX`.

    The vector m a + n b of a hexagonal lattice has length sqrt(m^2 + m n + n^2) and spans a hexagonal sublattice of
    that index; likewise sqrt(m^2 + n^2) for a square one. Turned either way is the same superlattice, mirrored.
    """
    cosine = 0.5 if kind == HEXAGONAL else 0.0
    found = {}
    for m in range(1, LARGEST_INDEX + 1):
        for n in range(m + 1):
            index = round(m * m + 2 * cosine * m * n + n * n)
            if index <= LARGEST_INDEX:
                turn = np.rad2deg(np.arctan2(n * np.sqrt(1 - cosine**2), m + n * cosine))
                found[index, round(float(fold(turn, kind)), 6)] = np.sqrt(index)
    indices, turns = np.array(sorted(found)).T
    return np.sqrt(indices), turns, indices.astype(int)


def fold(turn: np.ndarray | float, kind: int) -> np.ndarray | float:
    """The turn of one lattice against another, deg, in [0, symmetry / 2]."""
    return np.abs(difference(turn, 0.0, SYMMETRY[kind]))


def mismatches(ratio: ArrayLike, turn: ArrayLike, kind: int) -> np.ndarray:
    """How far a pair of lattices is from each superlattice: (..., superlattice).

    The logarithm of the scaling and the turn (rad) that are left, together: for small values, the distance between a
    vector of the coarse lattice and the nearest one of the superlattice, in units of its length.
    """
    ratios, turns, _ = superlattices(kind)
    ratio, turn = np.asarray(ratio)[..., None], np.asarray(turn)[..., None]
    return np.hypot(np.log(ratio / ratios), np.deg2rad(turn - turns))


def compare(fine: Lattice, coarse: Lattice, draws: int, rng: np.random.Generator) -> dict[str, float]:
    """How commensurate two modules are: ratio, turn (deg), nearest superlattice, mismatch, intervals and p-value.

    The intervals bootstrap the units of either module. p-value: the share of random pairs, with log ratio uniform up
    to `LARGEST_RATIO` and turn uniform, that are as near to any superlattice; NaN beyond that ratio. NaN for lattices
    of two kinds. The mismatch is a length, so its interval does not reach 0 however well the lattices fit; and both are
    taken as undistorted, so of a sheared pair it says how well their means fit.
    """
    if fine.kind != coarse.kind:
        names = ("turn", "nearest_ratio", "nearest_turn", "index", "mismatch", "p_value")
        nothing = {name: np.nan for name in (*names, *_bounds("turn"), *_bounds("mismatch"))}
        return _with_interval("ratio", _ratio(fine, coarse), _resampled(fine, coarse, draws, rng)[0]) | nothing
    kind = fine.kind
    ratio, turn = _ratio(fine, coarse), _turn(fine, coarse)
    every = mismatches(ratio, turn, kind)
    nearest = int(every.argmin())
    ratios, turns, indices = superlattices(kind)
    null = mismatches(
        np.exp(rng.uniform(0, np.log(LARGEST_RATIO), draws)), rng.uniform(0, SYMMETRY[kind] / 2, draws), kind
    ).min(axis=1)
    drawn_ratio, drawn_turn = _resampled(fine, coarse, draws, rng)
    return (
        _with_interval("ratio", ratio, drawn_ratio)
        | _with_interval("turn", turn, drawn_turn)
        | _with_interval("mismatch", every[nearest], mismatches(drawn_ratio, drawn_turn, kind)[:, nearest])
        | {"nearest_ratio": ratios[nearest], "nearest_turn": turns[nearest], "index": indices[nearest]}
        | {"p_value": (1 + np.sum(null <= every[nearest])) / (1 + draws) if ratio <= LARGEST_RATIO else np.nan}
    )


def _ratio(fine: Lattice, coarse: Lattice) -> float:
    return float(coarse.spacing.mean() / fine.spacing.mean())


def _turn(fine: Lattice, coarse: Lattice) -> float:
    period = SYMMETRY[fine.kind]
    return float(fold(circular_mean(coarse.orientation, period) - circular_mean(fine.orientation, period), fine.kind))


def _resampled(fine: Lattice, coarse: Lattice, draws: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Ratio and turn with the units of each module drawn again: (draw,) each. The turn is no use across kinds."""
    spacings, directions = [], []
    for lattice in (fine, coarse):
        units = rng.integers(len(lattice.spacing), size=(draws, len(lattice.spacing)))
        spacings.append(lattice.spacing[units].mean(axis=1))
        directions.append(circular_mean(lattice.orientation[units], SYMMETRY[lattice.kind]))
    return spacings[1] / spacings[0], np.asarray(fold(directions[1] - directions[0], fine.kind))


def _with_interval(name: str, estimate: float, drawn: np.ndarray) -> dict[str, float]:
    return {name: float(estimate)} | dict(zip(_bounds(name), interval(drawn), strict=True))


def _bounds(name: str) -> tuple[str, str]:
    return f"{name}_low", f"{name}_high"
