"""The last part of a gradient step on a CPU: clip the gradient, and AdamW in one pass over weights and moments.

torch's own pass over the same megabytes several times.
"""

import math
from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor

from sslgrid.machine.compiled import compiled


def clip(parameters: Iterable[Tensor], limit: float) -> Tensor:
    """As `torch.nn.utils.clip_grad_norm_`: scale the gradients down to norm `limit`; returns the norm before."""
    found = [p.grad for p in parameters if p.grad is not None]
    gradients = [gradient.view(-1).numpy() for gradient in found]
    norm = math.sqrt(sum(float(np.dot(gradient, gradient)) for gradient in gradients))
    factor = limit / (norm + 1e-6)
    if not factor >= 1:  # NaN must spread
        for gradient in gradients:
            gradient *= factor
    return found[0].new_tensor(norm)


class AdamW(torch.optim.AdamW):
    """torch's AdamW (Loshchilov & Hutter 2019, algorithm 2) with the same state, for contiguous CPU tensors."""

    @torch.no_grad()
    def step(self) -> None:
        """Take one step along the gradients; parameters without one stay."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    self._update(parameter, group)

    def _update(self, parameter: Tensor, group: dict) -> None:
        state = self.state[parameter]
        if not state:
            state["step"] = torch.zeros(())
            state["exp_avg"], state["exp_avg_sq"] = torch.zeros_like(parameter), torch.zeros_like(parameter)
        state["step"] += 1
        beta1, beta2 = group["betas"]
        steps = int(state["step"])
        arrays = (parameter, parameter.grad, state["exp_avg"], state["exp_avg_sq"])
        factors = (
            1 - beta1,
            beta2,
            1 - group["lr"] * group["weight_decay"],
            group["lr"] / (1 - beta1**steps),
            1 / math.sqrt(1 - beta2**steps),
            group["eps"],
        )
        real = parameter.detach().numpy().dtype.type
        _adamw(*(array.detach().view(-1).numpy() for array in arrays), *(real(factor) for factor in factors))


@compiled
def _adamw(weights, gradient, mean, square, one_minus_beta1, beta2, decay, rate, correction, eps):
    one = weights.dtype.type(1)
    for i in range(len(weights)):
        g = gradient[i]
        mean[i] += (g - mean[i]) * one_minus_beta1
        square[i] = beta2 * square[i] + (one - beta2) * g * g
        weights[i] = weights[i] * decay - rate * mean[i] / (np.sqrt(square[i]) * correction + eps)
