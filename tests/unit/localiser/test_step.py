"""What a Hessian-free step of a localiser hands to the optimisation: its options, one by one."""

from dataclasses import replace

import pytest
import torch

from examples import LOCALISER
from sslgrid.localiser import hessian_free
from sslgrid.localiser.config import HessianFreeConfig
from sslgrid.localiser.curvature import Curvature
from sslgrid.localiser.gradient import Descent
from sslgrid.localiser.hessian_free import Found
from sslgrid.localiser.paths import sample_paths
from sslgrid.localiser.step import hessian_free_step, start

MODEL = replace(LOCALISER, network=replace(LOCALISER.network, output_gain=1.0))


@pytest.fixture
def take(monkeypatch):
    """Take a step with options; returns what the optimisation was given, the training, the paths and the values."""

    def taken(**changes):
        given = {}

        def watched(problem, parameters, before, search, config, structural):
            given.update(problem=problem, structural=structural, config=config)
            return Found(parameters, before, 0, 1.0, 1.0)

        monkeypatch.setattr(hessian_free, "step", watched)
        training = start(MODEL, 0)
        paths = sample_paths(MODEL.trajectories, 0.5, 0, 0).to(training.network.bias)
        descend = Descent(training.network, training.optimiser.penalties)
        config = HessianFreeConfig(iterations=6, damping=0.1, **changes)
        values = hessian_free_step(training, paths, descend, config)
        return given, training, paths, values

    return taken


def test_the_gradient_is_clipped_and_recorded_as_it_was(take):
    whole, _, _, values = take()
    norm = float(whole["problem"].gradient.norm())
    assert values["gradient_norm"] == pytest.approx(norm)
    clipped, _, _, values = take(clip=norm / 4)
    torch.testing.assert_close(clipped["problem"].gradient, whole["problem"].gradient / 4)
    assert values["gradient_norm"] == pytest.approx(norm)
    unclipped, *_ = take(clip=norm * 1.1)
    assert torch.equal(unclipped["problem"].gradient, whole["problem"].gradient)


def test_the_curvature_is_of_so_many_paths(take):
    for trials in (0, 2):
        given, training, paths, _ = take(curvature_trials=trials)
        part = paths.first(trials)
        assert part.speeds.shape[1] == (trials or MODEL.trajectories.trials)
        vector = torch.ones_like(given["problem"].gradient)
        expected = Curvature(training.network, part, training.optimiser.penalties).product(vector, 0.3)
        torch.testing.assert_close(given["problem"].curvature(vector, 0.3), expected)


def test_structural_damping_is_in_units_of_the_damping_or_of_the_weights_penalty(take):
    given, training, *_ = take(structural_damping=30.0)
    assert given["structural"] == pytest.approx(30 * training.optimiser.search.damping)
    given, training, *_ = take(structural_damping=30.0, structural_unit="weights")
    assert given["structural"] == pytest.approx(30 * training.optimiser.penalties.weights)
    assert take()[0]["structural"] == 0


def test_squares_are_for_the_diagonal_preconditioner_alone(take):
    assert take()[0]["problem"].squares is not None
    assert take(preconditioner="identity")[0]["problem"].squares is None
