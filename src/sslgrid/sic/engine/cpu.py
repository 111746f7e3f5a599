"""The SIC training step on a CPU: `rollout` and `sic_loss` with hand-written gradients.

Three things make it cheap. W is evaluated at the T distinct velocities only, and each trajectory looks its matrices
up. Silent units are skipped in both directions of the rollout (`cpu_rollout.py`). And the pairwise losses never hold
all P x P pairs, and compute half of them (`cpu_pairs.py`).

float32 and float64 run the same code. In float32 a distance |g - g'|^2 is good to about 1e-7, which small sigma_g
magnify. Results depend on the number of threads (`threads.py`) through the order of sums, and on nothing else that
changes from run to run.
"""

import math

import numpy as np
import torch
from torch import Tensor

from sslgrid.machine.compiled import compiled
from sslgrid.machine.threads import in_parts, share
from sslgrid.sic.config import LossConfig
from sslgrid.sic.engine.cpu_adamw import clip
from sslgrid.sic.engine.cpu_pairs import add_pairs, count_near
from sslgrid.sic.engine.cpu_rollout import walk_backward, walk_forward
from sslgrid.sic.losses import Terms, pair_counts

__all__ = ["clip", "rollout", "sic_loss"]


def rollout(matrices: Tensor, initial_state: Tensor, order: Tensor, zero_rule: str) -> tuple[Tensor, Tensor]:
    """As `sslgrid.sic.network.rollout`: (T, N, N), (N,), (B, T) -> states (B, T + 1, N), silences (B, T)."""
    return _Rollout.apply(matrices, initial_state, order, zero_rule)


def sic_loss(states: Tensor, positions: Tensor, speeds: Tensor, config: LossConfig) -> tuple[Tensor, Terms]:
    """As `sslgrid.sic.losses.sic_loss`: the weighted total and its four terms."""
    total, *terms = _SICLoss.apply(states, positions, speeds, config)
    return total, Terms(*terms)


class _Rollout(torch.autograd.Function):
    @staticmethod
    def forward(ctx, matrices, initial_state, order, zero_rule):
        (B, T), N = order.shape, matrices.shape[-1]
        states = matrices.new_empty(B, T + 1, N)
        norms = matrices.new_empty(B, T)
        states[:, 0] = initial_state
        W = matrices.detach().contiguous()
        keep_previous = zero_rule == "previous"
        arrays = [array.numpy() for array in (W, order, states, norms)]

        def walk(part: int, parts: int) -> None:
            walk_forward(*arrays[:2], keep_previous, *share(B, part, parts), *arrays[2:])

        in_parts(walk)
        ctx.save_for_backward(W, order, states, norms)
        ctx.keep_previous = keep_previous
        silent = norms == 0
        ctx.mark_non_differentiable(silent)
        return states, silent

    @staticmethod
    def backward(ctx, grad_states, _):
        W, order, states, norms = ctx.saved_tensors
        (B, T), N = order.shape, W.shape[-1]
        # Both in the order of velocities, so that all of dW is one batched product.
        before, grad_drive = W.new_empty(T, B, N), W.new_empty(T, B, N)
        grad_start = W.new_empty(B, N)
        given = [array.numpy() for array in (W, order, states, norms, grad_states.contiguous())]
        found = [array.numpy() for array in (before, grad_drive, grad_start)]

        def walk(part: int, parts: int) -> None:
            walk_backward(*given, ctx.keep_previous, *share(B, part, parts), *found)

        in_parts(walk)
        return torch.bmm(before.transpose(1, 2), grad_drive), grad_start.sum(dim=0), None, None


class _SICLoss(torch.autograd.Function):
    """The gradient is made together with the loss, while each tile of pairs is in the cache."""

    @staticmethod
    def forward(ctx, states, positions, speeds, config):
        states = states.detach()
        mean = states[:, 1:].mean(dim=(0, 1))
        centred = (states[:, 1:] - mean).flatten(0, 1)  # (P, N): distances keep more digits near the mean
        far, near, grad_points = _pair_losses(centred, positions[:, 1:].flatten(0, 1), config)
        grad_points.add_(mean, alpha=-2 * config.capacity / len(centred))
        grad = torch.zeros_like(states)
        grad[:, 1:] = grad_points.view(grad[:, 1:].shape)
        conformal = _conformal_isometry(
            states.numpy(), speeds.numpy(), config.sigma_x, config.conformal_isometry, grad.numpy()
        )
        ctx.save_for_backward(grad)
        terms = [far, near, -float(mean.square().sum()), conformal]
        weights = [config.separation, config.path_invariance, config.capacity, config.conformal_isometry]
        total = math.fsum(w * term for w, term in zip(weights, terms, strict=True))
        return tuple(states.new_tensor(value) for value in [total, *terms])

    @staticmethod
    def backward(ctx, grad_total, *_):
        (grad,) = ctx.saved_tensors
        return grad * grad_total, None, None, None


def _pair_losses(g: Tensor, positions: Tensor, config: LossConfig) -> tuple[float, float, Tensor]:
    """Separation and path invariance of points g (P, N) at positions (P, 2), and their weighted gradient (P, N)."""
    g, x = g.numpy(), positions.T.contiguous().numpy()
    near_pairs = sum(in_parts(lambda part, parts: count_near(x, config.sigma_x, part, parts)))
    n_far, n_near = pair_counts(2 * near_pairs, len(g), config)

    def work(part: int, parts: int) -> tuple[float, float, np.ndarray]:
        grad = np.zeros_like(g)
        weights = config.separation / n_far, config.path_invariance / n_near
        return *add_pairs(g, x, config.sigma_x, config.sigma_g, *weights, part, parts, grad), grad

    far, near, grads = zip(*in_parts(work), strict=True)
    grad = torch.from_numpy(grads[0])
    for other in grads[1:]:
        grad += torch.from_numpy(other)
    return 2 * sum(far) / n_far, 2 * sum(near) / n_near, grad  # both (p, q) and (q, p) count


@compiled
def _conformal_isometry(states, speeds, sigma_x, weight, grad):
    """Population variance of |g_t - g_{t-1}| / |v_t| over short steps; adds weight * gradient to grad."""
    B, T = speeds.shape
    N = states.shape[-1]
    ratios = np.empty((B, T))
    count, mean = 0, 0.0
    for b in range(B):
        for t in range(T):
            if 0 < speeds[b, t] < sigma_x:
                square = states.dtype.type(0)
                for i in range(N):
                    change = states[b, t + 1, i] - states[b, t, i]
                    square += change * change
                ratios[b, t] = np.sqrt(square) / speeds[b, t]
                mean += ratios[b, t]
                count += 1
    if count == 0:
        return 0.0
    mean /= count
    variance = 0.0
    for b in range(B):
        for t in range(T):
            if 0 < speeds[b, t] < sigma_x:
                deviation = ratios[b, t] - mean
                variance += deviation * deviation
                if ratios[b, t] > 0:
                    distance = ratios[b, t] * speeds[b, t]
                    factor = weight * 2 * deviation / (count * speeds[b, t] * distance)
                    for i in range(N):
                        pull = states.dtype.type(factor) * (states[b, t + 1, i] - states[b, t, i])
                        grad[b, t + 1, i] += pull
                        grad[b, t, i] -= pull
    return variance / count
