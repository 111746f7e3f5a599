"""Development of units during training: when each class appears."""

import numpy as np

from sslgrid.spatial.classes import CLASSES

HALF = 0.5  # of its final share: when a class counts as there


def class_shares(kinds: np.ndarray, live: np.ndarray) -> np.ndarray:
    """Share of the live units in each class: both (step, unit) -> (step, class); NaN where no unit is live."""
    of_class = (kinds[:, :, None] == np.arange(len(CLASSES))) & (live == 1)[:, :, None]
    count = (live == 1).sum(axis=1)[:, None]
    return np.where(count > 0, of_class.sum(axis=1) / np.maximum(count, 1), np.nan)


def onset(steps: np.ndarray, share: np.ndarray) -> float:
    """The first step at which a class's share passes half of its final value; both (step,).

    NaN for a class that has no unit in the end.
    """
    if not share[-1] > 0:
        return np.nan
    return float(steps[np.argmax(share > HALF * share[-1])])
