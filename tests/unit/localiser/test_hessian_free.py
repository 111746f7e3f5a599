"""Hessian-free steps on problems whose answers are known."""

import numpy as np
import pytest
import torch

from sslgrid.localiser.hessian_free import Problem, Search, conjugate_gradients, step


def spread(size=30, seed=0) -> torch.Tensor:
    """A positive matrix whose curvatures span four orders of magnitude."""
    rng = np.random.default_rng(seed)
    axes, _ = np.linalg.qr(rng.normal(size=(size, size)))
    return torch.from_numpy(axes * np.logspace(-2, 2, size) @ axes.T)


def test_conjugate_gradients_solve_a_linear_system():
    matrix, target = spread(), torch.from_numpy(np.random.default_rng(1).normal(size=30))
    *_, (_, x, value) = conjugate_gradients(lambda v: matrix @ v, target, torch.zeros(30).double(), matrix.diag(), 500)
    exact = torch.linalg.solve(matrix, target)
    assert value == pytest.approx(float(-0.5 * target @ exact), rel=1e-3)
    torch.testing.assert_close(matrix @ x, target, rtol=0, atol=0.2)


def quadratic(matrix: torch.Tensor, at: torch.Tensor, lowest: torch.Tensor) -> Problem:
    return Problem(
        loss=lambda p: float(0.5 * (p - lowest) @ matrix @ (p - lowest)), gradient=matrix @ (at - lowest),
        curvature=lambda v: matrix @ v, squares=torch.zeros(len(at), dtype=at.dtype),
    )  # fmt: skip


def test_a_quadratic_loss_is_foretold_and_the_damping_falls():
    matrix, lowest = spread(), torch.ones(30).double()
    search, parameters = Search(1.0, torch.zeros(30).double()), torch.zeros(30).double()
    start = loss = quadratic(matrix, parameters, lowest).loss(parameters)
    for _ in range(15):
        found = step(quadratic(matrix, parameters, lowest), parameters, loss, search, 200)
        assert found.loss < loss and found.rate == 1
        assert found.reduction == pytest.approx(1, abs=0.02)
        parameters, loss = found.parameters, found.loss
    assert search.damping < 0.01
    assert loss < 1e-4 * start


def test_a_model_that_foretells_badly_is_damped_and_never_makes_things_worse():
    """log cosh, whose Gauss-Newton step from far away leads much too far."""
    parameters = torch.full((3,), 4.0).double()
    search = Search(1e-6, torch.zeros(3).double())
    loss = float(parameters.cosh().log().sum())
    for _ in range(40):
        slope = 1 - parameters.tanh() ** 2
        problem = Problem(
            lambda p: float(p.cosh().log().sum()), parameters.tanh(), lambda v, slope=slope: slope * v, slope * 0
        )
        found = step(problem, parameters, loss, search, 50)
        assert found.loss <= loss
        parameters, loss = found.parameters, found.loss
    assert loss < 1e-3


def test_damping_rises_where_the_loss_does_not_fall():
    uphill = Problem(lambda p: float(p.square().sum()) + 1, torch.ones(2), lambda v: v, torch.zeros(2))
    search = Search(1.0, torch.zeros(2))
    found = step(uphill, torch.zeros(2), 0.0, search, 10)
    assert found.rate == 0 and (found.parameters == 0).all() and found.loss == 0
    assert search.damping > 1
