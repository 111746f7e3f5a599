"""The normal numbers that kernels draw: their bits, their law, and that no two places share them."""

import math

import numpy as np
import pytest
from numba import types
from numba.extending import intrinsic
from scipy import stats

from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.memory import store
from sslgrid.kernels.noise import philox, standard_normal, unit_numbers

SEED = 0x0123456789ABCDEF


@pytest.fixture(scope="module")
def many() -> np.ndarray:
    """(time, path, unit): 12.8 million."""
    return standard_normal(SEED, 500, 100, 256)


@compiled
def words(place, key, out):
    """Philox's four words for one place, in the first lanes of the rows of out."""
    four = philox(unit_numbers(out, place[0]), place[1], place[2], place[3], key[0], key[1])
    for k in range(4):
        store(out, (k, 0), as_words(four[k]))


@intrinsic
def as_words(_context, vector):
    """The same bits as float32."""
    kind = vector.of(types.float32)
    return kind(vector), lambda _context, builder, _signature, arguments: builder.bitcast(arguments[0], kind.llvm)


@pytest.mark.parametrize(
    "place, key, expected",
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)  # fmt: skip
def test_the_bits_are_philox_as_its_authors_publish_them(place, key, expected):
    out = np.zeros((4, 16), np.float32)
    words(tuple(map(np.uint32, place)), tuple(map(np.uint32, key)), out)
    assert tuple(out[:, 0].view(np.uint32)) == expected


def test_moments_are_those_of_the_normal_law(many):
    """Each within five standard errors."""
    x = many.astype(float).ravel()
    for power, expected, spread in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96), (6, 15, 10395 - 225)):
        assert abs((x**power).mean() - expected) < 5 * math.sqrt(spread / x.size)


def test_tails_hold_what_the_normal_law_says(many):
    """Out to five standard deviations, each side by itself, within five standard errors of the count."""
    for threshold in (1.0, 2.0, 3.0, 4.0, 4.5, 5.0):
        expected = many.size * stats.norm.sf(threshold)
        for side in (many, -many):
            assert abs((side > threshold).sum() - expected) < 5 * math.sqrt(expected)
    assert np.abs(many).max() < 6.6


def test_the_law_is_normal_in_between(many):
    assert stats.kstest(many.ravel()[::7].astype(float), "norm").pvalue > 1e-3


@pytest.mark.parametrize("axis", range(3))
@pytest.mark.parametrize("distance", [1, 2, 3, 4, 16])
def test_neighbours_are_independent(many, axis, distance):
    """Between units, paths and times; signs and sizes by themselves: within five standard errors of no correlation."""
    count = many.shape[axis] - distance
    one, other = (np.take(many, range(start, start + count), axis).ravel() for start in (0, distance))
    for function in (np.asarray, np.abs):
        assert abs(np.corrcoef(function(one), function(other))[0, 1]) < 5 / math.sqrt(one.size)


def test_seeds_differ_in_every_number_and_repeat():
    one, again, other, far = (standard_normal(seed, 5, 6, 7) for seed in (SEED, SEED, SEED + 1, SEED + 2**40))
    assert (one == again).all()
    assert not (one == other).any() and not (one == far).any()


def test_a_number_depends_on_its_place_alone():
    whole = standard_normal(SEED, 6, 21, 40)
    assert (standard_normal(SEED, 3, 5, 17) == whole[:3, :5, :17]).all()


def test_every_number_is_used_once(many):
    """Of 12.8 million float32, equal ones are chance: as many as among as many of numpy's."""
    numpys = np.random.default_rng(0).standard_normal(many.size, np.float32)
    equal, expected = (each.size - np.unique(each).size for each in (many.ravel(), numpys))
    assert equal == pytest.approx(expected, rel=0.05)
