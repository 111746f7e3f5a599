"""The pairwise losses of the CPU engine: separation and path invariance over all pairs of points, with gradient.

The P x P pairs never exist at once. Tiles of BLOCK x BLOCK pairs stay in a core's cache, and of (p, q) and (q, p) only
one is computed, which serves both. Because both losses depend on pairs through |g_p - g_q|^2 alone, their gradient is

    dL/dg_p = sum_q M_pq (g_p - g_q),  M = 4 dL/d|g - g'|^2 over unordered pairs
            = (sum_q M_pq) g_p - (M g)_p

so a tile costs three dense products: g g' for the distances, M g and M' g. Between them one compiled pass turns dot
products into M in registers, exponential included.

A compiled function here calls no other that is not inlined: numba would link the caller with one copy of it when it
compiles and with another when it loads from its cache, and the two may sum in another order.
"""

import math

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

from sslgrid.machine.compiled import compiled

BLOCK = 192  # a 192 x 192 float32 tile is 147 KB: with its rows of g it stays in a core's L2 cache

LOG2_E = 1 / math.log(2)


@compiled
def count_near(x, sigma_x, part, parts):
    """How many pairs p < q are nearer than sigma_x, for every parts-th p from `part`; x (2, P) m."""
    P = x.shape[1]
    sigma_x_squared = sigma_x * sigma_x
    count = 0.0  # a float, because LLVM then turns the loop into SIMD
    for p in range(part, P, parts):
        xs, ys = x[0, p + 1 :], x[1, p + 1 :]
        for q in range(len(xs)):
            dx, dy = x[0, p] - xs[q], x[1, p] - ys[q]
            count += np.float64(dx * dx + dy * dy < sigma_x_squared)
    return int(count)


def add_pairs(
    g: np.ndarray, x: np.ndarray, sigma_x: float, sigma_g: float, far_weight: float, near_weight: float, part: int,
    parts: int, grad: np.ndarray,
) -> tuple[float, float]:  # fmt: skip
    """Add this part's share of the gradient to `grad` (P, N); returns its sums over pairs p < q of K and of |g - g'|^2.

    g: (P, N); the closer to its mean the better the distances, so centre it. x: (2, P) float64, m.
    far_weight, near_weight: dL/dK of a far pair, dL/d|g - g'|^2 of a near one.
    The parts are strips of BLOCK rows, dealt out in snake order because they get shorter.
    """
    P, N = g.shape
    real = g.dtype.type
    scale = real(LOG2_E / sigma_g**2)  # -|g - g'|^2 / (2 sigma_g^2) = log(2) (scale g.g' - half_p - half_q)
    xs, ys = x
    factors = scale, sigma_x**2, real(far_weight * -2 / sigma_g**2), real(near_weight * 4)
    half_norms = np.einsum("pi,pi->p", g, g) * (scale / 2)
    sums = np.zeros(P, g.dtype)  # of the rows of M
    tile, product = np.empty(BLOCK * BLOCK, g.dtype), np.empty((BLOCK, N), g.dtype)
    far, near = 0.0, 0.0
    for r in range(0, P, BLOCK):
        if _owner(r // BLOCK, parts) != part:
            continue
        rows = slice(r, min(r + BLOCK, P))
        for c in range(r, P, BLOCK):
            columns = slice(c, min(c + BLOCK, P))
            height, width = rows.stop - r, columns.stop - c
            M = tile[: height * width].reshape(height, width)
            np.dot(g[rows], g[columns].T, out=M)
            tile_far, tile_near = _weigh_tile(
                M, half_norms[rows], half_norms[columns], xs[rows], ys[rows], xs[columns], ys[columns], r == c,
                *factors, sums[rows], sums[columns],
            )  # fmt: skip
            far += tile_far
            near += tile_near
            grad[rows] -= np.dot(M, g[columns], out=product[:height])
            grad[columns] -= np.dot(M.T, g[rows], out=product[:width])
    grad += sums[:, None] * g
    return far, near * 2 / float(scale)


def _owner(strip: int, parts: int) -> int:
    place = strip % (2 * parts)
    return min(place, 2 * parts - 1 - place)


@compiled
def _weigh_tile(
    M, row_half_norms, column_half_norms, row_xs, row_ys, column_xs, column_ys, diagonal, scale, sigma_x_squared,
    far_factor, near_factor, row_sums, column_sums,
):  # fmt: skip
    """In place, dot products -> M; on the diagonal only above it. Returns the tile's sums of K and of -exponents.

    The mask is a number, 1 for near pairs, and all that the inner loop reads is contiguous: LLVM then makes it SIMD.
    """
    real = M.dtype.type
    far, near = 0.0, 0.0
    for p in range(len(M)):
        first = p + 1 if diagonal else 0
        M[p, :first] = 0
        row, sums, half_norms = M[p, first:], column_sums[first:], column_half_norms[first:]
        xs, ys = column_xs[first:], column_ys[first:]
        half_norm, x, y = row_half_norms[p], row_xs[p], row_ys[p]
        row_sum, row_far, row_near = real(0), real(0), real(0)
        for q in range(len(row)):
            exponent = row[q] * scale - half_norm - half_norms[q]
            dx, dy = x - xs[q], y - ys[q]
            is_near = real(dx * dx + dy * dy < sigma_x_squared)
            K = _exp2(exponent) * (real(1) - is_near)
            row_far += K
            row_near -= exponent * is_near
            m = near_factor * is_near + far_factor * K
            row[q] = m
            row_sum += m
            sums[q] += m
        row_sums[p] += row_sum
        far += row_far
        near += row_near
    return far, near


@intrinsic
def _float_of_bits(_context, bits):
    def generate(_context, builder, _signature, arguments):
        return builder.bitcast(arguments[0], ir.FloatType())

    return types.float32(types.int32), generate


def _exp2(t):
    """2^t for t <= 0: in float32 a form that LLVM turns into SIMD, right to a relative 1e-7; in float64 the library's.

    2^t = 2^k 2^f with k whole and |f| <= 1/2: the first is written into the exponent's bits, the second is a
    polynomial (Taylor's). Below 2^-126 it stays there. NaN gives NaN.
    """
    return 2.0**t


@overload(_exp2, jit_options={"fastmath": {"contract"}})
def _exp2_for(t):
    return _exp2_single if t == types.float32 else _exp2


def _exp2_single(t):
    t = t if not t < np.float32(-126) else np.float32(-126)
    k = np.int32(t - np.float32(0.5))
    f = t - np.float32(k)
    power = np.float32(1.5403530e-4)
    power = power * f + np.float32(1.3333558e-3)
    power = power * f + np.float32(9.6181291e-3)
    power = power * f + np.float32(5.5504109e-2)
    power = power * f + np.float32(2.4022651e-1)
    power = power * f + np.float32(6.9314718e-1)
    power = power * f + np.float32(1)
    return power * _float_of_bits((k + np.int32(127)) << np.int32(23))
