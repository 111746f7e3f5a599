"""Do the phases of the fine module's units follow from their phases on the coarse lattice?

A rectified sum of the coarse lattice's waves has further waves at the sums of their wave vectors, with the sums of
their phases. So if a unit of the fine module is a pattern of one torus, the phase of each of its waves is the sum of
the phases that the same unit has on the neighbouring waves of the coarse lattice, but for an offset that all units
share. A unit of an independent module has no phase on the coarse lattice. What is measured there is noise.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from sslgrid.generalisation.one_torus.pair import COUNTED, Pair
from sslgrid.geometry.fourier import wave_amplitudes
from sslgrid.spatial.ratemap import RateMaps


@dataclass(frozen=True)
class PhaseLock:
    """lock: mean cosine of the error of the foretold phases, 1 perfect, 0 chance. p_value: against shuffled units."""

    error: np.ndarray  # (unit, wave) rad, of the units of the fine module
    lock: float
    p_value: float


def measure_phase_lock(pair: Pair, maps: RateMaps, draws: int, rng: np.random.Generator) -> PhaseLock:
    """Foretell the phases of each half of the fine module's units with the offsets that fit the other half.

    maps: of the widest arena. The null gives each unit the coarse phases of another, `draws` times.
    """
    rates = maps.rates[pair.fine.units].astype(float)
    first_shell = COUNTED[pair.coarse.kind]
    amplitudes = wave_amplitudes(rates, maps.centres, np.concatenate([first_shell @ pair.basis, pair.fine.waves]))
    on_coarse, on_fine = np.split(np.angle(amplitudes), [len(first_shell)], axis=1)
    foretold = on_coarse @ neighbouring_sums(np.rint(pair.counts), first_shell).T
    halves = rng.permutation(len(rates)) % 2
    errors = cross_validated_errors(on_fine - foretold, halves)
    lock = np.cos(errors).mean()
    null = [
        np.cos(cross_validated_errors(on_fine - foretold[rng.permutation(len(rates))], halves)).mean()
        for _ in range(draws)
    ]
    return PhaseLock(errors, float(lock), float((1 + (np.array(null) >= lock).sum()) / (1 + draws)))


def cross_validated_errors(differences: np.ndarray, halves: np.ndarray) -> np.ndarray:
    """What is left of the differences (unit, wave), rad, once the circular mean of the other half is taken off.

    halves: (unit,) 0 or 1. Result in [-pi, pi).
    """
    errors = np.empty_like(differences)
    for half in (0, 1):
        offset = np.angle(np.exp(1j * differences[halves != half]).mean(axis=0))
        errors[halves == half] = differences[halves == half] - offset
    return (errors + np.pi) % (2 * np.pi) - np.pi


def neighbouring_sums(counts: np.ndarray, first_shell: np.ndarray) -> np.ndarray:
    """How often each wave of the first shell is in the shortest sum that makes each lattice point: (point, wave).

    counts: (point, 2) whole numbers; first_shell: (wave, 2), both in the lattice's basis. A negative number counts the
    opposite wave. Of the waves and their opposites, the two next to the point in angle make the shortest sum.
    """
    signed = np.concatenate([first_shell, -first_shell])
    sums = np.zeros((len(counts), len(first_shell)))
    for sum_of, point in zip(sums, counts, strict=True):
        best = np.inf
        for pair in combinations(range(len(signed)), 2):
            if round(abs(np.linalg.det(signed[list(pair)]))) != 1:
                continue
            times = np.rint(point @ np.linalg.inv(signed[list(pair)]))
            if (times >= 0).all() and times.sum() < best:
                best, sum_of[:] = times.sum(), 0
                for each, number in zip(pair, times, strict=True):
                    sum_of[each % len(first_shell)] += number if each < len(first_shell) else -number
    return sums
