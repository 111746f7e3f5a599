"""The fast engine computes what the plain definitions say, gradients included, whatever the shapes."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from examples import LOSSES, NETWORK
from sslgrid import losses
from sslgrid.config.model import TrajectoryConfig
from sslgrid.engine import cpu
from sslgrid.engine.cpu_pairs import BLOCK
from sslgrid.engine.threads import use_threads
from sslgrid.networks import velocity_rnn
from sslgrid.networks.velocity_rnn import VelocityRNN
from sslgrid.trajectories import sample_batch


@pytest.fixture(autouse=True, scope="module")
def one_thread_afterwards():
    yield
    use_threads(1)


TOLERANCE = {torch.float64: 1e-10, torch.float32: 1e-5}


def step(module_rollout, module_loss, network, batch, config):
    """Total, terms and the gradient of every parameter."""
    network.zero_grad()
    velocities = torch.from_numpy(batch.velocities).to(network.start.dtype)
    order = torch.from_numpy(batch.order)
    states, silent = module_rollout(
        network.matrices(velocities), network.initial_state(), order, network.config.zero_rule
    )
    total, terms = module_loss(states, torch.from_numpy(batch.positions), torch.from_numpy(batch.speeds), config)
    total.backward()
    gradients = [p.grad if p.grad is not None else torch.zeros_like(p) for p in network.parameters()]
    return torch.stack([total.detach(), *terms]), gradients, silent


def assert_same(network, batch, config):
    """The engine against the plain definitions in float64.

    In float32 some examples are ill-conditioned (a conformal ratio over a tiny |v|, K of nearly equal states), so the
    engine may be off by the tolerance, and beyond that by a few times what plain float32 torch itself is off.
    """
    truth = step(velocity_rnn.rollout, losses.sic_loss, deepcopy(network).double(), batch, config)
    plain = step(velocity_rnn.rollout, losses.sic_loss, deepcopy(network), batch, config)
    fast = step(cpu.rollout, cpu.sic_loss, deepcopy(network), batch, config)
    tolerance = TOLERANCE[network.start.dtype]

    def assert_near(ours, theirs, true, scale):
        off, allowed = float((ours - true).detach().norm()), 4 * float((theirs - true).detach().norm())
        assert off <= tolerance * scale + allowed

    for ours, theirs, true in zip(fast[0][1:], plain[0][1:], truth[0][1:], strict=True):
        assert_near(ours, theirs, true, abs(float(true)) + 1e-2)
    # Total and gradients are sums that may cancel: what is then left is rounding of their terms.
    size = max(float(truth[0].abs().max()), *(float(gradient.norm()) for gradient in truth[1]))
    for ours, theirs, true in zip(
        [fast[0][0], *fast[1]], [plain[0][0], *plain[1]], [truth[0][0], *truth[1]], strict=True
    ):
        assert_near(ours, theirs, true, size)
    assert torch.equal(fast[2], plain[2])


@given(
    units=st.sampled_from([2, 3, 7, 16, 33]),
    batch=st.integers(1, 9),
    steps=st.integers(1, 12),
    sigma_x=st.sampled_from([1e-9, 0.05, 0.3, 100.0]),  # none near, few, many, all
    sigma_g=st.sampled_from([0.1, 0.4, 2.0]),
    reduction=st.sampled_from(["masked_mean", "all_mean", "sum"]),
    zero_rule=st.sampled_from(["zero", "previous"]),
    permute=st.booleans(),
    dtype=st.sampled_from([torch.float32, torch.float64]),
    threads=st.integers(1, 3),
    seed=st.integers(0, 1000),
)
def test_engine_equals_definition(
    units, batch, steps, sigma_x, sigma_g, reduction, zero_rule, permute, dtype, threads, seed
):
    use_threads(threads)
    config = replace(LOSSES, sigma_x=sigma_x, sigma_g=sigma_g, pair_reduction=reduction, self_pairs=bool(seed % 2))
    rng = torch.Generator().manual_seed(seed)
    network = VelocityRNN(replace(NETWORK, units=units, zero_rule=zero_rule), rng).to(dtype)
    trajectories = TrajectoryConfig(batch, steps, "square", 0.15, permute)
    assert_same(network, sample_batch(trajectories, seed, 0), config)


@pytest.mark.parametrize("zero_rule", ["zero", "previous"])
def test_zero_vectors(zero_rule):
    """Strong matrices silence some steps: the zero rule decides there, and is counted."""
    config = replace(NETWORK, units=5, identity_start=False, zero_rule=zero_rule)
    network = VelocityRNN(config, torch.Generator().manual_seed(0)).to(torch.float64)
    with torch.no_grad():
        network.mlp[0].weight.mul_(20)
        network.mlp[-1].weight.mul_(10)
    batch = sample_batch(TrajectoryConfig(6, 8, "square", 0.15, True), 3, 0)
    silent = step(cpu.rollout, cpu.sic_loss, network, batch, replace(LOSSES, sigma_x=0.1))[2]
    assert silent.any() and not silent.all()
    assert_same(network, batch, replace(LOSSES, sigma_x=0.1))


def test_rollout_gradients():
    """Of the matrices and of an initial state with silent units, by finite differences."""
    rng = torch.Generator().manual_seed(0)
    matrices = torch.rand(4, 5, 5, generator=rng, dtype=torch.float64) - 0.3
    initial = torch.tensor([0.6, 0.0, 0.8, 0.0, 0.1], dtype=torch.float64)
    order = torch.tensor([[0, 1, 2, 3], [3, 1, 0, 2], [2, 3, 1, 0]])
    leaves = (matrices.requires_grad_(), initial.requires_grad_())
    assert torch.autograd.gradcheck(lambda W, g: cpu.rollout(W, g, order, "zero")[0], leaves)


@pytest.mark.parametrize("points", [BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 5])
def test_block_edges(points):
    """Every pair is counted once wherever the blocks of pairs end."""
    batch = sample_batch(TrajectoryConfig(points, 1, "square", 0.15, True), 0, 0)
    batch.positions[:, 1:] = np.random.default_rng(0).uniform(-0.5, 0.5, size=(points, 1, 2))
    states = torch.rand(points, 2, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    positions, speeds = torch.from_numpy(batch.positions), torch.from_numpy(batch.speeds)
    results = []
    for loss in (losses.sic_loss, cpu.sic_loss):
        leaf = states.clone().requires_grad_()
        total, terms = loss(leaf, positions, speeds, LOSSES)
        total.backward()
        results.append((torch.stack(list(terms)), leaf.grad))
    for ours, truth in zip(*reversed(results), strict=True):
        torch.testing.assert_close(ours, truth, rtol=1e-10, atol=1e-12)


def test_not_a_number_is_not_hidden():
    """A NaN anywhere must reach the loss: that is how divergence is seen."""
    states = torch.rand(3, 5, 4)
    states[1, 2, 3] = torch.nan
    batch = sample_batch(TrajectoryConfig(3, 4, "square", 0.15, True), 0, 0)
    total, _ = cpu.sic_loss(states, torch.from_numpy(batch.positions), torch.from_numpy(batch.speeds), LOSSES)
    assert total.isnan()
