"""The SIC training step on a CPU: loss and gradient by hand, with the same bits on every processor.

Three things make it cheap. W is evaluated at the T distinct velocities only, and each trajectory looks its matrices
up. Silent units are skipped in both directions of the rollout (`cpu_rollout.py`). And the pairwise losses never hold
all P x P pairs, and compute half of them (`cpu_pairs.py`).

All numbers that decide the weights come from the loops of `sslgrid.kernels` and of this folder, and from numpy's
single operations. Their results do not depend on the processor, on libraries, or on the number of threads. torch holds
the parameters. float32 and float64 run the same code. In float32 a distance |g - g'|^2 is good to about 1e-7, which
small sigma_g magnify.
"""

from collections.abc import Sequence

import numpy as np

from sslgrid.sic.batches import Batch
from sslgrid.sic.config import ModelConfig
from sslgrid.sic.engine.cpu_adamw import AdamW, clip_arrays
from sslgrid.sic.engine.cpu_extra import add_extra_terms
from sslgrid.sic.engine.cpu_network import (
    add_initial_gradient,
    add_matrices_gradient,
    gradients_of,
    initial_state,
    matrices,
    weights_of,
)
from sslgrid.sic.engine.cpu_rollout import rollout, rollout_gradient
from sslgrid.sic.engine.cpu_trajectories import sic_loss
from sslgrid.sic.losses import extra_names, names_of
from sslgrid.sic.network import VelocityRNN
from sslgrid.training.weights import gradients

__all__ = ["Descent", "optimiser"]

optimiser = AdamW


class Descent:
    """Call it with the batches of a step: it leaves the clipped gradient of their mean loss in the parameters.

    It holds the parameters of `network` as arrays, so they may change their numbers, but not their places.
    """

    def __init__(self, network: VelocityRNN, model: ModelConfig):
        self.model = model
        self.weights, self.gradients = weights_of(network), gradients_of(network)
        self.arrays = [gradient.view(-1).numpy() for gradient in gradients(network)]

    def __call__(self, batches: Sequence[Batch]) -> np.ndarray:
        """The means of the loss, of its terms and of where the zero rule was needed; then the gradient's norm."""
        found = np.zeros(len(names_of(self.model.losses)) + 3)
        for number, batch in enumerate(batches):
            losses, silent = self.add_gradient(batch, 1 / len(batches), add=number > 0)
            found[:-2] += losses
            found[-2] += silent.mean()
        found /= len(batches)
        found[-1] = clip_arrays(self.arrays, self.model.training.clip)
        return found

    def place(self, batch: Batch) -> Batch:
        """A batch as `add_gradient` takes it."""
        return batch

    def add_gradient(self, batch: Batch, scale: float, add: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """The gradient of a batch's loss, times `scale`, in the place of the one before or, with `add`, on top of it.

        Returns the weighted total with its terms, and where the zero rule was needed (B, T).
        """
        config, weights, gradients = self.model.network, self.weights, self.gradients
        W, layers = matrices(config, weights, batch.velocities)
        walks = rollout(W, initial_state(weights), batch.order, config.zero_rule)
        given = walks.states, batch.positions, batch.speeds, self.model.losses, scale
        losses, grad_states = sic_loss(*given)
        if extra_names(self.model.losses):
            losses = add_extra_terms(*given, losses, grad_states)
        grad_W, grad_start = rollout_gradient(W, batch.order, walks, grad_states, config.zero_rule)
        add_matrices_gradient(config, weights, layers, grad_W, gradients, add)
        if gradients.start is not None:
            add_initial_gradient(weights, grad_start, gradients, add)
        return np.array(losses), walks.norms == 0
