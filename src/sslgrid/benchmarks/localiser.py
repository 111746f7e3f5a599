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
    x, h = (inputs.new_zeros(M, network.config.units) for _ in range(2))
    on_rates, rates, answers = network.config.noise_on == "rates", [], []
    for t in range(T):
        drive = h @ network.recurrent.T + inputs[t] @ network.input.T + network.bias
        x = x + network.leak * (drive - x)
        noise = network.step_noise * torch.randn(x.shape, generator=rng, device=x.device) if network.noise else 0.0
        x = x if on_rates else x + noise
        h = network.activity(x) + noise if on_rates else network.activity(x)
        rates.append(h)
        answers.append(h @ network.output.T)
    weights = network.input.square().mean() + network.output.square().mean()
    loss = (torch.stack(answers) - paths.positions).square().mean()
    loss = loss + model.losses.weights * weights + model.losses.rates * torch.stack(rates).square().mean()
    loss.backward()
    return loss.detach()


def flops(model: LocaliserConfig) -> float:
    """Arithmetic of the dense products of a step: recurrence forward and back, and the gradient of its weights."""
    return 3 * 2 * model.network.units**2 * model.trajectories.trials * model.trajectories.steps
