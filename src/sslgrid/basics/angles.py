"""Angles that repeat: the orientation of a hexagonal lattice after 60 degrees, that of a square one after 90."""

import numpy as np


def difference(a: np.ndarray | float, b: np.ndarray | float, period: np.ndarray | float) -> np.ndarray | float:
    """The shortest way round from b to a, in [-period / 2, period / 2); all in one unit, broadcast together."""
    return (a - b + period / 2) % period - period / 2


def circular_mean(angles: np.ndarray, period: float, axis: int = -1) -> np.ndarray | float:
    """The direction of the mean of unit vectors, in [0, period); all in one unit."""
    return np.angle(_resultant(angles, period, axis)) * period / (2 * np.pi) % period


def circular_spread(angles: np.ndarray, period: float, axis: int = -1) -> np.ndarray | float:
    """Circular standard deviation (Mardia 1972) in the unit of the angles: of a narrow distribution, as on a line."""
    return np.sqrt(-2 * np.log(np.abs(_resultant(angles, period, axis)).clip(max=1))) * period / (2 * np.pi)


def _resultant(angles: np.ndarray, period: float, axis: int) -> np.ndarray:
    # (scipy.stats has these, but takes a second to import, in each of a hundred jobs.)
    return np.exp(2j * np.pi / period * np.asarray(angles)).mean(axis=axis)
