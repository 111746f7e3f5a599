"""P-values: small for lattices, even for maps of the null itself."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.fft import rfft2
from scipy.stats import false_discovery_control

from examples import band, border, grid_of, hexagonal, smooth_noise, square
from sslgrid.spatial.band import band_scores
from sslgrid.spatial.border import border_scores
from sslgrid.spatial.gridness import score_grids
from sslgrid.spatial.ratemap import RateMaps
from sslgrid.spatial.significance import gridness_p_values, merged, score_p_values, significant_units, surrogates

BIN = 0.08
POINTS = grid_of(2.0, BIN)


def p_values(maps, draws, seed=0):
    return gridness_p_values(maps, score_grids(maps, BIN).spacing, BIN, draws, np.random.default_rng(seed))


def test_lattices_are_significant_also_under_noise():
    rng = np.random.default_rng(0)
    maps = np.stack([hexagonal(POINTS, 0.6, 10), hexagonal(POINTS, 0.9, 40), square(POINTS, 0.6, 20)])
    maps = maps + 0.5 * maps.std() * smooth_noise(rng, maps.shape, 1.0)
    assert (p_values(maps, draws=99) <= 0.03).all()


def test_random_maps_have_even_p_values():
    """5 % of random maps below 0.05, and so on: within what 150 maps allow."""
    maps = smooth_noise(np.random.default_rng(1), (150, 25, 25), 2.0)
    p = p_values(maps, draws=39)
    for level in (0.05, 0.25, 0.5):
        allowed = 3 * np.sqrt(level * (1 - level) / len(p))
        assert abs((p <= level).mean() - level) < allowed, level


def test_random_waves_of_one_length_are_not_taken_for_lattices():
    """Rectified sums of many plane waves of one length: ring-like spectra, like a lattice's, but no directions."""
    rng = np.random.default_rng(2)
    directions, phases = rng.uniform(0, 2 * np.pi, (2, 120, 40))
    k = 2 * np.pi / 0.75 * np.stack([np.cos(directions), np.sin(directions)], axis=-1)
    maps = np.cos(np.einsum("yxa,mwa->myxw", POINTS, k) + phases[:, None, None]).sum(axis=-1).clip(0)
    assert (p_values(maps, draws=39) <= 0.05).mean() < 0.13


def test_surrogates_keep_smoothness_and_gaps():
    rates = hexagonal(POINTS, 0.6, 10)
    rates[:5, :5] = np.nan
    maps = surrogates(rates, rfft2(np.random.default_rng(0).standard_normal((200, 50, 50))))
    assert (np.isnan(maps) == np.isnan(rates)).all()
    np.testing.assert_allclose(np.nanquantile(maps[7], [0, 0.3, 1]), np.nanquantile(rates, [0, 0.3, 1]))
    mean = np.nanmean(rates)  # which the surrogates share
    centred, maps = rates - mean, maps - mean
    for lag in (1, 2):
        wanted = np.nanmean(centred[:, lag:] * centred[:, :-lag])
        assert abs(np.nanmean(maps[:, :, lag:] * maps[:, :, :-lag]) - wanted) < 0.2 * np.nanvar(rates)


def test_sheared_lattices_are_significant():
    """Half of the way from a square to a hexagonal lattice neither gridness is high; with the ellipse undone one is."""
    sheared = np.stack([square(POINTS @ np.diag([1, 0.8]), 0.7, turn) for turn in (40, 45, 50)])
    scores = score_grids(sheared, BIN)
    assert (np.fmax(scores.gridness60, scores.gridness90) < 0.5).all() and (scores.highest > 0.9).all()
    assert (p_values(sheared, draws=99) <= 0.05).all()


def test_merged_maps_keep_the_mean_over_the_visited():
    rates = np.arange(2 * 5 * 4, dtype=np.float32).reshape(2, 5, 4)
    rates[0, 0, 0] = np.nan
    rates[1, :2, :2] = np.nan
    maps = merged(rates)
    assert maps.shape == (2, 2, 2) and maps.dtype == np.float32
    np.testing.assert_allclose(maps[0, 0, 0], np.mean([1, 4, 5]))
    assert np.isnan(maps[1, 0, 0])


def test_no_unit_is_significant_without_a_p_value():
    passes = significant_units(np.array([0.001, np.nan, 0.9, 0.02]))
    assert passes.tolist() == [True, False, False, True]
    assert not significant_units(np.full(3, np.nan)).any()


def test_fields_along_walls_and_bands_are_significant_and_random_maps_are_not():
    """Of 60 random maps 5 % pass at 0.05, within what so many allow."""
    walls = RateMaps(np.zeros((1, 25, 25)), np.ones((25, 25)), POINTS[0, :, 0]).walls
    scores = {"border": lambda maps: border_scores(maps, walls, BIN), "band": lambda maps: band_scores(maps, walls)}
    tuned = {"border": border(POINTS, 1, 0.12), "band": band(POINTS, 0.6, 30)}
    noise = smooth_noise(np.random.default_rng(3), (60, 25, 25), 2.0)
    for name, score in scores.items():
        maps = np.concatenate([tuned[name][None], noise - noise.min(axis=(1, 2), keepdims=True), np.zeros((1, 25, 25))])
        p = score_p_values(maps, score, 39, np.random.default_rng(4))
        assert p[0] <= 0.05, name
        assert (p[1:-1] <= 0.05).mean() < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60), name
        assert np.isnan(p[-1]), "a flat map has no score"


def test_silent_units_have_no_p_value():
    assert np.isnan(p_values(np.zeros((1, 25, 25)), draws=9)).all()


@given(arrays(float, st.integers(0, 30), elements=st.floats(0, 1) | st.just(np.nan)))
def test_discoveries_are_those_that_scipy_makes(p):
    tested = np.isfinite(p)
    expected = np.zeros(len(p), bool)
    if tested.any():
        expected[tested] = false_discovery_control(p[tested]) <= 0.05
    assert (significant_units(p) == expected).all()
