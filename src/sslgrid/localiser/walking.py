"""The localiser as evaluation walks it: `localiser/network.py` in numpy, so that no stage loads torch only to walk."""

import math
from collections.abc import Iterator, Mapping

import numpy as np

from sslgrid.localiser.architecture import RateNetworkConfig

# What the network is told of a step, from its speed in units of `speed_scale` and its heading (rad): how many numbers,
# and which, (...) -> (..., K).
INPUTS = {
    "angle": (2, lambda speeds, headings: (speeds, headings % (2 * math.pi))),
    "direction": (3, lambda speeds, headings: (speeds, np.cos(headings), np.sin(headings))),
    "velocity": (2, lambda speeds, headings: (speeds * np.cos(headings), speeds * np.sin(headings))),
}
RATES = {"tanh": np.tanh, "rectified": lambda x: np.maximum(np.tanh(x), 0)}


def shapes(config: RateNetworkConfig) -> dict[str, tuple[int, ...]]:
    """The shape of each array of weights, by the names that they have in a file."""
    N, K = config.units, INPUTS[config.inputs][0]
    return {"recurrent": (N, N), "input": (N, K), "bias": (N,), "output": (2, N)}


class WalkedLocaliser:
    """A trained network, ready to be walked; numbers have the precision of its weights."""

    def __init__(self, config: RateNetworkConfig, weights: Mapping[str, np.ndarray]):
        self.config, self.weights = config, weights
        self.leak = 1 / config.time_constant
        self.recurrent = self.leak * weights["recurrent"].T

    @property
    def step_noise(self) -> float:
        """Standard deviation of what noise on x adds in one step, as in `localiser.network.RateRNN.step_noise`."""
        kept = 1 - self.leak
        return self.config.noise * math.sqrt(1 - kept * kept)

    def drive(self, speeds: np.ndarray, headings: np.ndarray, noise: np.ndarray | None = None) -> np.ndarray:
        """What steps add to x besides the recurrent input: speeds m per step and headings rad (...) -> (..., N).

        noise: on x, (..., N) of unit variance; None for none.
        """
        precision = self.recurrent.dtype
        told = INPUTS[self.config.inputs][1](speeds / self.config.speed_scale, headings)
        inputs = np.stack(told, axis=-1).astype(precision)
        drive = inputs @ (self.leak * self.weights["input"].T) + self.leak * self.weights["bias"]
        return drive if noise is None else drive + noise * precision.type(self.step_noise)

    def rest(self, walks: int) -> np.ndarray:
        """x = 0 of each walk: (walk, N)."""
        return np.zeros((walks, self.config.units), self.recurrent.dtype)

    def move(self, state: np.ndarray, steps: np.ndarray, headings: np.ndarray) -> Iterator[np.ndarray]:
        """x (walk, N) after each of some steps (walk, step, 2) m with headings (walk, step) rad, without noise."""
        drive = self.drive(np.linalg.norm(steps, axis=-1), headings)
        for t in range(drive.shape[1]):
            state = self.step(state, drive[:, t])
            yield state

    def step(self, state: np.ndarray, drive: np.ndarray) -> np.ndarray:
        """x (..., N) after an Euler step with this drive (..., N)."""
        return (1 - self.leak) * state + self.activity(state) @ self.recurrent + drive

    def activity(self, state: np.ndarray) -> np.ndarray:
        """f(x): the rates without noise, which is off at test where it is on the rates."""
        return RATES[self.config.rates](state)

    def read_out(self, activity: np.ndarray) -> np.ndarray:
        """The position (..., 2) m that rates h (..., N) stand for."""
        return activity @ self.weights["output"].T
