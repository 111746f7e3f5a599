"""Spatial information (Skaggs et al. 1993)."""

import numpy as np


def spatial_information(ratemaps: np.ndarray, occupancy: np.ndarray) -> np.ndarray:
    """Bits per spike: `sum p (r / mean r) log2(r / mean r)`; (unit,).

    ratemaps: (unit, y, x), non-negative, NaN unvisited. occupancy: (y, x). NaN for a silent unit. Raises ValueError
    for negative rates, for which the measure is not defined.
    """
    if (ratemaps < 0).any():
        raise ValueError("spatial_information needs non-negative rates")
    p = np.where(np.isfinite(ratemaps), occupancy, 0)
    p = p / np.maximum(p.sum(axis=(1, 2), keepdims=True), 1)
    rates = np.nan_to_num(ratemaps)
    mean = (p * rates).sum(axis=(1, 2), keepdims=True)
    relative = rates / np.where(mean > 0, mean, 1)
    bits = p * relative * np.log2(np.where(relative > 0, relative, 1))
    return np.where(mean[:, 0, 0] > 0, bits.sum(axis=(1, 2)), np.nan)
