"""What becomes of one module when the other is put elsewhere: the lock as a cause, not as a correlation.

Two modules may drift together because they add up the same steps with the same errors. So the code of one module is
moved by hand. Two copies of the network make the same steps, one of them a short way off; then the fine units of the
displaced copy replace those of the other, and the network goes on. Independent modules keep the distance that they were
given. On one torus the two halves of the state contradict each other, and the network settles on one place.
"""

from dataclasses import dataclass

import numpy as np

from sslgrid.generalisation.drift import displacements
from sslgrid.generalisation.one_torus.drift_lock import fit_readout, lattice_of
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
    """Displacement since the kick, along its direction and over its length: (step,), mean over walks and directions.

    fine, coarse: of either module when the fine one alone is kicked; they begin at 1 and 0. whole: of both modules, in
    the mean, when the whole state is; a code of place stays where it is put, at 1.
    """

    fine: np.ndarray
    coarse: np.ndarray
    whole: np.ndarray


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
    here = _walk(network, network.rest(len(steps)), steps[:, :BEFORE], headings[:, :BEFORE])[-1]
    there = _walk(network, network.rest(len(steps)), detour[:, :BEFORE], headings[:, :BEFORE])[-1]
    mixed = here.copy()
    mixed[:, pair.fine.units] = there[:, pair.fine.units]
    undisturbed, kicked, whole = (
        np.stack(
            [
                network.activity(state)
                for state in (start, *_walk(network, start, steps[:, BEFORE:], headings[:, BEFORE:]))
            ]
        )
        for start in (here, mixed, there)
    )
    modules = (pair.fine, pair.coarse)
    of_kicked, of_whole = (
        np.stack([_moved(module, maps, states, undisturbed, kick) for module in modules]) for states in (kicked, whole)
    )
    return Kick(*of_kicked, whole=of_whole.mean(axis=0))


def _walk(network: WalkedNetwork, state: np.ndarray, steps: np.ndarray, headings: np.ndarray) -> list[np.ndarray]:
    """The states after each step: steps (walk, step, 2) m, headings (walk, step) rad."""
    return list(network.move(state, *(each.astype(state.dtype) for each in (steps, headings))))


def _moved(module: Module, maps: RateMaps, states: np.ndarray, undisturbed: np.ndarray, kick: np.ndarray) -> np.ndarray:
    """Displacement of a module's code along the kick (walk, 2), over its length, mean over walks: (step,).

    states, undisturbed: (step, walk, unit).
    """
    weights, mean = fit_readout(module, maps)
    one, other = ((each[..., module.units] - mean) @ weights for each in (states, undisturbed))
    shifts = displacements(one * other.conj(), lattice_of(module))
    return (shifts * kick).sum(axis=-1).mean(axis=1) / np.square(kick).sum(axis=1).mean()
