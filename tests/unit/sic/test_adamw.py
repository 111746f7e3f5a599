"""The CPU engine's clipping and AdamW against torch's."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sslgrid.sic.engine.cpu_adamw import AdamW, clip_arrays

SIZES = st.lists(st.integers(1, 40), min_size=1, max_size=3)
# In float32 1 - 0.999 is good to 5e-5, and so is the size of a step; weights are about 1, steps 0.1.
TOLERANCE = {torch.float64: 1e-12, torch.float32: 3e-5}


def clip(tensors, limit):
    return clip_arrays([tensor.grad.view(-1).numpy() for tensor in tensors if tensor.grad is not None], limit)


def parameters(sizes, dtype, seed=0):
    rng = torch.Generator().manual_seed(seed)
    return [torch.randn(size, generator=rng, dtype=dtype).requires_grad_() for size in sizes]


def give_gradients(rng, *groups):
    for tensors in zip(*groups, strict=True):
        gradient = torch.randn(tensors[0].shape, generator=rng, dtype=tensors[0].dtype)
        for tensor in tensors:
            tensor.grad = gradient.clone()


@given(SIZES, st.sampled_from([torch.float32, torch.float64]), st.floats(0, 0.3), st.floats(0, 0.99), st.integers(1, 6))
def test_steps_are_those_of_torch(sizes, dtype, weight_decay, beta, steps):
    ours, theirs = parameters(sizes, dtype), parameters(sizes, dtype)
    settings = {"lr": 0.0, "betas": (beta, 0.999), "weight_decay": weight_decay}
    optimisers = AdamW(ours, **settings), torch.optim.AdamW(theirs, **settings)
    rng = torch.Generator().manual_seed(1)
    for step in range(steps):
        give_gradients(rng, ours, theirs)
        for optimiser in optimisers:
            optimiser.param_groups[0]["lr"] = 0.1 / (step + 1)
            optimiser.step()
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


def test_state_can_be_handed_to_torch_and_back():
    """So a checkpoint does not know which of the two made it."""
    ours, theirs = parameters([5, 3], torch.float64), parameters([5, 3], torch.float64)
    first, second = AdamW(ours, lr=0.1), torch.optim.AdamW(theirs, lr=0.1)
    rng = torch.Generator().manual_seed(1)
    for _ in range(3):
        give_gradients(rng, ours, theirs)
        first.step()
        second.step()
        states = first.state_dict(), second.state_dict()
        first.load_state_dict(states[1])
        second.load_state_dict(states[0])
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-12)


def test_parameters_without_a_gradient_stay():
    still, moving = parameters([4, 4], torch.float32)
    before = still.detach().clone()
    moving.grad = torch.ones(4)
    clip([still, moving], 1.0)
    AdamW([still, moving], lr=0.1).step()
    assert torch.equal(still, before) and not torch.equal(moving, before)


@given(SIZES, st.floats(1e-3, 100))
def test_clipping_is_that_of_torch(sizes, limit):
    ours, theirs = parameters(sizes, torch.float64), parameters(sizes, torch.float64)
    give_gradients(torch.Generator().manual_seed(1), ours, theirs)
    assert float(clip(ours, limit)) == pytest.approx(float(torch.nn.utils.clip_grad_norm_(theirs, limit)))
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one.grad, other.grad)


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_gradient_that_is_no_number_shows_in_the_norm(bad):
    (tensor,) = parameters([6], torch.float32)
    tensor.grad = torch.ones(6)
    tensor.grad[3] = bad
    assert not math.isfinite(clip([tensor], 0.1))
