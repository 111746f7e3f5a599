"""Learning to localise oneself (Cueva & Wei 2018, section 2): the batches, and the objective in plain torch.

Loss: the mean squared error of the position, over trials, steps and both axes, plus R_L2, the mean square of W_in
plus that of W_out, and R_FR, the mean square of the rates (section 2.2).
"""

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from sslgrid.localiser.config import LocalisationLossConfig
from sslgrid.localiser.network import RateRNN, rollout
from sslgrid.localiser.paths import Paths

CHUNK = 100  # trials whose noise is drawn, and which the engine walks, at once


class Terms(NamedTuple):
    """The unweighted parts of the loss; 0-d tensors."""

    error: Tensor  # m^2
    weights: Tensor
    rates: Tensor


def noise_chunks(paths: Paths, network: RateRNN) -> Iterator[tuple[slice, Tensor | None]]:
    """Some trials at a time, and their noise (T, trial, N) of unit variance; None for a network without noise."""
    (T, M), rng = paths.speeds.shape, torch.Generator(paths.speeds.device).manual_seed(paths.noise_seed)
    for first in range(0, M, CHUNK):
        size = (T, min(CHUNK, M - first), network.config.units)
        noise = torch.randn(size, generator=rng, device=paths.speeds.device) if network.config.noise else None
        yield slice(first, first + CHUNK), noise if noise is None else noise.to(paths.speeds.dtype)


def drive_of(network: RateRNN, paths: Paths) -> Tensor:
    """What the steps of all paths add to x besides the recurrent input, noise included: (T, M, N)."""
    chunks = [
        network.drive(paths.speeds[:, trials], paths.headings[:, trials], noise)
        for trials, noise in noise_chunks(paths, network)
    ]
    return torch.cat(chunks, dim=1)


def objective(network: RateRNN, paths: Paths, config: LocalisationLossConfig) -> tuple[Tensor, Terms]:
    """The weighted total and its terms: the definition that the engine is held to."""
    rates = rollout(network.recurrent, drive_of(network, paths), network.leak)
    terms = Terms(
        (network.read_out(rates) - paths.positions).square().mean(),
        network.input.square().mean() + network.output.square().mean(),
        rates.square().mean(),
    )
    return weigh(terms, config), Terms(*(term.detach() for term in terms))


def weigh(terms: Terms, config: LocalisationLossConfig) -> Tensor:
    """`error + lam_L2 R_L2 + lam_FR R_FR`."""
    return terms.error + config.weights * terms.weights + config.rates * terms.rates
