"""Windows of steps since the start of a walk, equally wide on a logarithmic axis."""

import numpy as np


def log_windows(first: int, last: int, count: int) -> np.ndarray:
    """Edges of windows from step `first` to step `last`, the first step of each and one past the last: (window + 1,).

    Fewer than `count` where windows would be shorter than a step.
    """
    return np.unique(np.round(np.geomspace(first, last + 1, count + 1)).astype(int))


def middles(edges: np.ndarray) -> np.ndarray:
    """The middle of each window on a logarithmic axis, in steps: (window,)."""
    return np.sqrt(edges[:-1] * (edges[1:] - 1.0))
