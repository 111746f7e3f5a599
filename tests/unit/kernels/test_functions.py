"""Functions against numpy in long double and scipy, in units of the last place; and vectors against single numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit
from scipy import special

from sslgrid.kernels import functions
from sslgrid.kernels.memory import load_first, store_first
from sslgrid.kernels.vector_type import lanes

LONG = np.longdouble


@njit
def sine(x):
    return functions.sin_cos(x)[0]


@njit
def cosine(x):
    return functions.sin_cos(x)[1]


def of_arrays(function):
    """The function of an array, by vectors and number by number."""

    @njit(error_model="numpy")
    def by_vectors(x, found):
        for i in range(0, len(x), lanes(x.dtype)):
            store_first(found, i, function(load_first(x, i, len(x) - i)), len(x) - i)

    @njit(error_model="numpy")
    def one_by_one(x, found):
        for i in range(len(x)):
            found[i] = function(x[i])

    return by_vectors, one_by_one


def density(x):
    return np.exp(-x * x / 2) / np.sqrt(2 * LONG(np.pi))


# Function, truth, where, and how many units of the last place it may be off in float32 and float64.
CASES = {
    "exp2": (functions.exp2, np.exp2, (-120, 120), 1),
    "tanh": (functions.tanh, np.tanh, (-12, 12), 3),
    "tanh of little": (functions.tanh, np.tanh, (-0.01, 0.01), 3),
    "log": (functions.log, np.log, (1e-9, 10), 2),
    "log near 1": (functions.log, np.log, (0.9, 1.1), 2),
    "sine": (sine, np.sin, (-100, 100), 2),
    "cosine": (cosine, np.cos, (-100, 100), 2),
    "normal law": (functions.normal_law, lambda x: special.ndtr(x.astype(float)), (-2, 6), 20),
    "normal law's tail": (functions.normal_law, lambda x: special.ndtr(x.astype(float)), (-8, -2), 150),
    "normal density": (functions.normal_density, density, (-2, 2), 6),
}
COMPILED = {name: of_arrays(case[0]) for name, case in CASES.items()}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", CASES)
def test_functions_are_right_to_the_last_places(name, dtype):
    _, truth, (low, high), most = CASES[name]
    x = np.random.default_rng(0).uniform(low, high, 30_011).astype(dtype)
    found, again = np.empty((2, len(x)), dtype)
    for function, place in zip(COMPILED[name], (found, again), strict=True):
        function(x, place)
    expected = truth(x.astype(LONG))
    off = np.abs(found - expected) / np.spacing(np.abs(expected).astype(dtype))
    assert off.max() <= most, f"{off.max():.2f} units of the last place at {x[off.argmax()]}"
    assert found.tobytes() == again.tobytes(), "a vector's lanes are single numbers"


@given(st.integers(-140, 140), st.sampled_from([np.float32, np.float64]))
def test_powers_of_two_are_exact(k, dtype):
    found = np.empty(1, dtype)
    COMPILED["exp2"][0](np.array([k], dtype), found)
    low, high = (-126, 127) if dtype is np.float32 else (-1022, 1023)
    assert found[0] == 2.0 ** min(max(k, low), high)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_is_no_number_and_what_is_large(dtype):
    x, found = np.array([np.nan, 1e30, -1e30, 0.0, -0.0], dtype), np.empty(5, dtype)
    for name in ("exp2", "tanh", "sine", "cosine", "normal law", "normal density"):
        COMPILED[name][0](x, found)
        assert np.isnan(found[0]), name
    COMPILED["tanh"][0](x, found)
    np.testing.assert_array_equal(found[1:], [1, -1, 0, 0])
    assert np.signbit(found[4])
    COMPILED["normal law"][0](x, found)
    assert found[1] == 1 and found[2] < 1e-37 and found[3] == found[4] == 0.5


def test_they_are_for_compiled_code():
    for function in (functions.exp2, functions.sin_cos):
        with pytest.raises(TypeError, match="is for compiled code"):
            function(1.0)
