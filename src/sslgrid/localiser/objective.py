"""Learning to localise oneself (Cueva & Wei 2018, section 2): the batches, and the objective in plain torch.

Loss: the mean squared error of the position, over trials, steps and both axes, plus R_L2, the mean square of W_in
plus that of W_out, and R_FR, the mean square of the rates, noise included (section 2.2).
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from sslgrid.kernels.noise import standard_normal
from sslgrid.localiser.network import RateRNN, rollout
from sslgrid.localiser.paths import Paths

CHUNK = 100  # trials that torch's engine walks at once


class Weights(Protocol):
    """Of the terms of the loss besides the error: `penalties.Penalties`, or the config where they are fixed."""

    @property
    def weights(self) -> float: ...
    @property
    def rates(self) -> float: ...


class Terms(NamedTuple):
    """The unweighted parts of the loss; 0-d tensors."""

    error: Tensor  # m^2
    weights: Tensor
    rates: Tensor


def noise_chunks(paths: Paths, network: RateRNN) -> Iterator[tuple[slice, Tensor | None]]:
    """Some trials at a time, and their noise (T, trial, N) of unit variance; None for a network without noise."""
    (T, M), noise = paths.speeds.shape, None
    if network.noise:
        noise = torch.from_numpy(standard_normal(paths.noise_seed, T, M, network.config.units)).to(paths.speeds)
    for first in range(0, M, CHUNK):
        trials = slice(first, first + CHUNK)
        yield trials, None if noise is None else noise[:, trials].contiguous()


class Noise(NamedTuple):
    """What noise adds along paths, (T, M, N) each; None where there is none of the kind."""

    on_state: Tensor | None
    on_rates: Tensor | None


def noise_of(network: RateRNN, paths: Paths) -> Noise:
    """The noise along all paths."""
    drawn = [noise for _, noise in noise_chunks(paths, network) if noise is not None]
    if not drawn:
        return Noise(None, None)
    noise = network.step_noise * torch.cat(drawn, dim=1)
    return Noise(None, noise) if network.config.noise_on == "rates" else Noise(noise, None)


def drive_of(network: RateRNN, paths: Paths) -> tuple[Tensor, Tensor | None]:
    """Along all paths, (T, M, N): what steps add to x besides the recurrent input, and what noise adds to the rates.

    Noise on x is a part of the first; the second is None unless noise is on the rates.
    """
    noise, drive = noise_of(network, paths), network.drive(paths.speeds, paths.headings)
    return drive if noise.on_state is None else drive + noise.on_state, noise.on_rates


def objective(network: RateRNN, paths: Paths, config: Weights) -> tuple[Tensor, Terms]:
    """The weighted total and its terms: the definition that the engine is held to."""
    drive, rate_noise = drive_of(network, paths)
    rates = rollout(network.recurrent, drive, network.leak, network.config.rates, rate_noise)
    terms = Terms(
        (network.read_out(rates) - paths.positions).square().mean(),
        network.input.square().mean() + network.output.square().mean(),
        rates.square().mean(),
    )
    return weigh(terms, config), Terms(*(term.detach() for term in terms))


def weigh(terms: Terms, config: Weights) -> Tensor:
    """`error + lam_L2 R_L2 + lam_FR R_FR`."""
    return terms.error + config.weights * terms.weights + config.rates * terms.rates
