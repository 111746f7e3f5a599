"""The plain definitions as an engine: slow, and true by reading. Parameters are one vector, as in `curvature.py`."""

import torch
from torch import Tensor

from sslgrid.localiser.network import RateRNN, walk
from sslgrid.localiser.objective import Terms, Weights, noise_of, objective
from sslgrid.localiser.paths import Paths
from sslgrid.localiser.rollout import slope_of


class Descent:
    """Call it with a batch of paths to leave the gradient in the network's parameters; returns the loss and its terms.

    The gradient of `objective`, by autograd.
    """

    def __init__(self, network: RateRNN, config: Weights):
        self.network, self.config = network, config

    def __call__(self, paths: Paths, gradient: bool = True) -> tuple[Tensor, Terms]:
        """Paths of the network's type; gradient: False for the loss alone."""
        with torch.set_grad_enabled(gradient):
            total, terms = objective(self.network, paths, self.config)
        if gradient:
            self.network.zero_grad()
            total.backward()
        return total.detach(), terms


class Curvature:
    """The Gauss-Newton matrix at the network's weights, over a batch of paths.

    The loss is quadratic in the read-out, in the rates and in W_in and W_out, and structural damping in x, weighted by
    f'(x): these are `outputs`. Automatic differentiation takes a change of the parameters there, and what they curve
    back.
    """

    def __init__(self, network: RateRNN, paths: Paths, config: Weights):
        self.network, self.paths, self.config = network, paths, config
        self.noise = noise_of(network, paths)
        self.parameters = {name: each.detach() for name, each in network.named_parameters()}

    def outputs(self, *parameters: Tensor) -> tuple[Tensor, ...]:
        """x (T, M, N), the read-out (T, M, 2), h (T, M, N), W_in and W_out of these parameters."""
        network, of = self.network, dict(zip(self.parameters, parameters, strict=True))
        inputs = network.inputs(self.paths.speeds, self.paths.headings)
        drive = network.leak * (inputs @ of["input"].T + of["bias"])
        if self.noise.on_state is not None:
            drive = drive + self.noise.on_state
        x, h = walk(of["recurrent"], drive, network.leak, network.config.rates, self.noise.on_rates)
        return x, h @ of["output"].T, h, of["input"], of["output"]

    def product(self, vector: Tensor, structural: float = 0.0) -> Tensor:
        """The matrix times a vector (P,), as `curvature.Curvature.product`."""
        own = tuple(self.parameters.values())
        parts = vector.split([each.numel() for each in own])
        change = tuple(part.view(each.shape) for part, each in zip(parts, own, strict=True))
        changed = torch.func.jvp(self.outputs, own, change)[1]
        weights = (structural, 1.0, self.config.rates, self.config.weights, self.config.weights)
        of_state, *curved = (2 * weight / each.numel() * each for weight, each in zip(weights, changed, strict=True))
        found, back = torch.func.vjp(self.outputs, *own)[:2]
        slope = slope_of(self.network.activity(found[0]), self.network.config.rates)
        return torch.cat([each.flatten() for each in back((slope * of_state, *curved))])

    def squares(self) -> Tensor:
        """Sum over trials of the squared gradients of their errors, for a preconditioner: (P,)."""
        own = [each.clone().requires_grad_() for each in self.parameters.values()]
        error = (self.outputs(*own)[1] - self.paths.positions).square() / self.paths.positions.numel()
        of_trials = error.sum(dim=(0, 2))  # (M,)
        found = torch.autograd.grad(
            of_trials, own, torch.eye(len(of_trials)).to(of_trials), is_grads_batched=True, materialize_grads=True
        )  # (M, ...) each
        return torch.cat([each.square().sum(dim=0).flatten() for each in found])
