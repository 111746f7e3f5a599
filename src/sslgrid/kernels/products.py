"""Products of matrices. Each element is a sum over k in rising order by fused multiply-adds, so its bits are the same
on every machine, for every tile and however the work is dealt out.

A tile of the result stays in registers while k runs. How large it is depends on the machine (`registers.py`).
"""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import overload

from sslgrid.kernels.compiled import compiled, intrinsic
from sslgrid.kernels.memory import empty, load_first, store_first
from sslgrid.kernels.registers import tile
from sslgrid.kernels.vector_type import (
    Vector,
    call,
    first_lanes,
    lanes,
    lanes_of,
    llvm_element,
    pointer,
    read,
    read_masked,
    spread,
    write,
    write_masked,
)

TILE = tile()
DEPTH = 128  # rows of B that are used while they are in a core's first cache


def make_tile(rows: int, vectors: int, masked: bool = False):
    """A compiled function `tile(A, a, B, b, C, c, K, fresh, columns)` for `rows` x (`vectors` vectors) of C += A B.

    a, b, c: the indices of the first elements, as in `A[a]`; A may have any strides, the rows of B and C are
    contiguous. K: how many products each element sums. fresh: start from 0 instead of C. columns: how many columns
    there are if `masked`; those beyond are neither read nor written.
    """

    @intrinsic
    def tile_of_product(_context, A, a, B, b, C, c, K, fresh, columns):
        kind = Vector(C.dtype, lanes_of(C.dtype))

        def generate(context, builder, sig, arguments):
            return _generate_tile(context, builder, sig, arguments, kind, rows, vectors, masked)

        return types.void(A, a, B, b, C, c, types.intp, types.boolean, types.intp), generate

    return tile_of_product


def _generate_tile(context, builder, sig, arguments, kind, rows, vectors, masked):
    where_a, where_b, where_c = (
        pointer(context, builder, sig.args[i], arguments[i], sig.args[i + 1], arguments[i + 1]) for i in (0, 2, 4)
    )
    (a_row, a_step), (b_step, _), (c_row, _) = (
        cgutils.unpack_tuple(builder, context.make_array(sig.args[i])(context, builder, arguments[i]).strides)
        for i in (0, 2, 4)
    )
    K, fresh, columns = arguments[6:]
    number, intp, column = llvm_element(kind.element), K.type, kind.lanes * kind.element.bitwidth // 8

    def at(place, row, stride, vector=0):
        offset = builder.add(builder.mul(row, stride), intp(vector * column))
        return cgutils.pointer_add(builder, place, offset)

    masks = [None] * vectors
    if masked:
        masks[-1] = first_lanes(builder, builder.sub(columns, intp((vectors - 1) * kind.lanes)), kind)

    def get(place, vector):
        mask = masks[vector]
        return read(builder, place, kind) if mask is None else read_masked(builder, place, mask, kind)

    places = [(at(where_c, intp(i), c_row, v), v) for i in range(rows) for v in range(vectors)]
    sums = [cgutils.alloca_once_value(builder, ir.Constant(kind.llvm, None)) for _ in places]  # LLVM's registers
    with builder.if_then(builder.not_(fresh)):
        for held, (place, v) in zip(sums, places, strict=True):
            builder.store(get(place, v), held)
    with cgutils.for_range(builder, K) as loop:
        b_row = [get(at(where_b, loop.index, b_step, v), v) for v in range(vectors)]
        for i in range(rows):
            place = cgutils.pointer_add(builder, at(where_a, intp(i), a_row), builder.mul(loop.index, a_step))
            factor = spread(builder, builder.load(builder.bitcast(place, number.as_pointer())), kind)
            for v, held in enumerate(sums[i * vectors : (i + 1) * vectors]):
                builder.store(call(builder, "fma", kind, factor, b_row[v], builder.load(held)), held)
    for held, (place, v) in zip(sums, places, strict=True):
        if masks[v] is None:
            write(builder, builder.load(held), place, kind)
        else:
            write_masked(builder, builder.load(held), place, masks[v], kind)
    return context.get_dummy_value()


_wide, _wide_row = make_tile(TILE.rows, TILE.vectors), make_tile(1, TILE.vectors)
_narrow, _narrow_row = make_tile(TILE.narrow_rows, 1, masked=True), make_tile(1, 1, masked=True)


def product(A, B, C, add):
    """C = A B, or C += A B with `add`; A (M, K) and B (K, N) with any strides (`X.T` too), rows of C contiguous."""
    _product(A, B, C, add)


@overload(product, inline="always")
def _product_of_any_layout(A, B, C, add):
    return lambda A, B, C, add: _product(any_layout(A), any_layout(B), any_layout(C), add)


@intrinsic
def any_layout(_context, array):
    """The same array as one of which numba knows no layout: what takes it is compiled once for all."""
    kind = array.copy(layout="A")

    def generate(context, builder, _signature, arguments):
        context.nrt.incref(builder, kind, arguments[0])
        return arguments[0]

    return kind(array), generate


@compiled
def _product(A, B, C, add):
    K, N = B.shape
    width = TILE.vectors * lanes(C.dtype)
    panel = empty((DEPTH, width), C.dtype)
    contiguous = B.strides[1] == B.itemsize
    in_place = contiguous and (width >= N or len(A) <= TILE.rows)
    if K == 0 and not add:
        C[:] = 0
    for j in range(0, N, width):
        columns = min(width, N - j)
        for k in range(0, K, DEPTH):
            depth = min(DEPTH, K - k)
            rows = any_layout(B[k : k + depth, j : j + columns])
            if not in_place:
                copy = any_layout(panel[:depth, :columns])
                if contiguous:
                    copy_rows(rows, copy)
                else:
                    transpose(any_layout(rows.T), copy)
                rows = copy
            _strip(any_layout(A[:, k : k + depth]), rows, any_layout(C[:, j : j + columns]), k == 0 and not add)


@compiled
def _strip(A, B, C, fresh):
    """A product whose B stays in the cache and is at most as wide as a tile."""
    K, columns = B.shape
    M, step = len(A), lanes(C.dtype)
    if columns == TILE.vectors * step:
        whole = M - M % TILE.rows
        for i in range(0, whole, TILE.rows):
            _wide(A, (i, 0), B, (0, 0), C, (i, 0), K, fresh, columns)
        for i in range(whole, M):
            _wide_row(A, (i, 0), B, (0, 0), C, (i, 0), K, fresh, columns)
        return
    whole = M - M % TILE.narrow_rows
    for j in range(0, columns, step):
        for i in range(0, whole, TILE.narrow_rows):
            _narrow(A, (i, 0), B, (0, j), C, (i, j), K, fresh, columns - j)
        for i in range(whole, M):
            _narrow_row(A, (i, 0), B, (0, j), C, (i, j), K, fresh, columns - j)


@compiled
def copy_rows(A, B):
    """B = A, row by row; contiguous rows."""
    for i in range(len(A)):
        for j in range(0, A.shape[1], lanes(B.dtype)):
            store_first(B, (i, j), load_first(A, (i, j), A.shape[1] - j), A.shape[1] - j)


@compiled
def transpose(A, B):
    """B = A.T, block by block in registers; A (N, M), B (M, N), contiguous rows."""
    N, M = A.shape
    step = lanes(B.dtype)
    for i in range(0, N, step):
        for j in range(0, M, step):
            if i + step <= N and j + step <= M:
                _transpose_block(A, (i, j), B, (j, i))
            else:
                for p in range(i, min(i + step, N)):
                    for q in range(j, min(j + step, M)):
                        B[q, p] = A[p, q]


@intrinsic
def _transpose_block(_context, A, a, B, b):
    """As many rows as a vector has lanes: their off-diagonal halves, quarters ... change places."""
    kind = Vector(A.dtype, lanes_of(A.dtype))

    def generate(context, builder, sig, arguments):
        steps = []
        places = []
        for i in (0, 2):
            array = context.make_array(sig.args[i])(context, builder, arguments[i])
            steps.append(cgutils.unpack_tuple(builder, array.strides)[0])
            places.append(pointer(context, builder, sig.args[i], arguments[i], sig.args[i + 1], arguments[i + 1]))

        def row(which, number):
            offset = builder.mul(steps[which], steps[which].type(number))
            return cgutils.pointer_add(builder, places[which], offset)

        rows = [read(builder, row(0, number), kind) for number in range(kind.lanes)]
        far = kind.lanes
        while far := far // 2:
            upper = [lane if not lane & far else kind.lanes + lane - far for lane in range(kind.lanes)]
            lower = [lane + far if not lane & far else kind.lanes + lane for lane in range(kind.lanes)]
            masks = [ir.Constant(ir.VectorType(ir.IntType(32), kind.lanes), chosen) for chosen in (upper, lower)]
            for number in range(kind.lanes):
                if not number & far:
                    pair = rows[number], rows[number + far]
                    rows[number], rows[number + far] = (builder.shuffle_vector(*pair, mask) for mask in masks)
        for number, value in enumerate(rows):
            write(builder, value, row(1, number), kind)
        return context.get_dummy_value()

    return types.void(A, a, B, b), generate
