"""The code along walks far longer than training's: does it stay where the rate maps say it should be?

A module's population phase along each of its waves is the argument of `sum_u g_u exp(i phase_u)`. At position x it
should be what the rate maps give there, about 2 pi k.x. The difference, over all waves, is a displacement of the code.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise, product

import numpy as np
import xarray as xr
from scipy.interpolate import RegularGridInterpolator
from scipy.spatial import cKDTree

from sslgrid.geometry.fourier import find_wave_vectors
from sslgrid.geometry.phases import unit_phases
from sslgrid.modules.table import describe_modules
from sslgrid.spatial.gridness import HEXAGONAL
from sslgrid.spatial.ratemap import RateMaps
from sslgrid.walks.windows import log_windows

WINDOWS_A_DECADE = 6
STRETCH = 50  # steps over which a phase is averaged, at most: the code must not move much meanwhile
MINIMUM_FIDELITY = 0.8  # a module of few phases seems not to drift, whatever it does
# Root mean square distance, in spacings, of a point anywhere in a hexagonal or square unit cell from its centre.
HEXAGONAL_CELL, SQUARE_CELL = (5 / 36) ** 0.5, (1 / 6) ** 0.5

Visits = Iterable[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class ModuleCode:
    """What it takes to read a module's phase off the activity."""

    units: np.ndarray  # (unit,) numbers of its units
    phases: np.ndarray  # (unit, wave) rad
    wave_vectors: np.ndarray  # (wave, 2) cycles per metre
    spacing: float  # m
    kind: int  # HEXAGONAL or SQUARE
    fidelity: float  # in [0, 1]: how well, in the maps themselves, the population phase tells the position

    @property
    def lost(self) -> float:
        """Root mean square displacement of a code that knows nothing, m."""
        return self.spacing * (HEXAGONAL_CELL if self.kind == HEXAGONAL else SQUARE_CELL)


@dataclass(frozen=True)
class Drift:
    """Drift of the code in windows of steps; NaN where nothing is known. Displacements are modulo the lattice."""

    edges: np.ndarray  # (window + 1,) first step of each window, and one past the last
    path_length: np.ndarray  # (window,) m, mean over walks, to the middle of the path in the window
    displacement: np.ndarray  # (module, window, walk, 2) m, mean over the window
    drift: np.ndarray  # (module, window) m, root mean square of the displacement
    bias: np.ndarray  # (module, window) m, length of its mean: what all walks have in common
    map_error: np.ndarray  # (module, window) mean |g - map(x)|^2 over the variance of the map: 0 perfect, 2 lost
    pair_error: np.ndarray  # (window,) mean |g - g'|^2 of walks nearer than sigma_x: what path invariance trains
    pairs: np.ndarray  # (window,) how many pairs that is


def module_codes(maps: RateMaps, tuning: xr.Dataset) -> list[ModuleCode]:
    """The modules of a network, by number, from its rate maps and tuning in one arena."""
    table, codes = describe_modules(tuning), []
    for name, kind in enumerate(table["kind"]):
        units = np.flatnonzero(tuning["module"].values == name)
        spacing, orientation = table["spacing"][name], table["orientation"][name]
        rates = maps.rates[units].astype(float)
        waves = find_wave_vectors(rates, maps.centres, spacing, orientation, kind)
        phases = unit_phases(rates, maps.centres, waves)
        codes.append(
            ModuleCode(units, phases, waves, spacing, int(kind), _fidelity(rates, maps.centres, phases, waves))
        )
    return codes


def _fidelity(rates: np.ndarray, centres: np.ndarray, phases: np.ndarray, waves: np.ndarray) -> float:
    """`|mean over x of exp(i (phase(x) - 2 pi k.x))|`, the least over the waves; low if the units share a phase."""
    points = np.stack(np.meshgrid(centres, centres), axis=-1)
    known = np.isfinite(rates[0])
    turn = population_phase(rates[:, known].T, phases) * np.exp(-2j * np.pi * points[known] @ waves.T)
    return float(np.abs(np.exp(1j * np.angle(turn)).mean(axis=0)).min())


def window_edges(steps: int) -> np.ndarray:
    """Windows that grow in proportion: the first step (from 1) of each and one past the last, (window + 1,) int."""
    count = int(np.ceil(WINDOWS_A_DECADE * np.log10(steps + 1))) + 1
    return log_windows(1, steps, count - 1)


def measure_drift(
    codes: list[ModuleCode], maps: RateMaps, visits: Visits, walks: int, steps: int, sigma_x: float
) -> Drift:
    """Follow the code along walks, streaming.

    maps: what the code should be. visits: per step the positions (walk, 2) m and the activity (walk, unit), of that
    many walks and steps. Positions outside the maps' arena or next to gaps in the maps are left out; so are modules
    whose phase does not tell the position, from all that is about displacement.
    """
    edges = window_edges(steps)
    expect = expectation(maps)
    sums = _Sums(len(codes), len(edges) - 1, walks)
    before = np.zeros((1, walks, 2))
    for window, positions, activity in _stretches(visits, edges):
        expected = expect(positions)
        known = np.all(np.isfinite(expected), axis=-1)  # (step, walk)
        expected = np.where(known[..., None], expected, activity)  # no difference where nothing is known
        weight = known.sum(axis=0)
        sums.weight[window] += weight
        for index, code in enumerate(codes):
            g, h = activity[..., code.units], expected[..., code.units]
            turn = population_phase(g, code.phases) * population_phase(h, code.phases).conj()
            shift = displacements(np.where(known[..., None], turn, 0).sum(axis=0), code)
            sums.shift[index, window] += weight[:, None] * shift
            sums.shift_squared[index, window] += weight @ np.square(shift).sum(axis=-1)
            sums.map_squared[index, window] += np.square(g - h).sum()
        sums.pairs[:, window] += _near_pairs(positions, activity, sigma_x)
        moved = np.diff(np.concatenate([before, positions]), axis=0)
        sums.path[window] += np.linalg.norm(moved, axis=-1).sum() / walks
        before = positions[-1:]
    return _means(sums, edges, codes, maps)


class _Sums:
    """What a walk adds up to in each window."""

    def __init__(self, modules: int, windows: int, walks: int):
        self.weight = np.zeros((windows, walks))  # steps where the maps say what the code should be
        self.shift = np.zeros((modules, windows, walks, 2))
        self.shift_squared = np.zeros((modules, windows))
        self.map_squared = np.zeros((modules, windows))
        self.pairs = np.zeros((2, windows))  # their number, and the sum of |g - g'|^2
        self.path = np.zeros(windows)


def _means(sums: _Sums, edges: np.ndarray, codes: list[ModuleCode], maps: RateMaps) -> Drift:
    weight = sums.weight.sum(axis=1)
    unreadable = [index for index, code in enumerate(codes) if code.fidelity < MINIMUM_FIDELITY]
    sums.shift[unreadable], sums.shift_squared[unreadable] = np.nan, np.nan
    variance = np.array([np.nanvar(maps.rates[code.units], axis=(1, 2), dtype=float).sum() for code in codes])
    with np.errstate(invalid="ignore"):  # nothing over nothing is what is not known
        return Drift(
            edges=edges,
            path_length=np.cumsum(sums.path) - sums.path / 2,
            displacement=sums.shift / sums.weight[..., None],
            drift=np.sqrt(sums.shift_squared / weight),
            bias=np.linalg.norm(sums.shift.sum(axis=2) / weight[:, None], axis=-1),
            map_error=sums.map_squared / weight / variance[:, None],
            pair_error=sums.pairs[1] / sums.pairs[0],
            pairs=sums.pairs[0],
        )


def population_phase(activity: np.ndarray, phases: np.ndarray) -> np.ndarray:
    """`sum_u g_u exp(i phase_u)`: activity (..., unit), phases (unit, wave) -> (..., wave) complex."""
    return activity @ np.exp(1j * phases)


def displacements(turns: np.ndarray, code: ModuleCode) -> np.ndarray:
    """The displacement that turns the phases so: (..., wave) complex -> (..., 2) m, the shortest modulo the lattice.

    Least squares over the waves. A phase is known modulo 2 pi, so all combinations of whole turns are tried. Those
    of one displacement modulo the lattice agree as well, so that the shortest wins; any other costs (2 pi)^2 / 3.
    """
    waves = 2 * np.pi * code.wave_vectors
    whole = 2 * np.pi * np.array(list(product((-1, 0, 1), repeat=len(waves))))
    phases = np.angle(turns)[..., None, :] + whole  # (..., combination, wave)
    shifts = phases @ np.linalg.pinv(waves).T
    disagreement = np.square(phases - shifts @ waves.T).sum(axis=-1)
    length = np.square(shifts).sum(axis=-1) / code.spacing**2
    best = np.nan_to_num(disagreement + length, nan=np.inf).argmin(axis=-1)
    return np.take_along_axis(shifts, best[..., None, None], axis=-2)[..., 0, :]


def expectation(maps: RateMaps):
    """A function from positions (..., 2) m to the maps' rates there (..., unit); NaN outside and next to gaps."""
    centres = maps.centres
    interpolate = RegularGridInterpolator((centres, centres), np.moveaxis(maps.rates.astype(float), 0, -1))

    def expect(positions: np.ndarray) -> np.ndarray:
        inside = (np.abs(positions) <= maps.side / 2).all(axis=-1, keepdims=True)
        points = np.clip(positions, centres[0], centres[-1])[..., ::-1]  # the walls are half a bin from the centres
        return np.where(inside, interpolate(points), np.nan)

    return expect


def _near_pairs(positions: np.ndarray, activity: np.ndarray, sigma_x: float) -> tuple[int, float]:
    """Number of pairs of walks that are nearer than sigma_x at a step, over all steps; and the sum of |g - g'|^2."""
    count, total = 0, 0.0
    for x, g in zip(positions, activity, strict=True):
        one, other = cKDTree(x).query_pairs(sigma_x, output_type="ndarray").T
        count, total = count + len(one), total + np.square(g[one] - g[other]).sum()
    return count, total


def _stretches(visits: Visits, edges: np.ndarray) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """The window, positions (step, walk, 2) and activity (step, walk, unit) of some steps in a row."""
    visits = iter(visits)
    for window, (first, past) in enumerate(pairwise(edges)):
        for begin in range(first, past, STRETCH):
            stretch = list(islice(visits, min(STRETCH, past - begin)))
            if not stretch:
                return
            positions, activity = zip(*stretch, strict=True)
            yield window, np.stack(positions), np.stack(activity).astype(float)
