"""The four SIC losses (Schaeffer et al. 2023, section 3), in plain torch: the definition the engines are held to.

A loss beside these four is a function with the decorator `extra_term` (docs/extend.md).

Notation: x position (m), g activity, over all points (b, t), t = 1..T, of a batch. A pair of points is *near* if
|x - x'| < sigma_x and *far* otherwise. Pairs are ordered: (p, q) and (q, p) both count, in sums and in counts.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import NamedTuple, TypeVar

import torch
from torch import Tensor

from sslgrid.sic.config import LossConfig


class Terms(NamedTuple):
    """The unweighted losses, in the order of the paper; 0-d tensors. `LossConfig` has a weight of each name."""

    separation: Tensor
    path_invariance: Tensor
    capacity: Tensor
    conformal_isometry: Tensor


class ExtraTerm(NamedTuple):
    """A loss beside the paper's four; `loss` takes what `sic_loss` takes and returns a 0-d tensor."""

    loss: Callable[[Tensor, Tensor, Tensor, LossConfig], Tensor]
    unit: str  # of its column in training.nc; "1" for none


Count = TypeVar("Count", int, Tensor)
EXTRA_TERMS: dict[str, ExtraTerm] = {}  # by name, filled by `extra_term`


def extra_term(unit: str) -> Callable:
    """Decorate a loss beside the paper's four: the function's name is that of its weight in `LossConfig`.

    unit: CF unit of its column in training.nc, "1" for none. Raises TypeError if `LossConfig` has no such weight.
    """

    def register(loss: Callable) -> Callable:
        name = loss.__name__
        if name not in {field.name for field in fields(LossConfig)} - set(Terms._fields):
            raise TypeError(
                f"the loss {name} has no weight of its own: add `{name}: float = 0.0` to LossConfig in sic/config.py, "
                f"and {name} to the losses of workflow/schemas/config.schema.yaml"
            )
        EXTRA_TERMS[name] = ExtraTerm(loss, unit)
        return loss

    return register


def extra_names(config: LossConfig) -> tuple[str, ...]:
    """Names of the extra terms whose weight is not 0. The others are not computed and have no column."""
    return tuple(name for name in EXTRA_TERMS if getattr(config, name))


def names_of(config: LossConfig) -> tuple[str, ...]:
    """Names of all terms of the total: the paper's four, then the extra ones."""
    return (*Terms._fields, *extra_names(config))


def pair_counts(near: Count, points: int, config: LossConfig) -> tuple[Count | int, Count | int]:
    """What the sums over (far, near) pairs are divided by; `near` counts ordered near pairs without self-pairs.

    The paper writes sums; its numbers need means (a sum over 10^7 pairs would drown the capacity loss, which is at
    most 1). "masked_mean" divides each sum by its own number of pairs, "all_mean" both by the number of all pairs.
    """
    own = points if config.self_pairs else 0
    everything = points * (points - 1) + own
    if config.pair_reduction == "masked_mean":
        far, near = points * (points - 1) - near, near + own
        return far + (far == 0), near + (near == 0)  # at least 1; a tensor stays one
    if config.pair_reduction == "all_mean":
        return max(everything, 1), max(everything, 1)
    if config.pair_reduction == "sum":
        return 1, 1
    raise ValueError(f"pair_reduction is {config.pair_reduction!r}; expected masked_mean, all_mean or sum")


def separation(g: Tensor, near: Tensor, sigma_g: float) -> Tensor:
    """Sum over far pairs of exp(-|g - g'|^2 / (2 sigma_g^2)); g (P, N), near (P, P) bool with a true diagonal."""
    return torch.exp(-squared_distances(g) / (2 * sigma_g**2))[~near].sum()


def path_invariance(g: Tensor, near: Tensor) -> Tensor:
    """Sum over near pairs of |g - g'|^2; a point with itself adds nothing. Shapes as in `separation`."""
    return squared_distances(g)[near].sum()


def capacity(g: Tensor) -> Tensor:
    """`-|mean of g|^2` over all points; g (P, N). Lowest when all activity crowds into one small cone."""
    return -g.mean(dim=0).square().sum()


def conformal_isometry(states: Tensor, speeds: Tensor, sigma_x: float) -> Tensor:
    """Population variance of |g_t - g_{t-1}| / |v_t| over the steps with 0 < |v_t| < sigma_x; 0 without such steps.

    states (B, T + 1, N), speeds (B, T) in m.
    """
    short = (speeds > 0) & (speeds < sigma_x)
    if not short.any():
        return states.sum() * 0
    change = (states[:, 1:] - states[:, :-1])[short].norm(dim=-1)
    return (change / speeds[short].to(states.dtype)).var(correction=0)


def squared_distances(points: Tensor) -> Tensor:
    """|p - q|^2 for all pairs: (P, D) -> (P, P), from differences, so that close points keep their digits."""
    return (points[:, None] - points[None]).square().sum(dim=-1)


def extra_terms(states: Tensor, positions: Tensor, speeds: Tensor, config: LossConfig) -> list[Tensor]:
    """The terms of `extra_names`, 0-d tensors of the states' type; arguments as for `sic_loss`."""
    found = [EXTRA_TERMS[name].loss(states, positions, speeds, config) for name in extra_names(config)]
    return [term.to(states.dtype) for term in found]


def sic_loss(
    states: Tensor, positions: Tensor, speeds: Tensor, config: LossConfig
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """The weighted total and its terms, in the order of `names_of`.

    states: (B, T + 1, N), the initial state included. positions: (B, T + 1, 2) float64, m. speeds: (B, T) m.
    """
    g = states[:, 1:].flatten(0, 1)  # (P, N), P = B * T
    near = squared_distances(positions[:, 1:].flatten(0, 1)) < config.sigma_x**2  # (P, P)
    n_far, n_near = pair_counts(near.sum() - len(g), len(g), config)
    terms = (
        separation(g, near, config.sigma_g) / n_far,
        path_invariance(g, near) / n_near,
        capacity(g),
        conformal_isometry(states, speeds, config.sigma_x),
        *extra_terms(states, positions, speeds, config),
    )
    return weigh(terms, config), tuple(term.detach() for term in terms)


def weigh(terms: Sequence[Tensor], config: LossConfig) -> Tensor:
    """`lam_sep L_sep + lam_inv L_inv + lam_cap L_cap + lam_con L_con`, and the extra terms by their weights."""
    first, *others = [weight * term for weight, term in zip(weights_of(config), terms, strict=True)]
    return sum(others, start=first)


def weights_of(config: LossConfig) -> list[float]:
    """The weight of each term, in the order of `names_of`."""
    return [getattr(config, name) for name in names_of(config)]


@extra_term(unit="1")
def far_separation(states: Tensor, positions: Tensor, speeds: Tensor, config: LossConfig) -> Tensor:
    """Mean of exp(-|g - g'|^2 / (2 sigma_g^2)) over pairs farther apart than `far_distance`; 0 without such pairs.

    Not in the paper. Few pairs of a batch are far apart in space, so a code that repeats costs `separation` little.
    Here those pairs have a mean of their own (docs/one-torus.md).
    """
    g = states[:, 1:].flatten(0, 1)
    distant = squared_distances(positions[:, 1:].flatten(0, 1)) > config.far_distance**2  # (P, P)
    first, second = distant.triu().nonzero(as_tuple=True)
    if not len(first):
        return states.sum() * 0
    squares = g.square().sum(dim=1)
    between = squares[first] + squares[second] - 2 * (g @ g.T)[first, second]
    return torch.exp(-between / (2 * config.sigma_g**2)).mean()
