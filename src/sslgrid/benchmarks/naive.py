"""The SIC step as public code writes it, for comparison: a W for every step of every trajectory, all pairs at once.

Everything is an ordinary torch operation with autograd behind it. It agrees with `losses.py`; only the memory and the
time differ.
"""

import torch
from torch import Tensor

from sslgrid.sic.config import LossConfig, ModelConfig
from sslgrid.sic.inputs import Inputs
from sslgrid.sic.losses import capacity, conformal_isometry, extra_terms, pair_counts, weigh
from sslgrid.sic.network import VelocityRNN, normalise


def descend(network: VelocityRNN, inputs: Inputs, model: ModelConfig) -> Tensor:
    """The naive step; arguments and result are those of `sslgrid.sic.step.descend`."""
    state = network.initial_state().expand(len(inputs.order), -1)  # (B, N)
    states, silences = [state], []
    for k in inputs.order.unbind(dim=1):
        W = network.matrices(inputs.velocities[k])  # (B, N, N)
        state, silent = normalise(torch.bmm(state[:, None], W)[:, 0], state, model.network.zero_rule)
        states.append(state)
        silences.append(silent)
    total, terms = sic_loss(torch.stack(states, dim=1), inputs, model.losses)
    network.zero_grad()
    total.backward()
    norm = torch.nn.utils.clip_grad_norm_(network.parameters(), model.training.clip)
    return torch.stack([total.detach(), *terms, norm, torch.stack(silences).to(total.dtype).mean()])


def sic_loss(states: Tensor, inputs: Inputs, config: LossConfig) -> tuple[Tensor, tuple[Tensor, ...]]:
    """The losses of `sslgrid.sic.losses.sic_loss`, with P x P matrices of distances and masks."""
    g, x = states[:, 1:].flatten(0, 1), inputs.positions[:, 1:].flatten(0, 1)
    near = torch.cdist(x, x) < config.sigma_x
    n_far, n_near = pair_counts(near.sum() - len(g), len(g), config)
    squares = torch.cdist(g, g).square()
    terms = (
        torch.exp(-squares[~near] / (2 * config.sigma_g**2)).sum() / n_far,
        squares[near].sum() / n_near,
        capacity(g),
        conformal_isometry(states, inputs.speeds, config.sigma_x),
        *extra_terms(states, inputs.positions, inputs.speeds, config),
    )
    return weigh(terms, config), tuple(term.detach() for term in terms)
