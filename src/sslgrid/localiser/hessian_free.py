"""Hessian-free optimisation (Martens 2010): each step minimises a quadratic model of the loss by conjugate gradients.

The model has the Gauss-Newton matrix for its curvature, of which only products with vectors are needed, plus damping
that follows how well the model foretold the last step (Levenberg and Marquardt). Structural damping (Martens &
Sutskever 2011) holds the network's states back besides its parameters.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from sslgrid.kernels import reductions
from sslgrid.localiser.config import HessianFreeConfig

Function = Callable[[Tensor], Tensor]

PROGRESS = 5e-4  # relative, per iteration: with less, conjugate gradients end (Martens 2010, section 4.4)
WINDOW = 10  # iterations over which that is judged, at least
BACKTRACKING = 1.3  # ratio of the iterations whose solutions are kept
LENGTHS = 40  # that the line search tries
SUFFICIENT = 1e-2  # share of the slope by which a step must lower the loss
TRUSTED, DOUBTED = 0.75, 0.25  # reduction ratios beyond which the damping changes


@dataclass(frozen=True)
class Problem:
    """The loss on one batch, as functions of the parameters in one vector (P,)."""

    loss: Callable[[Tensor], float]
    gradient: Tensor  # where the search starts
    # Product with a vector of the Gauss-Newton matrix, there, plus that of structural damping with this weight.
    curvature: Callable[[Tensor, float], Tensor]
    squares: Tensor | None  # sum over trials of squared gradients, for a diagonal preconditioner; None for none


@dataclass
class Search:
    """What one step hands to the next."""

    damping: float
    direction: Tensor = field(repr=False)  # the last solution; zeros at first
    steps: int = 0  # taken so far


@dataclass(frozen=True)
class Found:
    """What one step did."""

    parameters: Tensor
    loss: float  # after the step
    iterations: int  # of conjugate gradients
    reduction: float  # of the loss, over what the quadratic model foretold
    rate: float  # of the line search; 0 if no step lowered the loss


def step(
    problem: Problem,
    parameters: Tensor,
    before: float,
    search: Search,
    config: HessianFreeConfig,
    structural: float = 0.0,
) -> Found:
    """Take one step from `parameters`, where the loss is `before`; `search` is brought up to date.

    structural: weight of structural damping.
    """

    def damped(vector: Tensor) -> Tensor:
        return problem.curvature(vector, structural) + search.damping * vector

    start, diagonal = _first_guess(problem, search, config), _preconditioner(problem, search.damping)
    solutions = list(_kept(conjugate_gradients(damped, -problem.gradient, start, diagonal, config.iterations)))
    search.steps += 1
    if not solutions:  # the curvature is not a number
        search.damping *= config.damping_factor
        return Found(parameters, before, 0, math.nan, 0.0)
    iterations, search.direction, model = solutions[-1]
    direction = search.direction
    loss = whole = problem.loss(parameters + direction)
    for _, earlier, _ in reversed(solutions[:-1] if config.backtracking else []):
        nearer = problem.loss(parameters + earlier)
        if not nearer < loss:
            break
        direction, loss = earlier, nearer
    foretold = _foretold(problem, search, model, structural)
    reduction = (whole - before) / foretold if foretold < 0 else math.nan
    rate, loss = _line_search(problem, parameters, direction, before, loss, config.line_search)
    if reduction < DOUBTED or math.isnan(reduction):
        search.damping *= config.damping_factor
    elif reduction > TRUSTED:
        search.damping /= config.damping_factor
    return Found(parameters + rate * direction, loss, iterations, reduction, rate)


def _first_guess(problem: Problem, search: Search, config: HessianFreeConfig) -> Tensor:
    """Where conjugate gradients start: near the last solution, or in some steps at the negative gradient."""
    if config.restart_every and search.steps % config.restart_every == 0:
        return -problem.gradient
    return config.warm_start * search.direction


def _preconditioner(problem: Problem, damping: float) -> Tensor:
    """Its diagonal (P,)."""
    if problem.squares is None:
        return torch.ones_like(problem.gradient)
    # The power 3/4 (section 4.7) by numpy's roots, which are rounded correctly; MKL's, and powers, are not everywhere.
    root = np.sqrt((problem.squares + damping).cpu().numpy())
    return torch.from_numpy(root * np.sqrt(root)).to(problem.squares)


def _foretold(problem: Problem, search: Search, model: float, structural: float) -> float:
    """Change of the loss that the model without any damping expects of the last solution; model: with damping."""
    found = search.direction
    if structural:
        return dot(problem.gradient, found) + 0.5 * dot(found, problem.curvature(found, 0.0))
    return model - 0.5 * search.damping * dot(found, found)


def conjugate_gradients(
    product: Function, target: Tensor, start: Tensor, diagonal: Tensor, most_iterations: int
) -> Iterator[tuple[int, Tensor, float]]:
    """Solve `product(x) = target`, preconditioned by `diagonal`; yields iteration, x and the model's value.

    The model is `x' product(x) / 2 - x' target`, and its progress, not the residual, says when to end (Martens 2010,
    section 4.4): scipy's solver knows the residual alone.
    """
    x = start.clone()
    residual = product(x) - target
    scaled = residual / diagonal
    direction, length = -scaled, dot(residual, scaled)
    values: list[float] = []
    for iteration in range(1, most_iterations + 1):
        curved = product(direction)
        bend = dot(direction, curved)
        if not bend > 0:  # rounding: the matrix has no such direction
            return
        rate = length / bend
        x = x + rate * direction
        residual = residual + rate * curved
        values.append(0.5 * dot(x, residual - target))
        yield iteration, x, values[-1]
        window = max(WINDOW, iteration // 10)
        if iteration > window and values[-1] < 0 and 1 - values[-1 - window] / values[-1] < window * PROGRESS:
            return
        scaled = residual / diagonal
        before, length = length, dot(residual, scaled)
        direction = length / before * direction - scaled


def _kept(iterates: Iterator[tuple[int, Tensor, float]]) -> Iterator[tuple[int, Tensor, float]]:
    """The iterates at geometrically growing distances, and the last one."""
    due, last = 1.0, None
    for iterate in iterates:
        last = iterate
        if iterate[0] >= due:
            due = max(due * BACKTRACKING, iterate[0] + 1)
            yield iterate
            last = None
    if last is not None:
        yield last


def _line_search(
    problem: Problem, parameters: Tensor, direction: Tensor, before: float, loss: float, shrink: float
) -> tuple[float, float]:
    """The first of 1, shrink, shrink^2 ... that lowers the loss enough, and the loss there; 0 if none does."""
    slope = min(dot(problem.gradient, direction), 0.0)
    rate = 1.0
    for _ in range(LENGTHS):
        if loss <= before + SUFFICIENT * rate * slope:
            return rate, loss
        rate *= shrink
        loss = problem.loss(parameters + rate * direction)
    return 0.0, before


def dot(a: Tensor, b: Tensor) -> float:
    """The scalar product of two vectors (P,), summed in an order that no machine and no number of threads changes."""
    return float(reductions.dot(a.cpu().numpy(), b.cpu().numpy()))
