"""Places decoded from states: of a network that knows its place, and of one that knows half of it."""

import numpy as np

from examples import ARENA
from sslgrid.coding.comparison import measure_decoding
from sslgrid.walks.sampling import sample_walks


class Place:
    """A network whose units are its coordinates; `blind`: it does not know y."""

    def __init__(self, blind=False):
        self.scale = np.array([1.0, 0.0 if blind else 1.0])

    def rest(self, walks):
        return np.zeros((walks, 2))

    def move(self, state, steps, headings):
        for step in np.moveaxis(steps, 1, 0):
            state = state + step
            yield state

    def activity(self, state):
        return state * self.scale


class Reading(Place):
    def read_out(self, activity):
        return activity


def test_a_network_that_knows_its_place_is_decoded_to_a_bin():
    walks = sample_walks(ARENA)
    values = measure_decoding(Place(), ARENA, walks, np.random.default_rng(0))
    assert np.median(values["decoding_error"]) < ARENA.bin
    np.testing.assert_allclose(values["constant_error"], values["radius"], atol=0.15)
    assert np.isnan(values["read_out_error"]).all()
    blind = measure_decoding(Reading(blind=True), ARENA, walks, np.random.default_rng(0))
    assert 0.4 < np.median(blind["decoding_error"]) < 0.9
    assert 0.15 < np.median(blind["read_out_error"]) < 0.5, "it says y = 0"
    assert {values[name].dims for name in values} == {("visit",), ()}
