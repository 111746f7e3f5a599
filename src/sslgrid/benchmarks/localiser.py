"""A localiser's gradient step as public code writes it, for comparison, and what a step must at least compute."""

import torch
from torch import Tensor

from sslgrid.localiser.config import LocaliserConfig
from sslgrid.localiser.network import RateRNN
from sslgrid.localiser.paths import Paths


def descend(network: RateRNN, paths: Paths, model: LocaliserConfig) -> Tensor:
    """Leave the gradient in the parameters, by autograd through a loop over the steps; returns the loss."""
    network.zero_grad()
    inputs, (T, M) = network.inputs(paths.speeds, paths.headings), paths.speeds.shape
    rng = torch.Generator(inputs.device).manual_seed(paths.noise_seed)
    x = inputs.new_zeros(M, network.config.units)
    rates, answers = [], []
    for t in range(T):
        drive = x.tanh() @ network.recurrent.T + inputs[t] @ network.input.T + network.bias
        x = x + network.leak * (drive - x)
        if network.config.noise:
            x = x + network.step_noise * torch.randn(x.shape, generator=rng, device=x.device)
        rates.append(x.tanh())
        answers.append(rates[-1] @ network.output.T)
    weights = network.input.square().mean() + network.output.square().mean()
    loss = (torch.stack(answers) - paths.positions).square().mean()
    loss = loss + model.losses.weights * weights + model.losses.rates * torch.stack(rates).square().mean()
    loss.backward()
    return loss.detach()


def flops(model: LocaliserConfig) -> float:
    """Of the dense products of a step: the recurrent one there and back, and the gradient of its weights."""
    return 3 * 2 * model.network.units**2 * model.trajectories.trials * model.trajectories.steps
