"""What Hessian-free optimisation needs of the rate network along a batch: rates, and derivatives both ways."""

from typing import NamedTuple

import torch
from torch import Tensor

from sslgrid.localiser.gradient import walk_backward, walk_forward


class Followed(NamedTuple):
    """A batch that the network has followed."""

    rates: Tensor  # h (T + 1, M, N), the first ones (0) included
    activity: Tensor  # f(x) (T, M, N)


def forward(
    recurrent: Tensor, drive: Tensor, leak: float, function: str = "tanh", noise: Tensor | None = None
) -> Followed:
    """Rates of recurrent (N, N), drive (T, M, N) and noise on the rates (T, M, N); function: a name of `RATES`."""
    rates = drive.new_zeros(len(drive) + 1, *drive.shape[1:])
    activity = rates[1:] if noise is None else torch.empty_like(drive)
    walk_forward(recurrent, drive.clone(), leak, rates, activity, function, noise)
    return Followed(rates, activity)


def backward(
    recurrent: Tensor,
    activity: Tensor,
    grad_rates: Tensor,
    leak: float,
    function: str = "tanh",
    of_state: Tensor | None = None,
) -> Tensor:
    """dL/d(drive) (T, M, N), which is dL/dx too, from dL/dh (T, M, N) and, if L depends on x besides, `of_state`."""
    grad = grad_rates.clone()
    walk_backward(recurrent, activity, grad, leak, function, of_state)
    return grad


def slope_of(activity: Tensor, function: str) -> Tensor:
    """f'(x) of the activity f(x)."""
    slope = activity.square().neg_().add_(1)
    return slope.mul_(activity > 0) if function == "rectified" else slope


def tangent(
    recurrent: Tensor, activity: Tensor, drive_change: Tensor, leak: float, function: str = "tanh"
) -> tuple[Tensor, Tensor]:
    """Changes of x and of the rates h (T, M, N) for a small change of the drive (T, M, N), to first order.

    A change V of the recurrent weights is one of the drive by `leak h V'`, h of the step before.
    """
    slope = slope_of(activity, function)
    states, scaled = drive_change.clone(), leak * recurrent.T
    rates = torch.empty_like(states)
    for t in range(len(states)):
        if t > 0:
            states[t].add_(states[t - 1], alpha=1 - leak).addmm_(rates[t - 1], scaled)
        torch.mul(states[t], slope[t], out=rates[t])
    return states, rates
