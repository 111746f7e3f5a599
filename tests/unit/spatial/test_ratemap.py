"""Rate maps."""

from dataclasses import replace

import numpy as np

from examples import ARENA, hexagonal
from sslgrid.spatial.ratemap import BLOCK, RateMaps, accumulate, bin_centres, map_correlations, smooth_rates


def visits_of(positions, activity):
    return ((positions[:, t], activity[:, t]) for t in range(positions.shape[1]))


def test_map_recovers_the_function_that_made_the_activity():
    positions = np.random.default_rng(0).uniform(-1, 1, size=(500, 200, 2))
    truth = hexagonal(positions, 0.6)
    arena = replace(ARENA, smoothing=0.0)
    maps = accumulate(arena, visits_of(positions, truth[..., None]))
    y, x = np.meshgrid(maps.centres, maps.centres, indexing="ij")
    exact = hexagonal(np.concatenate([positions.reshape(-1, 2), np.stack([x.ravel(), y.ravel()], -1)]), 0.6)[-x.size :]
    np.testing.assert_allclose(maps.rates[0], exact.reshape(x.shape), atol=0.1)
    assert np.abs(maps.rates[0] - exact.reshape(x.shape)).mean() < 0.02


def test_every_visit_counts_once_and_unvisited_bins_are_nan():
    positions = np.array([[[-0.99, -0.99], [0.99, 0.5], [1.0, 1.0]]])  # the wall belongs to the last bin
    maps = accumulate(ARENA, visits_of(positions, np.ones((1, 3, 2))))
    assert maps.occupancy.sum() == 3
    assert maps.occupancy[0, 0] == maps.occupancy[-1, -1] == 1
    assert maps.occupancy[37, -1] == 1, "rows are y, columns are x"
    assert np.isfinite(maps.rates).sum() == 2 * 3
    np.testing.assert_allclose(maps.rates[np.isfinite(maps.rates)], 1)


def test_the_first_steps_are_left_out():
    positions = np.array([[[0.0, 0.0], [0.0, 0.0], [0.5, 0.5]]])
    maps = accumulate(replace(ARENA, settle=2), visits_of(positions, np.array([[[9.0], [9.0], [1.0]]])))
    assert maps.occupancy.sum() == 1 and np.nanmax(maps.rates) == 1


def test_smoothing_keeps_a_constant_constant_up_to_the_walls():
    occupancy = np.random.default_rng(0).poisson(1.0, size=(20, 20)).astype(float)
    rates = smooth_rates(3 * occupancy[None], occupancy, sigma=1.5)
    assert (np.isnan(rates[0]) == (occupancy == 0)).all()
    np.testing.assert_allclose(rates[0][occupancy > 0], 3)


def test_bins_fill_the_arena():
    np.testing.assert_allclose(bin_centres(ARENA)[[0, -1]], [-0.98, 0.98])
    assert len(bin_centres(ARENA)) == 50


def test_stability_is_the_correlation_of_independent_halves():
    """Of a tuned unit under noise that is independent from visit to visit, of one without tuning, of a constant one."""
    rng = np.random.default_rng(0)
    positions = rng.uniform(-1, 1, size=(1, 100 * BLOCK, 2))
    tuned = hexagonal(positions, 0.6) + 0.5 * rng.normal(size=positions.shape[:2])
    activity = np.stack([tuned, rng.normal(size=tuned.shape), np.full(tuned.shape, 0.3)], axis=-1)
    maps = accumulate(ARENA, visits_of(positions, activity))
    assert maps.stability[0] > 0.8
    assert abs(maps.stability[1]) < 0.15
    assert np.isnan(maps.stability[2])


def test_halves_share_walks_and_times():
    """Two walks: what is one half's block in the first is the other's in the second. A drifting unit is not stable."""
    positions = np.random.default_rng(0).uniform(-1, 1, size=(2, 40 * BLOCK, 2))
    sign = np.where(np.arange(40 * BLOCK) // BLOCK % 2, 1.0, -1.0)
    flips = hexagonal(positions, 0.6) * np.stack([sign, -sign])
    maps = accumulate(ARENA, visits_of(positions, flips[..., None]))
    assert maps.stability[0] < -0.9, "each half saw one sign alone"
    assert maps.occupancy.sum() == positions.shape[0] * positions.shape[1]


def test_map_correlations_leave_out_what_one_half_missed():
    some = np.random.default_rng(0).normal(size=(3, 10, 10))
    others = 2 * some + 1
    others[:, :4] = np.nan
    np.testing.assert_allclose(map_correlations(some, others), 1)
    assert np.isnan(map_correlations(some[:1], np.full((1, 10, 10), np.nan)))


def test_rounded_maps_are_near_in_every_units_own_range_and_keep_its_score():
    """Units of any size, a constant one, and bins that no walk reached; twice rounded is once rounded."""
    rng = np.random.default_rng(0)
    centres = 0.05 * np.arange(40) - 0.975
    places = np.stack(np.meshgrid(centres, centres), axis=-1)
    exact = np.stack([0.2 * hexagonal(places, 0.6), 100 + 1e-3 * rng.random((40, 40)), np.full((40, 40), 0.3)])
    exact = exact.astype(np.float32)
    exact[:, 3, 4] = np.nan
    maps = RateMaps(exact, np.ones((40, 40)), centres)
    found = maps.rounded(128).rates
    assert found.dtype == np.float32 and np.isnan(found[:, 3, 4]).all()
    extent = np.nanmax(exact, axis=(1, 2)) - np.nanmin(exact, axis=(1, 2))
    assert (np.nanmax(np.abs(found - exact), axis=(1, 2))[:2] <= extent[:2] / 256).all()
    step = np.diff(np.unique(found[1][np.isfinite(found[1])])).min()
    assert 128 <= extent[1] / step <= 256
    assert np.array_equal(maps.rounded(128).rounded(128).rates, found, equal_nan=True)
