"""Vectors from arrays and to them.

`load(array, i)` reads the lanes from `array[i]` on, `load(array, (i, j))` those from `array[i, j]`. The last axis must
be contiguous, no index may be negative, and nothing is checked.
"""

import math

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import overload

from sslgrid.kernels.compiled import intrinsic
from sslgrid.kernels.vector_type import (
    BYTES,
    Vector,
    first_lanes,
    lanes_of,
    pointer,
    read,
    read_masked,
    write,
    write_masked,
)


def empty(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """As `numpy.empty`, from the begin of a cache line on: a vector that lies in two is read and written slowly.

    In compiled code for two dimensions.
    """
    count = math.prod(shape)
    held = np.empty(count + BYTES // dtype.itemsize, dtype)
    first = -held.ctypes.data % BYTES // dtype.itemsize
    return held[first : first + count].reshape(shape)


@overload(empty)
def _empty(shape, dtype):
    itemsize = dtype.dtype.bitwidth // 8

    def allocate(shape, dtype):
        count = shape[0] * shape[1]
        held = np.empty(count + BYTES // itemsize, dtype)
        first = -held.ctypes.data % BYTES // itemsize
        return held[first : first + count].reshape(shape)

    return allocate


def _whole(array: types.Type) -> Vector | None:
    return Vector(array.dtype, lanes_of(array.dtype)) if isinstance(array, types.Array) else None


@intrinsic
def load(_context, array, index):
    """The vector from `array[index]` on."""
    kind = _whole(array)

    def generate(context, builder, sig, arguments):
        return read(builder, pointer(context, builder, sig.args[0], arguments[0], sig.args[1], arguments[1]), kind)

    return kind(array, index), generate


@intrinsic
def store(_context, array, index, vector):
    """Write the vector to `array[index]` and what follows."""

    def generate(context, builder, sig, arguments):
        place = pointer(context, builder, sig.args[0], arguments[0], sig.args[1], arguments[1])
        write(builder, arguments[2], place, vector)
        return context.get_dummy_value()

    return types.void(array, index, vector), generate


@intrinsic
def load_first(_context, array, index, count):
    """As `load`, but only the first `count` lanes, if there are any; 0 in the others."""
    return _whole(array)(array, index, types.intp), _load_first


@intrinsic
def load_first_like(_context, array, index, count, like):
    """As `load_first`, but as many lanes as another vector has, whatever the type of the array."""
    return like.of(array.dtype)(array, index, types.intp, like), _load_first


def _load_first(context, builder, sig, arguments):
    kind, count = sig.return_type, arguments[2]
    place = pointer(context, builder, sig.args[0], arguments[0], sig.args[1], arguments[1])
    with builder.if_else(_is_whole(builder, count, kind), likely=True) as (whole, part):
        with whole:
            everything, from_whole = read(builder, place, kind), builder.block
        with part:
            some, from_part = read_masked(builder, place, first_lanes(builder, count, kind), kind), builder.block
    result = builder.phi(kind.llvm)
    result.add_incoming(everything, from_whole)
    result.add_incoming(some, from_part)
    return result


@intrinsic
def store_first(_context, array, index, vector, count):
    """As `store`, but only the first `count` lanes."""

    def generate(context, builder, sig, arguments):
        place = pointer(context, builder, sig.args[0], arguments[0], sig.args[1], arguments[1])
        with builder.if_else(_is_whole(builder, arguments[3], vector), likely=True) as (whole, part):
            with whole:
                write(builder, arguments[2], place, vector)
            with part:
                write_masked(builder, arguments[2], place, first_lanes(builder, arguments[3], vector), vector)
        return context.get_dummy_value()

    return types.void(array, index, vector, types.intp), generate


def _is_whole(builder: ir.IRBuilder, count: ir.Value, kind: Vector) -> ir.Value:
    return builder.icmp_signed(">=", count, ir.Constant(count.type, kind.lanes))
