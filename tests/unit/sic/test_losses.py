"""The plain losses against the paper's equations written as loops."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from examples import LOSSES, TRAJECTORIES
from sslgrid.sic.batches import sample_batch
from sslgrid.sic.losses import sic_loss


def states_of(batch, units, seed=0):
    rng = torch.Generator().manual_seed(seed)
    states = torch.rand(batch.order.shape[0], batch.order.shape[1] + 1, units, generator=rng, dtype=torch.float64)
    return states / states.norm(dim=-1, keepdim=True)


def arguments(batch):
    return torch.from_numpy(batch.positions), torch.from_numpy(batch.speeds)


def naive(states, positions, speeds, config):
    """Schaeffer et al. 2023, section 3, term by term, one pair at a time."""
    B, T = speeds.shape
    points = [(b, t) for b in range(B) for t in range(1, T + 1)]
    far, near, far_count, near_count = 0.0, 0.0, 0, 0
    for p in points:
        for q in points:
            if p == q and not config.self_pairs:
                continue
            square = ((states[p] - states[q]) ** 2).sum()
            if np.linalg.norm(positions[p] - positions[q]) < config.sigma_x:
                near, near_count = near + square, near_count + 1
            else:
                far, far_count = far + np.exp(-square / (2 * config.sigma_g**2)), far_count + 1
    if config.pair_reduction == "all_mean":
        far_count = near_count = far_count + near_count
    if config.pair_reduction == "sum":
        far_count = near_count = 1
    mean = np.mean([states[p] for p in points], axis=0)
    ratios = [
        np.linalg.norm(states[b, t + 1] - states[b, t]) / speeds[b, t]
        for b in range(B)
        for t in range(T)
        if 0 < speeds[b, t] < config.sigma_x
    ]
    return far / far_count, near / near_count, -(mean @ mean), np.var(ratios)


@pytest.mark.parametrize("reduction", ["masked_mean", "all_mean", "sum"])
@pytest.mark.parametrize("self_pairs", [False, True])
def test_terms_are_the_papers_equations(reduction, self_pairs):
    config = replace(LOSSES, pair_reduction=reduction, self_pairs=self_pairs, sigma_x=0.1)
    batch = sample_batch(TRAJECTORIES, seed=1, step=0)
    states = states_of(batch, 5)
    total, terms = sic_loss(states, *arguments(batch), config)
    expected = naive(states.numpy(), batch.positions, batch.speeds, config)
    assert expected[0] > 0 and expected[1] > 0 and expected[3] > 0, "the example must exercise every term"
    np.testing.assert_allclose([float(term) for term in terms], expected, rtol=1e-12)
    np.testing.assert_allclose(float(total), np.dot([1.0, 0.1, 0.5, 0.1], expected), rtol=1e-12)


def test_gradients():
    batch = sample_batch(replace(TRAJECTORIES, batch=3, steps=5), seed=2, step=0)
    config = replace(LOSSES, sigma_x=0.1)
    positions, speeds = arguments(batch)
    states = states_of(batch, 3).requires_grad_()
    assert torch.autograd.gradcheck(lambda s: sic_loss(s, positions, speeds, config)[0], states)


def test_no_short_steps_give_no_conformal_loss():
    batch = sample_batch(TRAJECTORIES, seed=0, step=0)
    states = states_of(batch, 4).requires_grad_()
    total, (*_, conformal_isometry) = sic_loss(states, *arguments(batch), replace(LOSSES, sigma_x=1e-9))
    total.backward()
    assert conformal_isometry == 0
    assert states.grad.isfinite().all()
