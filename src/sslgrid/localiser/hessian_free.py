"""Hessian-free optimisation (Martens 2010): each step minimises a quadratic model of the loss by conjugate gradients.

The model has the Gauss-Newton matrix for its curvature, of which only products with vectors are needed, plus damping
that follows how well the model foretold the last step (Levenberg and Marquardt). Structural damping (Martens &
Sutskever 2011) holds the network's states back besides its parameters. Where the order of things is open, it is that
of the code of Cueva & Wei: the solution that backtracking takes is judged, and is where the next search starts.
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
LENGTHS = 60  # that the line search tries
RESTART = 2.0  # length of the first guess along the negative gradient, in lengths of the last solution
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
    free: Tensor | None = None  # 1 for each parameter, 0 for those that stay as they are; None if all are free


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
    """Take one step from `parameters`, where the loss is `before`; `search` is brought up to date but for its damping.

    structural: weight of structural damping.
    """

    def damped(vector: Tensor) -> Tensor:
        return problem.curvature(vector, structural) + search.damping * vector

    start, diagonal = _first_guess(problem, search, config), _preconditioner(problem, search.damping)
    solved = list(_kept(conjugate_gradients(damped, -problem.gradient, start, diagonal, config.iterations)))
    solutions = [each if problem.free is None else problem.free * each for _, each in solved]
    search.steps += 1
    if not solutions:  # the curvature is not a number
        return Found(parameters, before, 0, math.nan, 0.0)
    direction = solutions[-1]
    loss = problem.loss(parameters + direction)
    for earlier in reversed(solutions[:-1] if config.backtracking else []):
        nearer = problem.loss(parameters + earlier)
        if not nearer < loss:
            break
        direction, loss = earlier, nearer
    search.direction = direction
    foretold = dot(problem.gradient, direction) + 0.5 * dot(direction, problem.curvature(direction, structural))
    reduction = (loss - before) / foretold if foretold < 0 else math.nan
    rate, loss = _line_search(problem, parameters, direction, before, loss, config.line_search)
    return Found(parameters + rate * direction, loss, solved[-1][0], reduction, rate)


def adapted(weight: float, reduction: float, factor: float) -> float:
    """A weight that holds steps back, after one: larger if the model foretold it badly, smaller if it did so well."""
    if reduction > TRUSTED:
        return weight / factor
    return weight if reduction >= DOUBTED else weight * factor


def _first_guess(problem: Problem, search: Search, config: HessianFreeConfig) -> Tensor:
    """Where conjugate gradients start: near the last solution, or in some steps along the negative gradient."""
    guess, gradient = config.warm_start * search.direction, problem.gradient
    length = math.sqrt(dot(gradient, gradient))
    if config.restart_every and (search.steps + 1) % config.restart_every == 0 and length > 0:
        return gradient * (-RESTART * math.sqrt(dot(search.direction, search.direction)) / length)
    return guess


def _preconditioner(problem: Problem, damping: float) -> Tensor:
    """Its diagonal (P,)."""
    if problem.squares is None:
        return torch.ones_like(problem.gradient)
    # The power 3/4 (section 4.7) by numpy's roots, which are rounded correctly; MKL's, and powers, are not everywhere.
    root = np.sqrt((problem.squares + damping).cpu().numpy())
    return torch.from_numpy(root * np.sqrt(root)).to(problem.squares)


def conjugate_gradients(
    product: Function, target: Tensor, start: Tensor, diagonal: Tensor, most_iterations: int
) -> Iterator[tuple[int, Tensor]]:
    """Solve `product(x) = target`, preconditioned by `diagonal`; yields iteration and x.

    The progress of the model `x' product(x) / 2 - x' target`, not the residual, says when to end (Martens 2010,
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
        yield iteration, x
        window = max(WINDOW, iteration // 10)
        if iteration > window and values[-1] < 0 and 1 - values[-1 - window] / values[-1] < window * PROGRESS:
            return
        scaled = residual / diagonal
        before, length = length, dot(residual, scaled)
        direction = length / before * direction - scaled


def _kept(iterates: Iterator[tuple[int, Tensor]]) -> Iterator[tuple[int, Tensor]]:
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
