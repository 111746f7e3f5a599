"""The Python door: load a trained network, walk it along paths of your own, map its units and score the maps.

`docs/python.md` shows it in ten lines. The names here are also those of the package: `sslgrid.load` and so on.
"""

import warnings
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sslgrid.basics.arena import ArenaConfig
from sslgrid.basics.errors import InputError
from sslgrid.basics.motion import radius_of_disc
from sslgrid.modules.lattices import highest_rates, score_lattices
from sslgrid.networks import load_network
from sslgrid.spatial.classes import CLASSES
from sslgrid.spatial.gridness import KINDS as LATTICES
from sslgrid.spatial.ratemap import RateMaps, accumulate, upright
from sslgrid.spatial.scores import score_units
from sslgrid.walks.activity import WalkedNetwork
from sslgrid.walks.walks import BLOCK, headings_of_steps

ROUNDING = 1e-6  # relative: a speed that exceeds the limit by no more than this is the limit itself


class TrainedNetwork:
    """A trained network of either paper.

    Attributes:
        path: the file that it was read from.
        config: the config of its condition, with every default filled in: `config["losses"]["sigma_g"]`, for example.
        seed: the seed that it was trained with.
        facts: how it was made: hashes of code and config, and more.
    """

    def __init__(self, path: Path, network: WalkedNetwork, config: dict[str, Any], seed: int, facts: dict[str, str]):
        self.path, self.config, self.seed, self.facts = path, config, seed, facts
        self._network = network

    def __repr__(self) -> str:
        kind = "localiser" if hasattr(self._network, "read_out") else "network"
        return f"<{kind} of {self.units} units, seed {self.seed}, from {self.path}>"

    @property
    def units(self) -> int:
        """Number of units."""
        return self.config["network"]["units"]

    def walk(self, velocities: ArrayLike, headings: ArrayLike | None = None) -> np.ndarray:
        """Activity of all units along one walk or many; every walk starts at the origin, where training started.

        Args:
            velocities: displacement of each step in m, of any number type: (step, 2) of one walk, (walk, step, 2) of
                many.
            headings: direction of each step in rad, (step,) or (walk, step). Only a localiser is told headings; by
                default they follow from the velocities, and a step at rest keeps the last one.

        Returns:
            The activity after each step as float32: (step, unit) of one walk, (walk, step, unit) of many.

        Raises:
            ValueError: the shape is another, or a number is not finite.

        Warns:
            UserWarning: some steps are longer than any that the network was trained on.
        """
        steps = _numbers("velocities", velocities)
        if steps.ndim not in (2, 3) or steps.shape[-1] != 2:
            raise ValueError(
                f"velocities have the shape {steps.shape}; expected (step, 2) for one walk, (walk, step, 2) for many: "
                "x and y of each step in m"
            )
        one = steps.ndim == 2
        steps = steps[None] if one else steps
        if headings is None:
            directions = headings_of_steps(steps)
        else:
            directions = _numbers("headings", headings)
            if directions.shape != np.shape(velocities)[:-1]:
                raise ValueError(
                    f"headings have the shape {directions.shape}; expected {np.shape(velocities)[:-1]}, "
                    "one angle in rad for each step"
                )
            directions = directions.reshape(steps.shape[:2])
        self._warn_of_fast_steps(steps)
        activity = np.empty((*steps.shape[:2], self.units), np.float32)
        for step, rates in enumerate(self._rates(steps, directions)):
            activity[:, step] = rates
        return activity[0] if one else activity

    def read_out(self, activity: ArrayLike) -> np.ndarray:
        """Where a localiser says that it is: activity (..., unit) -> positions (..., 2) m, float32.

        Raises:
            ValueError: the network has no read-out, as SIC networks, or the number of units is another.
        """
        read_out = getattr(self._network, "read_out", None)
        if read_out is None:
            raise ValueError(f"{self.path} has no read-out; only a localiser says where it is")
        rates = _numbers("activity", activity)
        if rates.shape[-1:] != (self.units,):
            raise ValueError(f"activity has the shape {rates.shape}; expected (..., {self.units}), one rate per unit")
        return read_out(rates.astype(np.float32))

    def _rates(self, steps: np.ndarray, headings: np.ndarray) -> Iterator[np.ndarray]:
        state = self._network.rest(len(steps))
        for first in range(0, steps.shape[1], BLOCK):
            some, directions = (each[:, first : first + BLOCK].astype(state.dtype) for each in (steps, headings))
            for moved in self._network.move(state, some, directions):
                state = moved
                yield self._network.activity(state)

    def _warn_of_fast_steps(self, steps: np.ndarray) -> None:
        limit, measured, words = _speeds(self.config.get("trajectories", {}), steps)
        fast = measured > limit * (1 + ROUNDING)
        if fast.any():
            warnings.warn(
                f"{fast.sum()} of {fast.size} steps are beyond the training of this network: its highest {words} was "
                f"{limit:.3g} m per step, here it is {measured.max():.3g}. The activity there is an extrapolation. "
                "Divide long steps into shorter ones.",
                stacklevel=3,
            )


def _speeds(trajectories: dict[str, Any], steps: np.ndarray) -> tuple[float, np.ndarray, str]:
    """The highest speed of the training, m per step; that of each step (walk, step); and which speed it is.

    trajectories: that section of the config; one that tells no speed, of an architecture of one's own, sets no limit.
    """
    if trajectories.get("velocity_law") == "square":
        return trajectories["half_width"], np.abs(steps).max(axis=2), "velocity along x or y"
    speeds = np.linalg.norm(steps, axis=2)
    if trajectories.get("velocity_law") == "disc":
        return radius_of_disc(trajectories["half_width"]), speeds, "speed"
    return trajectories.get("highest_speed", np.inf), speeds, "speed"


def load(path: str | Path) -> TrainedNetwork:
    """Read a trained network: `weights.safetensors` of `released/` or of `results/networks/`.

    Raises:
        InputError: the file is missing, damaged, not of sslgrid, or does not fit its own config.
    """
    if not Path(path).is_file():
        raise InputError(f"{path} is missing; expected the weights.safetensors of a trained network")
    trained = load_network(Path(path))
    return TrainedNetwork(trained.path, trained.network, trained.config, trained.seed, trained.facts)


def rate_maps(
    positions: ArrayLike, activity: ArrayLike, side: float, bin: float = 0.04, smoothing: float = 0.04, settle: int = 0
) -> RateMaps:
    """Rate maps of all units in a square arena that is centred on the origin.

    Args:
        positions: where each step ended in m, (step, 2) or (walk, step, 2): the running sum of the velocities.
        activity: what `TrainedNetwork.walk` returned for these steps, (step, unit) or (walk, step, unit).
        side: side of the arena, m.
        bin: side of a bin of the maps, m.
        smoothing: standard deviation of the Gaussian that smooths the maps, m; 0 for none.
        settle: steps at the start of each walk that are left out.

    Returns:
        `rates` (unit, y, x) with NaN where no walk went, `occupancy` (y, x), the `centres` of the bins (bins,) in m,
        and the `stability` (unit,): the correlation between the maps of two halves of the walks.

    Raises:
        ValueError: shapes do not fit each other, a number is not finite, or a position lies outside the arena.
        InputError: no step is left after `settle`, or the map is a single bin.
    """
    for name, length in (("side", side), ("bin", bin)):
        if not 0 < length < np.inf:
            raise ValueError(f"{name} is {length}; expected a length in m, more than 0")
    places, rates = _numbers("positions", positions), _numbers("activity", activity)
    if places.ndim not in (2, 3) or places.shape[-1] != 2:
        raise ValueError(f"positions have the shape {places.shape}; expected (step, 2) or (walk, step, 2), in m")
    if rates.shape[:-1] != places.shape[:-1]:
        raise ValueError(
            f"activity has the shape {rates.shape} and positions {places.shape}; expected {places.shape[:-1]} and the "
            "number of units: one row of activity for each step"
        )
    if not rates.shape[-1]:
        raise ValueError(f"activity has the shape {rates.shape}; expected at least one unit")
    if places.ndim == 2:
        places, rates = places[None], rates[None]
    arena = ArenaConfig(
        shape="square", side=float(side), motion="own", walks=len(places), steps=places.shape[1], seed=0,
        velocity_law="own", half_width=float("nan"), mean_speed=float("nan"), standstill=0.0, heading_noise=0.0,
        settle=settle, bin=bin, smoothing=smoothing,
    )  # fmt: skip
    outside = np.abs(places).max(axis=-1) > side / 2 * (1 + ROUNDING)
    if outside.any():
        raise ValueError(
            f"{outside.sum()} of {outside.size} positions lie outside the arena of {side:g} m, which is centred on the "
            f"origin; the farthest is at {np.abs(places).max():.3g} m: give a larger side"
        )
    return accumulate(arena, ((places[:, step], rates[:, step]) for step in range(places.shape[1])))


def score(maps: RateMaps) -> pd.DataFrame:
    """Scores of every unit, one row a unit: `gridness60`, `gridness90`, `spacing` (m), `orientation` (deg) and more.

    `lattice` and `class` are words. docs/analysis.md defines each score. No score here is a test of significance, and
    no modules are sought: `sslgrid measure_tuning` does both.
    """
    maps = upright(maps)
    grids = score_lattices(maps)
    columns = asdict(grids) | score_units(maps, grids) | {"max_rate": highest_rates(maps)}
    columns["lattice"] = [LATTICES[int(kind)] for kind in grids.lattice]
    columns["class"] = [CLASSES[int(kind)] for kind in columns["class"]]
    if maps.stability is not None:
        columns["stability"] = maps.stability
    return pd.DataFrame(columns).rename_axis("unit")


def _numbers(name: str, values: ArrayLike) -> np.ndarray:
    """As float64. Raises ValueError if they are no numbers, or some are not finite."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} are not an array of numbers: {error}") from None
    if not np.isfinite(array).all():
        raise ValueError(f"{(~np.isfinite(array)).sum()} of {array.size} numbers of the {name} are not finite")
    return array
