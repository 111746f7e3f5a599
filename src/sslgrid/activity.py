"""A trained network's activity along evaluation walks, streamed: memory does not grow with the number of steps."""

from collections.abc import Iterator

import numpy as np
import torch
import xarray as xr

from sslgrid.datasets.walks import BLOCK
from sslgrid.networks.velocity_rnn import VelocityRNN, normalise


@torch.no_grad()
def follow(network: VelocityRNN, positions: np.ndarray | xr.DataArray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Feed the velocities of each walk to the network; the positions are for the caller alone.

    positions: (walk, step + 1, 2) m, in memory or opened by `open_positions`, then read block by block. Yields, step
    by step, the positions (walk, 2) and the activity (walk, unit) there, the start left out.
    """
    state = network.initial_state().expand(len(positions), -1)
    for first in range(0, positions.shape[1] - 1, BLOCK):
        block = np.asarray(positions[:, first : first + BLOCK + 1])  # begins where the one before ended
        velocities = torch.from_numpy(np.diff(block, axis=1)).to(state.dtype)
        for t in range(velocities.shape[1]):
            drive = torch.bmm(state[:, None], network.matrices(velocities[:, t]))[:, 0]
            state, _ = normalise(drive, state, network.config.zero_rule)
            yield block[:, t + 1], state.numpy()
