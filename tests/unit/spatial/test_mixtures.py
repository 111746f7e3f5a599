"""Random mixtures as the null of lattices: populations that are mixtures, and some that are not."""

import numpy as np
import pytest

from sslgrid.basics.polygons import corners_of
from sslgrid.claims.fields import modes_against_mixtures, p_of_lattices, walls_against_mixtures
from sslgrid.claims.networks import NetworkResults
from sslgrid.emergence.spectra import measure_spectra
from sslgrid.spatial.mixtures import modes_used, random_mixtures
from sslgrid.spatial.ratemap import RateMaps
from sslgrid.spatial.spectrum import arena_modes, spectrum, wall_anisotropy

BIN, BINS, UNITS = 0.05, 40, 40
ALONG = np.pi * (np.arange(BINS) + 0.5) / BINS
CENTRES = BIN * (np.arange(BINS) + 0.5) - 1
MODES = arena_modes(np.ones((BINS, BINS), bool), BIN)


def mode(m: int, n: int) -> np.ndarray:
    """A cosine mode of the square, (y, x), of mean square 1: m half periods along y, n along x."""
    shape = np.cos(m * ALONG)[:, None] * np.cos(n * ALONG)
    return shape / np.sqrt(np.square(shape).mean())


LATTICES = [mode(4, 0) + mode(0, 4), mode(3, 3)]
SHELL2 = [mode(2, 0), mode(0, 2), mode(2, 1), mode(1, 2)]
SHELL3 = [mode(3, 0), mode(0, 3), mode(3, 1), mode(1, 3), mode(2, 2)]
SHELL4 = [mode(4, 0), mode(0, 4), mode(4, 1), mode(1, 4), mode(3, 3), mode(3, 2), mode(2, 3)]
SHELL4 += [mode(4, 2), mode(2, 4)]


def population(shapes: list[np.ndarray], weights: np.ndarray, noise: float = 0.05) -> np.ndarray:
    """Units (unit, y, x) from weights (unit, shape), with some noise."""
    drawn = np.random.default_rng(1).standard_normal((len(weights), BINS, BINS))
    return np.tensordot(weights, np.array(shapes), 1) + noise * drawn


def mixed(shapes: list[np.ndarray], seed: int = 2) -> np.ndarray:
    """Every unit is a random mixture of one shell's modes."""
    return population(shapes, np.random.default_rng(seed).standard_normal((UNITS, len(shapes))))


def aligned() -> np.ndarray:
    """Every unit is one of two square lattices, up or down."""
    signs = np.random.default_rng(0).choice([-1, 1], UNITS)
    return population(LATTICES, np.eye(2)[np.arange(UNITS) % 2] * signs[:, None])


def measured(ratemaps: np.ndarray, by_heading: float = 0.1, stability: float = 0.9, live=None, draws: int = 19):
    count = len(ratemaps)
    maps = RateMaps(
        ratemaps.astype(np.float32),
        np.ones((BINS, BINS)),
        CENTRES,
        np.full(count, stability),
        corners_of("square", 2.0),
    )
    live = np.ones(count, bool) if live is None else live
    heading = np.full(count, by_heading)
    return measure_spectra(maps, live, np.full(count, 0.5), heading, draws, np.random.default_rng(0))


def as_network(spectra) -> NetworkResults:
    return NetworkResults("cwf", 0, {"spectra": spectra})


def test_modes_are_counted():
    maps = np.array([mode(3, 0), mode(3, 0) + mode(0, 3), mode(3, 0) + 0.3 * mode(0, 3), np.full((BINS, BINS), 0.2)])
    np.testing.assert_allclose(modes_used(maps)[:3], [1, 2, (1 + 0.09) ** 2 / (1 + 0.09**2)], rtol=0.05)
    assert np.isnan(modes_used(maps)[3])


@pytest.mark.parametrize("bent", [lambda x: x, np.tanh, lambda x: np.maximum(0, np.tanh(x))])
def test_a_mixture_keeps_the_power_of_each_order_and_the_values_of_the_map(bent):
    own = bent(mixed(SHELL3))
    drawn = random_mixtures(own, MODES, np.random.default_rng(0))
    was, now = spectrum(own, MODES), spectrum(drawn, MODES)
    np.testing.assert_allclose(now.shells[:, 1:5].mean(axis=0), was.shells[:, 1:5].mean(axis=0), atol=0.06)
    np.testing.assert_allclose(now.frequency.mean(), was.frequency.mean(), rtol=0.06)
    assert abs(np.corrcoef(own[0].ravel(), drawn[0].ravel())[0, 1]) < 0.9, "it is another map"
    a, b = np.sort(drawn[3].ravel()), np.sort((own[3] - own[3].mean()).ravel())
    assert np.corrcoef(a, b)[0, 1] > 0.98


def test_a_map_without_values_everywhere_stays_so():
    own = mixed(SHELL3)
    own[:, :5, :5] = np.nan
    visited = np.isfinite(own[0])
    drawn = random_mixtures(own, arena_modes(visited, BIN), np.random.default_rng(0))
    assert (np.isfinite(drawn) == visited).all()


def test_units_on_lattices_are_more_than_mixtures_of_their_waves():
    found = measured(aligned())
    assert (found["lattice"] > 0).sum() == UNITS > found["mixture_lattices"].max() + 10
    assert p_of_lattices(as_network(found)) == 0.05
    assert modes_against_mixtures(as_network(found)) < 0.8
    assert float(found["shell_share"].sel(shell=4)) > 0.8 and found["frequency"].mean().item() == pytest.approx(
        1, rel=0.1
    )


@pytest.mark.parametrize("shapes", [SHELL2, SHELL3, SHELL4])
@pytest.mark.parametrize("bent", [lambda x: x, np.tanh, lambda x: np.maximum(0, np.tanh(x))])
def test_mixtures_are_no_more_regular_than_mixtures(shapes, bent):
    """Whatever the nonlinearity, on average over populations: the level of the test, and the measures of alignment."""
    beyond, modes, walls = [], [], []
    for seed in range(2):
        found = measured(bent(mixed(shapes, seed)), draws=8)
        own, judged = int((found["lattice"] > 0).sum()), int(found["judged"].sum())
        assert judged > UNITS / 2
        beyond.append((own - found["mixture_lattices"].mean().item()) / judged)
        modes.append(modes_against_mixtures(as_network(found)))
        walls.append(walls_against_mixtures(as_network(found)))
    assert abs(np.mean(beyond)) < 0.1, beyond
    assert 0.8 < np.mean(modes) < 1.2, modes
    assert abs(np.mean(walls)) < 0.1, walls


def test_waves_across_from_the_walls_are_more_so_than_mixtures():
    weights = np.zeros((UNITS, len(SHELL3)))
    weights[np.arange(UNITS), np.arange(UNITS) % 2] = 1
    along = population(SHELL3, weights)
    assert wall_anisotropy(along).mean() > 0.9
    assert walls_against_mixtures(as_network(measured(along))) > 0.3


def test_slopes_take_no_part():
    """They are most units here; what is said is of the ten others."""
    x = np.broadcast_to(CENTRES, (BINS, BINS))
    slopes = np.tile(x, (UNITS - 10, 1, 1)) + 0.05 * np.random.default_rng(3).standard_normal((UNITS - 10, BINS, BINS))
    found = measured(np.concatenate([3 * slopes, mixed(SHELL3)[:10]]))
    assert found["judged"].sum() == 10
    assert 0.5 < modes_against_mixtures(as_network(found)) < 1.5


def test_units_of_the_heading_dead_ones_and_unstable_ones_are_not_judged():
    for changed in ({"by_heading": 0.6}, {"stability": 0.3}, {"live": np.zeros(UNITS, bool)}):
        found = measured(aligned(), **changed)
        assert found["judged"].sum() == 0 and (found["lattice"] > 0).sum() == 0
        assert np.isnan(found["mixture_lattices"]).all() and np.isnan(p_of_lattices(as_network(found)))
    one = measured(aligned()[:1])
    assert one["judged"].sum() == 1 and (one["mixture_lattices"] <= 1).all()
