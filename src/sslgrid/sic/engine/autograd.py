"""What makes an engine of a rollout and a loss that torch can differentiate."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn.utils import clip_grad_norm_

from sslgrid.sic.batches import Batch
from sslgrid.sic.config import ModelConfig
from sslgrid.sic.inputs import Inputs, to_tensors
from sslgrid.sic.network import VelocityRNN


class AutogradDescent:
    """As `sslgrid.sic.engine.cpu.Descent`, by autograd; derived classes bring `rollout` and `sic_loss`."""

    rollout: Callable
    sic_loss: Callable

    def __init__(self, network: VelocityRNN, model: ModelConfig):
        self.network, self.model = network, model

    def __call__(self, batches: Sequence[Batch]) -> Tensor:
        """Leave the clipped gradient of the mean loss in the parameters; returns what `names_reported` names."""
        return self.descend([self.place(batch) for batch in batches])

    def place(self, batch: Batch) -> Inputs:
        """The batch as tensors on the network's device."""
        return to_tensors(batch, self.network.start)

    def descend(self, batches: Sequence[Inputs]) -> Tensor:
        """As a call, from tensors."""
        self.network.zero_grad()
        found = []
        for inputs in batches:
            losses, silent = self.add_gradient(inputs, 1 / len(batches))
            found.append(torch.cat([losses, silent.to(losses.dtype).mean()[None]]))
        norm = clip_grad_norm_(self.network.parameters(), self.model.training.clip)
        return torch.cat([torch.stack(found).mean(dim=0), norm[None]])

    def add_gradient(self, inputs: Inputs, scale: float) -> tuple[Tensor, Tensor]:
        """Add `scale` times the gradient of a batch's loss; returns the total with its terms, and silences (B, T)."""
        network, config = self.network, self.model.network
        W, start = network.matrices(inputs.velocities), network.initial_state()
        states, silent = self.rollout(W, start, inputs.order, config.zero_rule)
        total, terms = self.sic_loss(states, inputs.positions, inputs.speeds, self.model.losses)
        (total * scale).backward()
        return torch.stack([total.detach(), *terms]), silent
