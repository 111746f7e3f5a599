"""A trained network's activity along evaluation walks, streamed: memory does not grow with the number of steps."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from sslgrid.walks.walks import BLOCK, Walks


class WalkedNetwork(Protocol):
    """What a network of any kind must do to be walked. A state is what it carries from step to step."""

    def rest(self, walks: int) -> Tensor:
        """The states in which walks begin: (walk, ...)."""

    def move(self, state: Tensor, steps: Tensor, headings: Tensor) -> Iterator[Tensor]:
        """The states after each of some steps of each walk: steps (walk, step, 2) m, headings (walk, step) rad."""

    def activity(self, state: Tensor) -> Tensor:
        """Rates (walk, unit) of states."""


@torch.no_grad()
def follow(network: WalkedNetwork, walks: Walks) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Feed the steps of each walk to the network; the positions are for the caller alone.

    walks: in memory or opened by `open_walks`, then read block by block. Yields, step by step, the positions (walk,
    2) and the activity (walk, unit) there, the start left out.
    """
    state = network.rest(len(walks.positions))
    for first in range(0, walks.positions.shape[1] - 1, BLOCK):
        block = np.asarray(walks.positions[:, first : first + BLOCK + 1])  # begins where the one before ended
        steps = torch.from_numpy(np.diff(block, axis=1)).to(state.dtype)
        headings = torch.from_numpy(np.asarray(walks.headings[:, first + 1 : first + BLOCK + 1])).to(state.dtype)
        for t, moved in enumerate(network.move(state, steps, headings)):
            state = moved
            yield block[:, t + 1], network.activity(state).numpy()
