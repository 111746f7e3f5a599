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
from sslgrid.localiser.step import free_of, hessian_free_step, start

MODEL = replace(LOCALISER, network=replace(LOCALISER.network, output_gain=1.0))


@pytest.fixture
def take(monkeypatch):
    """Take a step with options; returns what the optimisation was given, the training, the paths and the values."""

    def taken(rule="fixed", reduction=1.0, **changes):
        given = {}

        def watched(problem, parameters, before, search, config, structural):
            given.update(problem=problem, structural=structural, config=config, damping=search.damping, before=before)
            return Found(parameters, before, 0, reduction, 1.0)

        monkeypatch.setattr(hessian_free, "step", watched)
        training = start(MODEL, 0)
        paths = sample_paths(MODEL.trajectories, 0.5, 0, 0).to(training.network.bias)
        descend = Descent(training.network, training.optimiser.penalties)
        config = HessianFreeConfig(iterations=6, damping=0.1, **changes)
        first, losses = (
            training.optimiser.penalties.weights,
            replace(MODEL.losses, rule=rule, weights_shares=(1e-9, 1e-8)),
        )
        values = hessian_free_step(training, paths, descend, config, losses)
        given["first"] = first
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
    assert given["structural"] == pytest.approx(30 * given["damping"]) and given["damping"] > 0
    given, training, *_ = take(structural_damping=30.0, structural_unit="weights")
    assert given["structural"] == pytest.approx(30 * training.optimiser.penalties.weights)
    assert take()[0]["structural"] == 0


def test_squares_are_for_the_diagonal_preconditioner_alone(take):
    assert take()[0]["problem"].squares is not None
    assert take(preconditioner="identity")[0]["problem"].squares is None


@pytest.mark.parametrize("reduction, factor", [(0.1, 1.5), (0.5, 1.0), (0.9, 1 / 1.5)])
def test_what_follows_the_models_success_is_the_damping_or_the_weights_penalty(take, reduction, factor):
    given, training, *_ = take(reduction=reduction)
    assert training.optimiser.search.damping == pytest.approx(given["damping"] * factor)
    assert training.optimiser.penalties.weights == given["first"]
    given, training, *_ = take(reduction=reduction, damped="penalty")
    assert training.optimiser.penalties.weights == pytest.approx(given["first"] * factor)
    assert training.optimiser.search.damping == given["damping"]


def test_penalties_are_adapted_to_the_batch_before_the_search(take):
    """R_L2 is far too large a share of the error here, so its weight falls, and with it the loss that is improved."""
    given, training, _, values = take(rule="adaptive", reduction=0.5)
    weights = training.optimiser.penalties.weights
    assert weights == pytest.approx(given["first"] / 1.5)
    rates = training.optimiser.penalties.rates
    assert given["before"] == pytest.approx(values["error"] + weights * values["weights"] + rates * values["rates"])


def test_connections_of_units_to_themselves_are_not_free(take):
    assert take()[0]["problem"].free is None
    network = start(replace(MODEL, network=replace(MODEL.network, zero_diagonal=True)), 0).network
    free = free_of(network)
    N = MODEL.network.units
    assert free is not None and (free == 0).sum() == N and (free[: N * N].view(N, N).diagonal() == 0).all()
