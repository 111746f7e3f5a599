"""Random mixtures as the null of lattices: populations that are mixtures, and some that are not."""

import numpy as np
import pytest

from sslgrid.basics.polygons import corners_of
from sslgrid.emergence.spectra import measure_spectra
from sslgrid.spatial.mixtures import mixtures, modes_used, rotation
from sslgrid.spatial.ratemap import RateMaps

BIN, BINS, UNITS = 0.05, 40, 40
ALONG = np.pi * (np.arange(BINS) + 0.5) / BINS


def mode(m: int, n: int) -> np.ndarray:
    """A cosine mode of the square, (y, x): m half periods along y, n along x."""
    return np.cos(m * ALONG)[:, None] * np.cos(n * ALONG)


LATTICES = [mode(4, 0) + mode(0, 4), mode(3, 3)]
SHELL = [mode(4, 0), mode(0, 4), mode(3, 3), mode(4, 1), mode(1, 4), mode(3, 2), mode(2, 3)]


def population(shapes: list[np.ndarray], weights: np.ndarray) -> np.ndarray:
    """Units (unit, y, x) from weights (unit, shape), with some noise."""
    noise = np.random.default_rng(1).standard_normal((len(weights), BINS, BINS))
    return np.tensordot(weights, np.array(shapes), 1) + 0.05 * noise


@pytest.fixture
def aligned() -> np.ndarray:
    """Every unit is one of two square lattices, up or down."""
    signs = np.random.default_rng(0).choice([-1, 1], UNITS)
    return population(LATTICES, np.eye(2)[np.arange(UNITS) % 2] * signs[:, None])


@pytest.fixture
def mixed() -> np.ndarray:
    """Every unit is a random mixture of one shell's modes."""
    return population(SHELL, np.random.default_rng(2).standard_normal((UNITS, len(SHELL))))


def test_a_rotation_keeps_lengths_and_prefers_no_direction():
    rng = np.random.default_rng(0)
    turns = np.array([rotation(3, rng) for _ in range(2000)])
    np.testing.assert_allclose(turns @ turns.transpose(0, 2, 1), np.broadcast_to(np.eye(3), turns.shape), atol=1e-12)
    np.testing.assert_allclose(turns.mean(axis=0), 0, atol=0.05)
    np.testing.assert_allclose(np.square(turns).mean(axis=0), 1 / 3, atol=0.03)


def test_modes_are_counted():
    maps = np.array([mode(3, 0), mode(3, 0) + mode(0, 3), mode(3, 0) + 0.3 * mode(0, 3), np.full((BINS, BINS), 0.2)])
    np.testing.assert_allclose(modes_used(maps)[:3], [1, 2, (1 + 0.09) ** 2 / (1 + 0.09**2)], rtol=0.05)
    assert np.isnan(modes_used(maps)[3])


def test_units_on_lattices_are_more_than_mixtures_of_them(aligned):
    found = mixtures(aligned, BIN, True, 10, np.random.default_rng(0))
    assert 0.5 * UNITS < found["mixture_lattices"].mean() < 0.9 * UNITS, "of one spacing, mixtures often are lattices"
    assert modes_used(aligned).mean() < 0.8 * found["mixture_modes_used"].mean()


def measured(ratemaps: np.ndarray, by_heading: float = 0.1, stability: float = 0.9, **changed):
    maps = RateMaps(
        ratemaps.astype(np.float32), np.ones((BINS, BINS)), BIN * (np.arange(BINS) + 0.5) - 1,
        np.full(len(ratemaps), stability), corners_of("square", 2.0),
    )  # fmt: skip
    place = np.full(len(ratemaps), 0.5)
    return measure_spectra(
        maps, np.ones(len(ratemaps), bool), place, np.full(len(ratemaps), by_heading), 10, np.random.default_rng(0)
    )


def test_a_population_of_mixtures_is_like_its_own_mixtures(mixed, aligned):
    found = measured(mixed)
    own = int((found["lattice"] > 0).sum())
    low, high = found["mixture_lattices"].min(), found["mixture_lattices"].max()
    assert low - 2 <= own <= high + 2
    ratio = found["modes_used"].mean() / found["mixture_modes_used"].mean()
    assert 0.9 < ratio < 1.1
    assert (measured(aligned)["lattice"] > 0).sum() == UNITS
    share = found["shell_share"]
    assert float(share.sel(shell=4)) > 0.8 and found["frequency"].mean().item() == pytest.approx(1, rel=0.1)


def test_units_of_the_heading_or_without_a_stable_map_are_not_judged(aligned):
    for found in (measured(aligned, by_heading=0.6), measured(aligned, stability=0.3)):
        assert found["judged"].sum() == 0 and (found["lattice"] > 0).sum() == 0
        assert (found["mixture_lattices"] == 0).all() and np.isnan(found["mixture_fields"]).all()
