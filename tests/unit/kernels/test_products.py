"""Products are sums over k in rising order by fused multiply-adds, whatever the shapes, strides and tiles."""

import os
import subprocess
import sys

import numpy as np
import pytest
from exactly import fma
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sslgrid.kernels.products import DEPTH, product, transpose
from sslgrid.kernels.registers import tile

SIZES = st.integers(1, 9)
WAYS = st.sampled_from(["rows", "columns", "strides"])


def laid_out(matrix, way):
    """The same numbers, in memory row by row, column by column, or with gaps between rows."""
    if way == "columns":
        return np.ascontiguousarray(matrix.T).T
    if way == "strides":
        wide = np.full((len(matrix), matrix.shape[1] + 3), np.nan, matrix.dtype)
        wide[:, 1:-2] = matrix
        return wide[:, 1:-2]
    return matrix


def one_by_one(A, B, C):
    found = C.copy()
    for i, j in np.ndindex(found.shape):
        for k in range(A.shape[1]):
            found[i, j] = fma(A[i, k], B[k, j], found[i, j])
    return found


@settings(deadline=None)
@given(SIZES, SIZES, st.integers(1, 80), WAYS, WAYS, st.booleans(), st.sampled_from([np.float32, np.float64]))
@example(13, 2, 66, "rows", "columns", True, np.float32)  # whole tiles and what is left beside and below
@example(1, DEPTH + 1, 1, "columns", "rows", False, np.float32)
def test_each_element_is_summed_in_order(M, K, N, way_A, way_B, add, dtype):
    rng = np.random.default_rng(M + 10 * K + 100 * N)
    A, B = (rng.standard_normal(shape).astype(dtype) for shape in ((M, K), (K, N)))
    around = np.full((M + 2, N + 2), 7, dtype)
    C = around[1:-1, 1:-1]
    C[:] = rng.standard_normal((M, N))
    expected = one_by_one(A, B, C if add else np.zeros_like(C))
    product(laid_out(A, way_A), laid_out(B, way_B), C, add)
    np.testing.assert_array_equal(C, expected)
    around[1:-1, 1:-1] = 7
    assert (around == 7).all(), "it wrote beside its result"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_products(dtype):
    """As numpy's, to rounding: many tiles and several depths."""
    rng = np.random.default_rng(0)
    A, B = rng.standard_normal((101, 3 * DEPTH + 5)), rng.standard_normal((3 * DEPTH + 5, 203))
    C = np.empty((101, 203), dtype)
    product(A.astype(dtype), B.astype(dtype), C, False)
    np.testing.assert_allclose(C, A @ B, atol=100 * np.finfo(dtype).eps * 20)


def test_a_sum_of_nothing_is_zero_and_not_a_number_spreads():
    C = np.full((2, 3), np.nan)
    product(np.empty((2, 0)), np.empty((0, 3)), C, False)
    assert (C == 0).all()
    product(np.array([[1.0, np.nan], [1.0, 1.0]]), np.ones((2, 3)), C, True)
    assert np.isnan(C[0]).all() and (C[1] == 2).all()


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from([np.float32, np.float64]))
def test_transposing(M, N, dtype):
    A = np.random.default_rng(M + 50 * N).standard_normal((M, N)).astype(dtype)
    found = np.empty((N, M), dtype)
    transpose(A, found)
    np.testing.assert_array_equal(found, A.T)


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="names of x86 processors")
@pytest.mark.parametrize(
    ("name", "features", "expected"),
    [("skylake-avx512", "", (6, 4, 12)), ("haswell", "", (6, 1, 6)), ("nehalem", "", (2, 1, 2))],
)
def test_the_tile_fits_the_registers(name, features, expected):
    code = "from sslgrid.kernels.registers import tile; print(tuple(tile()))"
    environment = os.environ | {"NUMBA_CPU_NAME": name, "NUMBA_CPU_FEATURES": features}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == f"{expected}\n" and tile().rows > 0
