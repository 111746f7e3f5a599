"""Separation of the farthest pairs alone, held to a loop over all pairs."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from examples import LOSSES
from sslgrid.sic.losses import extra_names, far_separation, names_of


def walked(seed: int = 0, trajectories: int = 3, steps: int = 7, units: int = 5):
    """Random states and positions: (B, T + 1, N), (B, T + 1, 2) m, (B, T) m, with gradients of the states."""
    rng = np.random.default_rng(seed)
    states = torch.from_numpy(rng.random((trajectories, steps + 1, units))).requires_grad_()
    positions = torch.from_numpy(rng.normal(size=(trajectories, steps + 1, 2)))
    return states, positions, torch.ones(trajectories, steps, dtype=torch.float64)


def by_loop(states, positions, config) -> tuple[float, int]:
    """The mean over ordered pairs, and how many there are."""
    g, x = states[:, 1:].flatten(0, 1).detach().numpy(), positions[:, 1:].flatten(0, 1).numpy()
    found = [
        np.exp(-np.sum((g[p] - g[q]) ** 2) / (2 * config.sigma_g**2))
        for p in range(len(g))
        for q in range(len(g))
        if np.hypot(*(x[p] - x[q])) > config.far_distance
    ]
    return float(np.mean(found)), len(found)


@pytest.mark.parametrize("far_distance", [0.5, 1.5, 3.0])
def test_it_is_the_mean_over_the_far_pairs(far_distance):
    config = replace(LOSSES, far_separation=1.0, far_distance=far_distance)
    given = walked()
    expected, pairs = by_loop(*given[:2], config)
    assert 0 < pairs < (3 * 7) ** 2
    assert float(far_separation(*given, config).detach()) == pytest.approx(expected, rel=1e-12)


def test_its_gradient_is_that_of_finite_differences():
    config = replace(LOSSES, far_separation=1.0, far_distance=1.0)
    states, positions, speeds = walked()
    assert torch.autograd.gradcheck(lambda g: far_separation(g, positions, speeds, config), states)


def test_without_such_pairs_it_is_nothing_and_has_no_gradient():
    config = replace(LOSSES, far_separation=1.0, far_distance=100.0)
    states, positions, speeds = walked()
    loss = far_separation(states, positions, speeds, config)
    loss.backward()
    assert float(loss.detach()) == 0 and not states.grad.any()


def test_without_a_weight_it_is_no_term():
    assert extra_names(LOSSES) == () and "far_separation" not in names_of(LOSSES)
    assert extra_names(replace(LOSSES, far_separation=0.5)) == ("far_separation",)
