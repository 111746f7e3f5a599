"""The SIC network as evaluation walks it: `sic/network.py` in numpy, so that no stage loads torch only to walk."""

from collections.abc import Iterator, Mapping

import numpy as np
from scipy.special import ndtr

from sslgrid.sic.architecture import KEPT, START, NetworkConfig

ACTIVATIONS = {"gelu": lambda x: x * ndtr(x), "relu": lambda x: np.maximum(x, 0), "tanh": np.tanh}
QUIETLY = np.errstate(over="ignore", invalid="ignore")  # networks that exploded are walked, too
MATRICES = 1000  # W(v) that are made at once: for a few walks, one by one is mostly overhead


def shapes(config: NetworkConfig) -> dict[str, tuple[int, ...]]:
    """The shape of each array of weights, by the names that they have in a file."""
    N, width, last = config.units, config.hidden_units, 2 * config.hidden_layers
    found: dict[str, tuple[int, ...]] = {"start": (N,), f"mlp.{last}.weight": (N * N, width)}
    for number, fan_in in enumerate([2] + [width] * (config.hidden_layers - 1)):
        found |= {f"mlp.{2 * number}.weight": (width, fan_in), f"mlp.{2 * number}.bias": (width,)}
    return found if config.identity == KEPT else found | {f"mlp.{last}.bias": (N * N,)}


class WalkedSIC:
    """A trained network, ready to be walked; numbers have the precision of its weights."""

    def __init__(self, config: NetworkConfig, weights: Mapping[str, np.ndarray]):
        self.config, self.weights = config, weights
        self.activation = ACTIVATIONS[config.activation]
        self.last = weights[f"mlp.{2 * config.hidden_layers}.weight"].T.copy()  # (hidden unit, N * N)

    def rest(self, walks: int) -> np.ndarray:
        """g_0 of each walk: (walk, N)."""
        start = self.weights["start"][None]
        return np.repeat(self._normalise(start, np.zeros_like(start)), walks, axis=0)

    def move(self, state: np.ndarray, steps: np.ndarray, headings: np.ndarray) -> Iterator[np.ndarray]:
        """g (walk, N) after each of some steps (walk, step, 2) m. Headings are not looked at."""
        walks, N = state.shape
        at_once = max(1, MATRICES // walks)
        for first in range(0, steps.shape[1], at_once):
            some = steps[:, first : first + at_once]
            matrices = self._matrices(some.reshape(-1, 2)).reshape(walks, -1, N, N)
            for t in range(some.shape[1]):
                state = self._step(state, matrices[:, t])
                yield state

    @QUIETLY
    def push(self, state: np.ndarray, pushed: np.ndarray, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where a step leads states, and small displacements of them: the derivative of a step.

        state (walk, N), pushed (walk, N, displacement), steps (walk, 2) m: the first two, after the step.
        """
        walks, N = state.shape
        matrices = self._matrices(steps).reshape(walks, N, N)
        if self.config.identity in (KEPT, START):
            matrices = matrices + np.eye(N, dtype=matrices.dtype)
        drive = (state[:, None] @ matrices)[:, 0]
        moved = self._normalise(drive, state)
        norm = np.linalg.norm(np.maximum(drive, 0), axis=1)[:, None, None]
        rectified = (np.swapaxes(matrices, 1, 2) @ pushed) * (drive > 0)[..., None]
        across = rectified - moved[..., None] * (moved[:, None] @ rectified)  # Norm takes what leads along the state
        silent = pushed if self.config.zero_rule == "previous" else 0 * pushed
        return moved, np.where(norm == 0, silent, across / np.where(norm == 0, 1, norm))

    def activity(self, state: np.ndarray) -> np.ndarray:
        """The state itself."""
        return state

    @QUIETLY
    def _matrices(self, velocities: np.ndarray) -> np.ndarray:
        """W(v) without the identity that is added to it: velocities (step, 2) m per step -> (step, N * N)."""
        hidden = self._hidden(velocities / velocities.dtype.type(self.config.velocity_scale))
        if self.config.identity == KEPT:
            return (hidden - self._hidden(np.zeros_like(velocities[:1]))) @ self.last
        return hidden @ self.last + self.weights[f"mlp.{2 * self.config.hidden_layers}.bias"]

    @QUIETLY
    def _step(self, state: np.ndarray, matrices: np.ndarray) -> np.ndarray:
        """g after a step: state (walk, N), matrices (walk, N, N)."""
        drive = (state[:, None] @ matrices)[:, 0]
        return self._normalise(drive + state if self.config.identity in (KEPT, START) else drive, state)

    def _hidden(self, x: np.ndarray) -> np.ndarray:
        for number in range(self.config.hidden_layers):
            weight, bias = self.weights[f"mlp.{2 * number}.weight"], self.weights[f"mlp.{2 * number}.bias"]
            x = self.activation(x @ weight.T + bias)
        return x

    @QUIETLY
    def _normalise(self, drive: np.ndarray, previous: np.ndarray) -> np.ndarray:
        """Norm(ReLU(drive)) (walk, N), by the zero rule of `sic.network.normalise`."""
        rectified = np.maximum(drive, 0)
        norm = np.linalg.norm(rectified, axis=1, keepdims=True)
        unit = rectified / np.where(norm == 0, 1, norm)
        return np.where(norm == 0, previous, unit) if self.config.zero_rule == "previous" else unit
