"""Harmonics of the coarse lattice, in populations of known truth."""

from dataclasses import replace

import numpy as np
import pytest
from truths import COARSE, FINE, blank_maps, pair_of, truth

from sslgrid.generalisation.one_torus.harmonics import lattice_points, measure_harmonics, mixture, two_groups_p
from sslgrid.generalisation.one_torus.pair import SHELLS, reciprocal_basis
from sslgrid.geometry.fourier import lattice_waves
from sslgrid.spatial.gridness import HEXAGONAL, SQUARE


def harmonics(one, draws=20):
    population, pair = truth(one)
    return measure_harmonics(pair, population.maps(blank_maps(5.0)), draws, np.random.default_rng([2]))


def test_units_of_one_lattice_lie_on_its_shells():
    found = harmonics(one=True)
    assert found.lattice_share[:58].min() > 0.85
    assert (found.lattice_share[FINE] > found.null_high[FINE]).all()
    fine, coarse = found.shell_share[FINE].mean(axis=0), found.shell_share[COARSE].mean(axis=0)
    assert fine[1] > fine[0]
    assert coarse[0] > coarse[1]


def test_an_independent_module_lies_off_the_lattice():
    found = harmonics(one=False)
    assert found.lattice_share[FINE].max() < 0.3
    assert found.lattice_share[COARSE].min() > 0.9


def test_shares_of_shells_add_up_to_the_lattice():
    found = harmonics(one=True, draws=1)
    np.testing.assert_allclose(found.shell_share[FINE].sum(axis=1), found.lattice_share[FINE], atol=0.02)


def test_flat_units_have_no_share():
    found = harmonics(one=True, draws=2)
    assert np.isnan(found.lattice_share[58:]).all()
    assert np.isnan(found.shell_share[58:]).all()


@pytest.mark.parametrize(("kind", "sizes"), [(HEXAGONAL, [3, 3, 3, 6, 3]), (SQUARE, [2, 2, 2, 4, 2, 2])])
def test_shells_hold_as_many_points_as_their_lattice_has(kind, sizes):
    counts, shell = lattice_points(kind)
    assert [int((shell == number).sum()) for number in SHELLS[kind]] == sizes
    waves = lattice_waves(1.0, 10.0, kind)
    lengths = np.linalg.norm(counts @ reciprocal_basis(waves, kind), axis=1) / np.linalg.norm(waves[0])
    np.testing.assert_allclose(lengths**2, shell, rtol=1e-9)


def test_misfit_is_zero_for_a_superlattice_and_large_for_the_ratio_of_the_brain():
    assert pair_of().misfit < 1e-9
    assert pair_of(ratio=1.42, turn=10.0).misfit > 0.2


def test_lattices_that_share_one_wave_miss_by_the_two_others():
    pair = pair_of()
    first = np.array([[1.0, 0.3]])
    fine = np.concatenate([first, first + pair.fine.waves[2:], pair.fine.waves[2:]])  # the third is k2 - k1
    shared = replace(pair, fine=replace(pair.fine, waves=fine * 1.0))
    assert shared.misses[2] < 1e-9 and (shared.misses[:2] > 0.05).all()
    assert shared.misfit == pytest.approx(np.sqrt(np.square(shared.misses).mean()))


def test_the_basis_of_three_waves_is_their_best_fit():
    waves = lattice_waves(0.7, 20.0, HEXAGONAL)
    np.testing.assert_allclose(reciprocal_basis(waves, HEXAGONAL), waves[:2], atol=1e-12)
    off = replace(pair_of(), coarse=replace(pair_of().coarse, waves=pair_of().coarse.waves * 1.03))
    assert off.misfit == pytest.approx(0.03 * 3**0.5 / 1.03, rel=1e-6)


def test_two_clusters_are_parted_and_a_uniform_mixture_is_not():
    rng = np.random.default_rng([3])
    parted = np.concatenate([rng.uniform(0, 0.2, 20), rng.uniform(0.8, 1, 20)])
    assert two_groups_p(parted, 200, rng) < 0.02
    assert two_groups_p((np.arange(40) + 0.5) / 40, 200, rng) > 0.2
    assert np.isnan(two_groups_p(np.array([0.1, np.nan, 0.9]), 10, rng))


def test_mixture_is_the_first_shell_of_the_first_two():
    np.testing.assert_allclose(mixture(np.array([[0.3, 0.1, 0.5], [0.0, 0.2, 0.0]])), [0.75, 0.0])
    assert np.isnan(mixture(np.zeros((1, 3)))[0])
