"""What the measures say of units whose truth is known: classes, spacings, arenas, noise and gaps, drawn at random.

The noise of a map is given by its stability, the correlation of the maps of two halves of a recording, because that is
known of real maps too.
"""

from dataclasses import asdict, dataclass, replace
from itertools import product

import numpy as np
import xarray as xr
from ratinabox import Agent, Environment
from ratinabox.Neurons import GridCells
from sklearn.metrics import balanced_accuracy_score

from sslgrid.basics.angles import difference
from sslgrid.basics.arena import ArenaConfig
from sslgrid.calibration import synthetic
from sslgrid.datasets.calibration import CALIBRATION
from sslgrid.spatial import lattice as lt
from sslgrid.spatial.classes import CLASSES, UnitClass
from sslgrid.spatial.gridness import score_grids
from sslgrid.spatial.ratemap import RateMaps, accumulate, map_correlations
from sslgrid.spatial.scores import score_units
from sslgrid.spatial.significance import gridness_p_values
from sslgrid.walks.sampling import sample_walks

SIDES = (2.0, 3.0, 4.0)  # m
STABILITIES = (0.98, 0.9, 0.7, 0.5)  # nineteen in twenty maps of trained networks are as stable as the first, or more
GAPS = (0.0, 0.2)  # share of the bins that are missing, here and there
HALF = 0.5  # of the arena is missing, in one piece: these maps must have no scores
SPACINGS = (0.45, 1.3)  # m, also the lengths of bands and of random waves
SHEARS = (1.2, 1.3)  # ratio of the axes; at 3^(1/4) = 1.32 hexagonal and square lattices meet
FIELDS = (0.1, 0.25)  # m, width of a place field
LININGS = (0.06, 0.15)  # m, depth of a field along a wall
BLOBS = (0.06, 0.16)  # m, width of the filter that makes random maps
WAVES = 40  # of one length make the other kind of random map
RECTIFIED = (0.0, 0.6)  # share of a map's range that a unit's threshold cuts off
SYNTHETIC, RATINABOX = range(2)  # sources of units
GRID_CELLS, RAT_WALKS, RAT_STEPS = 30, 20, 400  # of RatInABox, and how its rat walks


@dataclass(frozen=True)
class Group:
    """Units drawn alike: `units` of each class."""

    side: float  # m
    stability: float
    missing: float  # share of the bins
    units: int
    classes: tuple[int, ...] = tuple(range(len(CLASSES)))
    draws: int = 0  # of the null behind the p-values; 0 for no p-values


def design(units: int, draws: int) -> list[Group]:
    """`units` of each class for each arena, stability and share of gaps; lattices and random maps that are tested.

    Most are tested at the noise of networks' maps, and some at each stability of recorded ones: power and level.
    """
    easiest = SIDES[0], STABILITIES[0]
    return [
        *(Group(*setting, units) for setting in product(SIDES, STABILITIES, GAPS)),
        Group(*easiest, HALF, units),
        Group(*easiest, 0.0, units, (UnitClass.HEXAGONAL, UnitClass.SHEARED, UnitClass.SQUARE), draws),
        Group(*easiest, 0.0, 16 * units, (UnitClass.NONE,), draws),
        *(
            group
            for stability in STABILITIES[1:]
            for group in (
                Group(SIDES[0], stability, 0.0, units, (UnitClass.HEXAGONAL,), draws),
                Group(SIDES[0], stability, 0.0, 4 * units, (UnitClass.NONE,), draws),
            )
        ),
    ]


def measure_calibration(units: int, draws: int, arena: ArenaConfig, rng: np.random.Generator) -> xr.Dataset:
    """What a file of `datasets.calibration.CALIBRATION` holds.

    units: of each class in each setting. draws: of the nulls.
    """
    columns = calibrate(design(units, draws), arena, rng)
    values = {**columns, "balanced_accuracy": balanced_accuracy(columns)}
    return CALIBRATION.dataset(values, {"level": np.array(STABILITIES)})


def calibrate(groups: list[Group], arena: ArenaConfig, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Truth and measures of every unit, (unit,) each, by the names of `datasets.calibration`.

    arena: all maps have its bins and smoothing, and RatInABox's rat its speed.
    """
    blocks = [_measure_group(group, arena, rng) for group in groups]
    blocks.append(_measure_grid_cells(replace(arena, side=SIDES[0], motion="rat"), rng))
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def balanced_accuracy(columns: dict[str, np.ndarray]) -> np.ndarray:
    """Mean over the classes of the share of units that were given theirs, for each of `STABILITIES`, over all arenas.

    Maps of which half is missing do not count, nor the further units that were tested for significance.
    """
    balanced = (columns["source"] == SYNTHETIC) & (columns["missing"] < HALF) & np.isnan(columns["p_value"])
    return np.array(
        [
            balanced_accuracy_score(columns["true_class"][units], columns["class"][units])
            for units in (balanced & (columns["noise_level"] == level) for level in STABILITIES)
        ]
    )


def share_significant(columns: dict[str, np.ndarray], random: bool, level: float = 0.05) -> np.ndarray:
    """Share of the tested units with p <= level for each of `STABILITIES`: of random maps, or of hexagonal lattices."""
    kind = UnitClass.NONE if random else UnitClass.HEXAGONAL
    tested = np.isfinite(columns["p_value"]) & (columns["true_class"] == kind)
    return np.array(
        [np.mean(columns["p_value"][tested & (columns["noise_level"] == noise)] <= level) for noise in STABILITIES]
    )


def _measure_group(group: Group, arena: ArenaConfig, rng: np.random.Generator) -> dict[str, np.ndarray]:
    points = synthetic.grid_of(group.side, arena.bin)
    kinds = np.repeat(group.classes, group.units)
    rates, vectors, wavelengths = zip(*(draw_unit(kind, points, rng) for kind in kinds), strict=True)
    sigma = arena.smoothing / arena.bin
    halves = np.stack([synthetic.noisy_halves(rng, each, group.stability, sigma) for each in rates], axis=1)
    rates = halves.mean(axis=0)
    rates[_gaps(group, rates.shape, rng)] = np.nan
    maps = RateMaps(rates, np.isfinite(rates).any(axis=0).astype(float), points[0, :, 0], map_correlations(*halves))
    setting = {
        "source": np.int8(SYNTHETIC),
        "side": group.side,
        "missing": group.missing,
        "noise_level": group.stability,
    }
    return _columns(setting, kinds, np.stack(vectors), np.array(wavelengths), maps, group.draws, rng)


def _gaps(group: Group, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    if group.missing == HALF:
        return np.broadcast_to(np.arange(shape[1])[:, None] < HALF * shape[1], shape)
    return rng.uniform(size=shape) < group.missing


def draw_unit(kind: int, points: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, float]:
    """One unit of a class: its map (y, x) in [0, 1], the vectors (3, 2) of its lattice and its wavelength, m.

    NaN for a unit without a lattice, or without a wavelength.
    """
    vectors, length = np.full((3, 2), np.nan), np.nan
    if kind == UnitClass.PLACE:
        wall = np.abs(points).max()
        return synthetic.place(points, rng.uniform(-wall, wall, 2), rng.uniform(*FIELDS)), vectors, length
    if kind == UnitClass.BORDER:
        return synthetic.border(points, rng.integers(4), rng.uniform(*LININGS)), vectors, length
    if kind == UnitClass.BAND:
        length = rng.uniform(*SPACINGS)
        rates = synthetic.band(points, length, rng.uniform(0, 180), rng.uniform(0, 2 * np.pi))
    elif kind == UnitClass.NONE:
        rates, length = _random_map(points, rng)
    else:
        rates, vectors = _lattice(kind, points, rng)
    return (rates - rng.uniform(*RECTIFIED)).clip(0), vectors, length


def _random_map(points: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """Filtered noise, or waves of one length in all directions: the map and the length, NaN for the noise."""
    if rng.uniform() < 0.5:
        length = rng.uniform(*SPACINGS)
        directions, phases = rng.uniform(0, 2 * np.pi, (2, WAVES))
        return synthetic.waves(points, directions, length, phases), length
    bin_size = points[0, 1, 0] - points[0, 0, 0]
    noise = synthetic.smooth_noise(rng, points.shape[:2], rng.uniform(*BLOBS) / bin_size)
    return (noise - noise.min()) / np.ptp(noise), np.nan


def _lattice(kind: int, points: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A lattice with its three shortest vectors. Sheared ones come from hexagonal and from square ones, half each."""
    spacing, orientation = rng.uniform(*SPACINGS), rng.uniform(0, 360)
    squares = kind == UnitClass.SQUARE or (kind == UnitClass.SHEARED and rng.uniform() < 0.5)
    ellipse = np.eye(2)
    if kind == UnitClass.SHEARED:
        ratio = rng.uniform(*SHEARS)
        ellipse = synthetic.stretch(ratio, rng.uniform(0, 180)) / np.sqrt(ratio)  # the same area
    draw, turn = (synthetic.square, 90) if squares else (synthetic.hexagonal, 60)
    rates = draw(points @ np.linalg.inv(ellipse), spacing, orientation, rng.uniform(-spacing, spacing, 2))
    angles = np.deg2rad(orientation + np.array([0, turn]))
    first, second = spacing * np.stack([np.cos(angles), np.sin(angles)], axis=1) @ ellipse
    third = min(second - first, second + first, key=np.linalg.norm)
    return rates, np.stack([first, second, third])


def _measure_grid_cells(arena: ArenaConfig, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """RatInABox's grid cells on the walks of its rat.

    Its `gridscale` is the length of the three waves, so the fields are 2 / sqrt(3) times as far apart, and the
    lattice's axes are turned by 30 deg from the waves.
    """
    spacing = rng.uniform(*SPACINGS, GRID_CELLS)
    orientation = rng.uniform(0, 2 * np.pi, GRID_CELLS)
    cells = GridCells(
        Agent(Environment({"scale": arena.side}), {"save_history": False}),
        {
            "gridscale": spacing * np.sqrt(3) / 2,
            "orientation": orientation - np.pi / 6,
            "phase_offset": rng.uniform(0, 2 * np.pi, (GRID_CELLS, 2)),
        },
    )
    walks = sample_walks(replace(arena, walks=RAT_WALKS, steps=RAT_STEPS, seed=int(rng.integers(2**31))))
    steps = np.moveaxis(np.asarray(walks.positions[:, 1:]), 1, 0)
    maps = accumulate(arena, ((at, cells.get_state(None, pos=at + arena.side / 2).T) for at in steps))
    angles = orientation[:, None] + np.deg2rad([0, 60, 120])
    vectors = spacing[:, None, None] * np.stack([np.cos(angles), np.sin(angles)], axis=2)
    missing = (maps.occupancy == 0).mean()
    setting = {"source": np.int8(RATINABOX), "side": arena.side, "missing": missing, "noise_level": np.nan}
    kinds = np.full(GRID_CELLS, UnitClass.HEXAGONAL)
    return _columns(setting, kinds, vectors, np.full(GRID_CELLS, np.nan), maps, 0, rng)


def _columns(
    setting: dict[str, float],
    kinds: np.ndarray,
    vectors: np.ndarray,
    wavelengths: np.ndarray,
    maps: RateMaps,
    draws: int,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Setting, truth and measures of units with one setting."""
    ellipticity60, ellipticity90 = (lt.axes(form(vectors))[1] for form in (lt.hexagonal_form, lt.square_form))
    squares = ellipticity90 < ellipticity60
    pair = vectors[:, :2]
    spacing = np.where(squares, lt.spacing(pair), lt.spacing(vectors))
    orientation = np.where(squares, lt.orientation(pair, 4), lt.orientation(vectors, 6))
    ellipticity = np.fmin(ellipticity60, ellipticity90)
    truth = {
        "true_class": kinds.astype(np.int8),
        "true_spacing": spacing,
        "true_orientation": orientation,
        "true_ellipticity": ellipticity,
        "wavelength": wavelengths,
    }
    grids = score_grids(maps.shown, maps.bin_size)
    errors = {
        "spacing_error": grids.spacing / spacing - 1,
        "orientation_error": difference(grids.orientation, orientation, np.where(squares, 90, 60)),
        "ellipticity_error": grids.ellipticity - ellipticity,
    }
    p = np.full(len(kinds), np.nan)
    if draws:
        p = gridness_p_values(maps.shown, grids.spacing, maps.bin_size, draws, rng)
    measures = asdict(grids) | {"lattice": grids.lattice.astype(np.int8)} | score_units(maps, grids)
    everywhere = {name: np.full(len(kinds), value) for name, value in setting.items()}
    return everywhere | truth | measures | errors | {"stability": maps.stability, "p_value": p}
