"""What makes an engine of a rollout and a loss that torch can differentiate."""

from collections.abc import Callable

import torch
from torch import Tensor

from sslgrid.sic.batches import Inputs
from sslgrid.sic.config import ModelConfig
from sslgrid.sic.network import VelocityRNN


def gradient_of(rollout: Callable, sic_loss: Callable) -> Callable:
    """The engine's `add_gradient`, by autograd."""

    def add_gradient(network: VelocityRNN, inputs: Inputs, model: ModelConfig, scale: float) -> tuple[Tensor, Tensor]:
        states, silent = rollout(
            network.matrices(inputs.velocities), network.initial_state(), inputs.order, model.network.zero_rule
        )
        total, terms = sic_loss(states, inputs.positions, inputs.speeds, model.losses)
        (total * scale).backward()
        return torch.stack([total.detach(), *terms]), silent

    return add_gradient
