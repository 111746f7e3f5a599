"""The two modules that are compared, and the reciprocal lattice of the coarse one."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from sslgrid.geometry.fourier import find_wave_vectors
from sslgrid.modules.table import describe_modules, two_largest
from sslgrid.spatial.gridness import HEXAGONAL, SQUARE
from sslgrid.spatial.ratemap import RateMaps

# Each wave of `find_wave_vectors`, counted in the first two: the third hexagonal wave is k2 - k1.
COUNTED = {HEXAGONAL: np.array([[1, 0], [0, 1], [-1, 1]]), SQUARE: np.array([[1, 0], [0, 1]])}
# Shells of a lattice by |k|^2 over that of the first shell, up to the third multiple of the first |k|.
SHELLS = {HEXAGONAL: (1, 3, 4, 7, 9), SQUARE: (1, 2, 4, 5, 8, 9)}


@dataclass(frozen=True)
class Module:
    """One module. units: (unit,) their numbers in the network. waves: (wave, 2) cycles per metre. spacing: m."""

    units: np.ndarray
    waves: np.ndarray
    spacing: float
    kind: int  # HEXAGONAL or SQUARE


@dataclass(frozen=True)
class Pair:
    """The two modules with the most units, by spacing."""

    fine: Module
    coarse: Module

    @property
    def units(self) -> np.ndarray:
        """The units of both modules, by number: (unit,)."""
        return np.sort(np.concatenate([self.fine.units, self.coarse.units]))

    @property
    def basis(self) -> np.ndarray:
        """Two vectors that span the coarse module's reciprocal lattice, rows, cycles per metre: (2, 2)."""
        return reciprocal_basis(self.coarse.waves, self.coarse.kind)

    @property
    def counts(self) -> np.ndarray:
        """The fine module's waves counted in the coarse module's basis: (wave, 2), whole numbers for one lattice."""
        return self.fine.waves @ np.linalg.inv(self.basis)

    @property
    def cells(self) -> float:
        """How many cells of the fine lattice one of the coarse lattice holds: 3 if it is the second hexagonal shell."""
        return float(abs(np.linalg.det(reciprocal_basis(self.fine.waves, self.fine.kind) @ np.linalg.inv(self.basis))))

    @property
    def misses(self) -> np.ndarray:
        """Distance of each fine wave from the nearest reciprocal lattice point, over the first |k|: (wave,)."""
        off = (self.counts - np.rint(self.counts)) @ self.basis
        return np.linalg.norm(off, axis=1) / np.linalg.norm(self.coarse.waves, axis=1).mean()

    @property
    def misfit(self) -> float:
        """The misses' root mean square. Of waves that lie anywhere it is a third to two fifths, as within a cell."""
        return float(np.sqrt(np.square(self.misses).mean()))


def reciprocal_basis(waves: np.ndarray, kind: int) -> np.ndarray:
    """The two vectors (2, 2) whose whole multiples fit the waves (wave, 2) of one module best."""
    return np.linalg.lstsq(COUNTED[kind].astype(float), waves, rcond=None)[0]


def find_pair(tuning: xr.Dataset, maps: RateMaps) -> Pair | None:
    """The two modules with the most units, their waves fitted to these maps; None if the network has fewer than two.

    tuning: of any arena. maps: of the widest arena, whose Fourier peaks are the sharpest.
    """
    table = describe_modules(tuning)
    if len(table["units"]) < 2:
        return None
    largest = two_largest(table["units"])
    fine, coarse = (_module(int(number), table, tuning["module"].values, maps) for number in largest)
    return Pair(fine, coarse)


def _module(number: int, table: dict[str, np.ndarray], module: np.ndarray, maps: RateMaps) -> Module:
    units = np.flatnonzero(module == number)
    spacing, orientation, kind = (table[name][number] for name in ("spacing", "orientation", "kind"))
    waves = find_wave_vectors(maps.rates[units].astype(float), maps.centres, spacing, orientation, int(kind))
    return Module(units, waves, float(spacing), int(kind))
