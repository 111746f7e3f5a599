"""The last part of a gradient step on a CPU: clip the gradient, and AdamW in one pass over weights and moments.

torch's own pass over the same megabytes several times, and its norm's bits change with the processor.
"""

import math
from collections.abc import Callable, Iterable

import numpy as np
import torch
from torch import Tensor

from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.memory import load_first, store_first
from sslgrid.kernels.reductions import PIECE, dot_pieces
from sslgrid.kernels.vector_type import lanes
from sslgrid.kernels.vectors import fma, root, select, size
from sslgrid.machine.threads import in_parts, share

ALONE = 16 * PIECE  # fewer numbers are not worth a second thread
STATE = "step", "exp_avg", "exp_avg_sq"  # of each parameter, in torch's words
LEAST = 2.0**-100  # moments below are nothing beside eps, and silent units' would end as numbers slow to compute with


def clip_arrays(gradients: list[np.ndarray], limit: float) -> float:
    """As `torch.nn.utils.clip_grad_norm_`: scale the arrays (count,) down to norm `limit`; returns the norm before."""
    norm = math.sqrt(math.fsum(square for gradient in gradients for square in _squares(gradient)))
    factor = limit / (norm + 1e-6)
    if not factor >= 1:  # NaN must spread
        for gradient in gradients:
            _in_pieces(len(gradient), lambda first, last, g=gradient: scale(g, g.dtype.type(factor), first, last))
    return norm


def _squares(gradient: np.ndarray) -> list[float]:
    found = np.empty(-(-len(gradient) // PIECE))
    _in_pieces(
        len(gradient), lambda first, last: dot_pieces(gradient, gradient, first // PIECE, -(-last // PIECE), found)
    )
    return found.tolist()


def _in_pieces(count: int, work: Callable[[int, int], None]) -> None:
    """`work(first, last)` for whole pieces of `count` numbers, by several threads if there are many numbers."""
    if count <= ALONE:
        work(0, count)
        return
    pieces = -(-count // PIECE)

    def of_part(part: int, parts: int) -> None:
        first, last = share(pieces, part, parts)
        work(first * PIECE, min(last * PIECE, count))

    in_parts(of_part)


@compiled
def scale(values, factor, first, last):
    """Multiply values[first:last]."""
    for i in range(first, last, lanes(values.dtype)):
        store_first(values, i, load_first(values, i, last - i) * factor, last - i)


class AdamW:
    """torch's AdamW (Loshchilov & Hutter 2019, algorithm 2) with the same state, for contiguous CPU tensors."""

    def __init__(
        self,
        parameters: Iterable[Tensor],
        lr: float,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ):
        settings = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        self.param_groups = [{"params": list(parameters), **settings}]
        self.moments: dict[Tensor, tuple[Tensor, Tensor]] = {}  # exp_avg, exp_avg_sq
        self.steps: dict[Tensor, int] = {}
        self.arrays: dict[Tensor, tuple[Tensor, tuple[np.ndarray, ...]]] = {}  # by the gradient that they are of

    def state_dict(self) -> dict:
        """As torch's: the moments of each parameter by its number, and the settings."""
        (group,) = self.param_groups
        state = {
            number: dict(
                zip(STATE, (torch.tensor(float(self.steps[parameter])), *self.moments[parameter]), strict=True)
            )
            for number, parameter in enumerate(group["params"])
            if parameter in self.steps
        }
        return {"state": state, "param_groups": [{**group, "params": list(range(len(group["params"])))}]}

    def load_state_dict(self, saved: dict) -> None:
        """Go on from where `state_dict` was taken, here or of torch's AdamW."""
        (group,), (settings,) = self.param_groups, saved["param_groups"]
        group.update({name: settings[name] for name in group if name != "params"})
        group["betas"] = tuple(group["betas"])
        self.arrays = {}
        held = {group["params"][number]: state for number, state in saved["state"].items()}
        self.steps = {parameter: int(state[STATE[0]]) for parameter, state in held.items()}
        self.moments = {
            parameter: tuple(state[name].clone() for name in STATE[1:]) for parameter, state in held.items()
        }

    def step(self) -> None:
        """Take one step along the gradients; parameters without one stay."""
        (group,) = self.param_groups
        factors: dict[tuple, np.ndarray] = {}
        for parameter in group["params"]:
            if parameter.grad is None:
                continue
            steps = self.steps[parameter] = self.steps.get(parameter, 0) + 1
            weights, gradient, mean, square = self._arrays_of(parameter)
            key = steps, weights.dtype
            if key not in factors:
                factors[key] = np.array(self._factors(steps), weights.dtype)
            _update(weights, gradient, mean, square, factors[key])

    def _arrays_of(self, parameter: Tensor) -> tuple[np.ndarray, ...]:
        """(count,) each: the weights, their gradient and its two moments, not copies."""
        held, gradient = self.arrays.get(parameter), parameter.grad
        if gradient is None:
            raise ValueError("a parameter has no gradient yet: descend first")
        if held is None or held[0] is not gradient:
            if parameter not in self.moments:
                self.moments[parameter] = torch.zeros_like(parameter.detach()), torch.zeros_like(parameter.detach())
            tensors = parameter.detach(), gradient, *self.moments[parameter]
            held = self.arrays[parameter] = gradient, tuple(tensor.view(-1).numpy() for tensor in tensors)
        return held[1]

    def _factors(self, steps: int) -> tuple[float, ...]:
        (group,) = self.param_groups
        beta1, beta2 = group["betas"]
        return (
            1 - beta1,
            beta2,
            1 - beta2,
            1 - group["lr"] * group["weight_decay"],
            group["lr"] / (1 - power(beta1, steps)),
            1 / math.sqrt(1 - power(beta2, steps)),
            group["eps"],
        )


def _update(
    weights: np.ndarray, gradient: np.ndarray, mean: np.ndarray, square: np.ndarray, factors: np.ndarray
) -> None:
    _in_pieces(len(weights), lambda first, last: _adamw(weights, gradient, mean, square, factors, first, last))


def power(base: float, exponent: int) -> float:
    """base**exponent by squaring: the library's last bit is not the same everywhere."""
    found = 1.0
    while exponent:
        if exponent % 2:
            found *= base
        base, exponent = base * base, exponent // 2
    return found


@compiled
def _adamw(weights, gradient, mean, square, factors, first, last):
    one_minus_beta1, beta2, one_minus_beta2, decay, rate, correction, eps = (
        factors[0], factors[1], factors[2], factors[3], factors[4], factors[5], factors[6],
    )  # fmt: skip
    for i in range(first, last, lanes(weights.dtype)):
        left = last - i
        g, m, s = load_first(gradient, i, left), load_first(mean, i, left), load_first(square, i, left)
        m = fma(g - m, one_minus_beta1, m)
        s = fma(s, beta2, g * g * one_minus_beta2)
        m, s = select(size(m) < LEAST, 0.0, m), select(s < LEAST, 0.0, s)
        store_first(mean, i, m, left)
        store_first(square, i, s, left)
        change = m * rate / fma(root(s), correction, eps)
        store_first(weights, i, fma(load_first(weights, i, left), decay, -change), left)
