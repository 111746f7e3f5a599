"""In how many directions can the code be moved, and stay moved? The Lyapunov exponents of the network as it walks.

A small displacement of the state is carried along with a walk. An attractor takes back what leads off it and keeps what
leads along it. One map of the plane has two directions to keep. Two maps have four, also if their lattices are
commensurate; if a coupling holds them together, it takes back two of the four, and the exponent of the third direction
says how fast. No module, map or threshold enters.

Source: Benettin et al., Meccanica 15, 9 (1980): a set of displacements is made orthogonal again after each step.
"""

from typing import Protocol

import numpy as np

from sslgrid.walks.activity import WalkedNetwork
from sslgrid.walks.walks import Walks

DIRECTIONS = 8  # that are followed, of the N - 1 that a state of N units has
WALKS = 4  # at most
SETTLING = 300  # steps until the displacements lie along the directions that last longest
STEPS = 2000  # at most, that count


class PushedNetwork(WalkedNetwork, Protocol):
    """A network that can also be displaced."""

    def push(self, state: np.ndarray, pushed: np.ndarray, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where a step (walk, 2) m leads states (walk, N) and small displacements of them (walk, N, displacement)."""


def measure_exponents(network: PushedNetwork, walks: Walks, rng: np.random.Generator) -> np.ndarray:
    """The largest Lyapunov exponents, 1/step, mean over walks: (direction,), the largest first.

    A displacement along direction k grows by exp(exponent) a step. Walks of few steps settle for fewer.
    """
    positions = np.asarray(walks.positions[:WALKS, : SETTLING + STEPS + 1])
    state = network.rest(len(positions))
    steps = np.diff(positions, axis=1).astype(state.dtype)
    settling = min(SETTLING, steps.shape[1] // 2)
    pushed = rng.standard_normal((*state.shape, min(DIRECTIONS, state.shape[1] - 1)))
    growth = np.zeros((len(state), pushed.shape[-1]))
    for t in range(steps.shape[1]):
        state, pushed = network.push(state, pushed, steps[:, t])
        pushed, lengths = np.linalg.qr(pushed.astype(float))
        if t >= settling:
            growth += np.log(np.maximum(np.abs(np.diagonal(lengths, axis1=1, axis2=2)), np.finfo(float).tiny))
    return -np.sort(-growth.mean(axis=0) / (steps.shape[1] - settling))
