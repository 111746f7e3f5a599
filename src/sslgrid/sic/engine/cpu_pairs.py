"""The pairwise losses of the CPU engine: separation and path invariance over all pairs of points, with gradient.

The P x P pairs never exist at once. Tiles of `TILE` x `TILE` pairs stay in a core's cache, and of (p, q) and (q, p)
only one is computed, which serves both. Because both losses depend on pairs through |g_p - g_q|^2 alone, their gradient
is

    dL/dg_p = sum_q M_pq (g_p - g_q),  M = 4 dL/d|g - g'|^2 over unordered pairs
            = (sum_q M_pq) g_p - (M g)_p

so a tile costs three dense products: g g' for the distances, M g and M' g. Between them one pass turns dot products
into M, exponential included.

Threads must not change the order of any sum. So the points are cut into blocks, by their number alone, and the blocks
meet in rounds, as the players of a tournament do: in a round each block meets one other, and whoever computes a meeting
adds to those two blocks' gradients and to nobody else's.
"""

import math
from collections.abc import Callable
from functools import cache
from itertools import pairwise

import numpy as np

from sslgrid.kernels.across_lanes import count, total
from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.functions import exp2_within
from sslgrid.kernels.memory import empty, load, load_first, load_first_like, store, store_first
from sslgrid.kernels.products import any_layout, product
from sslgrid.kernels.vector_type import lanes
from sslgrid.kernels.vectors import broadcast, counting, fma, select, to_double
from sslgrid.machine.threads import in_parts, share, threads
from sslgrid.sic.config import LossConfig
from sslgrid.sic.losses import pair_counts

TILE = 128  # a tile of float32 is 64 KB: with its rows of g it stays in a core's second cache
BLOCKS = 16  # at most, and so many threads find work in a round as half of them

LOG2_E = 1.4426950408889634
LEAST = -80.0  # of exponents: 2^-80 is nothing beside 1, and with much less it is slow to compute


def pair_losses(g: np.ndarray, x: np.ndarray, config: LossConfig) -> tuple[float, float, np.ndarray, np.ndarray]:
    """Separation and path invariance of points, and their weighted gradient sums[:, None] * g - pulls.

    g: (P, N) float32 or float64; the closer to its mean the better the distances, so centre it. x: (2, P) float64, m.
    Returns both losses, `sums` (P,) and `pulls` (P, N).
    """
    P, real = len(g), g.dtype.type
    near_pairs = sum(in_parts(lambda part, parts: count_near(x, config.sigma_x**2, part, parts)))
    n_far, n_near = pair_counts(2 * near_pairs, P, config)
    scale = LOG2_E / config.sigma_g**2  # -|g - g'|^2 / (2 sigma_g^2) = log(2) (scale g.g' - half_p - half_q)
    factors = (
        real(scale),
        config.sigma_x**2,
        real(config.separation / n_far * -2 / config.sigma_g**2),
        real(config.path_invariance / n_near * 4),
    )
    half_norms, sums, pulls = empty((P,), g.dtype), empty((P,), g.dtype), empty(g.shape, g.dtype)
    sums[:], pulls[:] = 0, 0
    half_squares(g, real(scale / 2), half_norms)
    meetings, ends = tournament(P)
    found = np.zeros((len(meetings), 2))

    def meet(first: int, last: int) -> Callable[[int, int], None]:
        def of_part(part: int, parts: int) -> None:
            here = share(last - first, part, parts)
            add_pairs(g, x, half_norms, meetings, first + here[0], first + here[1], *factors, sums, pulls, found)

        return of_part

    for first, last in pairwise([0, *ends]) if threads() > 1 else [(0, len(meetings))]:
        in_parts(meet(first, last))
    far, near = found.T
    return math.fsum(far) / n_far, math.fsum(near) * 2 / scale / n_near, sums, pulls


@cache
def tournament(points: int) -> tuple[np.ndarray, list[int]]:
    """Which blocks of points meet: (meeting, 4) first and last of one and of the other, and where each round ends.

    In the first round each block meets itself. Within a round no block occurs twice. An even number n of blocks meet in
    n - 1 rounds: one stays at its place, the others go around.
    """
    n = min(-(-points // TILE), BLOCKS)
    n += n % 2 if n > 1 else 0
    size = 16 * -(-points // (16 * n))  # whole vectors
    rounds = [[(i, i) for i in range(n)]]
    for turn in range(n - 1):
        around = [((turn + i) % (n - 1), (turn - i) % (n - 1)) for i in range(1, n // 2)]
        rounds.append([(turn, n - 1), *((min(pair), max(pair)) for pair in around)])
    edges = np.minimum(np.array([pair for pairs in rounds for pair in pairs]) * size, points)
    meetings = np.stack([edges, np.minimum(edges + size, points)], axis=-1).reshape(-1, 4)
    return meetings, np.cumsum([len(pairs) for pairs in rounds]).tolist()


@compiled
def count_near(x, sigma_x_squared, part, parts):
    """How many pairs p < q are nearer than sigma_x, for every parts-th p from `part`; x (2, P) m."""
    P, found = x.shape[1], 0
    for p in range(part, P, parts):
        for q in range(p + 1, P, lanes(x.dtype)):
            like = broadcast(sigma_x_squared)
            found += count(_near(x, q, P - q, like, x[0, p], x[1, p], sigma_x_squared) & (counting(like) < P - q))
    return found


@compiled
def half_squares(g, factor, found):
    """factor * |g_p|^2 of each row."""
    for p in range(len(g)):
        square = broadcast(factor) * 0.0
        for i in range(0, g.shape[1], lanes(g.dtype)):
            value = load_first(g, (p, i), g.shape[1] - i)
            square += value * value
        found[p] = total(square) * factor


@compiled
def add_pairs(
    g, x, half_norms, meetings, first, last, scale, sigma_x_squared, far_factor, near_factor, sums, pulls, found
):
    """Add the pairs of points that meet, in meetings `first` to `last` - 1, to `sums` (P,) and `pulls` (P, N).

    found[m]: sums over the pairs of meeting m, (p, q) and (q, p) both, of K and of -exponents.
    """
    M = empty((TILE, TILE), g.dtype)
    for number in range(first, last):
        r_first, r_last, c_first, c_last = meetings[number]
        for r in range(r_first, r_last, TILE):
            r_end = min(r + TILE, r_last)
            for c in range(r if r_first == c_first else c_first, c_last, TILE):
                c_end = min(c + TILE, c_last)
                tile = any_layout(M[: r_end - r, : c_end - c])
                product(g[r:r_end], g[c:c_end].T, tile, False)
                far, near = _weigh(tile, half_norms, x, r, c, scale, sigma_x_squared, far_factor, near_factor, sums)
                product(tile, g[c:c_end], pulls[r:r_end], True)
                times = 1
                if r != c:
                    product(any_layout(tile.T), g[r:r_end], pulls[c:c_end], True)
                    times = 2
                found[number, 0] += times * far
                found[number, 1] += times * near


@compiled
def _weigh(M, half_norms, x, r, c, scale, sigma_x_squared, far_factor, near_factor, sums):
    """In place, dot products of the points from r and from c on -> M, with 0 for points with themselves.

    Adds its rows to sums[r:], and its columns to sums[c:] if r is not c. Returns the sums of K and of -exponents.
    """
    height, width = M.shape
    step, zero = lanes(M.dtype), broadcast(scale) * 0.0
    whole = width - width % step if r != c else 0  # what needs no mask
    far, near = to_double(zero), to_double(zero)
    for p in range(height):
        here = half_norms[r + p], x[0, r + p], x[1, r + p]
        row, row_far, row_near = zero, zero, zero
        for q in range(0, whole, step):
            exponent, is_near, K = _pairs(M, half_norms, x, here, p, q, c, scale, sigma_x_squared)
            m = select(is_near, broadcast(near_factor), K * far_factor)
            store(M, (p, q), m)
            row += m
            row_far += select(is_near, 0.0, K)
            row_near -= select(is_near, exponent, 0.0)
            store(sums, c + q, load(sums, c + q) + m)
        for q in range(whole, width, step):
            exponent, is_near, K = _pairs(M, half_norms, x, here, p, q, c, scale, sigma_x_squared)
            place = counting(exponent)
            counts = (place < width - q) & (place + (c + q) != r + p)
            m = select(counts, select(is_near, broadcast(near_factor), K * far_factor), 0.0)
            store_first(M, (p, q), m, width - q)
            row += m
            row_far += select(counts, select(is_near, 0.0, K), 0.0)
            row_near -= select(counts & is_near, exponent, 0.0)
            if r != c:
                store_first(sums, c + q, load_first(sums, c + q, width - q) + m, width - q)
        sums[r + p] += total(row)
        far += to_double(row_far)
        near += to_double(row_near)
    return total(far), total(near)


@compiled
def _pairs(M, half_norms, x, here, p, q, c, scale, sigma_x_squared):
    """Of the p-th point of a tile's rows and a vector of its columns: exponents, who is near, and K."""
    half_norm, px, py = here
    left = M.shape[1] - q
    exponent = fma(load_first(M, (p, q), left), scale, -half_norm) - load_first(half_norms, c + q, left)
    is_near = _near(x, c + q, left, exponent, px, py, sigma_x_squared)
    return exponent, is_near, exp2_within(select(exponent < LEAST, LEAST, exponent))


@compiled
def _near(x, q, left, like, px, py, sigma_x_squared):
    """Which of the points from q on, as many as `like` has lanes, are nearer to (px, py) than sigma_x."""
    dx, dy = load_first_like(x, (0, q), left, like) - px, load_first_like(x, (1, q), left, like) - py
    return dx * dx + dy * dy < sigma_x_squared
