"""From what was read to the scores of each unit: recordings against shifted spikes, maps against random maps."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from sslgrid.basics.arena import ArenaConfig
from sslgrid.basics.errors import InputError
from sslgrid.basics.polygons import is_convex
from sslgrid.cells.arena import centred, find_arena, rectangle_of
from sslgrid.cells.maps import BIN, SMOOTHING, bin_path, map_spikes
from sslgrid.cells.modules import FOUNDING, find_cell_modules
from sslgrid.cells.readers import Activity, Maps
from sslgrid.cells.recording import Recording
from sslgrid.cells.shifts import LEAST_SHIFT, Shifted, shift_spikes
from sslgrid.cells.tracking import LONGEST_MISSED, SLOWEST, Track, follow_path
from sslgrid.modules.lattices import highest_rates, lattice_columns, nearest_lattice, tuned_rates
from sslgrid.modules.tuning import measure_tuning
from sslgrid.spatial.gridness import HEXAGONAL, score_grids
from sslgrid.spatial.ratemap import RateMaps, accumulate
from sslgrid.spatial.scores import score_units
from sslgrid.spatial.significance import gridness_p_values, significant_units

BY_SHIFTS = "circular shifts of the spike times"
BY_RANDOM_MAPS = "random maps of the same radial spectrum"
STRICT_ALPHA = 0.05  # of the second test, per cell: the first one is corrected for many


@dataclass(frozen=True)
class Settings:
    """How to score. Lengths in m, times in s, speeds in m/s."""

    bin_size: float = BIN
    smoothing: float = SMOOTHING
    slowest: float = SLOWEST
    longest_missed: float = LONGEST_MISSED
    least_shift: float = LEAST_SHIFT
    draws: int = 200
    strict: bool = False  # recorded cells must pass the test against random maps, too, or be in a module
    elliptic: float | None = None  # ellipticity from which a lattice is sheared; None as in `classify_units`
    seed: int = 0
    corners: np.ndarray | None = None  # (corner, 2) of the arena on the path's axes; None to find it from the path


@dataclass(frozen=True)
class Scored:
    """maps: a square grid about the arena's centre, NaN outside. columns: those of a tuning file, each (unit,).

    null: what the p-values compare with, in words. Of recordings besides: the track about the arena's centre, the
    gridness of shifted spikes, spikes by unit, the p-values of the modules, and, of strict scoring, the p-values
    (unit,) against random maps.
    """

    name: str
    units: list[str]
    maps: RateMaps
    columns: dict[str, np.ndarray]
    null: str
    track: Track | None = None
    shifted: Shifted | None = None
    module_p: np.ndarray = field(default_factory=lambda: np.array([]))
    p_random_maps: np.ndarray | None = None

    @property
    def spikes(self) -> np.ndarray:
        """Spikes that count for the maps: (unit,), NaN where there are none to count."""
        if self.track is None:
            return np.full(len(self.units), np.nan)
        return self.track.counts[:, self.track.moving].sum(axis=1)


def score(
    found: Recording | Maps | Activity,
    settings: Settings,
    progress: Callable[[str], None] = lambda line: None,
) -> Scored:
    """Score every unit. progress: is told what is done."""
    rng = np.random.default_rng([settings.seed])
    if isinstance(found, Recording):
        return score_recording(found, settings, rng, progress)
    maps = maps_of(found) if isinstance(found, Maps) else activity_maps(found, settings)
    units = found.units if isinstance(found, Maps) else [str(unit) for unit in range(len(maps.rates))]
    progress(f"{found.name}: {len(units)} maps against {settings.draws} random maps each")
    highest = np.nanmax(np.abs(maps.rates)) or 1.0  # others' rates have scales of their own; ours are about 1
    tuning = measure_tuning(replace(maps, rates=(maps.rates / highest).astype(np.float32)), rng, settings.draws,
        elliptic=settings.elliptic)  # fmt: skip
    columns = {str(name): tuning[name].values for name in tuning.data_vars}
    columns["max_rate"] = columns["max_rate"] * highest
    return Scored(found.name, units, maps, columns, BY_RANDOM_MAPS)


def score_recording(
    recording: Recording, settings: Settings, rng: np.random.Generator, progress: Callable[[str], None]
) -> Scored:
    """Rate maps of the spikes, scores, p-values from shifted spikes, modules."""
    track = follow_path(recording, settings.slowest, settings.longest_missed)
    given = find_arena(track.positions[track.moving]) if settings.corners is None else _convex(settings.corners)
    corners, middle = centred(given)
    track = replace(track, positions=track.positions - middle)
    binned = bin_path(track, corners, settings.bin_size, settings.smoothing)
    maps = map_spikes(track, binned, corners)
    grids = score_grids(tuned_rates(maps), maps.bin_size)
    of_shifts, of_modules, of_groups = rng.spawn(3)
    shifted = shift_spikes(
        track.counts, binned, grids.spacing, settings.draws, of_shifts, settings.least_shift,
        lambda cell: progress(f"{recording.name}: cell {cell + 1} of {len(track.cells)} against shifted spikes"),
    )  # fmt: skip
    p = np.where(np.isfinite(grids.highest), shifted.p, np.nan)
    hexagonal = nearest_lattice(grids)[0] == HEXAGONAL
    module, module_p = find_cell_modules(
        grids.spacing, grids.orientation, (p <= FOUNDING) & hexagonal, shifted, of_modules
    )
    significant, p_random_maps = significant_units(p), None
    if settings.strict:
        progress(f"{recording.name}: {len(p)} cells against random maps")
        (of_maps,) = of_shifts.spawn(1)
        p_random_maps = gridness_p_values(tuned_rates(maps), grids.spacing, maps.bin_size, settings.draws, of_maps)
        significant &= (p_random_maps <= STRICT_ALPHA) | (module >= 0)
    columns = (
        lattice_columns(maps, grids, of_groups, np.zeros(len(p), bool))
        | score_units(maps, grids, recorded=significant, elliptic=settings.elliptic)
        | {"max_rate": highest_rates(maps), "stability": maps.stability, "p_value": p}
        | {"p_band": np.full(len(p), np.nan), "p_border": np.full(len(p), np.nan)}
        | {"significant": significant.astype(np.int8), "module": module}
        | {"tentative": np.full(len(p), -1, np.int16)}
    )
    by = f"{BY_SHIFTS} and {BY_RANDOM_MAPS}" if settings.strict else BY_SHIFTS
    return Scored(recording.name, track.cells, maps, columns, by, track, shifted, module_p, p_random_maps)


def maps_of(found: Maps) -> RateMaps:
    """Maps of any shape in the middle of a square one; the arena is the rectangle that they were."""
    ny, nx = found.rates.shape[1:]
    side = max(ny, nx)
    top, left = (side - ny) // 2, (side - nx) // 2
    rates = np.full((len(found.rates), side, side), np.nan, np.float32)
    rates[:, top : top + ny, left : left + nx] = found.rates
    centres = (np.arange(side) + 0.5 - side / 2) * found.bin_size
    shift = np.array([left + nx / 2 - side / 2, top + ny / 2 - side / 2]) * found.bin_size
    corners = rectangle_of(nx * found.bin_size, ny * found.bin_size) + shift
    visited = np.isfinite(rates).any(axis=0)
    if not visited.any():
        raise InputError(f"{found.name}: no bin of any map holds a rate; expected numbers where the arena was visited")
    return RateMaps(rates, visited.astype(float), centres, corners=corners)


def activity_maps(found: Activity, settings: Settings) -> RateMaps:
    """Rate maps of a network's activity, in the arena that its walks fill."""
    positions = found.positions.reshape(-1, 2)
    given = find_arena(positions) if settings.corners is None else _convex(settings.corners)
    corners, middle = centred(given)
    side = float(np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1).max())
    walks, steps = found.positions.shape[:2]
    arena = ArenaConfig(
        shape=corners.tolist(), side=side, motion="iid", walks=walks, steps=steps, seed=0, velocity_law="square",
        half_width=0.15, mean_speed=0.05, standstill=0.0, heading_noise=0.0, settle=0, bin=settings.bin_size,
        smoothing=settings.smoothing,
    )  # fmt: skip
    visits = ((found.positions[:, step] - middle, found.activity[:, step]) for step in range(steps))
    return accumulate(arena, visits)


def _convex(corners: np.ndarray) -> np.ndarray:
    corners = np.asarray(corners, float)
    if len(corners) < 3 or not is_convex(corners):
        raise InputError(f"the corners of the arena, {corners.tolist()}, are not those of a convex polygon")
    turns_left = np.cross(np.append(corners[1] - corners[0], 0), np.append(corners[2] - corners[1], 0))[2] > 0
    return corners if turns_left else corners[::-1]
