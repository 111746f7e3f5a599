"""How far a code reaches, and its independent counterpart."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from truths import COARSE, FINE, SPACING, blank_maps, pair_of, truth

from sslgrid.coding.decoding import Code
from sslgrid.generalisation.one_torus.harmonics import rotation
from sslgrid.generalisation.one_torus.populations import both_copies, turned_fine_maps, turned_pair, turned_walks
from sslgrid.generalisation.one_torus.ranges import confused_share, reach_of
from sslgrid.walks.walks import Walks


def test_one_lattice_repeats_with_its_spacing_and_a_turned_fine_module_is_confused_less():
    population, pair = truth(one=True)
    maps = population.maps(blank_maps(4.0, 0.05))
    own = reach_of(maps, pair, 0.4, 0)
    turned = reach_of(turned_fine_maps(maps, FINE, np.deg2rad(15), 1.0), pair, 0.4, 0)
    assert 0.6 * SPACING < own.reach < 1.1 * SPACING
    assert turned.confused < 0.7 * own.confused


def test_places_with_states_of_their_own_are_not_confused():
    places = np.stack(np.meshgrid(*[np.linspace(-1, 1, 21)] * 2), axis=-1).reshape(-1, 2)
    code = Code(places, np.exp(-(cdist(places, places) ** 2) / 0.02))
    assert confused_share(code, 0.5, 0.4, np.random.default_rng([0])) == 0


def test_turned_maps_are_those_of_turned_places():
    population, _ = truth(one=False)
    maps = population.maps(blank_maps(3.0, 0.04))
    angle, scale = np.deg2rad(25), 0.8
    turned = turned_fine_maps(maps, FINE, angle, scale)
    places = np.stack(np.meshgrid(maps.centres, maps.centres), axis=-1)
    there = places @ (scale * rotation(angle)).T
    expected = population.rates(there, there)[..., FINE]
    known = np.isfinite(turned.rates[0])
    off = np.abs(np.moveaxis(turned.rates[FINE], 0, -1)[known] - expected[known])
    assert off.mean() < 0.002  # rates reach 0.5; linear interpolation rounds their edges off
    np.testing.assert_array_equal(turned.rates[COARSE][:, known], maps.rates[COARSE][:, known])
    assert (turned.occupancy[~known] == 0).all()


def test_the_turned_pair_has_the_waves_of_the_turned_maps():
    pair, angle, scale = pair_of(), np.deg2rad(25), 0.8
    place = np.array([0.3, -0.7])
    turned = turned_pair(pair, angle, scale)
    there = scale * rotation(angle) @ place
    np.testing.assert_allclose(turned.fine.waves @ place, pair.fine.waves @ there)
    assert turned.fine.spacing == pytest.approx(pair.fine.spacing / scale)


def test_turned_walks_start_where_walks_do_and_end_elsewhere():
    walks = Walks(np.array([[[0.0, 0.0], [1.0, 0.0]]]), np.zeros((1, 2)))
    turned = turned_walks(walks, np.pi / 2, 0.5)
    np.testing.assert_allclose(turned.positions[0], [[0, 0], [0, 0.5]], atol=1e-12)
    np.testing.assert_allclose(turned.headings, np.pi / 2)


def test_fine_units_come_from_the_second_copy():
    one, other = np.zeros((2, 4)), np.ones((2, 4))
    [(positions, activity)] = both_copies(iter([("at", one)]), iter([("there", other)]), np.array([1, 3]))
    assert positions == "at"
    np.testing.assert_array_equal(activity[0], [0, 1, 0, 1])
