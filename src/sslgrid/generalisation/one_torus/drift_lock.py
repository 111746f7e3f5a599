"""Do the two modules drift together? Each is read by its own units alone, along walks far longer than training's.

A linear read-out of a module's units gives exp(2 pi i k.x) for each of its waves k; it is fitted to the rate maps. The
turn between what it gives along a walk and what it gives of the maps at the walk's place is a displacement of that
module's code. On one torus the two displacements differ by a vector of the fine lattice at most. Independent modules
drift as those of two different walks do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sslgrid.generalisation.drift import ModuleCode, displacements, expectation
from sslgrid.generalisation.one_torus.pair import Module, Pair
from sslgrid.spatial.ratemap import RateMaps

STRETCH = 10  # steps over which a displacement is averaged
RIDGE = 0.01  # of the units' mean variance: keeps the read-out from leaning on what hardly varies
APART = 0.5  # lock below which the two modules have come apart
LOST = 0.25  # of its spacing: a module whose drift exceeds it has lost its place


@dataclass(frozen=True)
class Record:
    """Walks and what the network did along them. positions: (step, walk, 2) m. activity: (step, walk, unit)."""

    positions: np.ndarray
    activity: np.ndarray


@dataclass(frozen=True)
class DriftLock:
    """In windows of steps. Displacements are modulo the lattice of the module; rms over walks, m."""

    fine_drift: np.ndarray  # (window,)
    coarse_drift: np.ndarray  # (window,)
    apart: np.ndarray  # (window,) of the difference of the two displacements, modulo the fine lattice
    apart_shuffled: np.ndarray  # (window,) the same, with the coarse displacements of other walks
    p_value: float  # share of random pairings of the walks that are as little apart in the last window

    @property
    def lock(self) -> np.ndarray:
        """(window,): 1 if the modules drift together, 0 if as those of two walks do."""
        return 1 - np.square(self.apart / self.apart_shuffled)


def record(visits: Iterable[tuple[np.ndarray, np.ndarray]]) -> Record:
    """Hold the visits of some walks: per step the positions (walk, 2) m and the activity (walk, unit)."""
    positions, activity = zip(*((at, rates.astype(np.float32)) for at, rates in visits), strict=True)
    return Record(np.stack(positions), np.stack(activity))


def module_displacements(pair: Pair, maps: RateMaps, walked: Record) -> np.ndarray:
    """Displacement of the fine and of the coarse module in each stretch of steps: (2, stretch, walk, 2) m.

    maps: of the arena that was walked. NaN where the maps say nothing of the places of a stretch.
    """
    expect = expectation(maps)
    modules = [(module, *fit_readout(module, maps)) for module in (pair.fine, pair.coarse)]
    shifts = []
    for first in range(0, len(walked.positions), STRETCH):
        activity = walked.activity[first : first + STRETCH]
        expected = expect(walked.positions[first : first + STRETCH])
        known = np.isfinite(expected).all(axis=-1, keepdims=True)
        expected = np.where(known, expected, 0)
        of_modules = []
        for module, weights, mean in modules:
            read = (activity[..., module.units] - mean) @ weights
            turn = read * ((expected[..., module.units] - mean) @ weights).conj()
            shift = displacements(np.where(known, turn, 0).sum(axis=0), lattice_of(module))
            of_modules.append(np.where(known.any(axis=0), shift, np.nan))
        shifts.append(np.stack(of_modules))
    return np.stack(shifts, axis=1)


def fit_readout(module: Module, maps: RateMaps) -> tuple[np.ndarray, np.ndarray]:
    """Weights (unit, wave) and mean rates (unit,) such that (g - mean) @ weights is nearest to exp(2 pi i k.x)."""
    rates = maps.rates[module.units].astype(float)
    known = np.isfinite(rates).all(axis=0)
    points = np.stack(np.meshgrid(maps.centres, maps.centres), axis=-1)[known]
    states, target = rates[:, known].T, np.exp(2j * np.pi * points @ module.waves.T)
    mean = states.mean(axis=0)
    states = states - mean
    power = states.T @ states
    ridge = RIDGE * np.trace(power) / len(power) * np.eye(len(power))
    return np.linalg.solve(power + ridge, states.T @ (target - target.mean(axis=0))), mean


def lattice_of(module: Module) -> ModuleCode:
    """The module as `displacements` wants it."""
    phases = np.zeros((len(module.units), len(module.waves)))
    return ModuleCode(module.units, phases, module.waves, module.spacing, module.kind, fidelity=1.0)


def measure_drift_lock(
    pair: Pair, shifts: np.ndarray, edges: np.ndarray, draws: int, rng: np.random.Generator
) -> DriftLock:
    """Compare the displacements (2, stretch, walk, 2) of the two modules in windows of stretches: edges (window + 1,).

    The null gives each walk the coarse displacements of another: every other walk in turn for the curve, random
    pairings for the p-value.
    """
    fine, coarse = shifts
    walks = fine.shape[1]
    others = [np.roll(coarse, offset, axis=1) for offset in range(1, walks)]
    windows = [slice(*ends) for ends in pairwise(edges)]

    def apart(window: slice, of_coarse: np.ndarray) -> float:
        return _mean_square(modulo(fine[window] - of_coarse[window], pair.fine))

    together = np.array([apart(window, coarse) for window in windows])
    shuffled = np.array([np.mean([apart(window, other) for other in others]) for window in windows])
    drawn = [apart(windows[-1], coarse[:, rng.permutation(walks)]) for _ in range(draws)]
    return DriftLock(
        fine_drift=np.sqrt([_mean_square(fine[window]) for window in windows]),
        coarse_drift=np.sqrt([_mean_square(coarse[window]) for window in windows]),
        apart=np.sqrt(together),
        apart_shuffled=np.sqrt(shuffled),
        p_value=float((1 + (np.array(drawn) <= together[-1]).sum()) / (1 + draws)),
    )


def modulo(shifts: np.ndarray, module: Module) -> np.ndarray:
    """The shortest vectors that differ from `shifts` (..., 2), m, by a vector of the module's lattice."""
    known = np.isfinite(shifts)
    turns = np.exp(2j * np.pi * np.where(known, shifts, 0) @ module.waves.T)
    return np.where(known, displacements(turns, lattice_of(module)), np.nan)


def first_beyond(values: np.ndarray, limit: float, steps: np.ndarray) -> float:
    """The step (window,) at which values (window,) exceed the limit and stay beyond it to the end; inf if never."""
    below = np.flatnonzero(~(values > limit))
    first = below[-1] + 1 if len(below) else 0
    return float(steps[first]) if first < len(values) else np.inf


def _mean_square(vectors: np.ndarray) -> float:
    return float(np.nanmean(np.square(vectors).sum(axis=-1)))
