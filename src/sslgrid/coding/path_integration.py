"""Errors of a localiser along held-out paths, and along paths of any length."""

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np

from sslgrid.basics.brownian import Motion, walk

BLOCK = 500  # steps that are drawn at once, so that memory does not grow with the length of a path
SEEN = 1000  # steps, evenly spread, whose places the best constant answer is sought for


@runtime_checkable
class Localiser(Protocol):
    """What a network must do to be asked where it is."""

    config: Any  # with `units`, `noise` and `noise_on`

    def rest(self, walks: int) -> np.ndarray:
        """The states in which walks begin: (walk, unit)."""
        ...

    def drive(self, speeds: np.ndarray, headings: np.ndarray, noise: np.ndarray | None = None) -> np.ndarray:
        """What steps add to the state: speeds m per step, headings rad, noise of unit variance (..., unit)."""
        ...

    def step(self, state: np.ndarray, drive: np.ndarray) -> np.ndarray:
        """The states after a step."""
        ...

    def activity(self, state: np.ndarray) -> np.ndarray:
        """Rates (walk, unit) of states."""
        ...

    def read_out(self, activity: np.ndarray) -> np.ndarray:
        """The position (..., 2) m that rates (..., unit) stand for."""
        ...


class Step(NamedTuple):
    """One step of several walks."""

    positions: np.ndarray  # (walk, 2) m, after the step
    speeds: np.ndarray  # (walk,) m per step
    headings: np.ndarray  # (walk,) rad
    rates: np.ndarray  # (walk, unit)
    errors: np.ndarray  # (walk,) m, from the read-out to the position


def localise(
    network: Localiser, motion: Motion, corners: np.ndarray, walks: int, steps: int, rng: np.random.Generator
) -> Iterator[Step]:
    """Walk the network step by step, from the centre.

    Noise on x, a part of the paper's equation, is on as in training. Noise on the rates is off, as in the tests of
    the authors' code.
    """
    state, before = network.rest(walks), None
    for first in range(0, steps, BLOCK):
        speeds, headings, positions = walk(motion, corners, walks, min(BLOCK, steps - first), rng, before)
        before = positions[-1], headings[-1]
        noise = None
        if network.config.noise and network.config.noise_on == "state":
            noise = rng.standard_normal((len(speeds), walks, network.config.units), np.float32)
        drive = network.drive(speeds, headings, noise)
        for t, x in enumerate(drive):
            state = network.step(state, x)
            rates = network.activity(state)
            errors = np.linalg.norm(network.read_out(rates) - positions[t + 1], axis=1)
            yield Step(positions[t + 1], speeds[t], headings[t], rates, errors)


def constant_error(positions: np.ndarray) -> float:
    """Mean distance (m) to the best constant answer; positions (..., 2) m."""
    return float(np.linalg.norm(positions - best_constant(positions), axis=-1).mean())


def best_constant(positions: np.ndarray) -> np.ndarray:
    """The point (2,) with the least mean distance to positions (..., 2) m: by Weiszfeld's iteration from their mean."""
    points = positions.reshape(-1, 2)
    centre = points.mean(axis=0)
    for _ in range(50):
        weights = 1 / np.maximum(np.linalg.norm(points - centre, axis=1), 1e-9)
        centre = weights @ points / weights.sum()
    return centre


def error_by_window(steps: Iterator[Step], edges: np.ndarray) -> tuple[np.ndarray, float]:
    """Mean error (m) of each walk in each window, (window, walk), and that of the best constant answer to all.

    steps: from the first on, to the last edge.
    """
    totals: list[np.ndarray | float] = [0.0] * (len(edges) - 1)
    places, every = [], max((edges[-1] - 1) // SEEN, 1)
    for number, step in enumerate(steps, start=1):
        totals[np.searchsorted(edges, number, side="right") - 1] += step.errors
        if number % every == 0:
            places.append(step.positions)
    return np.stack(totals) / np.diff(edges)[:, None], constant_error(np.stack(places))
