"""In how many directions can the code be moved, and stay moved? The Lyapunov exponents of the network as it walks.

A small displacement of the state is carried along with a walk. An attractor takes back what leads off it and keeps what
leads along it. One map of the plane has two directions to keep. Two maps have four, also if their lattices are
commensurate; if a coupling holds them together, it takes back two of the four, and the exponent of the third direction
says how fast. No module, map or threshold enters.

Source: Benettin et al., Meccanica 15, 9 (1980): a set of displacements is made orthogonal again after each step.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from sslgrid.walks.activity import WalkedNetwork
from sslgrid.walks.walks import Walks

DIRECTIONS = 8  # that are followed, of the N - 1 that a state of N units has
WALKS = 4  # at most
SETTLING = 300  # steps until the displacements lie along the directions that last longest
STEPS = 2000  # at most, that count


@runtime_checkable
class PushedNetwork(WalkedNetwork, Protocol):
    """A network that can also be displaced."""

    def push(self, state: np.ndarray, pushed: np.ndarray, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where a step (walk, 2) m leads states (walk, N) and small displacements of them (walk, N, displacement)."""
        ...


@dataclass(frozen=True)
class Directions:
    """The directions that last longest, the longest first, mean over walks."""

    exponents: np.ndarray  # (direction,) 1/step: a displacement grows by exp(exponent) a step
    carried: np.ndarray  # (direction, unit) mean square of the unit's part in a displacement of length 1


def measure_directions(network: PushedNetwork, walks: Walks, rng: np.random.Generator) -> Directions:
    """The largest Lyapunov exponents, and which units move along each direction.

    Walks of few steps settle for fewer. Each direction is orthogonal to those that last longer.
    """
    positions = np.asarray(walks.positions[:WALKS, : SETTLING + STEPS + 1])
    state = network.rest(len(positions))
    steps = np.diff(positions, axis=1).astype(state.dtype)
    settling = min(SETTLING, steps.shape[1] // 2)
    pushed = rng.standard_normal((*state.shape, min(DIRECTIONS, state.shape[1] - 1)))
    growth, carried = np.zeros((len(state), pushed.shape[-1])), np.zeros(pushed.shape[1:])
    for t in range(steps.shape[1]):
        state, pushed = network.push(state, pushed, steps[:, t])
        pushed, lengths = np.linalg.qr(pushed.astype(float))
        if t >= settling:
            growth += np.log(np.maximum(np.abs(np.diagonal(lengths, axis1=1, axis2=2)), np.finfo(float).tiny))
            carried += np.square(pushed).mean(axis=0)
    counted = steps.shape[1] - settling
    exponents = growth.mean(axis=0) / counted
    longest = np.argsort(-exponents)
    return Directions(exponents[longest], carried.T[longest] / counted)
