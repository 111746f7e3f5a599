"""The network of Cueva & Wei (2018): `tau dx/dt = -x + W_rec u + W_in I + b + xi`, `u = tanh(x)` (equation 1).

I is how the animal moves, xi is noise of each unit's own. A linear read-out of u, `y = W_out u`, is trained to say
where the animal is. x starts at 0, where the animal starts at the centre of its arena.
"""

import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from sslgrid.localiser.config import RateNetworkConfig


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


def rollout(recurrent: Tensor, drive: Tensor, leak: float) -> Tensor:
    """Activity u (T, M, N) of M trials: the plain definition that the engine is held to.

    recurrent: W_rec (N, N), to unit (dim 0) from unit (dim 1). drive: (T, M, N), what each step adds to x besides the
    recurrent input: `leak (W_in I + b)` and its noise. leak: dt / tau.
    """
    x, u, activity = torch.zeros_like(drive[0]), torch.zeros_like(drive[0]), []
    for step in drive:
        x = (1 - leak) * x + leak * u @ recurrent.T + step
        u = x.tanh()
        activity.append(u)
    return torch.stack(activity)


class RateRNN(nn.Module):
    """Weights of the network, and what they make of inputs. The rollout is separate because an engine replaces it."""

    def __init__(self, config: RateNetworkConfig, rng: torch.Generator):
        """Initialise from `rng` alone, as the paper does (section 2.2): W_in normal, W_out and b 0."""
        super().__init__()
        self.config = config
        N, (K, self.encode) = config.units, INPUTS[config.inputs]
        self.recurrent = nn.Parameter(torch.empty(N, N))
        self.input = nn.Parameter(torch.empty(N, K))
        self.bias = nn.Parameter(torch.zeros(N))
        self.output = nn.Parameter(torch.zeros(2, N))
        with torch.no_grad():
            if config.recurrent_start == "orthogonal":
                nn.init.orthogonal_(self.recurrent, config.gain, generator=rng)
            else:
                self.recurrent.normal_(0, config.gain * N**-0.5, generator=rng)
            self.input.normal_(0, K**-0.5, generator=rng)

    @property
    def leak(self) -> float:
        """Length of an Euler step in units of tau."""
        return 1 / self.config.time_constant

    @property
    def step_noise(self) -> float:
        """Standard deviation of what noise adds to x in one step.

        An isolated unit that is driven by noise alone, `x <- (1 - leak) x + noise`, then has the standard deviation
        `config.noise` whatever the length of a step.
        """
        return self.config.noise * (1 - (1 - self.leak) ** 2) ** 0.5

    def inputs(self, speeds: Tensor, headings: Tensor) -> Tensor:
        """I of steps: speeds m per step and headings rad (...) -> (..., K)."""
        return self.encode(speeds / self.config.speed_scale, headings)

    def drive(self, speeds: Tensor, headings: Tensor, noise: Tensor | None = None) -> Tensor:
        """What steps add to x besides the recurrent input: speeds m per step and headings rad (...) -> (..., N).

        noise: (..., N) of unit variance; None for none.
        """
        drive = nn.functional.linear(self.inputs(speeds, headings), self.leak * self.input, self.leak * self.bias)
        return drive if noise is None else drive.add(noise, alpha=self.step_noise)

    def rest(self, walks: int) -> Tensor:
        """x = 0 of each walk: (walk, N). From here on: how evaluation walks the network, as in `activity.Network`."""
        return self.bias.new_zeros(walks, self.config.units)

    def move(self, state: Tensor, steps: Tensor, headings: Tensor) -> Iterator[Tensor]:
        """x (walk, N) after each of some steps (walk, step, 2) m with headings (walk, step) rad, without noise."""
        for drive in self.drive(steps.norm(dim=-1), headings).unbind(dim=1):
            state = self.step(state, drive)
            yield state

    def step(self, state: Tensor, drive: Tensor) -> Tensor:
        """x (..., N) after an Euler step with this drive (..., N)."""
        return (1 - self.leak) * state + self.leak * state.tanh() @ self.recurrent.T + drive

    def activity(self, state: Tensor) -> Tensor:
        """u = tanh(x)."""
        return state.tanh()

    def read_out(self, activity: Tensor) -> Tensor:
        """The position (..., 2) m that activity u (..., N) stands for."""
        return activity @ self.output.T
