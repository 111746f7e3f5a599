"""What becomes of one module when the other is put elsewhere: the lock as a cause, not as a correlation.

Two modules may drift together because they add up the same steps with the same errors. So the code of one module is
moved by hand. Two copies of the network make the same steps, one of them a short way off; then the fine units of the
displaced copy replace those of the other, and the network goes on. Independent modules keep the distance that they were
given. On one torus the two halves of the state contradict each other, and the network settles on one place.

The control kicks a random half of the fine module's units: two halves of one module must settle.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sslgrid.generalisation.drift import displacements
from sslgrid.generalisation.one_torus.drift_lock import fit_readout, lattice_of, modulo
from sslgrid.generalisation.one_torus.pair import Module, Pair
from sslgrid.spatial.ratemap import RateMaps
from sslgrid.walks.activity import WalkedNetwork
from sslgrid.walks.walks import Walks

BEFORE, AFTER = 60, 150  # steps before and after the kick
SHIFT = 0.25  # of the fine spacing: how far the fine module is put from its place
SPREAD = 10  # steps over which the displaced copy walks that way
DIRECTIONS = 10  # in which each walk is kicked


@dataclass(frozen=True)
class Kick:
    """After each step since the kick, over its length: (step,), over all walks and directions.

    fine, coarse: displacement of either module along the kick, mean, when the fine one alone is kicked; they begin at 1
    and 0. whole: of both modules, when the whole state is; a code of place stays where it is put, at 1.
    apart: distance between the displacements of the two modules in each kick, modulo the fine lattice, rms.
    apart_halves: the same of two random halves of the fine module, when one of them is kicked.
    """

    fine: np.ndarray
    coarse: np.ndarray
    whole: np.ndarray
    apart: np.ndarray
    apart_halves: np.ndarray


def measure_kick(network: WalkedNetwork, walks: Walks, pair: Pair, maps: RateMaps, rng: np.random.Generator) -> Kick:
    """Kick the fine module of each walk in random directions. Walks of fewer steps are followed to their end.

    walks: longer than `BEFORE` steps. maps: of their arena.
    """
    positions = np.repeat(np.asarray(walks.positions[:, : BEFORE + AFTER + 1]), DIRECTIONS, axis=0)
    headings = np.repeat(np.asarray(walks.headings[:, 1 : BEFORE + AFTER + 1]), DIRECTIONS, axis=0)
    steps = np.diff(positions, axis=1)
    angle = rng.uniform(0, 2 * np.pi, len(steps))
    kick = SHIFT * pair.fine.spacing * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    detour = steps.copy()
    detour[:, :SPREAD] += kick[:, None] / SPREAD
    here, there = (
        _walk(network, network.rest(len(steps)), way[:, :BEFORE], headings[:, :BEFORE])[-1] for way in (steps, detour)
    )
    halves = [replace(pair.fine, units=np.sort(units)) for units in np.array_split(rng.permutation(pair.fine.units), 2)]

    def after(start: np.ndarray) -> np.ndarray:
        states = (start, *_walk(network, start, steps[:, BEFORE:], headings[:, BEFORE:]))
        return np.stack([network.activity(state) for state in states])

    undisturbed = after(here)

    def moved(units: np.ndarray, modules: Sequence[Module]) -> np.ndarray:
        """Displacements (module, step, walk, 2) m once these units are put where the displaced copy has them."""
        start = here.copy()
        start[:, units] = there[:, units]
        states = after(start)
        return np.stack([_shifts(module, maps, states, undisturbed) for module in modules])

    modules = (pair.fine, pair.coarse)
    of_fine, of_half = moved(pair.fine.units, modules), moved(halves[0].units, halves)
    of_whole = moved(np.arange(here.shape[1]), modules)
    length = np.square(kick).sum(axis=1).mean()
    fine, coarse, both = (
        (each * kick).sum(axis=-1).mean(axis=-1) / length for each in (*of_fine, of_whole.mean(axis=0))
    )
    apart, apart_halves = (
        np.sqrt(np.square(modulo(one - other, pair.fine)).sum(axis=-1).mean(axis=-1) / length)
        for one, other in (of_fine, of_half)
    )
    return Kick(fine, coarse, both, apart, apart_halves)


def _walk(network: WalkedNetwork, state: np.ndarray, steps: np.ndarray, headings: np.ndarray) -> list[np.ndarray]:
    """The states after each step: steps (walk, step, 2) m, headings (walk, step) rad."""
    return list(network.move(state, *(each.astype(state.dtype) for each in (steps, headings))))


def _shifts(module: Module, maps: RateMaps, states: np.ndarray, undisturbed: np.ndarray) -> np.ndarray:
    """Displacement (step, walk, 2) m of a module's code, from states to those of the same walks undisturbed.

    states, undisturbed: (step, walk, unit).
    """
    weights, mean = fit_readout(module, maps)
    one, other = ((each[..., module.units] - mean) @ weights for each in (states, undisturbed))
    return displacements(one * other.conj(), lattice_of(module))
