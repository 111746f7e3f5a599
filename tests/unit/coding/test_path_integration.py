"""Errors along paths, and tuning to speed, heading and place."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import LOCALISER
from sslgrid.basics.brownian import Motion
from sslgrid.basics.polygons import corners_of, wall_distances
from sslgrid.coding.path_integration import Step, constant_error, error_by_window, localise
from sslgrid.coding.tuning_curves import TuningCurves
from sslgrid.localiser.config import LocaliserConfig
from sslgrid.localiser.step import start
from sslgrid.localiser.walking import WalkedLocaliser
from sslgrid.walks.windows import log_windows

MOTION = Motion(0.5, 0.2, 0.3)


def walked(model: LocaliserConfig) -> WalkedLocaliser:
    """The network as training starts it."""
    weights = start(model, 0).network.state_dict()
    return WalkedLocaliser(model.network, {name: tensor.numpy() for name, tensor in weights.items()})


def test_walks_go_on_across_blocks(monkeypatch):
    monkeypatch.setattr("sslgrid.coding.path_integration.BLOCK", 30)
    corners = corners_of("triangle", 2.0)
    network = walked(LOCALISER)
    steps = list(localise(network, MOTION, corners, 7, 100, np.random.default_rng(0)))
    positions = np.stack([np.zeros((7, 2)), *(step.positions for step in steps)])
    moved = np.linalg.norm(np.diff(positions, axis=0), axis=2)
    np.testing.assert_allclose(moved, [step.speeds for step in steps], atol=1e-6)
    assert wall_distances(positions, corners).min() >= -1e-12
    turns = np.angle(np.exp(1j * np.diff([step.headings for step in steps], axis=0)))
    assert np.median(np.abs(turns), axis=1).max() < 0.8, "headings go on, too"


def test_the_error_is_the_distance_of_the_read_out():
    network = walked(LOCALISER)  # its read-out is 0
    for step in localise(network, MOTION, corners_of("square", 2.0), 5, 20, np.random.default_rng(0)):
        np.testing.assert_allclose(step.errors, np.linalg.norm(step.positions, axis=1), rtol=1e-6)


@pytest.mark.parametrize("noise_on, noisy", [("state", True), ("rates", False)])
def test_noise_on_x_is_on_and_noise_on_the_rates_is_off(noise_on, noisy):
    def rates(noise):
        changed = replace(LOCALISER, network=replace(LOCALISER.network, noise=noise, noise_on=noise_on))
        network = walked(changed)
        rng = np.random.default_rng(0)
        return np.stack([step.rates for step in localise(network, MOTION, corners_of("square", 2.0), 5, 20, rng)])

    assert (rates(0.0) == rates(0.0)).all() and (rates(0.0) != rates(0.5)).any() == noisy


def test_the_best_constant_answer_is_the_median_not_the_mean():
    cross = np.array([[1, 0], [-1, 0], [0, 1], [0, -1], [0, 0]], float)
    assert constant_error(cross) == pytest.approx(0.8)
    skewed = np.concatenate([np.zeros((9, 2)), [[10, 0]]])
    assert constant_error(skewed) == pytest.approx(1.0, abs=0.05)  # at the mean it would be 1.8


def test_windows_hold_the_mean_of_their_steps():
    edges = log_windows(1, 1000, 6)
    assert edges[0] == 1 and edges[-1] == 1001
    steps = (Step(*[np.zeros(1)] * 4, errors=np.array([float(number)])) for number in range(1, 1001))
    expected = [np.arange(low, high).mean() for low, high in pairwise(edges)]
    errors, _ = error_by_window(steps, edges)
    np.testing.assert_allclose(errors[:, 0], expected)


@given(st.integers(2, 12), st.integers(0, 1000))
def test_a_variable_explains_what_lies_between_its_bins(bins, seed):
    """All of a function of it, and nothing of what does not depend on it; whatever is added to the rates."""
    rng = np.random.default_rng(seed)
    variable = rng.integers(bins, size=4000)
    function = rng.normal(size=bins)
    rates = np.stack([function[variable], rng.normal(size=4000), np.full(4000, 0.3)], axis=1) + 5
    curves = TuningCurves(bins, 3)
    for part in np.array_split(np.arange(4000), 7):
        curves.add(variable[part], rates[part])
    np.testing.assert_allclose(curves.curves[0], function + 5)
    assert curves.explained[0] == pytest.approx(1) and curves.explained[1] < 0.03
    assert np.isnan(curves.explained[2])


def test_bins_without_visits_have_no_rate():
    curves = TuningCurves(3, 1)
    curves.add(np.array([0, 2]), np.array([[1.0], [3.0]]))
    np.testing.assert_equal(curves.curves, [[1, np.nan, 3]])
    assert curves.explained[0] == pytest.approx(1)
