"""The SIC training step on an NVIDIA GPU: `rollout` and `sic_loss` with hand-written gradients.

The same savings as on the CPU (`cpu.py`), in Triton kernels: `cuda_rollout.py` and `cuda_pairs.py`. No step waits for
the GPU or depends on data for its shapes, so `captured.py` can capture a whole training step. Without a GPU the
kernels run in Triton's interpreter (TRITON_INTERPRET=1), which is how they are tested.
"""

from functools import partial

import torch
from torch import Tensor
from torch.optim import AdamW

from sslgrid.basics.errors import InputError
from sslgrid.sic.config import LossConfig, ModelConfig
from sslgrid.sic.engine.autograd import AutogradDescent
from sslgrid.sic.engine.cuda_pairs import pair_losses
from sslgrid.sic.engine.cuda_rollout import walk_backward, walk_forward
from sslgrid.sic.losses import Terms, capacity, extra_names
from sslgrid.sic.network import VelocityRNN

__all__ = ["Descent", "optimiser", "rollout", "sic_loss"]

optimiser = partial(AdamW, fused=True)


def rollout(matrices: Tensor, initial_state: Tensor, order: Tensor, zero_rule: str) -> tuple[Tensor, Tensor]:
    """As `sslgrid.sic.network.rollout`: (T, N, N), (N,), (B, T) -> states (B, T + 1, N), silences (B, T)."""
    return _Rollout.apply(matrices, initial_state, order, zero_rule == "previous")


def sic_loss(states: Tensor, positions: Tensor, speeds: Tensor, config: LossConfig) -> tuple[Tensor, Terms]:
    """As `sslgrid.sic.losses.sic_loss`: the weighted total and its four terms.

    Positions are compared in the precision of the states.
    """
    g = states[:, 1:].flatten(0, 1)  # (P, N)
    pairs, separation, invariance = _PairLosses.apply(g, positions[:, 1:].flatten(0, 1).to(g.dtype), config)
    cap = capacity(g)
    conformal = conformal_isometry(states, speeds.to(g.dtype), config.sigma_x)
    total = pairs + config.capacity * cap + config.conformal_isometry * conformal
    return total, Terms(separation, invariance, cap.detach(), conformal.detach())


def conformal_isometry(states: Tensor, speeds: Tensor, sigma_x: float) -> Tensor:
    """As `sslgrid.sic.losses.conformal_isometry`, with a mask instead of a choice of steps."""
    short = (speeds > 0) & (speeds < sigma_x)
    count = short.sum().clamp(min=1)
    change = (states[:, 1:] - states[:, :-1]).norm(dim=-1)
    ratio = torch.where(short, change / torch.where(short, speeds, 1.0), 0.0)
    deviation = torch.where(short, ratio - ratio.sum() / count, 0.0)
    return deviation.square().sum() / count


class _Rollout(torch.autograd.Function):
    @staticmethod
    def forward(ctx, matrices, initial_state, order, keep_previous):
        W = matrices.detach().contiguous()
        states, norms = walk_forward(W, initial_state.detach().contiguous(), order, keep_previous)
        ctx.save_for_backward(W, order, states, norms)
        ctx.keep_previous = keep_previous
        silent = norms == 0
        ctx.mark_non_differentiable(silent)
        return states, silent

    @staticmethod
    def backward(ctx, grad_states, _):
        W, order, states, norms = ctx.saved_tensors
        before, grad_drive, grad_start = walk_backward(
            W, order, states, norms, grad_states.contiguous(), ctx.keep_previous
        )
        return torch.bmm(before.transpose(1, 2), grad_drive), grad_start.sum(dim=0), None, None


class _PairLosses(torch.autograd.Function):
    """The weighted sum of both pairwise losses, and each by itself without a gradient."""

    @staticmethod
    def forward(ctx, g, positions, config):
        separation, invariance, grad = pair_losses(g.detach().contiguous(), positions, config)
        ctx.save_for_backward(grad)
        terms = separation.to(g.dtype), invariance.to(g.dtype)
        ctx.mark_non_differentiable(*terms)
        weighted = (config.separation * separation + config.path_invariance * invariance).to(g.dtype)
        return weighted, *terms

    @staticmethod
    def backward(ctx, grad_weighted, *_):
        (grad,) = ctx.saved_tensors
        return grad * grad_weighted, None, None


class Descent(AutogradDescent):
    """The gradient by the GPU's kernels."""

    rollout, sic_loss = staticmethod(rollout), staticmethod(sic_loss)

    def __init__(self, network: VelocityRNN, model: ModelConfig):
        extra = ", ".join(f"losses.{name}" for name in extra_names(model.losses))
        if extra:
            raise InputError(f"{extra}: a GPU knows the paper's four losses only; train with device 'cpu'")
        super().__init__(network, model)
