"""Rate maps and scores in arenas that are no squares, and of rates that go below zero."""

from dataclasses import replace

import numpy as np
import pytest

from examples import ARENA, band, grid_of, hexagonal, place, smooth_noise, square
from sslgrid.basics.polygons import REGULAR, corners_of, wall_distances
from sslgrid.modules.tuning import measure_tuning
from sslgrid.spatial.band import band_scores, least_width, taper, turns_back
from sslgrid.spatial.border import border_scores
from sslgrid.spatial.classes import CLASSES
from sslgrid.spatial.gridness import score_grids
from sslgrid.spatial.ratemap import RateMaps, accumulate, upright
from sslgrid.spatial.scores import score_units
from sslgrid.walks.sampling import sample_walks

BIN = 0.04
SIDES = {"triangle": 3.0, "square": 2.0, "hexagon": 1.25}


def maps_of(shape: str, *units) -> RateMaps:
    """units: functions of the bins' places (y, x, 2)."""
    corners = corners_of(shape, SIDES[shape])
    points = grid_of(2 * np.abs(corners).max(), BIN)
    inside = wall_distances(points, corners).min(axis=2) >= 0
    rates = np.where(inside, np.stack([unit(points) for unit in units]), np.nan)
    return RateMaps(rates, inside.astype(float), points[0, :, 0], corners=corners)


def along(shape: str, wall: int, width: float = 0.08):
    corners = corners_of(shape, SIDES[shape])
    return lambda points: np.exp(-(wall_distances(points, corners)[..., wall] ** 2) / (2 * width**2))


@pytest.mark.parametrize("shape", REGULAR)
def test_walks_in_a_polygon_fill_it_and_nothing_else(shape):
    arena = replace(ARENA, shape=shape, side=SIDES[shape], motion="brownian", walks=300, steps=1000, standstill=0.0)
    walks = sample_walks(arena)
    visits = ((walks.positions[:, t], np.ones((300, 1))) for t in range(1, 1001))
    maps = accumulate(arena, visits)
    assert maps.coverage > 0.99
    touched = maps.walls.min(axis=2) > -maps.bin_size  # a bin that a wall cuts
    assert np.isnan(maps.rates[0][~touched]).all()


@pytest.mark.parametrize("shape", REGULAR)
def test_fields_along_any_wall_are_border_fields_and_others_are_not(shape):
    walls = [along(shape, wall) for wall in range(REGULAR[shape])]
    others = [lambda points: place(points, (0, 0)), lambda points: hexagonal(points, 0.5)]
    maps = maps_of(shape, *walls, *others)
    scores = border_scores(maps.rates, maps.walls, maps.bin_size)
    assert (scores[: len(walls)] > 0.75).all()
    assert (scores[len(walls) :] < 0.3).all()


@pytest.mark.parametrize("shape", REGULAR)
def test_classes_do_not_depend_on_the_shape_of_the_arena(shape):
    units = {
        "hexagonal": lambda points: hexagonal(points, 0.55, 10),
        "square": lambda points: square(points, 0.5, 10),
        "band": lambda points: band(points, 0.6, 33),
        "border": along(shape, 1),
        "place": lambda points: place(points, (0.1, 0.1)),
    }
    maps = maps_of(shape, *units.values())
    found = score_units(maps, score_grids(maps.shown, maps.bin_size))["class"]
    assert [CLASSES[kind] for kind in found] == list(units)


def test_the_taper_of_a_square_is_hanns_window():
    maps = maps_of("square", lambda points: points[..., 0])
    hann = np.sin(np.pi * (np.arange(50) + 0.5) / 50) ** 2
    np.testing.assert_allclose(taper(maps.walls), np.outer(hann, hann), atol=0.05)


def test_a_band_is_one_and_a_lattice_none_in_a_triangle():
    maps = maps_of("triangle", lambda p: band(p, 0.7, 20), lambda p: band(p, 0.5, 90), lambda p: hexagonal(p, 0.5))
    scores = band_scores(maps.rates, maps.walls)
    assert (scores[:2] > 0.85).all() and scores[2] < 0.3


def test_a_sign_tells_nothing_of_rates_that_go_below_zero():
    """A unit, the same upside down, and the same shifted have one tuning."""
    wall, lattice = along("square", 0), lambda points: hexagonal(points, 0.6)
    units = [
        lambda points: 2 * wall(points) - 1, lambda points: 1 - 2 * wall(points), lambda points: 0.3 * wall(points) -
        0.4, lambda points: lattice(points) - 0.5, lambda points: 0.5 - lattice(points),
    ]  # fmt: skip
    columns = measure_tuning(maps_of("square", *units), np.random.default_rng(0), draws=99)
    assert [CLASSES[kind] for kind in columns["class"].values] == ["border"] * 3 + ["hexagonal"] * 2
    np.testing.assert_allclose(columns["border_score"][1:3], columns["border_score"][0], atol=1e-6)
    np.testing.assert_allclose(columns["gridness60"][4], columns["gridness60"][3], atol=1e-6)


def test_one_lattice_among_slopes_is_found():
    """By 200 draws alone, one unit of thirty could never pass the correction."""
    rng = np.random.default_rng(0)
    ways, bends = rng.uniform(0, 2 * np.pi, 29), rng.uniform(0.3, 1.5, (29, 2))

    def slope(way, bend):
        return lambda p: np.tanh(bend[0] * (p @ [np.cos(way), np.sin(way)]) + bend[1] * p.prod(axis=-1))

    units = [lambda points: hexagonal(points, 0.6) - 0.5, *map(slope, ways, bends)]
    columns = measure_tuning(maps_of("square", *units, lambda p: 0 * p[..., 0]), rng, draws=199, tests=["band"])
    assert CLASSES[columns["class"].values[0]] == "hexagonal"
    assert columns["significant"].values.tolist() == [1] + [0] * 30
    assert 1 / 2001 <= columns["p_value"][0] < 1 / 200
    assert np.isfinite(columns["p_band"][:-1]).all() and np.isnan(columns["p_border"]).all()
    assert np.isnan([columns[name][-1] for name in ("p_value", "p_band")]).all(), "a silent unit is not tested"


@pytest.mark.parametrize("shape", REGULAR)
def test_slopes_are_neither_lattices_nor_bands(shape):
    """In a triangle, too, where the map is much wider than the arena is."""
    rng = np.random.default_rng(1)
    noise = smooth_noise(rng, (40, *maps_of(shape, lambda points: points[..., 0]).rates.shape[1:]), 4)

    def slope(unit):
        way, steepness, shift = rng.uniform(0, 2 * np.pi), rng.uniform(0.5, 2), rng.uniform(-0.5, 0.5)
        return lambda p: np.tanh(steepness * (p @ [np.cos(way), np.sin(way)]) + shift) + 0.03 * noise[unit]

    columns = measure_tuning(maps_of(shape, *map(slope, range(40))), rng, draws=100, tests=["band"])
    kinds = [CLASSES[kind] for kind in columns["class"].values]
    assert not {"hexagonal", "sheared", "square", "band"} & set(kinds)


def test_a_wave_turns_back_and_a_slope_does_not():
    units = [lambda p: p @ [0.6, 0.8], lambda p: np.tanh(3 * p @ [0.6, 0.8]), along("hexagon", 1, 0.3)]
    units += [lambda p: band(p, 1.2, 40), lambda p: np.exp(-((p @ [0.6, 0.8]) ** 2) / 0.1)]
    maps = maps_of("hexagon", *units)
    crossings = turns_back(maps.rates, maps.walls)
    np.testing.assert_allclose(crossings[:3], 1, atol=0.1)
    assert crossings[3] > 2.5 and 1.7 < crossings[4] < 2.3


@pytest.mark.parametrize(
    "shape, width", [("square", 2.0), ("triangle", 1.5 * np.sqrt(3)), ("hexagon", 1.25 * np.sqrt(3))]
)
def test_the_least_width(shape, width):
    maps = maps_of(shape, lambda points: points[..., 0])
    assert maps.least_width == pytest.approx(width, rel=0.02)
    assert least_width(maps.walls) * maps.bin_size == pytest.approx(width, rel=0.05)


def test_a_lattice_that_is_not_credible_is_none():
    maps = maps_of("square", *2 * [lambda points: hexagonal(points, 0.6)])
    found = score_units(maps, score_grids(maps.shown, maps.bin_size), credible={"lattice": np.array([True, False])})[
        "class"
    ]
    assert [CLASSES[kind] for kind in found] == ["hexagonal", "none"]


def test_rates_that_are_not_negative_stay_as_they_are():
    maps = maps_of("hexagon", along("hexagon", 0), lambda points: 1 - place(points, (0, 0)))
    assert upright(maps) is maps
