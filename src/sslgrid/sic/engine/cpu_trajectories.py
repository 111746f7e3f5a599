"""The rest of the CPU engine's loss: the mean state, capacity and conformal isometry, and the gradient of all four terms.

Sums run over a trajectory's steps first and over trajectories then, so each trajectory may be a thread's.
"""

import numpy as np

from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.memory import load_first, store_first
from sslgrid.kernels.vector_type import lanes
from sslgrid.kernels.vectors import broadcast, fma, total


@compiled
def sum_states(states, first, last, sums):
    """sums[b] (B, N): of the states t = 1..T of trajectories first to last - 1."""
    N = states.shape[-1]
    for b in range(first, last):
        for i in range(0, N, lanes(states.dtype)):
            found = broadcast(states.dtype.type(0))
            for t in range(1, states.shape[1]):
                found += load_first(states, (b, t, i), N - i)
            store_first(sums, (b, i), found, N - i)


@compiled
def mean_state(sums, points, mean):
    """mean (N,): the sum of rows over the number of points; returns |mean|^2."""
    mean[:] = 0
    square = 0.0
    for b in range(len(sums)):
        for i in range(len(mean)):
            mean[i] += sums[b, i]
    for i in range(len(mean)):
        mean[i] /= sums.dtype.type(points)
        square += np.float64(mean[i]) * np.float64(mean[i])
    return square


@compiled
def centre(states, mean, first, last, centred):
    """centred (P, N): the states t = 1..T less their mean, for trajectories first to last - 1."""
    T, N = states.shape[1] - 1, states.shape[-1]
    for b in range(first, last):
        for t in range(T):
            for i in range(0, N, lanes(states.dtype)):
                value = load_first(states, (b, t + 1, i), N - i) - load_first(mean, i, N - i)
                store_first(centred, (b * T + t, i), value, N - i)


@compiled
def measure_steps(states, speeds, sigma_x, first, last, ratios, sums, counts):
    """ratios (B, T): |g_t - g_{t-1}| / |v_t| of short steps; sums and counts (B,) of them."""
    N = states.shape[-1]
    for b in range(first, last):
        found, count = 0.0, 0
        for t in range(speeds.shape[1]):
            if 0 < speeds[b, t] < sigma_x:
                square = broadcast(states.dtype.type(0))
                for i in range(0, N, lanes(states.dtype)):
                    change = load_first(states, (b, t + 1, i), N - i) - load_first(states, (b, t, i), N - i)
                    square = fma(change, change, square)
                ratios[b, t] = np.sqrt(np.float64(total(square))) / speeds[b, t]
                found += ratios[b, t]
                count += 1
        sums[b], counts[b] = found, count


@compiled
def square_deviations(ratios, speeds, sigma_x, mean, first, last, sums):
    """sums (B,): of (ratio - mean)^2 over short steps."""
    for b in range(first, last):
        found = 0.0
        for t in range(speeds.shape[1]):
            if 0 < speeds[b, t] < sigma_x:
                found += (ratios[b, t] - mean) * (ratios[b, t] - mean)
        sums[b] = found


@compiled
def gather_gradient(
    states, centred, row_sums, pulls, state_mean, state_factor, speeds, sigma_x, ratios, ratio_mean, ratio_factor, scale,
    first, last, grad,
):  # fmt: skip
    """grad (B, T + 1, N): scale * dL/d(states), of pairs, capacity and conformal isometry, for some trajectories.

    Of pairs: row_sums[p] centred[p] - pulls[p]. Of capacity: state_factor * state_mean. Of a step's ratio:
    ratio_factor * (ratio - ratio_mean).
    """
    T, N, real, step = speeds.shape[1], states.shape[-1], states.dtype.type, lanes(states.dtype)
    for b in range(first, last):
        grad[b, 0] = 0
        for t in range(T):
            p = b * T + t
            for i in range(0, N, step):
                value = fma(load_first(centred, (p, i), N - i), row_sums[p], -load_first(pulls, (p, i), N - i))
                value = fma(load_first(state_mean, i, N - i), state_factor, value)
                store_first(grad, (b, t + 1, i), value * scale, N - i)
            if 0 < speeds[b, t] < sigma_x and ratios[b, t] > 0:
                distance = ratios[b, t] * speeds[b, t]
                force = real(ratio_factor * (ratios[b, t] - ratio_mean) / (speeds[b, t] * distance)) * scale
                for i in range(0, N, step):
                    change = load_first(states, (b, t + 1, i), N - i) - load_first(states, (b, t, i), N - i)
                    store_first(grad, (b, t + 1, i), fma(change, force, load_first(grad, (b, t + 1, i), N - i)), N - i)
                    store_first(grad, (b, t, i), fma(change, -force, load_first(grad, (b, t, i), N - i)), N - i)
