"""Hessian-free steps on problems whose answers are known."""

import numpy as np
import pytest
import torch

from sslgrid.localiser.config import HessianFreeConfig
from sslgrid.localiser.hessian_free import Problem, Search, adapted, conjugate_gradients, step


def options(iterations: int, **changes) -> HessianFreeConfig:
    return HessianFreeConfig(iterations, damping=1.0, **changes)


def spread(size=30, seed=0) -> torch.Tensor:
    """A positive matrix whose curvatures span four orders of magnitude."""
    rng = np.random.default_rng(seed)
    axes, _ = np.linalg.qr(rng.normal(size=(size, size)))
    return torch.from_numpy(axes * np.logspace(-2, 2, size) @ axes.T)


def test_conjugate_gradients_solve_a_linear_system():
    matrix, target = spread(), torch.from_numpy(np.random.default_rng(1).normal(size=30))
    *_, (_, x) = conjugate_gradients(lambda v: matrix @ v, target, torch.zeros(30).double(), matrix.diag(), 500)
    exact = torch.linalg.solve(matrix, target)
    value = float(0.5 * x @ matrix @ x - x @ target)
    assert value == pytest.approx(float(-0.5 * target @ exact), rel=1e-3)
    torch.testing.assert_close(matrix @ x, target, rtol=0, atol=0.2)


def quadratic(matrix: torch.Tensor, at: torch.Tensor, lowest: torch.Tensor) -> Problem:
    return Problem(
        loss=lambda p: float(0.5 * (p - lowest) @ matrix @ (p - lowest)), gradient=matrix @ (at - lowest),
        curvature=lambda v, _: matrix @ v, squares=torch.zeros(len(at), dtype=at.dtype),
    )  # fmt: skip


def test_a_quadratic_loss_is_foretold_and_the_damping_falls():
    matrix, lowest = spread(), torch.ones(30).double()
    search, parameters = Search(1.0, torch.zeros(30).double()), torch.zeros(30).double()
    start = loss = quadratic(matrix, parameters, lowest).loss(parameters)
    for _ in range(15):
        found = step(quadratic(matrix, parameters, lowest), parameters, loss, search, options(200))
        assert found.loss < loss and found.rate == 1
        assert found.reduction == pytest.approx(1, abs=0.02)
        search.damping = adapted(search.damping, found.reduction, 1.5)
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
            lambda p: float(p.cosh().log().sum()), parameters.tanh(), lambda v, _, slope=slope: slope * v, slope * 0
        )
        found = step(problem, parameters, loss, search, options(50))
        assert found.loss <= loss
        search.damping = adapted(search.damping, found.reduction, 1.5)
        parameters, loss = found.parameters, found.loss
    assert loss < 1e-3


@pytest.mark.parametrize("factor", [1.5, 3.0])
def test_damping_rises_by_its_factor_where_the_loss_does_not_fall(factor):
    uphill = Problem(lambda p: float(p.square().sum()) + 1, torch.ones(2), lambda v, _: v, torch.zeros(2))
    found = step(uphill, torch.zeros(2), 0.0, Search(1.0, torch.zeros(2)), options(10))
    assert found.rate == 0 and (found.parameters == 0).all() and found.loss == 0
    assert adapted(1.0, found.reduction, factor) == factor
    assert [adapted(1.0, each, factor) for each in (0.2, 0.5, 0.8)] == [factor, 1.0, 1 / factor]


def test_a_curvature_that_is_no_number_takes_no_step_and_raises_the_damping():
    broken = Problem(lambda p: 0.0, torch.ones(2), lambda v, _: v * torch.nan, None)
    search = Search(1.0, torch.zeros(2))
    found = step(broken, torch.ones(2), 1.0, search, options(10))
    assert (found.parameters == 1).all() and found.iterations == 0 and adapted(1.0, found.reduction, 1.5) == 1.5


def test_parameters_that_are_not_free_stay_as_they_are():
    matrix, lowest, zero = spread(), torch.ones(30).double(), torch.zeros(30).double()
    free = torch.ones(30).double()
    free[3] = 0
    whole = quadratic(matrix, zero, lowest)
    problem = Problem(whole.loss, whole.gradient, whole.curvature, None, free)
    found = step(problem, zero, whole.loss(zero), Search(1.0, zero), options(200))
    assert found.parameters[3] == 0 and (found.parameters[free == 1] != 0).all() and found.loss < whole.loss(zero)


def test_structural_damping_adds_its_own_curvature_which_the_model_of_the_loss_has_too():
    matrix, structure = (spread(seed=seed) + 10 * torch.eye(30) for seed in (0, 1))  # that searches end accurately on
    lowest, zero = torch.ones(30).double(), torch.zeros(30).double()
    plain = quadratic(matrix, zero, lowest)
    problem = Problem(plain.loss, plain.gradient, lambda v, weight: matrix @ v + weight * (structure @ v), None)
    search = Search(0.1, zero)
    found = step(problem, zero, plain.loss(zero), search, options(2000), structural=0.7)
    expected = torch.linalg.solve(matrix + 0.1 * torch.eye(30) + 0.7 * structure, matrix @ lowest)
    torch.testing.assert_close(search.direction, expected, rtol=0, atol=1e-3)
    gain = plain.loss(found.parameters) - plain.loss(zero)
    model = plain.gradient @ expected + 0.5 * expected @ (matrix + 0.7 * structure) @ expected
    assert found.reduction == pytest.approx(gain / float(model), rel=1e-3)


class Watched:
    """A quadratic problem that remembers where conjugate gradients started in each step."""

    def __init__(self, squares: torch.Tensor | None = None):
        self.matrix, self.lowest, self.starts, self.squares = spread(), torch.ones(30).double(), [], squares
        self.parameters, self.search = torch.zeros(30).double(), Search(1.0, torch.zeros(30).double())

    def step(self, config: HessianFreeConfig) -> torch.Tensor:
        """Take one; returns the gradient there."""
        plain, asked = quadratic(self.matrix, self.parameters, self.lowest), []

        def curvature(vector: torch.Tensor, _: float) -> torch.Tensor:
            asked.append(vector.clone())
            return self.matrix @ vector

        problem = Problem(plain.loss, plain.gradient, curvature, self.squares)
        self.parameters = step(problem, self.parameters, plain.loss(self.parameters), self.search, config).parameters
        self.starts.append(asked[0])
        return plain.gradient


def test_a_search_starts_near_the_last_solution_or_along_the_negative_gradient():
    watched, solutions, gradients = Watched(), [torch.zeros(30).double()], []
    for _ in range(5):
        gradients.append(watched.step(options(5, warm_start=0.5, restart_every=2)))
        solutions.append(watched.search.direction)
    for number, start in enumerate(watched.starts):
        along = -gradients[number] / gradients[number].norm() * 2 * solutions[number].norm()
        torch.testing.assert_close(start, along if number % 2 else 0.5 * solutions[number])
    assert watched.search.steps == 5


@pytest.mark.parametrize("squares", [None, torch.logspace(-2, 2, 30).double()])
def test_the_first_direction_is_the_gradient_as_the_preconditioner_has_it(squares):
    watched = Watched(squares)
    gradient = watched.step(options(1))
    scaled = gradient if squares is None else gradient / (squares + 1) ** 0.75
    found = watched.search.direction
    torch.testing.assert_close(found / found.norm(), -scaled / scaled.norm())


def test_backtracking_takes_an_earlier_iterate_where_that_is_better():
    """The iterates of conjugate gradients grow, and this loss likes short steps."""
    matrix, zero = spread(), torch.zeros(30).double()
    problem = Problem(lambda p: float(p.norm()), -matrix @ torch.ones(30).double(), lambda v, _: matrix @ v, None)
    lengths = {
        backtracking: float(
            step(problem, zero, 1e9, Search(0.1, zero), options(40, backtracking=backtracking)).parameters.norm()
        )
        for backtracking in (True, False)
    }
    assert 0 < lengths[True] < 0.5 * lengths[False]


@pytest.mark.parametrize("factor, rate", [(0.5, 0.25), (0.8, 0.8**6)])
def test_the_line_search_shortens_a_step_by_its_factor(factor, rate):
    """The whole step has length 1; only steps below 0.3 lower the loss."""
    problem = Problem(
        lambda p: -1.0 if 0 < p[0] < 0.3 else 1.0, torch.tensor([-1.0]), lambda v, _: 0.5 * v, None
    )  # fmt: skip
    found = step(problem, torch.zeros(1), 0.0, Search(0.5, torch.zeros(1)), options(5, line_search=factor))
    assert found.rate == pytest.approx(rate) and found.parameters[0] == pytest.approx(rate)
