"""Adam and SOAP, whose steps have the same bits on every machine.

They work on the processor, also for a network on a GPU: there is little to do beside a gradient.
"""

from collections.abc import Iterable
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.linear_algebra import eigenvectors, orthonormal
from sslgrid.kernels.products import product

SMALL = 1e-8  # added to the root of the mean square, which may be 0
NEW_BASES_EVERY = 10  # steps of SOAP


class Adam:
    """Adam (Kingma & Ba 2015), as `torch.optim.Adam`."""

    arrays: ClassVar[tuple[str, ...]] = ("mean", "square")  # of each parameter: of its gradient's moments

    def __init__(self, parameters: Iterable[nn.Parameter], betas: tuple[float, float]):
        """For these parameters, whose gradients are read at each step."""
        self.parameters, self.betas = list(parameters), betas
        self.steps = 0
        self.missing = [1.0, 1.0]  # share of each moment that is still its start, 0: powers of betas
        self.kept = [dict(zip(self.arrays, self._first(_array(each)), strict=True)) for each in self.parameters]

    def step(self, rate: float) -> None:
        """Take a step with this learning rate."""
        self.steps += 1
        self._count()
        for parameter, kept in zip(self.parameters, self.kept, strict=True):
            gradient, beta, other = _gradient(parameter), *self.betas
            _average(kept["mean"].ravel(), gradient.ravel(), beta)
            _average_squares(kept["square"].ravel(), gradient.ravel(), other)
            direction = _direction(kept["mean"].ravel(), kept["square"].ravel(), np.sqrt(1 - self.missing[1]))
            _move(parameter, direction, rate / (1 - self.missing[0]))

    def state_dict(self) -> dict:
        """Tensors and numbers."""
        kept = [{name: torch.from_numpy(array.copy()) for name, array in each.items()} for each in self.kept]
        return {"steps": self.steps, "missing": list(self.missing), "kept": kept}

    def load_state_dict(self, state: dict) -> None:
        """Go on from where `state_dict` was taken."""
        self.steps, self.missing = state["steps"], list(state["missing"])
        self.kept = [{name: each.numpy().copy() for name, each in kept.items()} for kept in state["kept"]]

    def _first(self, weights: np.ndarray) -> list[np.ndarray]:
        return [np.zeros_like(weights), np.zeros_like(weights)]

    def _count(self) -> None:
        self.missing = [beta * missing for beta, missing in zip(self.betas, self.missing, strict=True)]


class Soap(Adam):
    """SOAP (Vyas et al. 2025): Adam in the eigenbasis of Shampoo's preconditioner, as `pytorch_optimizer.SOAP`.

    It takes a tenth of Adam's steps here, and less: what a recurrent network must learn about time has curvatures of
    very different size, which do not lie along its single weights. The first step only finds the bases.
    """

    # By rows and columns: means of G G' and G' G, and their eigenvectors. A bias has none.
    arrays: ClassVar[tuple[str, ...]] = ("mean", "square", "of_rows", "of_columns", "row_basis", "column_basis")

    def step(self, rate: float) -> None:
        """Take a step with this learning rate."""
        self.steps += 1
        if self.steps > 1:
            self._count()
            for parameter, kept in zip(self.parameters, self.kept, strict=True):
                self._turn_and_move(parameter, kept, rate)
        for parameter, kept in zip(self.parameters, self.kept, strict=True):
            self._follow_bases(_gradient(parameter), kept)

    def _first(self, weights: np.ndarray) -> list[np.ndarray]:
        sides = [(side, side) for side in (weights.shape if weights.ndim == 2 else (0, 0))]
        return [*super()._first(weights), *(np.zeros(side, weights.dtype) for side in (*sides, *sides))]

    def _turn_and_move(self, parameter: nn.Parameter, kept: dict[str, np.ndarray], rate: float) -> None:
        gradient, beta, other = _gradient(parameter), *self.betas
        _average(kept["mean"].ravel(), gradient.ravel(), beta)
        turned, mean = gradient, kept["mean"]
        if gradient.ndim == 2:
            turned, mean = (_between(kept["row_basis"].T, each, kept["column_basis"]) for each in (gradient, mean))
        _average_squares(kept["square"].ravel(), turned.ravel(), other)
        direction = _direction(mean.ravel(), kept["square"].ravel(), 1.0)
        if gradient.ndim == 2:
            direction = _between(kept["row_basis"], direction.reshape(gradient.shape), kept["column_basis"].T)
        _move(parameter, direction, rate * float(np.sqrt(1 - self.missing[1])) / (1 - self.missing[0]))

    def _follow_bases(self, gradient: np.ndarray, kept: dict[str, np.ndarray]) -> None:
        if gradient.ndim != 2:
            return
        for side, matrix in (("row", gradient), ("column", gradient.T)):
            factor, basis = kept[f"of_{side}s"], kept[f"{side}_basis"]
            _average(factor.ravel(), _product(matrix, matrix.T).ravel(), self.betas[1])
            if self.steps == 1:
                basis[:] = eigenvectors(factor)
            elif (self.steps - 1) % NEW_BASES_EVERY == 0:
                moved = _product(factor, basis)
                order = np.argsort(-_overlaps(basis, moved), kind="stable")
                kept["square"][:] = kept["square"][order] if side == "row" else kept["square"][:, order]
                basis[:] = orthonormal(moved[:, order])


def _array(tensor: Tensor) -> np.ndarray:
    """On the processor, contiguous; of a tensor there the very memory."""
    return np.ascontiguousarray(tensor.detach().cpu().numpy())


def _gradient(parameter: nn.Parameter) -> np.ndarray:
    if parameter.grad is None:
        raise ValueError("a parameter has no gradient yet: descend first")
    return _array(parameter.grad)


def _product(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    found = np.empty((len(A), B.shape[1]), A.dtype)
    product(A, B, found, False)
    return found


def _between(left: np.ndarray, matrix: np.ndarray, right: np.ndarray) -> np.ndarray:
    return _product(_product(left, matrix), right)


def _move(parameter: nn.Parameter, direction: np.ndarray, length: float) -> None:
    weights = _array(parameter)
    _subtract(weights.ravel(), direction.ravel(), length)
    with torch.no_grad():
        parameter.copy_(torch.from_numpy(weights))


@compiled
def _average(mean, value, beta):
    share = mean.dtype.type(1 - beta)
    for i in range(len(mean)):
        mean[i] += share * (value[i] - mean[i])


@compiled
def _average_squares(mean, value, beta):
    share = mean.dtype.type(1 - beta)
    for i in range(len(mean)):
        mean[i] += share * (value[i] * value[i] - mean[i])


@compiled
def _direction(mean, square, divisor):
    found, divisor, small = np.empty_like(mean), mean.dtype.type(divisor), mean.dtype.type(SMALL)
    for i in range(len(mean)):
        found[i] = mean[i] / (np.sqrt(square[i]) / divisor + small)
    return found


@compiled
def _subtract(weights, direction, length):
    length = weights.dtype.type(length)
    for i in range(len(weights)):
        weights[i] -= length * direction[i]


@compiled
def _overlaps(basis, moved):
    """Of each column of one with that of the other."""
    found = np.zeros(len(basis))
    for i in range(len(basis)):
        for j in range(len(basis)):
            found[j] += basis[i, j] * moved[i, j]
    return found
