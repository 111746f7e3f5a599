"""Percentile intervals of the bootstrap (Efron 1979): values are drawn again, with replacement."""

from collections.abc import Callable

import numpy as np

CONFIDENCE = 95.0  # % of every interval


def resampled(
    values: np.ndarray, statistic: Callable[..., np.ndarray], draws: int, rng: np.random.Generator
) -> np.ndarray:
    """A statistic, such as `np.mean`, of values (value,) drawn again: (draw,)."""
    return statistic(values[rng.integers(len(values), size=(draws, len(values)))], axis=1)


def interval(drawn: np.ndarray) -> tuple[float, float]:
    """The ends of the middle `CONFIDENCE` % of what was drawn: (draw,)."""
    tail = (100 - CONFIDENCE) / 2
    low, high = np.percentile(drawn, [tail, 100 - tail])
    return float(low), float(high)
