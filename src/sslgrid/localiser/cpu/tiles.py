"""Products of four rows with a matrix, in tiles as wide as the processor's registers allow."""

from numba.extending import overload

from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.products import any_layout, make_tile
from sslgrid.kernels.registers import tile
from sslgrid.kernels.vector_type import lanes
from sslgrid.localiser.cpu.layout import ROWS

# Vectors of a tile. With 4, sums and factors stay in 32 registers. With 7, some are in memory, at half the speed.
MOST = 4 if tile().vectors > 1 else 1

_tile1, _tile2, _tile3, _tile4 = (make_tile(ROWS, min(count, MOST)) for count in range(1, 5))


def add_product(A, a, B, b, C, c, K):
    """Add to four rows of C, from row c on: those of A from `A[a]` on, K numbers each, times rows b .. b + K of B.

    For compiled code. Columns of C and B are whole vectors. A may have any strides. Sums are over k in rising order.
    """
    raise TypeError("add_product is for compiled code")


@overload(add_product, inline="always")
def _add_product_of_any_layout(A, a, B, b, C, c, K):
    return lambda A, a, B, b, C, c, K: _add_product(any_layout(A), a, any_layout(B), b, any_layout(C), c, K)


@compiled
def _add_product(A, a, B, b, C, c, K):
    step = lanes(C.dtype)
    vectors = C.shape[1] // step
    j = 0
    while vectors > 0:
        tiles = (vectors + MOST - 1) // MOST
        width = (vectors + tiles - 1) // tiles
        if width == 4:
            _tile4(A, a, B, (b, j), C, (c, j), K, False, 0)
        elif width == 3:
            _tile3(A, a, B, (b, j), C, (c, j), K, False, 0)
        elif width == 2:
            _tile2(A, a, B, (b, j), C, (c, j), K, False, 0)
        else:
            _tile1(A, a, B, (b, j), C, (c, j), K, False, 0)
        vectors -= width
        j += width * step
