"""The network of Cueva & Wei: its fast rollout and Gauss-Newton products against autograd of the plain one."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sslgrid.localiser import curvature, gradient, plain
from sslgrid.localiser import objective as localisation
from sslgrid.localiser.config import LocalisationLossConfig, PathConfig, RateNetworkConfig
from sslgrid.localiser.cpu import curvature as cpu_curvature
from sslgrid.localiser.cpu import gradient as cpu_gradient
from sslgrid.localiser.network import INPUTS, RATES, RateRNN, rollout
from sslgrid.localiser.objective import noise_chunks, objective
from sslgrid.localiser.paths import Paths, sample_paths
from sslgrid.localiser.step import loss_at
from sslgrid.localiser.walking import WalkedLocaliser, shapes

DESCENTS = [gradient.Descent, cpu_gradient.Descent]
CURVATURES = [curvature.Curvature, cpu_curvature.Curvature]
LOSSES = LocalisationLossConfig(weights=0.5, rates=0.1)


def network_of(units=7, inputs="direction", seed=0, **changes) -> RateRNN:
    """With a read-out and biases: the paper begins without, and then no gradient passes."""
    config = {
        "time_constant": 10.0, "noise": 0.1, "speed_scale": 0.1, "gain": 1.0, "recurrent_start": "orthogonal",
        "output_gain": 1.0, "bias_deviation": 1.0,
    } | changes  # fmt: skip
    return RateRNN(RateNetworkConfig(units=units, inputs=inputs, **config), np.random.default_rng(seed)).double()


def paths_of(trials=4, steps=12, seed=0) -> Paths:
    config = PathConfig("square", 2.0, trials, steps, 0.5, 0.2, 0.3)
    return sample_paths(config, 0.5, seed, 0).to(torch.zeros(0, dtype=torch.float64))


def gradients_of(network: RateRNN) -> list[torch.Tensor]:
    return [parameter.grad for parameter in network.parameters()]


KINDS = [(noise_on, rates) for noise_on in ("state", "rates") for rates in RATES]  # of noise and of f


@settings(max_examples=100)
@given(
    st.integers(2, 20), st.integers(1, 37), st.integers(1, 19), st.sampled_from([*INPUTS]), st.sampled_from([0.0, 0.3]),
    st.sampled_from(KINDS), st.sampled_from(DESCENTS),
)  # fmt: skip
def test_each_descent_is_the_plain_objective_and_its_gradient(units, trials, steps, inputs, noise, kind, engine):
    """With trials that are a few more than are walked at once, too."""
    noise_on, rates = kind
    network, paths = network_of(units, inputs, noise=noise, noise_on=noise_on, rates=rates), paths_of(trials, steps)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(localisation, "CHUNK", 2)
        total, terms = objective(network, paths, LOSSES)
        expected = torch.autograd.grad(total, list(network.parameters()))
        descend = engine(network, LOSSES)
        for _ in range(2):  # the second time in memory that has been used
            found, found_terms = descend(paths)
            torch.testing.assert_close((found, *found_terms), (total.detach(), *terms), rtol=1e-10, atol=1e-12)
            torch.testing.assert_close(gradients_of(network), list(expected), rtol=1e-10, atol=1e-12)
        assert descend(paths, gradient=False)[0] == found


@pytest.mark.parametrize("units", [30, 45, 60, 75, 100, 130])
def test_the_processors_descent_holds_for_every_width_of_tile(units):
    network, paths = network_of(units, noise=0.3, noise_on="rates"), paths_of(trials=9, steps=5)
    total, _ = objective(network, paths, LOSSES)
    expected = torch.autograd.grad(total, list(network.parameters()))
    found, _ = cpu_gradient.Descent(network, LOSSES)(paths)
    torch.testing.assert_close(found, total.detach(), rtol=1e-10, atol=1e-12)
    torch.testing.assert_close(gradients_of(network), list(expected), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("engine", DESCENTS)
@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_what_is_no_number_is_seen_and_leaves_nothing_in_memory(engine, bad):
    network, paths = network_of(), paths_of(trials=40)
    descend = engine(network, LOSSES)
    before, _ = descend(paths)
    gradients = [each.clone() for each in gradients_of(network)]
    own = float(network.bias[0].detach())
    with torch.no_grad():
        network.bias[0] = bad
    diverged, _ = descend(paths)
    assert not torch.isfinite(diverged) or bad == float("inf")  # an infinite x has the rate 1
    with torch.no_grad():
        network.bias[0] = own
    assert descend(paths)[0] == before
    assert all(torch.equal(*each) for each in zip(gradients_of(network), gradients, strict=True))


@pytest.mark.parametrize("noise_on, rates", KINDS)
def test_the_plain_objective_has_the_gradient_of_finite_differences(noise_on, rates):
    network, paths = network_of(noise_on=noise_on, rates=rates), paths_of()
    own = torch.nn.utils.parameters_to_vector(network.parameters()).detach()
    total, _ = objective(network, paths, LOSSES)
    gradient = torch.cat([each.flatten() for each in torch.autograd.grad(total, list(network.parameters()))])
    direction = torch.from_numpy(np.random.default_rng(1).standard_normal(len(own)))

    def loss_along(length: float) -> float:
        torch.nn.utils.vector_to_parameters(own + length * direction, network.parameters())
        return float(objective(network, paths, LOSSES)[0].detach())

    slope = (loss_along(1e-6) - loss_along(-1e-6)) / 2e-6
    assert slope == pytest.approx(float(gradient @ direction), rel=1e-5)


@pytest.mark.parametrize("rates", RATES)
def test_noise_on_rates_is_felt_by_recurrence_read_out_and_cost_at_every_step(rates):
    """Two steps by hand, of the equation: h = f(x) + noise, with h = 0 before the first step."""
    network, paths = network_of(noise=0.3, noise_on="rates", rates=rates), paths_of(trials=1, steps=2)
    (_, unit), *_ = noise_chunks(paths, network)
    inputs, leak, f = network.inputs(paths.speeds, paths.headings), network.leak, RATES[rates]
    x_1 = leak * (network.input @ inputs[0, 0] + network.bias)
    h_1 = f(x_1) + 0.3 * unit[0, 0]
    x_2 = (1 - leak) * x_1 + leak * (network.recurrent @ h_1 + network.input @ inputs[1, 0] + network.bias)
    h = torch.stack([h_1, f(x_2) + 0.3 * unit[1, 0]])
    _, terms = objective(network, paths, LOSSES)
    torch.testing.assert_close(terms.rates, h.square().mean().detach())
    error = (h @ network.output.T - paths.positions[:, 0]).square().mean()
    torch.testing.assert_close(terms.error, error.detach())


@pytest.mark.parametrize("inputs", INPUTS)
@pytest.mark.parametrize("rates", RATES)
def test_a_network_is_walked_without_noise_and_with_its_own_rates(rates, inputs):
    """What walks a trained network is held to the definition that is trained."""
    network = network_of(inputs=inputs, noise=0.3, noise_on="rates", rates=rates).requires_grad_(False)
    weights = {name: tensor.numpy() for name, tensor in network.state_dict().items()}
    assert {name: array.shape for name, array in weights.items()} == shapes(network.config)
    own = WalkedLocaliser(network.config, weights)
    steps = torch.from_numpy(np.random.default_rng(0).normal(0, 0.1, (3, 5, 2)))
    headings = torch.atan2(steps[..., 1], steps[..., 0])
    walked = [own.activity(x) for x in own.move(own.rest(3), steps.numpy(), headings.numpy())]
    drive = network.drive(steps.norm(dim=-1), headings).transpose(0, 1)
    expected = rollout(network.recurrent, drive, network.leak, rates)
    np.testing.assert_allclose(walked, expected, atol=1e-12)
    np.testing.assert_allclose(own.read_out(walked[-1]), network.read_out(expected[-1]), atol=1e-12)
    assert (expected.min() >= 0) == (rates == "rectified")


@pytest.mark.parametrize("engine", DESCENTS)
@pytest.mark.parametrize("noise_on, rates", KINDS)
def test_each_descent_holds_in_float32(engine, noise_on, rates):
    """Of each gradient's largest entry, against the plain objective in float64.

    Where rates are rectified, rounding takes an x near 0 to the other side now and then.
    """
    tolerance = {"tanh": 1e-5, "rectified": 1e-3}[rates]
    network, paths = network_of(units=40, noise_on=noise_on, rates=rates), paths_of(trials=150, steps=100)
    network.load_state_dict({name: each.float() for name, each in network.state_dict().items()})
    paths = paths.to(torch.zeros(0))
    total, _ = objective(network, paths.to(network.bias), LOSSES)
    expected = torch.autograd.grad(total, list(network.parameters()))
    network.zero_grad()
    found, _ = engine(network.float(), LOSSES)(paths)
    assert float(found) == pytest.approx(float(total.detach()), rel=1e-5)
    for own, exact in zip(gradients_of(network), expected, strict=True):
        assert (own - exact).abs().max() < tolerance * exact.abs().max()


@pytest.mark.parametrize("engine", CURVATURES)
@pytest.mark.parametrize("noise_on, rates", KINDS)
@pytest.mark.parametrize("structural", [0.0, 0.7])
def test_gauss_newton_products_are_those_of_automatic_differentiation(engine, noise_on, rates, structural):
    """The matrix of the loss's curvature in (x, read-out, rates, W_in, W_out), seen through the plain network.

    Structural damping is the curvature in x: that of its mean square change.
    """
    network, paths = network_of(noise_on=noise_on, rates=rates), paths_of(trials=6)
    change = torch.randn(sum(each.numel() for each in network.parameters()), dtype=torch.float64)
    expected = plain.Curvature(network, paths, LOSSES).product(change, structural)
    curvature = engine(network, paths, LOSSES)
    for _ in range(2):  # the second time in memory that has been used
        found = curvature.product(change, structural)
        torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("engine", range(3))
def test_squares_are_summed_over_trials(engine):
    network, paths = network_of(noise=0.0), paths_of(trials=6)
    found = [*CURVATURES, plain.Curvature][engine](network, paths, LOSSES).squares()
    total = torch.zeros_like(found)
    for trial in range(6):
        own = Paths(*(each[:, trial : trial + 1] for each in paths[:3]), noise_seed=0)
        [*DESCENTS, plain.Descent][engine](network, LocalisationLossConfig(0.0, 0.0))(own)
        total += (torch.cat([each.flatten() for each in gradients_of(network)]) / 6).square()
    torch.testing.assert_close(found, total, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("engine", DESCENTS)
def test_the_loss_elsewhere_leaves_the_network_as_it_is(engine):
    network, paths = network_of(), paths_of()
    descend = engine(network, LOSSES)
    before = float(descend(paths)[0])
    own = torch.nn.utils.parameters_to_vector(network.parameters()).detach()
    gradient = torch.nn.utils.parameters_to_vector(gradients_of(network))
    nearby = loss_at(descend, paths, own - 1e-4 * gradient)
    assert nearby - before == pytest.approx(-1e-4 * float(gradient @ gradient), rel=1e-2)
    assert loss_at(descend, paths, own) == before


def test_noise_alone_gives_the_configured_deviation():
    """Whatever the length of a step: without input x of an isolated unit has the standard deviation `noise`."""
    for time_constant in (2.0, 10.0):
        network = network_of(units=200, time_constant=time_constant, noise=0.3)
        with torch.no_grad():
            network.recurrent.zero_(), network.input.zero_(), network.bias.zero_()
        noise = torch.from_numpy(np.random.default_rng(0).standard_normal((500, 5, 200)))
        still = torch.zeros(500, 5, dtype=torch.float64)
        x = torch.atanh(rollout(network.recurrent, network.drive(still, still, noise), network.leak))
        assert float(x[100:].detach().std()) == pytest.approx(0.3, rel=0.02)
