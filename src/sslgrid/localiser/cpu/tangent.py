"""Products of the Gauss-Newton matrix, and squared gradients of each path, along a block that has been walked."""

from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.memory import load, store
from sslgrid.kernels.vector_type import lanes
from sslgrid.kernels.vectors import fma
from sslgrid.localiser.cpu.layout import ROWS
from sslgrid.localiser.cpu.tiles import add_product
from sslgrid.localiser.cpu.walk import CHUNK, KEPT, add_outer


@compiled
def follow_change(rates, slopes, states, changed, weights, change, unit, units, counted, scale):
    """How x changes along a block, to first order, if weights change.

    rates, slopes: as `walk.follow` leaves them. states: to be filled with the changes of x and, a row later, `scale`
    times those of the read-out. changed: (paths, columns), for the changes of h. weights, change: `Shape.forward` of
    the weights and of their change. units: N. counted: paths of the block that count; nothing changes along others.
    """
    paths, columns, step = len(changed), states.shape[1], lanes(states.dtype)
    T = len(rates) // paths - 1
    changed[:] = 0
    for t in range(T + 1):
        for m in range(0, paths, ROWS):
            row = t * paths + m
            if t == 0:
                states[row : row + ROWS] = 0
            else:
                for q in range(ROWS):
                    for j in range(0, columns, step):
                        store(states, (row + q, j), load(unit, (KEPT, j)) * load(states, (row + q - paths, j)))
            add_product(changed, (m, 0), weights, 0, states, row, units)
            add_product(rates, (row, 0), change, 0, states, row, len(change))
            for q in range(ROWS):
                if m + q >= counted:
                    states[row + q] = 0
                for axis in range(2):
                    states[row + q, units + axis] *= scale if t > 0 else 0 * scale
                for j in range(0, columns, step):
                    store(changed, (m + q, j), load(states, (row + q, j)) * load(slopes, (row + q, j)))
    states[T * paths :, :units] = 0


@compiled
def come_back(rates, slopes, states, work, weights, unit, paths, cost, structural, product):
    """Turn what `follow_change` leaves in states into dL/dx; add its product with the rates to `product`.

    As `walk.go_back`, but L is a quadratic form of the changes: dL/dh is `cost` times a change of h, and dL/dx
    `structural` times one of x times f'(x), besides what comes from the read-out.
    """
    N, T, columns, step = len(weights) - 2, len(rates) // paths - 1, work.shape[1], lanes(work.dtype)
    last = (T + 1) * paths
    for t in range(T - 1, -1, -1):
        for m in range(0, paths, ROWS):
            row, after = t * paths + m, (t + 1) * paths + m
            for q in range(ROWS):
                for j in range(0, columns, step):
                    store(work, (q, j), cost * (load(states, (row + q, j)) * load(slopes, (row + q, j))))
            add_product(states, (after, 0), weights, 0, work, 0, N + 2)
            for q in range(ROWS):
                error, other = states[row + q, N], states[row + q, N + 1]
                for j in range(0, columns, step):
                    own = structural * (load(states, (row + q, j)) * load(slopes, (row + q, j)))
                    later = fma(load(unit, (KEPT, j)), load(states, (after + q, j)), own)
                    store(states, (row + q, j), fma(load(work, (q, j)), load(slopes, (row + q, j)), later))
                states[row + q, N], states[row + q, N + 1] = error, other
        if t % CHUNK == 0:
            add_outer(states, rates, t * paths, last, N + 2, product)
            last = t * paths


@compiled
def add_squares(found, rates, paths, counted, count, product, total):
    """Add to `total` the squared product of `found` and rates along each path. product: memory (columns, columns).

    count: columns of found that are asked for.
    """
    step = lanes(total.dtype)
    for m in range(counted):
        of_path, along = found[m::paths], rates[m::paths]
        product[:] = 0
        for i in range(0, count, ROWS):
            add_product(of_path.T, (i, 0), along, 0, product, i, len(along))
        for i in range(count):
            for j in range(0, total.shape[1], step):
                value = load(product, (i, j))
                store(total, (i, j), fma(value, value, load(total, (i, j))))
