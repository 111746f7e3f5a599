"""The rollout of the CPU engine, forward and backward: trajectories one by one, silent units skipped.

About half of the units are silent at any step; they send nothing forward, and no gradient passes back through them.
"""

import numpy as np

from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.memory import load, load_first, store, store_first
from sslgrid.kernels.products import product
from sslgrid.kernels.vector_type import lanes
from sslgrid.kernels.vectors import broadcast, fma, select, total
from sslgrid.machine.threads import in_parts, share
from sslgrid.sic.layers import add_columns


def rollout(W: np.ndarray, start: np.ndarray, order: np.ndarray, zero_rule: str) -> tuple[np.ndarray, np.ndarray]:
    """As `sslgrid.sic.network.rollout`: (T, N, N), (N,), (B, T) -> states (B, T + 1, N), and norms (B, T).

    The norm is that of each step's rectified drive; where it is 0 the zero rule was applied.
    """
    (B, T), N = order.shape, W.shape[-1]
    states, norms = np.empty((B, T + 1, N), W.dtype), np.empty((B, T), W.dtype)
    states[:, 0] = start
    keep_previous = zero_rule == "previous"
    in_parts(lambda part, parts: walk_forward(W, order, keep_previous, *share(B, part, parts), states, norms))
    return states, norms


def rollout_gradient(
    W: np.ndarray, order: np.ndarray, states: np.ndarray, norms: np.ndarray, grad_states: np.ndarray, zero_rule: str
) -> tuple[np.ndarray, np.ndarray]:
    """dL/dW (T, N, N) and dL/d(start) (N,) from dL/d(states) and what `rollout` found."""
    (B, T), N = order.shape, W.shape[-1]
    # Both in the order of velocities: a velocity's part of dW is one product.
    before, grad_drive = np.empty((T, B, N), W.dtype), np.empty((T, B, N), W.dtype)
    grad_starts, grad_start, grad_W = np.empty((B, N), W.dtype), np.empty(N, W.dtype), np.empty_like(W)
    keep_previous = zero_rule == "previous"
    in_parts(
        lambda part, parts: walk_backward(
            W, order, states, norms, grad_states, keep_previous, *share(B, part, parts), before, grad_drive, grad_starts
        )
    )
    in_parts(lambda part, parts: outer_products(before, grad_drive, *share(T, part, parts), grad_W))
    add_columns(grad_starts, grad_start, False)
    return grad_W, grad_start


@compiled
def walk_forward(W, order, keep_previous, first, last, states, norms):
    """Fill states[:, 1:] and norms, for trajectories first to last - 1."""
    T, N, real = order.shape[1], W.shape[-1], W.dtype.type
    step = lanes(W.dtype)
    drive, active = np.empty(N, W.dtype), np.empty(N, np.int32)
    for b in range(first, last):
        for t in range(T):
            count = 0
            for j in range(N):
                active[count] = j
                count += states[b, t, j] != 0
            square = broadcast(real(0))
            for i in range(0, N, 4 * step):
                _weighted_rows(W, order[b, t], states, (b, t), active, count, i, drive)
            for i in range(0, N, step):
                value = load_first(drive, i, N - i)
                value = select(value < 0.0, 0.0, value)
                store_first(drive, i, value, N - i)
                square = fma(value, value, square)
            norm = np.sqrt(total(square))
            norms[b, t] = norm
            if norm == 0 and keep_previous:
                states[b, t + 1] = states[b, t]
            else:
                scale = real(1) / (norm if norm != 0 else real(1))
                for i in range(0, N, step):
                    store_first(states, (b, t + 1, i), load_first(drive, i, N - i) * scale, N - i)


@compiled
def _weighted_rows(W, k, states, place, active, count, i, drive):
    """drive[i:] for four vectors, or as many as there are: the sum of active units' rows of W[k], unit by unit."""
    b, t = place
    N, step, zero = W.shape[-1], lanes(W.dtype), broadcast(W.dtype.type(0))
    if i + 4 * step <= N:
        s0, s1, s2, s3 = zero, zero, zero, zero
        for n in range(count):
            j = active[n]
            g = states[b, t, j]
            s0 = fma(load(W, (k, j, i)), g, s0)
            s1 = fma(load(W, (k, j, i + step)), g, s1)
            s2 = fma(load(W, (k, j, i + 2 * step)), g, s2)
            s3 = fma(load(W, (k, j, i + 3 * step)), g, s3)
        store(drive, i, s0)
        store(drive, i + step, s1)
        store(drive, i + 2 * step, s2)
        store(drive, i + 3 * step, s3)
    else:
        for rest in range(i, N, step):
            s0 = zero
            for n in range(count):
                s0 = fma(load_first(W, (k, active[n], rest), N - rest), states[b, t, active[n]], s0)
            store_first(drive, rest, s0, N - rest)


@compiled
def walk_backward(
    W, order, states, norms, grad_states, keep_previous, first, last, before, grad_drive, grad_starts
):  # fmt: skip
    """Backpropagate through time, for trajectories first to last - 1.

    before[k, b], grad_drive[k, b]: the state before velocity k was taken by trajectory b, and dL/d(drive) there.
    A silent unit passes no gradient on, so rows and columns of silent units are skipped.
    """
    T, N, real = order.shape[1], W.shape[-1], W.dtype.type
    step = lanes(W.dtype)
    grad = np.empty(N, W.dtype)  # dL/dg_t, from the loss at t and from all later steps
    for b in range(first, last):
        grad[:] = grad_states[b, T]
        for t in range(T - 1, -1, -1):
            k = order[b, t]
            before[k, b] = states[b, t]
            if norms[b, t] == 0:
                grad_drive[k, b] = 0
                for j in range(N):
                    grad[j] = grad_states[b, t, j] + (grad[j] if keep_previous else real(0))
                continue
            along = broadcast(real(0))
            for i in range(0, N, step):
                along = fma(load_first(grad, i, N - i), load_first(states, (b, t + 1, i), N - i), along)
            inward, scale = -total(along), real(1) / norms[b, t]
            for i in range(0, N, step):
                g = load_first(states, (b, t + 1, i), N - i)
                tangent = fma(g, inward, load_first(grad, i, N - i)) * scale
                store_first(grad_drive, (k, b, i), select(g > 0.0, tangent, 0.0), N - i)
            for j in range(N):
                if states[b, t, j] > 0 or t == 0:
                    back = broadcast(real(0))
                    for i in range(0, N, step):
                        back = fma(load_first(W, (k, j, i), N - i), load_first(grad_drive, (k, b, i), N - i), back)
                    grad[j] = total(back) + grad_states[b, t, j]
                else:
                    grad[j] = grad_states[b, t, j]
        grad_starts[b] = grad


@compiled
def outer_products(before, grad_drive, first, last, grad_W):
    """dL/dW of velocities first to last - 1: sums over trajectories of before[k, b, j] grad_drive[k, b, i]."""
    for k in range(first, last):
        product(before[k].T, grad_drive[k], grad_W[k], False)
