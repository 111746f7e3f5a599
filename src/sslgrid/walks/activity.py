"""A trained network's activity along evaluation walks, streamed: memory does not grow with the number of steps."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from sslgrid.walks.walks import BLOCK, Walks


class WalkedNetwork(Protocol):
    """What a network of any kind must do to be walked. A state is what it carries from step to step."""

    def rest(self, walks: int) -> np.ndarray:
        """The states in which walks begin: (walk, ...)."""
        ...

    def move(self, state: np.ndarray, steps: np.ndarray, headings: np.ndarray) -> Iterator[np.ndarray]:
        """The states after each of some steps of each walk: steps (walk, step, 2) m, headings (walk, step) rad."""
        ...

    def activity(self, state: np.ndarray) -> np.ndarray:
        """Rates (walk, unit) of states."""
        ...


def follow(network: WalkedNetwork, walks: Walks) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Feed the steps of each walk to the network; the positions are for the caller alone.

    walks: in memory or opened by `open_walks`, then read block by block. Yields, step by step, the positions (walk,
    2) and the activity (walk, unit) there, the start left out.
    """
    state = network.rest(len(walks.positions))
    for first in range(0, walks.positions.shape[1] - 1, BLOCK):
        block = np.asarray(walks.positions[:, first : first + BLOCK + 1])  # begins where the one before ended
        steps = np.diff(block, axis=1).astype(state.dtype)
        headings = np.asarray(walks.headings[:, first + 1 : first + BLOCK + 1]).astype(state.dtype)
        for t, moved in enumerate(network.move(state, steps, headings)):
            state = moved
            yield block[:, t + 1], network.activity(state)
