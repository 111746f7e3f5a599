"""Exponents of networks whose dynamics are known."""

import numpy as np
import pytest

from sslgrid.generalisation.one_torus.directions import measure_directions
from sslgrid.walks.walks import Walks


class Linear:
    """A state that turns and shrinks by known factors, whatever the step."""

    def __init__(self, factors):
        turn = np.linalg.qr(np.random.default_rng([0]).standard_normal((len(factors),) * 2))[0]
        self.matrix = turn @ np.diag(factors) @ turn.T

    def rest(self, walks):
        return np.ones((walks, len(self.matrix)))

    def push(self, state, pushed, steps):
        return state @ self.matrix.T, self.matrix @ pushed


def test_the_exponents_of_a_linear_network_are_those_of_its_matrix():
    factors = np.array([1.0, 0.999, 0.9, 0.8, 0.5, 0.4])
    walks = Walks(np.zeros((2, 1001, 2)), np.zeros((2, 1001)))
    exponents = measure_directions(Linear(factors), walks, np.random.default_rng([0])).exponents
    np.testing.assert_allclose(exponents, np.log(factors[:5]), atol=2e-4)


class Phases:
    """Maps of the plane that know nothing of each other: each turns two phases and forgets amplitudes."""

    def __init__(self, maps):
        self.waves = np.stack([np.eye(2) * (2 + number) for number in range(maps)]).reshape(-1, 2)  # (phase, 2)

    def rest(self, walks):
        return np.tile([1.0, 0.0], (walks, len(self.waves)))

    def move(self, state, steps):
        pairs = state.reshape(len(state), -1, 2)
        turn = np.exp(1j * steps @ self.waves.T) * (pairs[..., 0] + 1j * pairs[..., 1])
        turn /= np.sqrt(np.abs(turn))  # half of what leads off the circle is taken back
        return np.stack([turn.real, turn.imag], axis=-1).reshape(state.shape)

    def push(self, state, pushed, steps):
        moved, small = self.move(state, steps), 1e-6
        ends = [self.move(state + small * pushed[..., k], steps) for k in range(pushed.shape[-1])]
        return moved, (np.stack(ends, axis=-1) - moved[..., None]) / small


@pytest.mark.parametrize("maps", [1, 2])
def test_one_map_keeps_two_directions_and_two_maps_keep_four(maps):
    positions = np.cumsum(np.random.default_rng([1]).normal(0, 0.05, (2, 401, 2)), axis=1)
    found = measure_directions(Phases(maps), Walks(positions, np.zeros((2, 401))), np.random.default_rng([0]))
    exponents = found.exponents
    np.testing.assert_allclose(exponents[: 2 * maps], 0, atol=1e-3)
    np.testing.assert_allclose(exponents[2 * maps :], np.log(0.5), atol=1e-2)


def test_units_carry_the_directions_that_move_them():
    positions = np.cumsum(np.random.default_rng([1]).normal(0, 0.05, (2, 401, 2)), axis=1)
    carried = measure_directions(Phases(2), Walks(positions, np.zeros((2, 401))), np.random.default_rng([0])).carried
    np.testing.assert_allclose(carried.sum(axis=1), 1)
    of_phases = carried[:4].sum(axis=0).reshape(4, 2).sum(axis=1)  # each phase has two units
    np.testing.assert_allclose(of_phases, 1, atol=1e-3)


def test_a_direction_that_few_units_carry_is_told_from_one_that_all_carry():
    matrix = np.diag([1.0, 0.5, 0.4, 0.3])
    matrix[1:, 1:] = np.linalg.qr(np.random.default_rng([0]).standard_normal((3, 3)))[0] @ matrix[1:, 1:]
    network = Linear(np.ones(4))
    network.matrix = matrix
    walks = Walks(np.zeros((2, 1001, 2)), np.zeros((2, 1001)))
    carried = measure_directions(network, walks, np.random.default_rng([0])).carried
    np.testing.assert_allclose(carried[0], [1, 0, 0, 0], atol=1e-9)
    assert carried[1, 0] < 1e-9
