"""Do two modules drift together?"""

import numpy as np
import pytest
from truths import blank_maps, pair_of, truth, walked

from sslgrid.generalisation.one_torus.drift_lock import (
    Record,
    first_beyond,
    measure_drift_lock,
    module_displacements,
    modulo,
    record,
)

EDGES = np.array([0, 10, 40, 120])


def lock(one):
    pair, shifts, _ = walked(one)
    return measure_drift_lock(pair, shifts, EDGES, 100, np.random.default_rng([5]))


def test_shells_of_one_lattice_drift_together():
    found = lock(one=True)
    assert found.lock[-1] > 0.8
    assert found.p_value < 0.05
    assert found.coarse_drift[-1] > 3 * found.apart[-1]


def test_independent_modules_drift_apart():
    found = lock(one=False)
    assert abs(found.lock[-1]) < 0.4
    assert found.apart[-1] > 0.1


def test_a_common_displacement_is_read_off_both_modules():
    population, pair = truth(one=False)
    places = np.broadcast_to(np.random.default_rng([7]).uniform(-0.8, 0.8, (60, 2)), (10, 60, 2))
    moved = places + np.array([0.06, -0.04])
    shifts = module_displacements(
        pair, population.maps(blank_maps(2.0, 0.04)), Record(places, population.rates(moved, moved))
    )
    np.testing.assert_allclose(shifts.mean(axis=(1, 2)), [[0.06, -0.04]] * 2, atol=0.01)
    assert shifts.std(axis=(1, 2)).max() < 0.03


def test_places_outside_the_maps_are_unknown():
    population, pair = truth(one=True)
    places = np.full((10, 2, 2), 3.0)
    places[:, 1] = 0.1
    shifts = module_displacements(
        pair, population.maps(blank_maps(2.0)), Record(places, population.rates(places, places))
    )
    assert np.isnan(shifts[:, :, 0]).all()
    assert np.isfinite(shifts[:, :, 1]).all()


def test_differences_are_taken_modulo_the_fine_lattice():
    fine = pair_of().fine
    step = np.linalg.inv(fine.waves[:2])[:, 0]  # a lattice vector
    np.testing.assert_allclose(modulo(step + np.array([[0.02, 0.01]]), fine), [[0.02, 0.01]], atol=1e-9)
    assert np.isnan(modulo(np.full((1, 2), np.nan), fine)).all()


@pytest.mark.parametrize(
    ("values", "step"), [([0.1, 0.3, 0.4], 20), ([0.3, 0.1, 0.4], 30), ([0.3, 0.3, 0.1], np.inf), ([0.3, 0.3, 0.3], 10)]
)
def test_first_beyond_asks_for_staying_there(values, step):
    assert first_beyond(np.array(values), 0.2, np.array([10, 20, 30])) == step


def test_a_record_holds_every_step():
    visits = [(np.full((2, 2), step), np.full((2, 4), step, float)) for step in range(3)]
    held = record(visits)
    assert held.positions.shape == (3, 2, 2)
    np.testing.assert_array_equal(held.activity[:, 0, 0], [0, 1, 2])
