"""What IEEE's rules say, in exact fractions: what compiled arithmetic is held to."""

from fractions import Fraction

import numpy as np


def rounded(value: Fraction, dtype: type) -> np.floating:
    """The nearest number of a type, the even one of two; for finite numbers that are not tiny."""
    near = dtype(float(value))
    around = [near, np.nextafter(near, dtype(-np.inf)), np.nextafter(near, dtype(np.inf))]
    bits = np.int32 if dtype is np.float32 else np.int64
    return min(around, key=lambda number: (abs(Fraction(float(number)) - value), int(number.view(bits)) % 2))


def fma(a: np.floating, b: np.floating, c: np.floating) -> np.floating:
    """a b + c, rounded once."""
    value = Fraction(float(a)) * Fraction(float(b)) + Fraction(float(c))
    return rounded(value, type(a)) if value else type(a)(0)
