"""The network of Cueva & Wei (2018): `tau dx/dt = -x + W_rec h + W_in I + b`, `h = f(x)` (equation 1).

I is how the animal moves. Each unit has noise of its own, in one of two places. `noise_on: state` adds it to x, as the
paper writes. `noise_on: rates` adds it to the rates, `h = f(x) + noise`, as the authors' code does: drawn anew for each
step, not scaled with the length of a step, and felt by the recurrence and by the read-out. A linear read-out of h,
`y = W_out h`, is trained to say where the animal is. x and h start at 0, where the animal starts at the centre of its
arena.
"""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from sslgrid.localiser.architecture import RateNetworkConfig
from sslgrid.localiser.starts import first_weights


def _angle(speeds: Tensor, headings: Tensor) -> Tensor:
    return torch.stack([speeds, headings.remainder(2 * math.pi)], dim=-1)


def _direction(speeds: Tensor, headings: Tensor) -> Tensor:
    return torch.stack([speeds, headings.cos(), headings.sin()], dim=-1)


def _velocity(speeds: Tensor, headings: Tensor) -> Tensor:
    return torch.stack([speeds * headings.cos(), speeds * headings.sin()], dim=-1)


# What the network is told of a step, from its speed in units of `speed_scale` and its heading (rad): (...) -> (..., K).
# The paper's two numbers are "angle", where a full turn is a jump by 2 pi.
INPUTS: dict[str, tuple[int, Callable[[Tensor, Tensor], Tensor]]] = {
    "angle": (2, _angle),
    "direction": (3, _direction),
    "velocity": (2, _velocity),
}


# f, by the names of `network.rates`; at x = 0 the rectified one has no slope.
RATES: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": torch.tanh,
    "rectified": lambda x: x.tanh().relu(),
}


def rollout(
    recurrent: Tensor, drive: Tensor, leak: float, rates: str = "tanh", rate_noise: Tensor | None = None
) -> Tensor:
    """Rates h (T, M, N) of M trials, as in `walk`."""
    return walk(recurrent, drive, leak, rates, rate_noise)[1]


def walk(
    recurrent: Tensor, drive: Tensor, leak: float, rates: str = "tanh", rate_noise: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """States x and rates h (T, M, N) of M trials: the plain definition that the engine is held to.

    recurrent: W_rec (N, N), to unit (dim 0) from unit (dim 1). drive: (T, M, N), what each step adds to x besides the
    recurrent input: `leak (W_in I + b)`, and noise that is on x. leak: dt / tau. rates: a name of `RATES`. rate_noise:
    (T, M, N), what is added to f(x).
    """
    x, h, states, followed = torch.zeros_like(drive[0]), torch.zeros_like(drive[0]), [], []
    for t, step in enumerate(drive):
        x = (1 - leak) * x + leak * h @ recurrent.T + step
        h = RATES[rates](x)
        if rate_noise is not None:
            h = h + rate_noise[t]
        states.append(x)
        followed.append(h)
    return torch.stack(states), torch.stack(followed)


class RateRNN(nn.Module):
    """Weights of the network, and what they make of inputs. The rollout is separate because an engine replaces it."""

    def __init__(self, config: RateNetworkConfig, rng: np.random.Generator | None = None):
        """Draw the weights from `rng` alone (`starts.first_weights`); without one they are 0, to be loaded."""
        super().__init__()
        self.config = config
        self.noise = config.noise  # of the present step: a training whose noise grows sets it
        N, (K, self.encode) = config.units, INPUTS[config.inputs]
        self.recurrent = nn.Parameter(torch.zeros(N, N))
        self.input = nn.Parameter(torch.zeros(N, K))
        self.bias = nn.Parameter(torch.zeros(N))
        self.output = nn.Parameter(torch.zeros(2, N))
        if rng is not None:
            drawn = first_weights(config, K, rng)
            self.load_state_dict({name: torch.from_numpy(weights) for name, weights in drawn.items()})

    @property
    def leak(self) -> float:
        """Length of an Euler step in units of tau."""
        return 1 / self.config.time_constant

    @property
    def step_noise(self) -> float:
        """Standard deviation of what noise adds in one step, to x or to the rates.

        With noise on x an isolated unit that is driven by noise alone, `x <- (1 - leak) x + noise`, has the standard
        deviation `noise` whatever the length of a step. Noise on the rates is `noise` in each step.
        """
        if self.config.noise_on == "rates":
            return self.noise
        kept = 1 - self.leak
        return self.noise * math.sqrt(1 - kept * kept)

    def inputs(self, speeds: Tensor, headings: Tensor) -> Tensor:
        """I of steps: speeds m per step and headings rad (...) -> (..., K)."""
        return self.encode(speeds / self.config.speed_scale, headings)

    def drive(self, speeds: Tensor, headings: Tensor, noise: Tensor | None = None) -> Tensor:
        """What steps add to x besides the recurrent input: speeds m per step and headings rad (...) -> (..., N).

        noise: on x, (..., N) of unit variance; None for none.
        """
        drive = nn.functional.linear(self.inputs(speeds, headings), self.leak * self.input, self.leak * self.bias)
        return drive if noise is None else drive.add(noise, alpha=self.step_noise)

    def activity(self, state: Tensor) -> Tensor:
        """f(x): the rates without noise, which is off at test where it is on the rates."""
        return RATES[self.config.rates](state)

    def read_out(self, activity: Tensor) -> Tensor:
        """The position (..., 2) m that rates h (..., N) stand for."""
        return activity @ self.output.T
