"""Gauss-Newton products of the localisation objective on one batch, and the preconditioner of Hessian-free steps.

Parameters are one vector, in the order of `RateRNN.parameters()`.
"""

import torch
from torch import Tensor

from sslgrid.localiser import rollout as rate_rollout
from sslgrid.localiser.network import RateRNN
from sslgrid.localiser.objective import Weights, drive_of
from sslgrid.localiser.paths import Paths


class Curvature:
    """The Gauss-Newton matrix at the network's weights, over a batch of paths."""

    @torch.no_grad()
    def __init__(self, network: RateRNN, paths: Paths, config: Weights):
        """Follow the paths once; each product then needs one pass forward and one backward."""
        self.network, self.paths, self.config = network, paths, config
        self.inputs, self.function = network.inputs(paths.speeds, paths.headings), network.config.rates
        drive, noise = drive_of(network, paths)
        followed = rate_rollout.forward(network.recurrent, drive, network.leak, self.function, noise)
        self.rates, self.activity = followed

    @torch.no_grad()
    def product(self, vector: Tensor, structural: float = 0.0) -> Tensor:
        """The matrix times a vector (P,).

        The loss is quadratic in the read-out, in the rates and in W_in and W_out, with the curvatures below; where
        the read-out is a product of weights and rates, the Gauss-Newton matrix leaves the product's own curvature
        out. structural: weight of structural damping (Martens & Sutskever 2011), whose matrix is added to that of the
        loss: that of the mean over steps, trials and units of f'(x) times the squared change of x. The paper has the
        change of h; this is the form in the authors' code.
        """
        network, leak, h = self.network, self.network.leak, self.rates
        recurrent, input_, bias, output = self._split(vector)
        change = leak * (h[:-1] @ recurrent.T + self.inputs @ input_.T + bias)
        of_states, of_rates = rate_rollout.tangent(network.recurrent, self.activity, change, leak, self.function)
        of_read_out = of_rates @ network.output.T + h[1:] @ output.T
        curved = of_read_out * (2 / of_read_out.numel())
        grad_rates = of_rates.mul_(2 * self.config.rates / of_rates.numel()).add_(curved @ network.output)
        grad_states = None
        if structural:
            slope = rate_rollout.slope_of(self.activity, self.function)
            grad_states = of_states.mul_(slope).mul_(2 * structural / of_states.numel())
        drive = rate_rollout.backward(
            network.recurrent, self.activity, grad_rates, leak, self.function, grad_states
        ).mul_(leak).flatten(0, 1)  # fmt: skip
        decay = 2 * self.config.weights
        gradients = (
            drive.T @ h[:-1].flatten(0, 1),
            drive.T @ self.inputs.flatten(0, 1) + decay / input_.numel() * input_,
            drive.sum(dim=0),
            curved.flatten(0, 1).T @ h[1:].flatten(0, 1) + decay / output.numel() * output,
        )
        return torch.cat([each.flatten() for each in gradients])

    @torch.no_grad()
    def squares(self) -> Tensor:
        """Sum over trials of the squared gradients of their errors, for a preconditioner: (P,)."""
        h, leak, output = self.rates, self.network.leak, self.network.output
        error = (self.network.read_out(h[1:]) - self.paths.positions) * (2 / self.paths.positions.numel())
        drive = rate_rollout.backward(self.network.recurrent, self.activity, error @ output, leak, self.function)
        D = leak * drive.permute(1, 2, 0)  # (M, N, T)
        of_trials = (
            D @ h[:-1].permute(1, 0, 2), D @ self.inputs.permute(1, 0, 2), D.sum(dim=2),
            error.permute(1, 2, 0) @ h[1:].permute(1, 0, 2),
        )  # fmt: skip
        return torch.cat([each.square().sum(dim=0).flatten() for each in of_trials])

    def _split(self, vector: Tensor) -> list[Tensor]:
        shapes = [parameter.shape for parameter in self.network.parameters()]
        parts = vector.split([shape.numel() for shape in shapes])
        return [part.view(shape) for part, shape in zip(parts, shapes, strict=True)]
