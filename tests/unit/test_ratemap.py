"""Rate maps."""

from dataclasses import replace

import numpy as np

from examples import ARENA, hexagonal
from sslgrid.spatial.ratemap import accumulate, bin_centres, smooth_rates


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


def test_smoothing_keeps_a_constant_constant_up_to_the_walls():
    occupancy = np.random.default_rng(0).poisson(1.0, size=(20, 20)).astype(float)
    rates = smooth_rates(3 * occupancy[None], occupancy, sigma=1.5)
    assert (np.isnan(rates[0]) == (occupancy == 0)).all()
    np.testing.assert_allclose(rates[0][occupancy > 0], 3)


def test_bins_fill_the_arena():
    np.testing.assert_allclose(bin_centres(ARENA)[[0, -1]], [-0.98, 0.98])
    assert len(bin_centres(ARENA)) == 50
