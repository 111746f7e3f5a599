"""The same units in other arenas: correlation of their maps, gridness and spacing, compared with the first arena."""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
import xarray as xr
from scipy.interpolate import RegularGridInterpolator

from sslgrid.basics.bootstrap import interval, resampled
from sslgrid.modules.table import describe_modules
from sslgrid.spatial.gridness import LATTICE_THRESHOLD, SQUARE
from sslgrid.spatial.ratemap import RateMaps

DRAWS = 1000  # of the bootstraps
HIGH = 95  # percentile of the null
MOST = 0.5  # share of a module's units that must show its lattice in another arena for a spacing there


@dataclass(frozen=True)
class ArenaComparison:
    """One arena against the first. All but `unit_correlation` are (module,), NaN where nothing is known.

    Intervals (`_low`, `_high`) are 95 % bootstrap intervals over a module's units.
    """

    unit_correlation: np.ndarray  # (unit,) of a unit's two maps
    correlation: np.ndarray  # its mean over a module's units
    correlation_low: np.ndarray
    correlation_high: np.ndarray
    null_correlation: np.ndarray  # mean over maps of different units of one module
    null_high: np.ndarray  # 95th percentile of these
    gridness: np.ndarray  # mean, of the module's kind
    spacing: np.ndarray  # m, median over the units that show the module's kind of lattice here too, sheared or not
    spacing_low: np.ndarray
    spacing_high: np.ndarray


def compare(
    first: tuple[RateMaps, xr.Dataset], other: tuple[RateMaps, xr.Dataset], rng: np.random.Generator
) -> ArenaComparison:
    """Compare two arenas, each with the rate maps and the tuning of the same units; modules are the first one's."""
    correlations = cross_correlations(first[0], other[0])
    columns: dict[str, list[float]] = {field.name: [] for field in fields(ArenaComparison)[1:]}
    for name, kind in enumerate(describe_modules(first[1])["kind"]):
        units = np.flatnonzero(first[1]["module"].values == name)
        tuning = {score: values.values[units] for score, values in other[1].items()}
        own = correlations[np.ix_(units, units)]
        null = own[~np.eye(len(units), dtype=bool)]
        fold = "90" if kind == SQUARE else "60"
        of_kind = (tuning["gridness90"] > tuning["gridness60"]) == (kind == SQUARE)
        on_lattice = of_kind & (tuning[f"gridness{fold}_corrected"] > LATTICE_THRESHOLD)
        values = [
            *_with_interval(np.mean, own.diagonal(), rng),
            _of_known(np.mean, null),
            _of_known(np.percentile, null, HIGH),
            _of_known(np.mean, tuning[f"gridness{fold}"]),
            *_with_interval(
                np.median, tuning["spacing"][on_lattice] if on_lattice.mean() >= MOST else np.array([]), rng
            ),
        ]
        for column, value in zip(columns.values(), values, strict=True):
            column.append(value)
    return ArenaComparison(correlations.diagonal(), **{key: np.array(column) for key, column in columns.items()})


def unknown(units: int, modules: int) -> ArenaComparison:
    """What is known of an arena that the walks do not cover."""
    nothing = np.full(modules, np.nan)
    return ArenaComparison(np.full(units, np.nan), *[nothing] * (len(fields(ArenaComparison)) - 1))


def cross_correlations(one: RateMaps, other: RateMaps) -> np.ndarray:
    """Pearson correlation of each map of one arena with each of another: (unit of one, unit of other).

    Over the bins of the smaller arena that walks visited in both; the larger arena's maps are interpolated linearly
    at their centres. Flat maps have no correlation: NaN.
    """
    smaller = min(one, other, key=lambda maps: (round(maps.side, 9), len(maps.centres)))
    a, b = (maps.rates if maps is smaller else _at_centres(maps, smaller.centres) for maps in (one, other))
    known = np.isfinite(a).all(axis=0) & np.isfinite(b).all(axis=0)
    return _standardised(a[:, known]) @ _standardised(b[:, known]).T


def _at_centres(maps: RateMaps, centres: np.ndarray) -> np.ndarray:
    """The maps at other bin centres: (unit, y, x); NaN outside and next to NaN."""
    interpolate = RegularGridInterpolator((maps.centres,) * 2, np.moveaxis(maps.rates, 0, -1), bounds_error=False)
    points = np.stack(np.meshgrid(centres, centres, indexing="ij"), axis=-1)
    return np.moveaxis(interpolate(points), -1, 0)


def _standardised(rates: np.ndarray) -> np.ndarray:
    """(unit, bin), each unit with zero mean and unit norm; NaN for flat ones."""
    if rates.shape[1] == 0:
        return np.full((len(rates), 1), np.nan)
    centred = rates - rates.mean(axis=1, keepdims=True, dtype=float)
    norm = np.linalg.norm(centred, axis=1, keepdims=True)
    flat = norm <= 1e-6 * np.linalg.norm(rates, axis=1, keepdims=True)
    return centred / np.where(flat, np.nan, norm)


def _of_known(statistic: Callable, values: np.ndarray, *arguments: float) -> float:
    values = values[np.isfinite(values)]
    return float(statistic(values, *arguments)) if len(values) else np.nan


def _with_interval(
    statistic: Callable[..., np.ndarray], values: np.ndarray, rng: np.random.Generator
) -> tuple[float, float, float]:
    """A statistic of the finite values and its bootstrap interval; NaN for what too few values leave unknown."""
    values = values[np.isfinite(values)]
    if len(values) < 2:
        return _of_known(statistic, values), np.nan, np.nan
    return (float(statistic(values)), *interval(resampled(values, statistic, DRAWS, rng)))
