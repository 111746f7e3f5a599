"""Normal numbers for kernels, as many at a time as a vector has lanes: a pure function of a key and a place.

A number depends on the key and on where it is used (unit, time, path) alone, so each thread draws what it needs when
it needs it, in any order, and nothing is saved. The bits come from Philox4x32-10 (Salmon et al. 2011), which makes
four words of 32 bits from four words of place and two of key. Two words make two normal numbers by the transform of
Box and Muller. The radius comes from 31 bits, so the tails are those of the normal law up to 6.5 standard deviations.
"""

import math

import numpy as np
from llvmlite import ir
from numba import types

from sslgrid.kernels.compiled import compiled, intrinsic
from sslgrid.kernels.memory import store
from sslgrid.kernels.vector_type import Vector, lanes, lanes_of, spread
from sslgrid.kernels.vectors import bits, fma, from_bits, high_product, root, select, signed, to_float

SHARED = 4  # paths whose numbers are drawn together, because Philox makes four words

_FIRST, _SECOND = np.uint32(0xD2511F53), np.uint32(0xCD9E8D57)  # Philox's multipliers
_GOLDEN, _ROOT3 = np.uint32(0x9E3779B9), np.uint32(0xBB67AE85)  # what its keys grow by
_ROUNDS = 10

_HALF_ROOT = np.int32(0x3F3504F3)  # the bits of sqrt(1/2)
_MANTISSA = np.int32(23)  # bits
_QUARTER_TURN = math.pi / 2 * 2.0**-32  # of an angle's 30 lower bits, shifted to the top
_LN2 = math.log(2)


@compiled
def philox(place, time, group, stream, key0, key1):
    """Four vectors of random bits from four vectors, or numbers, of uint32 and two uint32 of key; place is a vector."""
    zero = place - place
    c0, c1, c2, c3 = place, zero + time, zero + group, zero + stream
    for _ in range(_ROUNDS):
        high0, low0 = high_product(c0, _FIRST), c0 * _FIRST
        high1, low1 = high_product(c2, _SECOND), c2 * _SECOND
        c0, c1, c2, c3 = high1 ^ c1 ^ key0, low1, high0 ^ c3 ^ key1, low0
        key0 = np.uint32(key0 + _GOLDEN)
        key1 = np.uint32(key1 + _ROOT3)
    return c0, c1, c2, c3


@compiled
def _minus_log(word):
    """-log of a uniform number in (0, 1), float32, from 31 of the 32 random bits."""
    code = bits(to_float(signed((word >> np.uint32(1)) | np.uint32(1))))
    exponent = (code - _HALF_ROOT) >> _MANTISSA
    x = from_bits(code - (exponent << _MANTISSA)) - np.float32(1)  # in [sqrt(1/2) - 1, sqrt(2) - 1]
    # Cephes' logf: log(1 + x) = x - x^2 / 2 + x^3 P(x).
    p = fma(x, np.float32(7.0376836292e-2), np.float32(-1.1514610310e-1))
    p = fma(p, x, np.float32(1.1676998740e-1))
    p = fma(p, x, np.float32(-1.2420140846e-1))
    p = fma(p, x, np.float32(1.4249322787e-1))
    p = fma(p, x, np.float32(-1.6668057665e-1))
    p = fma(p, x, np.float32(2.0000714765e-1))
    p = fma(p, x, np.float32(-2.4999993993e-1))
    p = fma(p, x, np.float32(3.3333331174e-1))
    square = x * x
    log = fma(p * x, square, fma(square, np.float32(-0.5), x))
    return fma(to_float(np.int32(31) - exponent), np.float32(_LN2), -log)


@compiled
def _pair(radius_word, angle_word):
    """Two vectors of independent normal numbers, float32."""
    radius = root(_minus_log(radius_word) * np.float32(2))
    # The two upper bits are the quarter; the others an angle from -1/8 to 1/8 of a turn. Cephes' sinf and cosf.
    angle = to_float(signed(angle_word << np.uint32(2))) * np.float32(_QUARTER_TURN)
    square = angle * angle
    sine = fma(square, np.float32(-1.9515295891e-4), np.float32(8.3321608736e-3))
    sine = fma(sine, square, np.float32(-1.6666654611e-1))
    sine = fma(sine * square, angle, angle)
    cosine = fma(square, np.float32(2.443315711809948e-5), np.float32(-1.388731625493765e-3))
    cosine = fma(cosine, square, np.float32(4.166664568298827e-2))
    cosine = fma(cosine * square, square, fma(square, np.float32(-0.5), np.float32(1)))
    turned = (angle_word & np.uint32(1 << 30)) != np.uint32(0)
    opposite = angle_word & np.uint32(1 << 31)
    radius = from_bits(bits(radius) ^ signed(opposite))
    return radius * select(turned, -sine, cosine), radius * select(turned, cosine, sine)


@compiled
def normals(units, time, group, key0, key1):
    """Independent standard normal numbers for four paths: four vectors of float32.

    units: a vector of uint32, the unit in each lane; time, group: uint32, the step and the number of the path over 4;
    key0, key1: uint32.
    """
    a, b, c, d = philox(units, time, group, np.uint32(0), key0, key1)
    first, second = _pair(a, b)
    third, fourth = _pair(c, d)
    return first, second, third, fourth


@intrinsic
def unit_numbers(_context, array, first):
    """The numbers of units, uint32: `first` and those that follow, as many as a vector of the array has lanes."""
    kind = Vector(types.uint32, lanes_of(array.dtype))

    def generate(_context, builder, _signature, arguments):
        start = builder.trunc(arguments[1], kind.llvm.element)
        return builder.add(spread(builder, start, kind), ir.Constant(kind.llvm, list(range(kind.lanes))))

    return kind(array, types.intp), generate


@intrinsic
def as_in(_context, vector, array):
    """A vector of float32 in the array's type."""
    kind = vector.of(array.dtype)

    def generate(_context, builder, _signature, arguments):
        return arguments[0] if kind == vector else builder.fpext(arguments[0], kind.llvm)

    return kind(vector, array), generate


@compiled
def _fill(out, key0, key1):
    """out: (time, path, unit), the last two in whole groups and vectors."""
    times, paths, units = out.shape
    for t in range(times):
        for path in range(0, paths, SHARED):
            for u in range(0, units, lanes(out.dtype)):
                four = normals(unit_numbers(out, u), np.uint32(t), np.uint32(path // SHARED), key0, key1)
                for k in range(SHARED):
                    store(out, (t, path + k, u), four[k])


def key_of(seed: int) -> tuple[np.uint32, np.uint32]:
    """The two words of a seed below 2^64."""
    return np.uint32(seed & 0xFFFFFFFF), np.uint32(seed >> 32)


def standard_normal(seed: int, times: int, paths: int, units: int) -> np.ndarray:
    """What kernels draw, as an array (time, path, unit) of float32. seed: below 2^64."""
    out = np.empty((times, _up(paths, SHARED), _up(units, lanes(np.dtype(np.float32)))), np.float32)
    _fill(out, *key_of(seed))
    return np.ascontiguousarray(out[:, :paths, :units])


def _up(count: int, step: int) -> int:
    return -(-count // step) * step
