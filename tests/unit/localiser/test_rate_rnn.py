"""The network of Cueva & Wei: its fast rollout and Gauss-Newton products against autograd of the plain one."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sslgrid.localiser import objective as localisation
from sslgrid.localiser.config import LocalisationLossConfig, PathConfig, RateNetworkConfig
from sslgrid.localiser.curvature import Curvature
from sslgrid.localiser.gradient import Descent
from sslgrid.localiser.network import INPUTS, RateRNN, rollout
from sslgrid.localiser.objective import drive_of, objective
from sslgrid.localiser.paths import Paths, sample_paths
from sslgrid.localiser.step import loss_at

LOSSES = LocalisationLossConfig(weights=0.5, rates=0.1)


def network_of(units=7, inputs="direction", seed=0, start="orthogonal", **changes) -> RateRNN:
    config = {"time_constant": 10.0, "noise": 0.1, "speed_scale": 0.1, "gain": 1.0} | changes
    config = RateNetworkConfig(units=units, inputs=inputs, recurrent_start=start, **config)
    rng = torch.Generator().manual_seed(seed)
    network = RateRNN(config, rng).double()
    with torch.no_grad():  # the paper begins with no read-out, through which no gradient passes
        network.output.normal_(generator=rng)
        network.bias.normal_(generator=rng)
    return network


def paths_of(trials=4, steps=12, seed=0) -> Paths:
    config = PathConfig("square", 2.0, trials, steps, 0.5, 0.2, 0.3)
    return sample_paths(config, 0.5, seed, 0).to(torch.zeros(0, dtype=torch.float64))


def gradients_of(network: RateRNN) -> list[torch.Tensor]:
    return [parameter.grad for parameter in network.parameters()]


@settings(max_examples=40)
@given(st.integers(1, 9), st.integers(1, 5), st.integers(1, 12), st.sampled_from([*INPUTS]), st.booleans())
def test_the_fast_descent_is_the_plain_objective_and_its_gradient(units, trials, steps, inputs, noisy):
    """With trials that are a few more than are walked at once, too."""
    network, paths = network_of(units, inputs, noise=0.1 * noisy), paths_of(trials, steps)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(localisation, "CHUNK", 2)
        total, terms = objective(network, paths, LOSSES)
        expected = torch.autograd.grad(total, list(network.parameters()))
        descend = Descent(network, LOSSES)
        for _ in range(2):  # the second time in memory that has been used
            found, found_terms = descend(paths)
            torch.testing.assert_close((found, *found_terms), (total.detach(), *terms), rtol=1e-10, atol=1e-12)
            torch.testing.assert_close(gradients_of(network), list(expected), rtol=1e-10, atol=1e-12)
        assert descend(paths, gradient=False)[0] == found


def test_the_fast_descent_holds_in_float32():
    network, paths = network_of().float(), paths_of(trials=150, steps=100).to(torch.zeros(0))
    total, _ = objective(network, paths, LOSSES)
    expected = torch.autograd.grad(total, list(network.parameters()))
    Descent(network, LOSSES)(paths)
    torch.testing.assert_close(gradients_of(network), list(expected), rtol=1e-3, atol=1e-5)


def test_gauss_newton_products_are_those_of_automatic_differentiation():
    """The matrix of the loss's curvature in (read-out, rates, W_in, W_out), seen through the plain network."""
    network, paths = network_of(), paths_of()
    names, values = zip(*((name, each.detach()) for name, each in network.named_parameters()), strict=True)

    noise = drive_of(network, paths) - drive_of(network_of(noise=0.0), paths)

    def outputs(*parameters: torch.Tensor) -> tuple[torch.Tensor, ...]:
        of = dict(zip(names, parameters, strict=True))
        drive = (
            network.inputs(paths.speeds, paths.headings) @ (network.leak * of["input"].T) + network.leak * of["bias"]
        )
        rates = rollout(of["recurrent"], drive + noise, network.leak)
        return rates @ of["output"].T, rates, of["input"], of["output"]

    rng = torch.Generator().manual_seed(1)
    change = [torch.randn(each.shape, generator=rng, dtype=each.dtype) for each in values]
    of_outputs = torch.func.jvp(outputs, values, tuple(change))[1]
    weights = (1.0, LOSSES.rates, LOSSES.weights, LOSSES.weights)
    cotangents = tuple(2 * weight / each.numel() * each for weight, each in zip(weights, of_outputs, strict=True))
    expected = torch.func.vjp(outputs, *values)[1](cotangents)
    found = Curvature(network, paths, LOSSES).product(torch.cat([each.flatten() for each in change]))
    torch.testing.assert_close(found, torch.cat([each.flatten() for each in expected]), rtol=1e-10, atol=1e-12)


def test_squares_are_summed_over_trials():
    network, paths = network_of(noise=0.0), paths_of()
    found = Curvature(network, paths, LOSSES).squares()
    total = torch.zeros_like(found)
    for trial in range(4):
        own = Paths(*(each[:, trial : trial + 1] for each in paths[:3]), noise_seed=0)
        Descent(network, LocalisationLossConfig(0.0, 0.0))(own)
        total += (torch.cat([each.flatten() for each in gradients_of(network)]) / 4).square()
    torch.testing.assert_close(found, total, rtol=1e-10, atol=1e-14)


def test_the_loss_elsewhere_leaves_the_network_as_it_is():
    network, paths = network_of(), paths_of()
    descend = Descent(network, LOSSES)
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


def test_the_three_starts_of_the_paper():
    orthogonal, normal = network_of(50).recurrent, network_of(50, start="normal", gain=1.5).recurrent
    torch.testing.assert_close(orthogonal @ orthogonal.T, torch.eye(50, dtype=orthogonal.dtype), atol=1e-5, rtol=0)
    assert float(normal.detach().std()) == pytest.approx(1.5 / 50**0.5, rel=0.05)
    network = RateRNN(RateNetworkConfig(50, 10.0, 0.1, "angle", 1.0, "normal", 1.5), torch.Generator().manual_seed(0))
    assert not network.bias.any() and not network.output.any()
    assert float(network.input.detach().std()) == pytest.approx(2**-0.5, rel=0.15)
