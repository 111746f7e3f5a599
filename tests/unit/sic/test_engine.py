"""The fast engines compute what the plain definitions say, gradients included, whatever the shapes.

The GPU's kernels are tested on a GPU if there is one, else in Triton's interpreter.
"""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from examples import LOSSES, MODEL, NETWORK
from sslgrid.machine.threads import use_threads
from sslgrid.sic import losses
from sslgrid.sic.batches import sample_batch
from sslgrid.sic.config import TrajectoryConfig
from sslgrid.sic.engine import cpu, cpu_rollout, plain
from sslgrid.sic.engine.cpu_pairs import TILE
from sslgrid.sic.inputs import to_tensors
from sslgrid.sic.network import VelocityRNN

try:
    from sslgrid.sic.engine import cuda
except ImportError:  # no triton for this platform
    cuda = None

GPU = "cuda" if torch.cuda.is_available() else "cpu"
TOLERANCE = {torch.float64: 1e-10, torch.float32: 1e-5}
ENGINES = [
    pytest.param(cpu, id="cpu"),
    pytest.param(cuda, id="cuda", marks=pytest.mark.skipif(cuda is None, reason="triton is not installed")),
]


@pytest.fixture(autouse=True, scope="module")
def one_thread_afterwards():
    yield
    use_threads(1)


def step(engine, network, batch, config):
    """Total and terms, the gradient of every parameter, and where the zero rule was needed; on the CPU."""
    network = deepcopy(network).to(GPU if engine is cuda else "cpu")
    descent = engine.Descent(network, replace(MODEL, network=network.config, losses=config))
    found, silent = descent.add_gradient(descent.place(batch), 1.0)
    gradients = [p.grad if p.grad is not None else torch.zeros_like(p) for p in network.parameters()]
    found, silent = torch.as_tensor(found), torch.as_tensor(silent)
    return found.cpu(), [gradient.cpu() for gradient in gradients], silent.cpu()


class Rollout(torch.autograd.Function):
    """The CPU engine's rollout and its gradient, as torch takes a function."""

    @staticmethod
    def forward(ctx, matrices, initial_state, order, zero_rule):
        ctx.given = matrices.detach().numpy(), order.numpy(), zero_rule
        ctx.found = cpu_rollout.rollout(ctx.given[0], initial_state.detach().numpy(), *ctx.given[1:])
        return torch.from_numpy(ctx.found.states), torch.from_numpy(ctx.found.norms == 0)

    @staticmethod
    def backward(ctx, grad_states, _):
        W, order, zero_rule = ctx.given
        found = cpu_rollout.rollout_gradient(W, order, ctx.found, grad_states.contiguous().numpy(), zero_rule)
        return *map(torch.from_numpy, found), None, None


class Loss(torch.autograd.Function):
    """The CPU engine's loss and its gradient, as torch takes a function."""

    @staticmethod
    def forward(ctx, states, positions, speeds, config):
        found, grad = cpu.sic_loss(states.detach().numpy(), positions.numpy(), speeds.numpy(), config, 1.0)
        ctx.save_for_backward(torch.from_numpy(grad))
        return tuple(states.new_tensor(value) for value in found)

    @staticmethod
    def backward(ctx, grad_total, *_):
        return ctx.saved_tensors[0] * grad_total, None, None, None


def rollout_of(engine):
    return Rollout.apply if engine is cpu else engine.rollout


def sic_loss_of(engine):
    def of_cpu(*given):
        total, *terms = Loss.apply(*given)
        return total, terms

    return of_cpu if engine is cpu else engine.sic_loss


def exact_type(engine):
    """float64, but float32 for the kernels on a real GPU, whose products are float32's."""
    return torch.float32 if engine is cuda and GPU == "cuda" else torch.float64


def assert_same(engine, network, batch, config):
    """The engine against the plain definitions in float64.

    In float32 some examples are ill-conditioned (a conformal ratio over a tiny |v|, K of nearly equal states), so the
    engine may be off by the tolerance, and beyond that by a few times what plain float32 torch itself is off.
    """
    truth = step(plain, deepcopy(network).double(), batch, config)
    unhurried = step(plain, network, batch, config)
    fast = step(engine, network, batch, config)
    tolerance = TOLERANCE[network.start.dtype]

    def assert_near(ours, theirs, true, scale):
        off, allowed = float((ours - true).detach().norm()), 4 * float((theirs - true).detach().norm())
        assert off <= tolerance * scale + allowed

    # A sum over pairs can be nothing but the rounding of each, |g_i - g_j|^2 of equal states, say.
    points = batch.order.size
    summed = max(points * (points - 1) / 2, 1) if config.pair_reduction == "sum" else 1
    for ours, theirs, true in zip(fast[0][1:], unhurried[0][1:], truth[0][1:], strict=True):
        assert_near(ours, theirs, true, abs(float(true)) + 1e-2 * summed)
    # Total and gradients are sums that may cancel: what is then left is rounding of their terms.
    size = max(float(truth[0].abs().max()), *(float(gradient.norm()) for gradient in truth[1]))
    for ours, theirs, true in zip(
        [fast[0][0], *fast[1]], [unhurried[0][0], *unhurried[1]], [truth[0][0], *truth[1]], strict=True
    ):
        assert_near(ours, theirs, true, size)
    assert torch.equal(fast[2], unhurried[2])


SHAPES = {
    "units": st.sampled_from([2, 3, 7, 16, 33]),
    "batch": st.integers(1, 9),
    "steps": st.integers(1, 12),
    "output_scale": st.sampled_from([0.3, 3.0]),  # states hardly move, or far
    "sigma_x": st.sampled_from([1e-9, 0.05, 0.3, 100.0]),  # none near and no conformal step, few, many, all
    "sigma_g": st.sampled_from([0.1, 0.4, 2.0]),
    "reduction": st.sampled_from(["masked_mean", "all_mean", "sum"]),
    "zero_rule": st.sampled_from(["zero", "previous"]),
    "permute": st.booleans(),
    "dtype": st.sampled_from([torch.float32, torch.float64]),
    "seed": st.integers(0, 1000),
}


def assert_same_on(
    engine, units, batch, steps, output_scale, sigma_x, sigma_g, reduction, zero_rule, permute, dtype, seed
):
    config = replace(LOSSES, sigma_x=sigma_x, sigma_g=sigma_g, pair_reduction=reduction, self_pairs=bool(seed % 2))
    network = replace(NETWORK, units=units, output_scale=output_scale, zero_rule=zero_rule)
    weights = VelocityRNN(network, np.random.default_rng(seed)).to(dtype)
    trajectories = TrajectoryConfig(batch, steps, "square", 0.15, permute)
    assert_same(engine, weights, sample_batch(trajectories, seed, 0), config)


@given(threads=st.integers(1, 3), **SHAPES)
@example(  # equal states at equal positions: their distances are rounding, in a sum
    threads=1, units=2, batch=7, steps=4, output_scale=3.0, sigma_x=1e-9, sigma_g=0.1, reduction="sum",
    zero_rule="zero", permute=False, dtype=torch.float32, seed=192,
)  # fmt: skip
def test_cpu_engine_equals_definition(threads, **shapes):
    use_threads(threads)
    assert_same_on(cpu, **shapes)


@pytest.mark.skipif(cuda is None, reason="triton is not installed")
@settings(max_examples=max(settings.default.max_examples // 4, 1))  # the interpreter takes a second for each
@given(**SHAPES | ({"dtype": st.just(torch.float32)} if GPU == "cuda" else {}))
def test_cuda_engine_equals_definition(**shapes):
    assert_same_on(cuda, **shapes)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("zero_rule", ["zero", "previous"])
def test_zero_vectors(engine, zero_rule):
    """Strong matrices silence some steps: the zero rule decides there, and is counted."""
    config = replace(NETWORK, units=5, velocity_scale=1.0, identity="none", zero_rule=zero_rule)
    network = VelocityRNN(config, np.random.default_rng(5)).to(exact_type(engine))
    with torch.no_grad():
        network.mlp[0].weight.mul_(20)
        network.mlp[-1].weight.mul_(10)
    batch = sample_batch(TrajectoryConfig(6, 8, "square", 0.15, True), 3, 0)
    silent = step(engine, network, batch, replace(LOSSES, sigma_x=0.1))[2]
    assert silent.any() and not silent.all()
    assert_same(engine, network, batch, replace(LOSSES, sigma_x=0.1))


@pytest.mark.skipif(GPU == "cuda", reason="finite differences need float64")
@pytest.mark.parametrize("engine", ENGINES)
def test_rollout_gradients(engine):
    """Of the matrices and of an initial state with silent units, by finite differences."""
    rng = torch.Generator().manual_seed(0)
    matrices = torch.rand(4, 5, 5, generator=rng, dtype=torch.float64) - 0.3
    initial = torch.tensor([0.6, 0.0, 0.8, 0.0, 0.1], dtype=torch.float64)
    order = torch.tensor([[0, 1, 2, 3], [3, 1, 0, 2], [2, 3, 1, 0]])
    leaves = (matrices.requires_grad_(), initial.requires_grad_())
    assert torch.autograd.gradcheck(lambda W, g: rollout_of(engine)(W, g, order, "zero")[0], leaves)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("points", [TILE - 1, TILE, TILE + 1, 3 * TILE + 5])
def test_block_edges(engine, points):
    """Every pair is counted once wherever the blocks of pairs end."""
    batch = sample_batch(TrajectoryConfig(points, 1, "square", 0.15, True), 0, 0)
    batch.positions[:, 1:] = np.random.default_rng(0).uniform(-0.5, 0.5, size=(points, 1, 2))
    states = torch.rand(points, 2, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    results = []
    for loss, device in ((losses.sic_loss, "cpu"), (sic_loss_of(engine), GPU if engine is cuda else "cpu")):
        leaf = states.to(device, exact_type(engine), copy=True).requires_grad_()
        _, _, positions, speeds = to_tensors(batch, leaf)
        total, terms = loss(leaf, positions, speeds, LOSSES)
        total.backward()
        results.append((torch.stack(list(terms)).cpu(), leaf.grad.cpu()))
    tolerance = TOLERANCE[exact_type(engine)]
    for ours, truth in zip(*reversed(results), strict=True):
        torch.testing.assert_close(ours, truth, rtol=tolerance, atol=tolerance / 100)


@pytest.mark.parametrize("engine", ENGINES)
def test_not_a_number_is_not_hidden(engine):
    """A NaN anywhere must reach the loss: that is how divergence is seen."""
    states = torch.rand(3, 5, 4)
    states[1, 2, 3] = torch.nan
    batch = sample_batch(TrajectoryConfig(3, 4, "square", 0.15, True), 0, 0)
    states = states.to(GPU if engine is cuda else "cpu")
    _, _, positions, speeds = to_tensors(batch, states)
    total, _ = sic_loss_of(engine)(states, positions, speeds, LOSSES)
    assert total.isnan()
