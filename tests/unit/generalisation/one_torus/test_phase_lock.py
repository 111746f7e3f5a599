"""Phases of fine units foretold from their phases on the coarse lattice."""

import numpy as np
from truths import blank_maps, truth

from sslgrid.generalisation.one_torus.pair import COUNTED
from sslgrid.generalisation.one_torus.phase_lock import cross_validated_errors, measure_phase_lock, neighbouring_sums
from sslgrid.spatial.gridness import HEXAGONAL, SQUARE


def lock(one):
    population, pair = truth(one)
    return measure_phase_lock(pair, population.maps(blank_maps(5.0)), 100, np.random.default_rng([4]))


def test_phases_of_one_lattice_follow():
    found = lock(one=True)
    assert found.lock > 0.9
    assert found.p_value < 0.02


def test_phases_of_an_independent_module_do_not():
    assert lock(one=False).lock < 0.4


def test_points_are_sums_of_the_waves_next_to_them():
    sums = neighbouring_sums(np.array([[1, 1], [2, -1], [-1, 2], [2, 1]]), COUNTED[HEXAGONAL])
    np.testing.assert_array_equal(sums, [[1, 1, 0], [1, 0, -1], [0, 1, 1], [2, 1, 0]])
    np.testing.assert_array_equal(sums @ COUNTED[HEXAGONAL], [[1, 1], [2, -1], [-1, 2], [2, 1]])
    np.testing.assert_array_equal(neighbouring_sums(np.array([[1, -1]]), COUNTED[SQUARE]), [[1, -1]])


def test_the_offset_of_a_half_comes_from_the_other():
    differences = np.array([[0.5], [0.7], [2.5], [2.7]])
    errors = cross_validated_errors(differences, np.array([0, 0, 1, 1]))
    np.testing.assert_allclose(errors[:, 0], [0.5 - 2.6, 0.7 - 2.6, 2.5 - 0.6, 2.7 - 0.6])
