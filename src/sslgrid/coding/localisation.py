"""How well one localiser knows where it is, and what its units are tuned to.

Held-out paths are as long as those of training, and drawn like them. Long paths are walked once with the walls of the
arena and once with a smaller arena's, so that the network never meets a wall that it was trained with.
"""

from typing import Any

import numpy as np
import xarray as xr

from sslgrid.basics.brownian import Motion
from sslgrid.coding.path_integration import Localiser, constant_error, error_by_window, localise
from sslgrid.coding.tuning_curves import TuningCurves
from sslgrid.datasets.localisation import LOCALISATION
from sslgrid.walks.windows import log_windows, middles

HELD_OUT = 200  # walks
WALKS = 20  # along long paths
WINDOWS = 20
INSIDE = 0.6  # size of the arena without contacts, of the whole one
SPEEDS, HEADINGS, PLACES = 8, 24, 20  # bins; of places along each axis
TUNING_STEPS = 2000


def measure_localisation(
    network: Localiser, motion: Motion, corners: np.ndarray, steps: int, long_steps: int, rng: np.random.Generator
) -> xr.Dataset:
    """What a file of `datasets.localisation.LOCALISATION` holds.

    motion, corners (corner, 2) m, steps: of the paths that the network was trained on. long_steps: of the long ones.
    """
    held_out, tuning, *of_long = rng.spawn(4)
    edges = log_windows(1, long_steps, WINDOWS)
    values = measure_held_out(network, motion, corners, steps, held_out)
    values |= measure_tuning_curves(network, motion, corners, tuning)
    for suffix, arena, own in (("", corners, of_long[0]), ("_inside", INSIDE * corners, of_long[1])):
        walked = localise(network, motion, arena, WALKS, long_steps, own)
        errors, constant = error_by_window(walked, edges)
        values |= {f"long_error{suffix}": errors, f"long_constant{suffix}": constant}
    axes = {
        "step": np.arange(1, steps + 1),
        "window": middles(edges),
        "speed": np.concatenate([[0], (np.arange(SPEEDS) + 0.5) / SPEEDS * motion.highest_speed]),
        "heading": (np.arange(HEADINGS) + 0.5) / HEADINGS * 2 * np.pi,
    }
    return LOCALISATION.dataset(values, axes)


def measure_held_out(
    network: Localiser, motion: Motion, corners: np.ndarray, steps: int, rng: np.random.Generator
) -> dict[str, Any]:
    """Errors along fresh paths of the training's length."""
    walked = list(localise(network, motion, corners, HELD_OUT, steps, rng))
    positions = np.stack([step.positions for step in walked])
    shown = network.read_out(np.stack([step.rates[0] for step in walked]))
    return {
        "error": np.stack([step.errors for step in walked], axis=1),
        "constant_error": constant_error(positions),
        "path": positions[:, 0],
        "tracked": shown,
    }


def measure_tuning_curves(
    network: Localiser, motion: Motion, corners: np.ndarray, rng: np.random.Generator
) -> dict[str, Any]:
    """Tuning to speed and heading, and what these and the place explain."""
    units, reach = network.config.units, np.abs(corners).max()
    speed, heading, place = (TuningCurves(bins, units) for bins in (SPEEDS + 1, HEADINGS, PLACES**2))
    for step in localise(network, motion, corners, HELD_OUT, TUNING_STEPS, rng):
        speed.add(np.ceil(step.speeds / motion.highest_speed * SPEEDS).astype(int), step.rates)  # bin 0: at rest
        heading.add((step.headings / (2 * np.pi) * HEADINGS).astype(int) % HEADINGS, step.rates)
        column, row = ((step.positions / reach + 1) / 2 * PLACES).astype(int).clip(0, PLACES - 1).T
        place.add(row * PLACES + column, step.rates)
    return {
        "speed_tuning": speed.curves,
        "heading_tuning": heading.curves,
        "explained_by_place": place.explained,
        "explained_by_heading": heading.explained,
        "explained_by_speed": speed.explained,
    }
