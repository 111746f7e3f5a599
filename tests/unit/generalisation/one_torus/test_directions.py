"""Exponents of networks whose dynamics are known."""

import numpy as np

from sslgrid.generalisation.one_torus.directions import measure_exponents
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
    exponents = measure_exponents(Linear(factors), walks, np.random.default_rng([0]))
    np.testing.assert_allclose(exponents, np.log(factors[:5]), atol=2e-4)
