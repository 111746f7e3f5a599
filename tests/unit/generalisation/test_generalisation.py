"""What is measured of the code outside training, on populations of known truth."""

import tracemalloc
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist

from examples import LOSSES, TRAJECTORIES
from populations import CELL, SPACING, maps_of, population, tuning_of
from sslgrid.basics.errors import InputError
from sslgrid.commands.measure_generalisation import read_arenas, training_points
from sslgrid.datasets.ratemaps import read_ratemaps, write_ratemaps
from sslgrid.generalisation.arenas import compare, cross_correlations, unknown
from sslgrid.generalisation.distances import measure_distances, radius_edges, shares_within
from sslgrid.generalisation.drift import measure_drift, module_codes, window_edges
from sslgrid.generalisation.outside import compare_arenas
from sslgrid.networks import Trained
from sslgrid.sic.batches import sample_batch
from sslgrid.sic.losses import path_invariance, squared_distances
from sslgrid.spatial.ratemap import RateMaps

MAPS, TUNING = maps_of(2.0), tuning_of(25)
CODES = module_codes(MAPS, TUNING)
SIGMA_X = LOSSES.sigma_x


def walks(steps, count, seed=0):
    """Positions in the 2 m box, step by step, near enough to a walk: (walk, 2) each."""
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        yield rng.uniform(-1, 1, (count, 2))


def drift_of(encoded, steps=200, count=10, codes=CODES):
    """The drift of a population that is active as at `encoded(x)`."""
    visits = ((x, population(encoded(x))) for x in walks(steps, count))
    return measure_drift(codes, MAPS, visits, count, steps, SIGMA_X)


def test_a_perfect_code_does_not_drift():
    drift = drift_of(lambda x: x)
    assert drift.drift.max() < 0.005 and drift.map_error.max() < 0.01
    assert CODES[0].fidelity > 0.98


@settings(max_examples=20)
@given(st.floats(0, 0.45), st.floats(0, 2 * np.pi), st.integers(-2, 2))
def test_a_displaced_code_is_displaced_by_as_much_modulo_the_lattice(length, direction, periods):
    shift = SPACING * length * np.array([np.cos(direction), np.sin(direction)])
    drift = drift_of(lambda x: x + shift + periods * CELL[:, 0], steps=60)
    np.testing.assert_allclose(drift.displacement[0, -1], np.broadcast_to(shift, (10, 2)), atol=0.01)
    np.testing.assert_allclose([drift.drift[0, -1], drift.bias[0, -1]], np.linalg.norm(shift), atol=0.01)


def test_walks_that_stray_apart_have_no_bias_and_a_lost_code_is_known_by_its_numbers():
    anywhere = np.random.default_rng(1).uniform(-50, 50, (1500, 2))
    drift = drift_of(lambda x: x + anywhere, steps=20, count=1500)
    assert drift.drift[0, -1] == pytest.approx(CODES[0].lost, rel=0.05)
    assert drift.map_error[0, -1] == pytest.approx(2, rel=0.05)
    assert drift.bias[0, -1] < 0.1 * drift.drift[0, -1]


def test_a_module_of_one_phase_is_not_said_to_stay():
    rates = MAPS.rates[[0, 0, 0, 0]]
    codes = module_codes(replace(MAPS, rates=rates), tuning_of(4))
    visits = ((x, population(x)[:, [0, 0, 0, 0]]) for x in walks(20, 5))
    drift = measure_drift(codes, replace(MAPS, rates=rates), visits, 5, 20, SIGMA_X)
    assert codes[0].fidelity < 0.5
    assert np.isnan(drift.drift).all() and np.isfinite(drift.map_error).all()


def test_steps_where_the_maps_know_nothing_are_left_out():
    rates = MAPS.rates.copy()
    rates[:, :, :25] = np.nan
    visits = [(x, population(np.where(x[:, :1] > 0, x, x + 0.2))) for x in walks(100, 10)]
    drift = measure_drift(CODES, replace(MAPS, rates=rates), visits, 10, 100, SIGMA_X)
    assert drift.drift[0, -1] < 0.005
    nowhere = measure_drift(CODES, MAPS, [(x + 5, g) for x, g in visits], 10, 100, SIGMA_X)
    assert np.isnan(nowhere.drift).all() and np.isnan(nowhere.map_error).all()


def test_error_of_near_pairs_is_the_loss():
    rng = np.random.default_rng(0)
    visits = [(rng.uniform(-0.1, 0.1, (20, 2)), rng.uniform(size=(20, 25))) for _ in range(8)]
    drift = measure_drift(CODES, MAPS, visits, 20, 8, SIGMA_X)
    total = pairs = 0
    for x, g in visits:
        near = squared_distances(torch.from_numpy(x)) < SIGMA_X**2
        total += float(path_invariance(torch.from_numpy(g), near))
        pairs += int(near.sum()) - len(x)
    assert drift.pairs.sum() == pairs / 2
    assert np.nansum(drift.pair_error * drift.pairs) / drift.pairs.sum() == pytest.approx(total / pairs)


def test_path_length_and_windows():
    there = np.array([0.1, 0.0])
    visits = [(there[None] * (step % 2), np.ones((1, 25))) for step in range(1, 1001)]
    drift = measure_drift(CODES, MAPS, visits, 1, 1000, SIGMA_X)
    assert drift.edges[0] == 1 and drift.edges[-1] == 1001
    np.testing.assert_allclose(drift.path_length, 0.1 * ((drift.edges[:-1] + drift.edges[1:]) / 2 - 1))
    for steps in (1, 2, 57, 10_000):
        edges = window_edges(steps)
        assert edges[0] == 1 and edges[-1] == steps + 1 and (np.diff(edges) > 0).all()


def test_no_modules_leave_the_pairs():
    visits = [(x, np.ones((10, 25))) for x in walks(30, 10)]
    drift = measure_drift([], MAPS, visits, 10, 30, SIGMA_X)
    assert drift.drift.shape == (0, len(drift.edges) - 1)
    assert (drift.pair_error[drift.pairs > 0] == 0).all()


def test_measures_do_not_hold_the_walks():
    def peak(steps):
        tracemalloc.start()
        drift_of(lambda x: x, steps=steps, count=5)
        measure_distances(np.zeros(25), ((x, population(x)) for x in walks(steps, 5)))
        return tracemalloc.get_traced_memory()[1], tracemalloc.stop()

    peak(10)
    assert peak(1000)[0] < 1.5 * peak(150)[0]


def test_the_same_code_in_a_larger_arena_has_the_same_maps():
    """Also at other bins, and where a part was not visited; another unit's map has not."""
    larger = maps_of(3.0, 0.06)
    larger.rates[:, :10, :10] = np.nan
    correlations = cross_correlations(MAPS, larger)
    assert (correlations.diagonal() > 0.99).all()
    assert correlations[~np.eye(25, dtype=bool)].max() < 0.8
    np.testing.assert_allclose(cross_correlations(larger, MAPS), correlations.T)
    flat = RateMaps(np.full_like(larger.rates, 0.3), larger.occupancy, larger.centres)
    assert np.isnan(cross_correlations(MAPS, flat)).all()
    apart = replace(larger, rates=np.full_like(larger.rates, np.nan))
    assert np.isnan(cross_correlations(MAPS, apart)).all()


def test_comparison_of_arenas():
    other = TUNING.copy(deep=True)
    other["spacing"][:] = np.linspace(0.6, 0.85, 25)
    other["gridness60_corrected"][20:] = 0
    result = compare((MAPS, TUNING), (maps_of(3.0), other), np.random.default_rng(0))
    assert result.correlation == pytest.approx(1, abs=0.01)
    assert result.null_correlation < 0.1 and result.null_high < 0.8
    assert result.spacing == pytest.approx(np.linspace(0.6, 0.85, 25)[9:11].mean()), (
        "of the units that are on a lattice there"
    )
    assert result.spacing_low < result.spacing < result.spacing_high
    assert result.gridness == pytest.approx(1.2)
    nothing = unknown(25, 1)
    assert all(np.shape(getattr(nothing, name)) == np.shape(value) for name, value in vars(result).items())
    assert np.isnan(nothing.correlation).all()


def test_distances_from_the_start():
    rng = np.random.default_rng(0)
    start = np.array([1.0, 0.0])
    visits = [(x, np.stack([np.cos(turn := 0.3 * np.linalg.norm(x, axis=1)), np.sin(turn)], axis=1))
              for x in rng.uniform(-2, 2, (200, 50, 2))]  # fmt: skip
    found = measure_distances(start, visits)
    radius = (found.radius_edges[:-1] + found.radius_edges[1:]) / 2
    seen = found.visits.sum(axis=1) > 0
    np.testing.assert_allclose(found.mean[seen], 2 * np.sin(0.15 * radius[seen]), atol=0.01)
    assert (found.lowest[seen] <= found.mean[seen]).all()
    assert np.isnan(found.mean[~seen]).all() and found.visits.sum() == 200 * 50


def test_training_displacements():
    radii = radius_edges()[1:]
    shares = shares_within(training_points(TRAJECTORIES, 3), radii, np.random.default_rng(0))
    assert (np.diff(shares) >= 0).all() and shares[-1] == 1
    points = [sample_batch(TRAJECTORIES, 3, step).positions[:, 1:].reshape(-1, 2) for step in range(50)]
    expected = np.mean([[(pdist(each) < radius).mean() for radius in radii] for each in points], axis=0)
    np.testing.assert_allclose(shares, expected)


def test_an_arena_that_walks_do_not_cover_is_left_out():
    empty = replace(MAPS, occupancy=np.where(np.arange(50) < 20, 1.0, 0.0)[None].repeat(50, axis=0))
    found = compare_arenas([MAPS, empty], [TUNING, TUNING], np.random.default_rng(0))
    assert list(found["coverage"]) == [1, 0.4]
    np.testing.assert_array_equal(np.isnan(found["correlation"]), [[False], [True]])


def test_maps_of_another_network_are_named(tmp_path):
    trained = Trained(None, {"network": {"units": len(MAPS.rates)}}, 0, {}, Path("w"))
    names = [tmp_path / name for name in ("a.nc", "b.nc")]
    for name, maps in zip(names, (MAPS, replace(MAPS, rates=MAPS.rates[:9], stability=None)), strict=True):
        write_ratemaps(name, maps, {})
    arguments = Namespace(arenas=[Path("a.json"), Path("b.json")], ratemaps=names, tuning=["a.nc"])
    with pytest.raises(InputError, match=r"--tuning has 1 files; expected one for each of the 2 arenas"):
        read_arenas(arguments, trained)
    with pytest.raises(InputError, match=r"b\.nc holds 9 units; expected the 25 of w: are both of one network"):
        trained.check_units(names[1], len(read_ratemaps(names[1])[0].rates))
