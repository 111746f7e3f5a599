"""Sums over arrays run in the order that is written down."""

import math

import numpy as np
import pytest
from exactly import fma
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sslgrid.kernels.draws import cosines_and_sines, normal, uniform
from sslgrid.kernels.reductions import PIECE, dot, dot_pieces


def as_written(a, b):
    """Lane by lane and vector by vector, in exact fused multiply-adds."""
    step, found = 64 // a.itemsize, 0.0
    for start in range(0, len(a), PIECE):
        held = np.zeros((4, step), a.dtype)
        for i in range(start, min(start + PIECE, len(a))):
            place = (i - start) // step % 4, (i - start) % step
            held[place] = fma(a[i], b[i], held[place])
        lanes = (held[0] + held[1]) + (held[2] + held[3])
        while len(lanes) > 1:
            lanes = lanes[: len(lanes) // 2] + lanes[len(lanes) // 2 :]
        found += float(lanes[0])
    return found


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("count", [1, 15, 64, 1000, PIECE, PIECE + 77])
def test_dot_is_summed_as_written(count, dtype):
    a, b = np.random.default_rng(count).standard_normal((2, count)).astype(dtype)
    assert dot(a, b) == as_written(a, b)


@given(st.integers(1, 40_000), st.integers(1, 9))
def test_whoever_sums_the_pieces(count, parts):
    a = np.random.default_rng(count).standard_normal(count).astype(np.float32)
    pieces = -(-count // PIECE)
    found = np.empty(pieces)
    for part in range(parts):
        dot_pieces(a, a, pieces * part // parts, pieces * (part + 1) // parts, found)
    total = 0.0
    for square in found:
        total += square
    assert total == dot(a, a) == pytest.approx(math.fsum(a.astype(float) ** 2), rel=1e-6)


def test_draws_follow_their_laws():
    rng = np.random.default_rng(0)
    assert stats.kstest(normal(rng, 100_000), "norm").pvalue > 0.01
    flat = uniform(rng, -2, 3, (100, 200)).ravel()
    assert flat.min() >= -2 and flat.max() < 3 and stats.kstest(flat, "uniform", (-2, 5)).pvalue > 0.01
    tails = np.abs(normal(rng, 1_000_000))
    assert (tails > 4).sum() == pytest.approx(63, abs=30) and tails.max() < 8


def test_directions():
    angles = np.linspace(-10, 10, 1001)
    expected = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    np.testing.assert_allclose(cosines_and_sines(angles), expected, atol=1e-15)
