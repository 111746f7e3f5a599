"""The SIC step as it is usually written, for comparison: a W for every step of every trajectory, and all pairs at once.

Everything is an ordinary torch operation with autograd behind it. It agrees with `losses.py`; only the memory and the
time differ.
"""

import torch

from sslgrid.config.model import LossConfig, ModelConfig
from sslgrid.descent import Inputs
from sslgrid.losses import Terms, capacity, conformal_isometry, pair_counts, weigh
from sslgrid.networks.velocity_rnn import VelocityRNN, normalise


def descend(network: VelocityRNN, inputs: Inputs, model: ModelConfig) -> torch.Tensor:
    """As `sslgrid.descent.descend`."""
    B, T = inputs.order.shape
    matrices = network.matrices(inputs.velocities[inputs.order].flatten(0, 1)).unflatten(0, (B, T))  # (B, T, N, N)
    state = network.initial_state().expand(B, -1)
    states, silences = [state], []
    for W in matrices.unbind(dim=1):
        state, silent = normalise(torch.bmm(state[:, None], W)[:, 0], state, model.network.zero_rule)
        states.append(state)
        silences.append(silent)
    total, terms = sic_loss(torch.stack(states, dim=1), inputs, model.losses)
    network.zero_grad()
    total.backward()
    norm = torch.nn.utils.clip_grad_norm_(network.parameters(), model.training.clip)
    return torch.stack([total.detach(), *terms, norm, torch.stack(silences).to(total.dtype).mean()])


def sic_loss(states: torch.Tensor, inputs: Inputs, config: LossConfig) -> tuple[torch.Tensor, Terms]:
    """As `sslgrid.losses.sic_loss`, with P x P matrices of distances."""
    g, x = states[:, 1:].flatten(0, 1), inputs.positions[:, 1:].flatten(0, 1)
    near = torch.cdist(x, x) < config.sigma_x
    n_far, n_near = pair_counts(near.sum() - len(g), len(g), config)
    squares = g.square().sum(dim=1)
    distances = squares[:, None] + squares[None] - 2 * g @ g.T
    kernel = torch.exp(-distances / (2 * config.sigma_g**2))
    terms = Terms(
        (kernel * ~near).sum() / n_far,
        (distances * near).sum() / n_near,
        capacity(g),
        conformal_isometry(states, inputs.speeds, config.sigma_x),
    )
    return weigh(terms, config), Terms(*(term.detach() for term in terms))
