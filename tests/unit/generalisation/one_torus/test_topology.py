"""Joint states of one lattice are a torus, and those of two are not called one."""

import numpy as np
from truths import walked

from sslgrid.generalisation.one_torus.topology import CLEAR, even_steps, measure_topology, states_of


def topology(one):
    pair, _, record = walked(one, steps=2000, walks=10, diffusion=0.05)
    return measure_topology(states_of(record, pair.units))


def test_one_lattice_is_a_torus():
    found = topology(one=True)
    assert found.is_torus
    assert found.loops[1] > CLEAR * found.loops[2]
    assert found.cavities[0] > CLEAR * found.cavities[1]


def test_two_lattices_are_not():
    assert not topology(one=False).is_torus


def test_a_ball_is_not():
    assert not measure_topology(np.random.default_rng([6]).normal(size=(500, 20))).is_torus


def test_states_are_spread_over_the_walks():
    steps = even_steps(10_000, 10)
    assert len(steps) == 200
    assert (steps[0], steps[-1]) == (0, 9999)
    np.testing.assert_array_equal(even_steps(3, 10), [0, 1, 2])
