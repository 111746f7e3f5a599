"""Along a block of paths: forward through time, and back with the gradient.

`layout` says what the rows of `rates` and `slopes` are; row `t * paths + m` belongs to step t of path m. Noise is drawn
where it is needed. Everything is computed number by number or as sums in a fixed order, so that the bits are the same
on every machine and for every number of threads.
"""

import numpy as np

from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.functions import tanh
from sslgrid.kernels.memory import load, store
from sslgrid.kernels.noise import as_in, normals, unit_numbers
from sslgrid.kernels.vector_type import lanes
from sslgrid.kernels.vectors import fma, select
from sslgrid.localiser.cpu.layout import ROWS
from sslgrid.localiser.cpu.tiles import add_product

CHUNK = 8  # steps whose share of the weights' gradient is added at once, while they are in the cache
IN_USE, KEPT, NOISE_ON_STATE, NOISE_ON_RATES = range(4)  # rows of `unit`


@compiled
def follow(rates, slopes, state, weights, unit, lowest, inputs, positions, first, noise, scale, found):
    """Walk a block of paths forward.

    rates, slopes: to be filled, ((T + 1) paths, columns); of slopes df/dx, and `scale` times the read-out's error. With
    rows for fewer steps, two at least, they hold the last ones in turn.
    state: (paths, columns), to work in. weights: `Shape.forward`. unit: (4, columns), for each unit 1, 1 - leak and
    the standard deviations of noise on x and on the rates; 0 beyond the units. lowest: rate, -1 or 0 if rectified.
    inputs (T, M, K), positions (T, M, 2): of all paths. first: the path of the first row. noise: whether there is any,
    and its key of two uint32. found: (1 + lanes,) float64, to which the squares of the errors are added, and those of
    the rates, in as many parts as a vector has lanes.
    """
    T, M, K = inputs.shape
    paths, N = len(state), len(weights) - K - 1
    kept = len(rates) // paths  # steps
    part, errors = np.zeros(lanes(state.dtype), state.dtype), np.zeros((ROWS, 2), state.dtype)
    state[:] = 0
    rates[:paths] = 0
    _put_inputs(rates[:paths], inputs, 0, first, N)
    for t in range(T + 1):
        row, following = t % kept * paths, (t + 1) % kept * paths
        for m in range(0, paths, ROWS):
            counted = min(M - first - m, ROWS)  # of these rows
            add_product(rates, (row + m, 0), weights, 0, state, m, N + K + 1)
            for q in range(ROWS):
                for axis in range(2):
                    errors[q, axis] = 0
                    if t > 0 and q < counted:
                        errors[q, axis] = state[m + q, N + axis] - positions[t - 1, first + m + q, axis]
                    found[0] += np.float64(errors[q, axis]) * np.float64(errors[q, axis])
            if t < T:
                place = np.uint32(t), np.uint32((first + m) // ROWS)
                _step(rates, following + m, slopes, row + m, state, m, unit, lowest, noise, place, counted, part)
                for i in range(len(part)):
                    found[1 + i] += np.float64(part[i])
            for q in range(ROWS):
                for axis in range(2):
                    slopes[row + m + q, N + axis] = scale * errors[q, axis]
        if t < T:
            _put_inputs(rates[following : following + paths], inputs, t + 1, first, N)
    for row in range(T % kept * paths, (T % kept + 1) * paths):
        slopes[row, :N] = 0


@compiled
def _step(rates, after, slopes, before, state, m, unit, lowest, noise, place, counted, part):
    """From x of four rows: h, the slope of f, and what is kept of x; part: sums of squares of h, of `counted` rows."""
    noisy, key0, key1 = noise
    columns = state.shape[1]
    squares = load(part, 0) * 0
    for j in range(0, columns, lanes(state.dtype)):
        used, kept = load(unit, (IN_USE, j)), load(unit, (KEPT, j))
        on_state, on_rates = load(unit, (NOISE_ON_STATE, j)), load(unit, (NOISE_ON_RATES, j))
        if noisy:
            drawn = normals(unit_numbers(state, j), place[0], place[1], key0, key1)
        for q in range(ROWS):
            x = load(state, (m + q, j))
            if noisy:
                x = fma(on_state, as_in(drawn[q], state), x)
            f = tanh(x)
            lower = f <= lowest
            f = select(lower, lowest, f) * used
            store(slopes, (before + q, j), select(lower, 0, fma(-f, f, used)))
            h = f
            if noisy:
                h = fma(on_rates, as_in(drawn[q], state), f)
            if q < counted:
                squares = fma(h, h, squares)
            store(rates, (after + q, j), h)
            store(state, (m + q, j), kept * x)
    store(part, 0, squares)


@compiled
def _put_inputs(rates, inputs, t, first, N):
    """The inputs of step t, and 1, behind h in the rows of a block."""
    T, M, K = inputs.shape
    for m in range(len(rates)):
        for k in range(K):
            rates[m, N + k] = inputs[t, first + m, k] if t < T and first + m < M else 0
        rates[m, N + K] = 1


@compiled
def go_back(rates, slopes, found, work, weights, unit, paths, counted, cost, product):
    """Fill `found` with dL/dx of each step and dL/dy of the one before; add its product with the rates to `product`.

    rates, slopes: as `follow` leaves them for a block of `paths` rows a step, of which the first `counted` are paths.
    found: may be slopes itself. work: (4, columns). weights: `Shape.backward`. cost: dL/dh is `cost` h by itself.
    product: (columns, columns), or without rows if it is not asked for.
    """
    N, T, columns, step = len(weights) - 2, len(rates) // paths - 1, work.shape[1], lanes(work.dtype)
    last = (T + 1) * paths
    for row in range(T * paths, last):
        for j in range(0, columns, step):
            store(found, (row, j), load(slopes, (row, j)))
    for t in range(T - 1, -1, -1):
        for m in range(0, paths, ROWS):
            row, after = t * paths + m, (t + 1) * paths + m
            for q in range(ROWS):
                weight = cost if m + q < counted else 0 * cost
                for j in range(0, columns, step):
                    store(work, (q, j), weight * load(rates, (after + q, j)))
            add_product(found, (after, 0), weights, 0, work, 0, N + 2)
            for q in range(ROWS):
                error, other = slopes[row + q, N], slopes[row + q, N + 1]
                for j in range(0, columns, step):
                    later = load(unit, (KEPT, j)) * load(found, (after + q, j))
                    store(found, (row + q, j), fma(load(work, (q, j)), load(slopes, (row + q, j)), later))
                found[row + q, N], found[row + q, N + 1] = error, other
        if len(product) > 0 and t % CHUNK == 0:
            add_outer(found, rates, t * paths, last, N + 2, product)
            last = t * paths


@compiled
def add_outer(slopes, rates, first, end, count, product):
    """Add the product of rows `first` .. `end` of both to `product`, of the first `count` columns of the slopes."""
    for i in range(0, count, ROWS):
        add_product(slopes.T, (i, first), rates, first, product, i, end - first)
