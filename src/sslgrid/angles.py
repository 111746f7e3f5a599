"""Angles that repeat: the orientation of a hexagonal lattice after 60 degrees, that of a square one after 90."""

import numpy as np


def difference(a: np.ndarray | float, b: np.ndarray | float, period: np.ndarray | float) -> np.ndarray | float:
    """The shortest way round from b to a, in [-period / 2, period / 2); all in one unit, broadcast together."""
    return (a - b + period / 2) % period - period / 2
