"""The loss of the CPU engine and its gradient: capacity and conformal isometry here, the pairs in `cpu_pairs.py`.

Sums run over a trajectory's steps first and over trajectories then, so each trajectory may be a thread's.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sslgrid.kernels.across_lanes import total
from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.memory import empty, load_first, store_first
from sslgrid.kernels.vector_type import lanes
from sslgrid.kernels.vectors import broadcast, fma
from sslgrid.machine.threads import in_parts, share
from sslgrid.sic.config import LossConfig
from sslgrid.sic.engine.cpu_pairs import pair_losses
from sslgrid.sic.losses import Terms


class Points(NamedTuple):
    """States t = 1..T of all trajectories: less their mean (P, N), and where (2, P), m; the mean (N,) and |mean|^2."""

    centred: np.ndarray
    x: np.ndarray
    mean: np.ndarray
    square: float


def points_of(states: np.ndarray, positions: np.ndarray) -> Points:
    """From states (B, T + 1, N) and positions (B, T + 1, 2)."""
    B, T, N = len(states), states.shape[1] - 1, states.shape[-1]
    sums, mean, centred = np.empty((B, N), states.dtype), np.empty(N, states.dtype), empty((B * T, N), states.dtype)
    _by_trajectories(B, sum_states, (states,), (sums,))
    square = mean_state(sums, B * T, mean)
    _by_trajectories(B, centre, (states, mean), (centred,))
    x = empty((2, B * T), positions.dtype)
    x.reshape(2, B, T)[:] = positions[:, 1:].transpose(2, 0, 1)
    return Points(centred, x, mean, square)


def sic_loss(
    states: np.ndarray, positions: np.ndarray, speeds: np.ndarray, config: LossConfig, scale: float
) -> tuple[list[float], np.ndarray]:
    """Of the paper's four terms: the weighted total, the terms, and `scale` times dL/d(states)."""
    (B, T), real, sigma_x = speeds.shape, states.dtype.type, config.sigma_x
    centred, x, mean, square = points_of(states, positions)
    far, near, row_sums, pulls = pair_losses(centred, x, config)
    ratios, ratio_sums, counts, squares = np.empty((B, T)), np.empty(B), np.empty(B, np.int64), np.empty(B)
    _by_trajectories(B, measure_steps, (states, speeds, sigma_x), (ratios, ratio_sums, counts))
    steps = max(int(counts.sum()), 1)
    ratio_mean = math.fsum(ratio_sums) / steps
    grad = empty(states.shape, states.dtype)
    factors = real(-2 * config.capacity / (B * T)), ratio_mean, config.conformal_isometry * 2 / steps, real(scale)
    given = states, centred, row_sums, pulls, mean, speeds, sigma_x, ratios, *factors
    _by_trajectories(B, gather_gradient, given, (squares, grad))
    terms = [far, near, -square, math.fsum(squares) / steps]
    weights = [getattr(config, name) for name in Terms._fields]
    return [math.fsum(w * term for w, term in zip(weights, terms, strict=True)), *terms], grad


def _by_trajectories(B: int, work: Callable, given: tuple, found: tuple) -> None:
    in_parts(lambda part, parts: work(*given, *share(B, part, parts), *found))


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
def gather_gradient(
    states, centred, row_sums, pulls, mean, speeds, sigma_x, ratios, mean_factor, ratio_mean, ratio_factor, scale,
    first, last, squares, grad,
):  # fmt: skip
    """grad (B, T + 1, N): scale * dL/d(states), of trajectories first to last - 1.

    Of pairs: row_sums[p] centred[p] - pulls[p]. Of capacity: mean_factor * mean. Of a short step's ratio:
    ratio_factor * (ratio - ratio_mean). squares (B,): the sums over short steps of (ratio - ratio_mean)^2.
    """
    T, N, real, step = speeds.shape[1], states.shape[-1], states.dtype.type, lanes(states.dtype)
    for b in range(first, last):
        grad[b, 0] = 0
        found = 0.0
        for t in range(T):
            p = b * T + t
            for i in range(0, N, step):
                value = fma(load_first(centred, (p, i), N - i), row_sums[p], -load_first(pulls, (p, i), N - i))
                value = fma(load_first(mean, i, N - i), mean_factor, value)
                store_first(grad, (b, t + 1, i), value * scale, N - i)
            if 0 < speeds[b, t] < sigma_x:
                deviation = ratios[b, t] - ratio_mean
                found += deviation * deviation
                if ratios[b, t] > 0:
                    distance = ratios[b, t] * speeds[b, t]
                    force = real(ratio_factor * deviation / (speeds[b, t] * distance)) * scale
                    for i in range(0, N, step):
                        left = N - i
                        after, before = load_first(grad, (b, t + 1, i), left), load_first(grad, (b, t, i), left)
                        change = load_first(states, (b, t + 1, i), left) - load_first(states, (b, t, i), left)
                        store_first(grad, (b, t + 1, i), fma(change, force, after), left)
                        store_first(grad, (b, t, i), fma(change, -force, before), left)
        squares[b] = found
