"""What Hessian-free optimisation needs of the rate network along a batch: rates, and derivatives both ways."""

import torch
from torch import Tensor

from sslgrid.localiser.gradient import walk_backward, walk_forward


def forward(recurrent: Tensor, drive: Tensor, leak: float) -> Tensor:
    """The rates u (T + 1, M, N), the first ones (0) included; recurrent (N, N), drive (T, M, N)."""
    rates = drive.new_zeros(len(drive) + 1, *drive.shape[1:])
    walk_forward(recurrent, drive.clone(), leak, rates)
    return rates


def backward(recurrent: Tensor, rates: Tensor, grad_rates: Tensor, leak: float) -> Tensor:
    """dL/d(drive) (T, M, N), which is dL/dx too, from dL/du (T, M, N); rates as `forward` returns them."""
    grad = grad_rates.clone()
    walk_backward(recurrent, rates, grad, leak)
    return grad


def tangent(recurrent: Tensor, rates: Tensor, drive_change: Tensor, leak: float) -> Tensor:
    """Change of the rates u (T, M, N) for a small change of the drive (T, M, N), to first order.

    A change V of the recurrent weights is one of the drive by `leak u V'`, u of the step before.
    """
    change = torch.zeros_like(rates)
    slope = rates[1:].square().neg_().add_(1)
    x, scaled = drive_change.new_zeros(drive_change.shape[1:]), leak * recurrent.T
    for t in range(len(drive_change)):
        torch.add(drive_change[t], x, alpha=1 - leak, out=x)
        x.addmm_(change[t], scaled)
        torch.mul(x, slope[t], out=change[t + 1])
    return change[1:]
