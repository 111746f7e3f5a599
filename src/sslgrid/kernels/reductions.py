"""Sums over whole arrays in a fixed order: the same bits on every machine and with any number of threads.

An array is cut into pieces of `PIECE` numbers. In each, lane by lane, four vectors take the vectors of the piece in
turn; they are added as (0 + 1) + (2 + 3), and their lanes by `vectors.total`. The pieces' sums are added one by one in
float64. A piece is what a thread may do alone.
"""

import numpy as np

from sslgrid.kernels.across_lanes import total
from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.memory import load_first
from sslgrid.kernels.vector_type import lanes
from sslgrid.kernels.vectors import broadcast, fma

PIECE = 4096


@compiled
def dot(a, b):
    """The sum of a[i] b[i] over contiguous (n,) arrays, as a float64."""
    found = 0.0
    for start in range(0, len(a), PIECE):
        found += _dot_piece(a, b, start, min(start + PIECE, len(a)))
    return found


@compiled
def dot_pieces(a, b, first, last, found):
    """Fill found[first:last] with the sums of those pieces; the sum of `found`, one by one, is `dot`."""
    for piece in range(first, last):
        found[piece] = _dot_piece(a, b, piece * PIECE, min((piece + 1) * PIECE, len(a)))


@compiled
def _dot_piece(a, b, start, end):
    step = lanes(a.dtype)
    zero = broadcast(a.dtype.type(0))
    s0, s1, s2, s3 = zero, zero, zero, zero
    for i in range(start, end, 4 * step):  # beyond the end `load_first` reads nothing and gives 0
        s0 = _add_product(a, b, i, end, s0)
        s1 = _add_product(a, b, i + step, end, s1)
        s2 = _add_product(a, b, i + 2 * step, end, s2)
        s3 = _add_product(a, b, i + 3 * step, end, s3)
    return np.float64(total((s0 + s1) + (s2 + s3)))


@compiled
def _add_product(a, b, i, end, found):
    return fma(load_first(a, i, end - i), load_first(b, i, end - i), found)
