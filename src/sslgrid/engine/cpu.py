"""The SIC training step on a CPU: `rollout` and `sic_loss` with hand-written gradients.

Three things make it cheap. W is evaluated at the T distinct velocities only, and each trajectory looks its matrices
up. Silent units (about half of them) are skipped in both directions of the rollout. And the pairwise losses never
hold all P x P pairs: blocks of rows and columns stay in the cache, only one of (p, q) and (q, p) is computed, and
the few near pairs (about 1 in 100) are handled one by one. The dense products are torch's (MKL), the rest is numba.

float32 and float64 run the same code. In float32, distances from dot products are exact to about 1e-7, which sigma_g
magnifies: losses and gradients are good to 1e-5 of their size for the paper's sigma_g = 0.4 and above, and worse as
1 / sigma_g^2 below. Results depend on the number of threads only through MKL's summation order.
"""

import math

import numpy as np
import torch
from numba import njit
from scipy.spatial import cKDTree
from torch import Tensor

from sslgrid.config.model import LossConfig
from sslgrid.losses import Terms, pair_counts

BLOCK = 256  # points per block of pairs: a 256 x 256 float32 tile is 256 KiB and stays in a core's L2 cache

# Sums may be reordered for SIMD, but NaN and infinity must survive: they are how divergence is seen.
FAST = {"reassoc", "contract", "arcp", "nsz"}


def rollout(matrices: Tensor, initial_state: Tensor, order: Tensor, zero_rule: str) -> tuple[Tensor, Tensor]:
    """As `sslgrid.networks.velocity_rnn.rollout`: (T, N, N), (N,), (B, T) -> states (B, T + 1, N), silences (B, T)."""
    return _Rollout.apply(matrices, initial_state, order, zero_rule)


def sic_loss(states: Tensor, positions: Tensor, speeds: Tensor, config: LossConfig) -> tuple[Tensor, Terms]:
    """As `sslgrid.losses.sic_loss`: the weighted total and its four terms."""
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
        _walk_forward(W.numpy(), order.numpy(), zero_rule == "previous", states.numpy(), norms.numpy())
        ctx.save_for_backward(W, order, states, norms)
        ctx.keep_previous = zero_rule == "previous"
        silent = norms == 0
        ctx.mark_non_differentiable(silent)
        return states, silent

    @staticmethod
    def backward(ctx, grad_states, _):
        W, order, states, norms = ctx.saved_tensors
        (B, T), N = order.shape, W.shape[-1]
        # Both in the order of velocities, so that all of dW is one batched product.
        before, grad_drive = W.new_empty(T, B, N), W.new_empty(T, B, N)
        grad_start = W.new_zeros(B, N)
        _walk_backward(
            W.numpy(), order.numpy(), states.numpy(), norms.numpy(), grad_states.contiguous().numpy(),
            ctx.keep_previous, before.numpy(), grad_drive.numpy(), grad_start.numpy(),
        )  # fmt: skip
        return torch.bmm(before.transpose(1, 2), grad_drive), grad_start.sum(dim=0), None, None


@njit(cache=True, fastmath=FAST, error_model="numpy")
def _walk_forward(W, order, keep_previous, states, norms):
    """Fill states[:, 1:] and the norm of each step's rectified drive (0: the zero rule applied)."""
    B, T = order.shape
    N = W.shape[-1]
    drive = np.empty(N, W.dtype)
    for b in range(B):
        for t in range(T):
            matrix = W[order[b, t]]
            drive[:] = 0
            for j in range(N):
                g = states[b, t, j]
                if g != 0:
                    for i in range(N):
                        drive[i] += g * matrix[j, i]
            square = W.dtype.type(0)
            for i in range(N):
                drive[i] = drive[i] if not drive[i] < 0 else W.dtype.type(0)
                square += drive[i] * drive[i]
            norm = np.sqrt(square)
            norms[b, t] = norm
            if norm == 0 and keep_previous:
                states[b, t + 1] = states[b, t]
            else:
                scale = W.dtype.type(1) / (norm if norm != 0 else W.dtype.type(1))
                for i in range(N):
                    states[b, t + 1, i] = drive[i] * scale


@njit(cache=True, fastmath=FAST, error_model="numpy")
def _walk_backward(W, order, states, norms, grad_states, keep_previous, before, grad_drive, grad_start):
    """Backpropagate through time.

    before[k, b], grad_drive[k, b]: the state before velocity k was taken by trajectory b, and dL/d(drive) there.
    A silent unit passes no gradient on, so rows and columns of silent units are skipped.
    """
    B, T = order.shape
    N = W.shape[-1]
    grad = np.empty(N, W.dtype)  # dL/dg_t, from the loss at t and from all later steps
    for b in range(B):
        grad[:] = grad_states[b, T]
        for t in range(T - 1, -1, -1):
            k = order[b, t]
            before[k, b] = states[b, t]
            if norms[b, t] == 0:
                grad_drive[k, b] = 0
                if not keep_previous:
                    grad[:] = 0
                for j in range(N):
                    grad[j] += grad_states[b, t, j]
                continue
            along = W.dtype.type(0)
            for i in range(N):
                along += grad[i] * states[b, t + 1, i]
            scale = W.dtype.type(1) / norms[b, t]
            for i in range(N):
                g = states[b, t + 1, i]
                grad_drive[k, b, i] = (grad[i] - along * g) * scale if g > 0 else W.dtype.type(0)
            for j in range(N):
                back = W.dtype.type(0)
                if states[b, t, j] > 0 or t == 0:
                    for i in range(N):
                        back += W[k, j, i] * grad_drive[k, b, i]
                grad[j] = back + grad_states[b, t, j]
        grad_start[b] = grad


class _SICLoss(torch.autograd.Function):
    """The gradient is made together with the loss, while each block of pairs is in the cache."""

    @staticmethod
    def forward(ctx, states, positions, speeds, config):
        states = states.detach().contiguous()
        grad = torch.zeros_like(states)
        g = states[:, 1:].flatten(0, 1)  # (P, N)
        x = positions[:, 1:].flatten(0, 1).contiguous().numpy()
        starts, partners = _near_pairs(x, config.sigma_x)
        n_far, n_near = pair_counts(2 * len(partners), len(g), config)
        far, grad_far = _separation(g, starts, partners, config.sigma_g)
        near, grad_near = _path_invariance(g, starts, partners)
        mean = g.mean(dim=0)
        grad_points = grad_far.mul_(config.separation / n_far)
        grad_points.add_(grad_near, alpha=config.path_invariance / n_near)
        grad_points.add_(mean, alpha=-2 * config.capacity / len(g))
        grad[:, 1:] = grad_points.view(grad[:, 1:].shape)
        conformal = _conformal_isometry(
            states.numpy(), speeds.numpy(), config.sigma_x, config.conformal_isometry, grad.numpy()
        )
        ctx.save_for_backward(grad)
        terms = [far / n_far, near / n_near, -float(mean.square().sum()), conformal]
        weights = [config.separation, config.path_invariance, config.capacity, config.conformal_isometry]
        total = math.fsum(w * term for w, term in zip(weights, terms, strict=True))
        return tuple(states.new_tensor(value) for value in [total, *terms])

    @staticmethod
    def backward(ctx, grad_total, *_):
        (grad,) = ctx.saved_tensors
        return grad * grad_total, None, None, None


def _near_pairs(x: np.ndarray, sigma_x: float) -> tuple[np.ndarray, np.ndarray]:
    """The near pairs p < q as a sparse matrix: the partners of p are partners[starts[p] : starts[p + 1]], ascending.

    (A pair exactly sigma_x apart counts as near here and as far in the plain losses; it has probability zero.)
    """
    P = len(x)
    tree = cKDTree(x, balanced_tree=False, compact_nodes=False)  # cheaper to build, and it is queried only once
    pairs = tree.query_pairs(sigma_x, output_type="ndarray")
    keys = np.sort(pairs[:, 0] * P + pairs[:, 1])
    return np.searchsorted(keys, np.arange(P + 1) * P), keys % P


def _separation(g: Tensor, starts: np.ndarray, partners: np.ndarray, sigma_g: float) -> tuple[float, Tensor]:
    """Sum over ordered far pairs of K = exp(-|g - g'|^2 / (2 sigma_g^2)), and its gradient (P, N).

    With K symmetric, dL/dg_p = -(2 / sigma_g^2) sum_q K_pq (g_p - g_q) = -(2 / sigma_g^2) (row_p g_p - (K g)_p),
    so each block of K is used for its rows and, transposed, for its columns.
    """
    P = len(g)
    half_norms = g.square().sum(dim=1).numpy() / (2 * sigma_g**2)
    products = torch.zeros_like(g)  # K g
    sums = np.zeros(P, np.float64)  # K 1
    tile = g.new_empty(BLOCK * BLOCK)
    cursors = starts[:-1].copy()
    for r in range(0, P, BLOCK):
        rows = slice(r, min(r + BLOCK, P))
        for c in range(r, P, BLOCK):
            columns = slice(c, min(c + BLOCK, P))
            height, width = rows.stop - r, columns.stop - c
            K = tile[: height * width].view(height, width)
            torch.mm(g[rows], g[columns].T, out=K)
            _exponents(K.numpy(), half_norms[rows], half_norms[columns], sigma_g**-2)
            K.exp_()
            _keep_far_pairs(K.numpy(), r, c, starts, partners, cursors)
            _add_sums(K.numpy(), sums[rows], sums[columns])
            products[rows].addmm_(K, g[columns])
            products[columns].addmm_(K.T, g[rows])
    row = torch.from_numpy(sums).to(g.dtype)
    return float(sums.sum()), (row[:, None] * g - products).mul_(-2 / sigma_g**2)


@njit(cache=True, fastmath=FAST)
def _exponents(K, row_half_norms, column_half_norms, scale):
    """In place, g.g' -> -|g - g'|^2 / (2 sigma_g^2)."""
    height, width = K.shape
    scale = K.dtype.type(scale)
    for p in range(height):
        for q in range(width):
            K[p, q] = K[p, q] * scale - row_half_norms[p] - column_half_norms[q]


@njit(cache=True)
def _keep_far_pairs(K, r, c, starts, partners, cursors):
    """Zero the near pairs and, on the diagonal, the pairs p >= q. Blocks come in order, so cursors only advance."""
    height, width = K.shape
    for p in range(height):
        cursor, end = cursors[r + p], starts[r + p + 1]
        while cursor < end and partners[cursor] < c + width:
            K[p, partners[cursor] - c] = 0
            cursor += 1
        cursors[r + p] = cursor
        if r == c:
            K[p, : p + 1] = 0


@njit(cache=True, fastmath=FAST)
def _add_sums(K, row_sums, column_sums):
    """Add the sums over columns to row_sums and the sums over rows to column_sums."""
    height, width = K.shape
    columns = np.zeros(width, K.dtype)
    for p in range(height):
        total = K.dtype.type(0)
        for q in range(width):
            total += K[p, q]
            columns[q] += K[p, q]
        row_sums[p] += total
    for q in range(width):
        column_sums[q] += columns[q]


def _path_invariance(g: Tensor, starts: np.ndarray, partners: np.ndarray) -> tuple[float, Tensor]:
    """Sum over ordered near pairs of |g - g'|^2, and its gradient (P, N)."""
    grad = torch.zeros_like(g)
    return _sum_near(g.numpy(), starts, partners, grad.numpy()), grad


@njit(cache=True, fastmath=FAST)
def _sum_near(g, starts, partners, grad):
    P, N = g.shape
    total = 0.0
    for p in range(P):
        for index in range(starts[p], starts[p + 1]):
            q = partners[index]
            square = g.dtype.type(0)
            for i in range(N):
                change = g[p, i] - g[q, i]
                square += change * change
                grad[p, i] += 4 * change
                grad[q, i] -= 4 * change
            total += 2 * square
    return total


@njit(cache=True, fastmath=FAST, error_model="numpy")
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
