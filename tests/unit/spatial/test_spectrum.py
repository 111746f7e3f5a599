"""Spectra of maps over the arena's own modes, and the fair criterion for lattices of few periods."""

import numpy as np
import pytest

from sslgrid.basics.brownian import Motion, walk
from sslgrid.basics.polygons import corners_of, wall_distances
from sslgrid.calibration.synthetic import noisy_halves
from sslgrid.claims.cw_fields import STEP
from sslgrid.claims.fields import MORE_THAN_SLOPES
from sslgrid.spatial.gridness import HEXAGONAL, NO_LATTICE, SQUARE
from sslgrid.spatial.spectrum import arena_modes, fair_grids, spectrum, wall_anisotropy, without_plane

BIN = 0.05
SIDES = {"square": 2.0, "triangle": 3.0, "hexagon": 1.25}


class Arena:
    """Bins of an arena: their centres, their distance to each wall, and which are inside."""

    def __init__(self, shape: str):
        self.corners = corners_of(shape, SIDES[shape])
        size = int(np.ceil(2 * np.abs(self.corners).max() / BIN))
        along = (np.arange(size) + 0.5) * BIN - size * BIN / 2
        self.points = np.stack(np.meshgrid(along, along), axis=-1)
        self.walls = wall_distances(self.points, self.corners)
        self.inside = self.walls.min(axis=2) >= 0
        self.normals = range(2 if shape == "square" else 3)  # walls whose normals have all directions
        self.height = self.walls[self.inside].max() + BIN / 2  # across from a wall

    def map_of(self, rates: np.ndarray, seed: int = 0, stability: float = 0.8) -> np.ndarray:
        """Rates (y, x), with the noise that such a stability means, NaN outside: (1, y, x)."""
        lifted = np.where(self.inside, rates - rates[self.inside].min(), 0)
        noisy = noisy_halves(np.random.default_rng(seed), lifted, stability, 1.0).mean(axis=0)
        return np.where(self.inside, noisy, np.nan)[None]

    def lattice(self, periods: float) -> np.ndarray:
        """The sum of the arena's modes of so many periods across from its walls: (y, x)."""
        return sum(np.cos(2 * np.pi * periods * self.walls[..., wall] / self.height) for wall in self.normals)


@pytest.fixture(scope="module", params=SIDES)
def arena(request) -> Arena:
    return Arena(request.param)


def judged(ratemaps: np.ndarray, stability: float = 0.8, by_place: float = 0.8, by_heading: float = 0.1) -> int:
    one = (np.array([value]) for value in (stability, by_place, by_heading))
    return int(fair_grids(ratemaps, BIN, *one).lattice[0])


def test_the_modes_of_a_square_are_the_products_of_cosines():
    square = Arena("square")
    modes = arena_modes(square.inside, BIN)
    expected = np.sort([np.hypot(m, n) for m in range(10) for n in range(10)])[1:31]
    np.testing.assert_allclose(modes.order[:30], expected, rtol=0.02)
    np.testing.assert_allclose(modes.frequency[:30], expected / (2 * 2.0), rtol=0.02)
    np.testing.assert_allclose(modes.shapes @ modes.shapes.T, np.eye(len(modes.order)), atol=1e-6)


def test_a_mode_has_all_its_power_in_its_own_shell(arena):
    modes = arena_modes(arena.inside, BIN)
    maps = np.full((20, *arena.inside.shape), np.nan)
    maps[:, arena.inside] = modes.shapes[2:22]
    found = spectrum(maps, modes)
    order = modes.order[2:22]
    np.testing.assert_allclose(found.shells[np.arange(20), np.rint(order).astype(int) - 1], 1, atol=0.05)
    np.testing.assert_allclose(found.frequency, modes.frequency[2:22], rtol=0.05)
    np.testing.assert_allclose(found.order, order, rtol=0.05)
    np.testing.assert_allclose(found.beyond_second, (order > 2.1) * found.beyond_plane, atol=0.05)


@pytest.mark.parametrize("periods, order", [(1, 2), (1.5, 3), (2, 4)])
def test_a_square_lattice_lies_in_the_shell_of_its_periods(periods, order):
    square = Arena("square")
    found = spectrum(square.map_of(square.lattice(periods), stability=0.99), arena_modes(square.inside, BIN))
    assert found.shells[0].argmax() + 1 == order and found.shells[0].max() > 0.9
    assert found.frequency[0] == pytest.approx(periods / 2.0, rel=0.1)


def test_planes_are_taken_away_and_slopes_have_little_beyond(arena):
    x, y = arena.points[..., 0], arena.points[..., 1]
    plane = np.where(arena.inside, 0.3 + 2 * x - y, np.nan)[None]
    assert np.nanmax(np.abs(without_plane(plane))) < 1e-12
    modes = arena_modes(arena.inside, BIN)
    assert np.isnan(spectrum(plane, modes).beyond_second[0]), "nothing is left that could have a scale"
    bent = np.where(arena.inside, np.tanh(1.5 * x), np.nan)[None]
    assert spectrum(bent, modes).beyond_plane[0] < 0.1
    lattice = np.where(arena.inside, arena.lattice(2) + 0.2 * x, np.nan)[None]
    assert spectrum(lattice, modes).beyond_plane[0] > 0.9


def test_steep_slopes_are_not_taken_for_fields(arena):
    """A slope that is bent eight times as much has hardly a higher order, and is mostly a plane."""
    x, y = arena.points[..., 0], arena.points[..., 1]
    modes = arena_modes(arena.inside, BIN)
    orders = {}
    for gain in (1, 8):
        angles = np.random.default_rng(0).uniform(0, 2 * np.pi, 30)
        slopes = np.array([np.tanh(gain * (np.cos(angle) * x + np.sin(angle) * y)) for angle in angles])
        found = spectrum(np.where(arena.inside, slopes, np.nan), modes)
        orders[gain] = found.order.mean()
        assert found.beyond_plane.mean() < MORE_THAN_SLOPES
    assert 0 < orders[8] - orders[1] < STEP
    fields = np.array([weights @ modes.shapes[7:20] for weights in np.random.default_rng(1).normal(size=(20, 13))])
    maps = np.full((20, *arena.inside.shape), np.nan)
    maps[:, arena.inside] = fields
    assert spectrum(maps, modes).order.mean() > orders[8] + STEP


@pytest.mark.parametrize("shape", ["triangle", "hexagon"])
def test_waves_across_from_the_walls_of_other_arenas_are_more_so_than_those_between(shape):
    arena = Arena(shape)
    normal = arena.corners[1] - arena.corners[0]
    for angle, sign in ((np.pi / 2, 1), (np.pi / 2 + np.pi / 6, -1)):
        turned = np.arctan2(normal[1], normal[0]) + angle
        wave = np.cos(2 * np.pi * 2.5 * (np.cos(turned) * arena.points[..., 0] + np.sin(turned) * arena.points[..., 1]))
        rates = np.where(arena.inside, wave, np.nan)[None]
        assert sign * wall_anisotropy(rates, arena.corners)[0] > 0.5


def test_waves_along_the_walls_normals_and_along_the_diagonals():
    square = Arena("square")
    half = np.pi / 2 * (square.points + 1)
    along = np.cos(3 * half[..., 0]) + np.cos(3 * half[..., 1])
    across = np.cos(2 * half[..., 0]) * np.cos(2 * half[..., 1])
    noise = np.random.default_rng(0).normal(size=(1, *square.inside.shape))
    assert wall_anisotropy(along[None])[0] == pytest.approx(1, abs=0.01)
    assert wall_anisotropy(across[None])[0] == pytest.approx(-1, abs=0.01)
    assert abs(wall_anisotropy(noise)[0]) < 0.15


def test_the_fair_criterion_passes_lattices_of_the_arenas_own_modes(arena):
    periods = (1, 1.5, 2, 2.5, 3) if len(arena.normals) == 2 else (2, 2.5, 3)
    kind = SQUARE if len(arena.normals) == 2 else HEXAGONAL
    for count in periods:
        for sign in (1, -1):
            for seed in range(2):
                assert judged(arena.map_of(sign * arena.lattice(count), seed)) == kind, (count, sign, seed)


def controls(arena: Arena) -> dict[str, np.ndarray]:
    """Slopes, borders and places: (y, x) each."""
    x, y = np.moveaxis(arena.points, -1, 0)
    wall = arena.walls[..., 0]
    return {
        "slope": x + 0.3 * y, "bent slope": np.tanh(2 * x), "slant": np.tanh(1.5 * (x + y)),
        "border": np.exp(-(wall**2) / 0.045), "wide border": np.exp(-(wall**2) / 0.18),
        "corner": np.exp(-np.square(arena.walls[..., :2]).sum(axis=2) / 0.18),
        "place": np.exp(-(x**2 + (y - 0.2) ** 2) / 0.08),
    }  # fmt: skip


def test_the_fair_criterion_passes_no_slope_border_or_place(arena):
    for name, rates in controls(arena).items():
        for seed in range(3):
            assert judged(arena.map_of(rates, seed)) == NO_LATTICE, (name, seed)


def test_the_fair_criterion_asks_for_stability_and_for_place_before_heading(arena):
    lattice = arena.map_of(arena.lattice(2))
    assert judged(lattice) != NO_LATTICE
    assert judged(lattice, stability=0.4) == judged(lattice, by_place=0.3, by_heading=0.4) == NO_LATTICE


def test_a_heading_unit_has_a_square_map_along_walls_and_is_told_by_its_heading():
    """Even of 400,000 steps the map is stable and its gridness90 above 1: walls bias the headings next to them."""
    square = Arena("square")
    _, headings, positions = walk(Motion(0.0, 0.2, 0.33), square.corners, 200, 2000, np.random.default_rng(1))
    column, row = np.floor(positions[1:] / BIN + square.inside.shape[0] / 2).astype(int).clip(0, 39).reshape(-1, 2).T
    rates = np.exp(2 * (np.cos(headings - np.pi / 4) - 1)).ravel()
    visits = np.bincount(40 * row + column, minlength=1600)
    means = np.bincount(40 * row + column, rates, 1600) / visits
    by_place = means[40 * row + column].var() / rates.var()
    ratemap = means.reshape(1, 40, 40)
    scores = fair_grids(ratemap, BIN, np.array([0.9]), np.array([1.0]), np.array([0.0]))
    assert scores.gridness90[0] > 1 and scores.lattice[0] == SQUARE, "the map alone does not tell"
    assert by_place < 0.2
    assert judged(ratemap, stability=0.9, by_place=by_place, by_heading=1.0) == NO_LATTICE
