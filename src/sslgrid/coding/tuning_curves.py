"""Tuning to a variable of the motion: mean rate in bins of it, and how much of a unit's rate it explains."""

import numpy as np


class TuningCurves:
    """Mean rates of units in bins of a variable, streaming."""

    def __init__(self, bins: int, units: int):
        self.visits = np.zeros(bins)
        self.total = np.zeros((bins, units))
        self.square = np.zeros(units)

    def add(self, bins: np.ndarray, rates: np.ndarray) -> None:
        """Count visits: bins (visit,) of the variable, rates (visit, unit)."""
        self.visits += np.bincount(bins, minlength=len(self.visits))
        order = np.argsort(bins, kind="stable")
        present, first = np.unique(bins[order], return_index=True)
        self.total[present] += np.add.reduceat(rates[order], first, axis=0, dtype=float)
        self.square += np.square(rates, dtype=float).sum(axis=0)

    @property
    def curves(self) -> np.ndarray:
        """Mean rates (unit, bin), NaN where nothing was counted."""
        return (self.total / np.where(self.visits > 0, self.visits, np.nan)[:, None]).T

    @property
    def explained(self) -> np.ndarray:
        """Share of the variance of each unit's rate that lies between the bins, in [0, 1]: (unit,); NaN if constant."""
        count = self.visits.sum()
        mean = self.total.sum(axis=0) / count
        between = np.nansum(self.visits * self.curves**2, axis=1) / count - mean**2
        whole = self.square / count - mean**2
        varies = whole > 1e-12 * self.square / count  # beyond what rounding makes of a constant
        return np.where(varies, between / np.where(varies, whole, 1), np.nan)
