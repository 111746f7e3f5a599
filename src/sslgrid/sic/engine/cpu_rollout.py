"""The rollout of the CPU engine, forward and backward: step by step, trajectory by trajectory, silent units skipped.

About half of the units are silent at any step; they send nothing forward, and no gradient passes back through them.
"""

from typing import NamedTuple

import numpy as np

from sslgrid.kernels.across_lanes import total, totals
from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.memory import empty, load, load_first, store, store_first
from sslgrid.kernels.products import product
from sslgrid.kernels.vector_type import lanes
from sslgrid.kernels.vectors import broadcast, fma, select
from sslgrid.machine.threads import in_parts, share
from sslgrid.sic.layers import add_columns


class Walks(NamedTuple):
    """What a rollout found: states (B, T + 1, N); norms (B, T) of each step's rectified drive, 0 for the zero rule.

    active[b, t, :counts[b, t]]: the units that are not silent in states[b, t], t < T, by rising number.
    """

    states: np.ndarray
    norms: np.ndarray
    active: np.ndarray
    counts: np.ndarray


def rollout(W: np.ndarray, start: np.ndarray, order: np.ndarray, zero_rule: str) -> Walks:
    """As `sslgrid.sic.network.rollout`: (T, N, N), (N,), (B, T)."""
    (B, T), N = order.shape, W.shape[-1]
    states, norms = empty((B, T + 1, N), W.dtype), np.empty((B, T), W.dtype)
    found = Walks(states, norms, np.empty((B, T, N), np.int16), np.empty((B, T), np.int64))
    found.states[:, 0] = start
    keep_previous = zero_rule == "previous"
    in_parts(lambda part, parts: walk_forward(W, order, keep_previous, *share(B, part, parts), *found))
    return found


def rollout_gradient(
    W: np.ndarray, order: np.ndarray, walks: Walks, grad_states: np.ndarray, zero_rule: str
) -> tuple[np.ndarray, np.ndarray]:
    """dL/dW (T, N, N) and dL/d(start) (N,) from dL/d(states) and what `rollout` found."""
    (B, T), N = order.shape, W.shape[-1]
    # Both in the order of velocities: a velocity's part of dW is one product.
    before, grad_drive = empty((T, B, N), W.dtype), empty((T, B, N), W.dtype)
    grad_starts, grad_start, grad_W = np.empty((B, N), W.dtype), np.empty(N, W.dtype), empty(W.shape, W.dtype)
    keep_previous = zero_rule == "previous"

    def walk_back(part: int, parts: int) -> None:
        some = share(B, part, parts)
        walk_backward(W, order, *walks, grad_states, keep_previous, *some, before, grad_drive, grad_starts)

    in_parts(walk_back)
    in_parts(lambda part, parts: outer_products(before, grad_drive, *share(T, part, parts), grad_W))
    add_columns(grad_starts, grad_start, False)
    return grad_W, grad_start


@compiled
def walk_forward(W, order, keep_previous, first, last, states, norms, active, counts):
    """Fill states[:, 1:] and norms, for trajectories first to last - 1.

    active[b, t, :counts[b, t]]: the units that are not silent in states[b, t], by rising number.
    """
    T, N, real = order.shape[1], W.shape[-1], W.dtype.type
    step = lanes(W.dtype)
    drive, turns, places = np.empty(N, W.dtype), np.empty(last - first, np.int64), np.empty(T + 1, np.int64)
    for t in range(T):
        _by_velocity(order, t, first, turns, places)
        for b in turns:
            count = 0
            for j in range(N):
                active[b, t, count] = j
                count += states[b, t, j] != 0
            counts[b, t] = count
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
def _by_velocity(order, t, first, turns, places):
    """Fill `turns` with the trajectories from `first` on, by rising order[b, t]: so they meet W's matrices as they lie.

    Two that take one velocity find its matrix in the cache, and the next one is being fetched.
    """
    places[:] = 0
    for b in range(first, first + len(turns)):
        places[order[b, t] + 1] += 1
    for k in range(1, len(places)):
        places[k] += places[k - 1]
    for b in range(first, first + len(turns)):
        turns[places[order[b, t]]] = b
        places[order[b, t]] += 1


@compiled
def _weighted_rows(W, k, states, place, active, count, i, drive):
    """drive[i:] for four vectors, or as many as there are: the sum of active units' rows of W[k], unit by unit."""
    b, t = place
    N, step, zero = W.shape[-1], lanes(W.dtype), broadcast(W.dtype.type(0))
    if i + 4 * step <= N:
        s0, s1, s2, s3 = zero, zero, zero, zero
        for n in range(count):
            j = active[b, t, n]
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
                j = active[b, t, n]
                s0 = fma(load_first(W, (k, j, rest), N - rest), states[b, t, j], s0)
            store_first(drive, rest, s0, N - rest)


@compiled
def walk_backward(
    W, order, states, norms, active, counts, grad_states, keep_previous, first, last, before, grad_drive, grad_starts
):  # fmt: skip
    """Backpropagate through time, for trajectories first to last - 1.

    before[k, b], grad_drive[k, b]: the state before velocity k was taken by trajectory b, and dL/d(drive) there.
    A silent unit passes no gradient on, so rows and columns of silent units are skipped. But the first state is made
    of all units' starts.
    """
    T, N, real = order.shape[1], W.shape[-1], W.dtype.type
    step = lanes(W.dtype)
    all_units = np.arange(N).astype(active.dtype).reshape(1, 1, N)
    turns, places = np.empty(last - first, np.int64), np.empty(T + 1, np.int64)
    for b in range(first, last):
        grad_starts[b] = grad_states[b, T]
    for t in range(T - 1, -1, -1):
        _by_velocity(order, t, first, turns, places)
        for b in turns:
            k, grad = order[b, t], grad_starts[b]  # dL/dg of step t + 1, then of t: from the loss there and later
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
            grad[:] = grad_states[b, t]
            if t > 0:
                _project(W, k, grad_drive, b, t, active, (b, t), counts[b, t], grad_states, grad)
            else:
                _project(W, k, grad_drive, b, t, all_units, (0, 0), N, grad_states, grad)


@compiled
def _project(W, k, grad_drive, b, t, units, place, count, base, grad):
    """grad[j] = base[b, t, j] + the scalar product of W[k, j] and grad_drive[k, b], for some units; four at a time."""
    p, first = place
    N, step, zero = W.shape[-1], lanes(W.dtype), broadcast(W.dtype.type(0))
    whole, last = N - N % step, count - 1
    for n in range(0, count, 4):
        j0, j1 = units[p, first, n], units[p, first, min(n + 1, last)]
        j2, j3 = units[p, first, min(n + 2, last)], units[p, first, min(n + 3, last)]
        s0, s1, s2, s3 = zero, zero, zero, zero
        for i in range(0, whole, step):
            d = load(grad_drive, (k, b, i))
            s0 = fma(load(W, (k, j0, i)), d, s0)
            s1 = fma(load(W, (k, j1, i)), d, s1)
            s2 = fma(load(W, (k, j2, i)), d, s2)
            s3 = fma(load(W, (k, j3, i)), d, s3)
        if whole < N:
            d = load_first(grad_drive, (k, b, whole), N - whole)
            s0 = fma(load_first(W, (k, j0, whole), N - whole), d, s0)
            s1 = fma(load_first(W, (k, j1, whole), N - whole), d, s1)
            s2 = fma(load_first(W, (k, j2, whole), N - whole), d, s2)
            s3 = fma(load_first(W, (k, j3, whole), N - whole), d, s3)
        t0, t1, t2, t3 = totals(s0, s1, s2, s3)
        grad[j0] = t0 + base[b, t, j0]
        grad[j1] = t1 + base[b, t, j1]  # where fewer than four are left, the last one is written again
        grad[j2] = t2 + base[b, t, j2]
        grad[j3] = t3 + base[b, t, j3]


@compiled
def outer_products(before, grad_drive, first, last, grad_W):
    """dL/dW of velocities first to last - 1: sums over trajectories of before[k, b, j] grad_drive[k, b, i]."""
    for k in range(first, last):
        product(before[k].T, grad_drive[k], grad_W[k], False)
