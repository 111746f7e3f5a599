"""Vector arithmetic is IEEE's, lane by lane, and reads and writes no more than it was told to."""

import mmap

import numpy as np
import pytest
from exactly import fma as exact_fma
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from sslgrid.kernels.across_lanes import count, total, totals
from sslgrid.kernels.memory import load, load_first, load_first_like, store, store_first
from sslgrid.kernels.vector_type import lanes
from sslgrid.kernels.vectors import (
    bits,
    counting,
    fma,
    from_bits,
    high_product,
    lane,
    root,
    select,
    signed,
    size,
    to_double,
    to_float,
    unsigned,
)

DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])


@njit(error_model="numpy")
def apart_and_joined(a, b, c, apart, joined):
    for i in range(0, len(a), lanes(a.dtype)):
        left = len(a) - i
        x, y, z = load_first(a, i, left), load_first(b, i, left), load_first(c, i, left)
        store_first(apart, i, x * y + z, left)
        store_first(joined, i, fma(x, y, z), left)


@DTYPES
def test_a_product_and_a_sum_are_joined_where_fma_says_so_alone(dtype):
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((2, 203)).astype(dtype)
    c = (-a * b).astype(dtype)  # what is left is what rounding the product lost
    apart, joined = np.empty((2, 203), dtype)
    apart_and_joined(a, b, c, apart, joined)
    np.testing.assert_array_equal(apart, a * b + c)
    np.testing.assert_array_equal(joined, [exact_fma(*each) for each in zip(a, b, c, strict=True)])
    assert (joined != apart).mean() > 0.5


@njit(error_model="numpy")
def operators(a, b, found):
    x, y = load(a, 0), load(b, 0)
    store(found, (0, 0), x + y)
    store(found, (1, 0), x - y)
    store(found, (2, 0), 2.0 * x / y)
    store(found, (3, 0), root(size(x)))
    store(found, (4, 0), select(x < y, -x, y))
    store(found, (5, 0), select((x <= 0.0) | (y > 0.5), x, 4.0))
    return count(x != y), count((x == y) & (x >= y))


@DTYPES
def test_operators_are_those_of_numpy(dtype):
    x, y = np.random.default_rng(0).standard_normal((2, 64 // dtype().itemsize)).astype(dtype)
    y[1], y[2], x[3] = x[1], 0, np.nan
    found = np.empty((6, len(x)), dtype)
    counts = operators(x, y, found)
    with np.errstate(all="ignore"):
        expected = [
            x + y,
            x - y,
            2 * x / y,
            np.sqrt(abs(x)),
            np.where(x < y, -x, y),
            np.where((x <= 0) | (y > 0.5), x, 4),
        ]
    np.testing.assert_array_equal(found, expected)
    assert counts == ((x != y).sum(), 1)


@njit
def copy_first(a, found, begin, number):
    store_first(found, begin, load_first(a, begin, number), number)


@DTYPES
@given(begin=st.integers(0, 20), number=st.integers(-3, 40))
def test_no_more_is_written_than_asked(dtype, begin, number):
    a, found = np.arange(1, 65).astype(dtype), np.zeros(64, dtype)
    copy_first(a, found, begin, number)
    expected = np.zeros(64, dtype)
    end = begin + min(max(number, 0), 64 // a.itemsize)
    expected[begin:end] = a[begin:end]
    np.testing.assert_array_equal(found, expected)


@njit
def reach(a, number):
    return total(load_first(a, 0, number))


@DTYPES
def test_no_more_is_read_than_asked(dtype):
    """What lies beyond the end of memory that may be read would end the process."""
    held = mmap.mmap(-1, mmap.PAGESIZE)
    a = np.frombuffer(held, dtype)[-3:]
    a[:] = 1
    assert reach(a, 3) == 3


@njit
def whole_numbers(words, found):
    x = unsigned(load(words, 0))
    store(found, (0, 0), signed(high_product(x, np.uint32(0xD2511F53))))
    store(found, (1, 0), signed((x >> np.uint32(7)) ^ (x << np.uint32(3))))
    store(found, (2, 0), load(words, 0) >> np.int32(7))
    store(found, (3, 0), counting(to_float(x)) + np.int32(1))
    return lane(to_float(x), 2), lane(from_bits(bits(to_float(x))), 2), lane(to_float(signed(x)), 2)


def test_whole_numbers():
    words = np.random.default_rng(0).integers(-(2**31), 2**31, 16).astype(np.int32)
    found = np.empty((4, 16), np.int32)
    floats = whole_numbers(words, found)
    x = words.view(np.uint32)
    np.testing.assert_array_equal(found[0].view(np.uint32), (x.astype(np.uint64) * 0xD2511F53) >> 32)
    np.testing.assert_array_equal(found[1].view(np.uint32), (x >> 7) ^ (x << 3))
    np.testing.assert_array_equal(found[2], words >> 7)
    np.testing.assert_array_equal(found[3], np.arange(1, 17))
    assert floats == (np.float32(x[2]), np.float32(x[2]), np.float32(words[2]))


@njit
def sums(a, wide):
    x = load(a, 0)
    return total(x), total(to_double(x)), total(load_first_like(wide, 0, 99, x)), totals(x, x * x, -x, x + 1.0)


@DTYPES
def test_lanes_are_added_half_onto_half(dtype):
    a = np.random.default_rng(0).standard_normal(64 // dtype().itemsize).astype(dtype)
    expected = a
    while len(expected) > 1:
        half = len(expected) // 2
        expected = expected[:half] + expected[half:]
    found = sums(a, np.arange(99.0))
    assert found[0] == expected[0]
    alone = [sums(b.astype(dtype), np.arange(99.0))[0] for b in (a, a * a, -a, a + 1)]
    assert list(found[3]) == alone, "four at a time are as each alone"
    np.testing.assert_allclose(found[1], a.astype(float).sum(), rtol=1e-14)
    assert found[2] == np.arange(len(a)).sum(), "as many lanes of float64 as the other vector has"
