"""How well a localiser localises: `python -m sslgrid.commands.measure_localisation --weights W.safetensors ...`.

Held-out paths are as long as those of training, and drawn like them; long paths go on for `--long-steps` steps, once
with the walls of the arena and once with a smaller arena's, so that the network never meets a wall it was trained with.
"""

import argparse
import json

import numpy as np

from sslgrid.cli import output_argument, path_argument, provenance, run, threads_argument
from sslgrid.coding.path_integration import constant_error, error_by_window, localise, windows_to
from sslgrid.coding.tuning_curves import TuningCurves
from sslgrid.datasets.localisation import write_localisation
from sslgrid.localiser.config import LocaliserConfig
from sslgrid.machine.threads import use_threads
from sslgrid.networks import load_network
from sslgrid.polygons import corners_of
from sslgrid.walks.brownian import Motion

HELD_OUT = 200  # walks
WALKS = 20  # along long paths
WINDOWS = 20
INSIDE = 0.6  # size of the arena without contacts, of the whole one
SPEEDS, HEADINGS, PLACES = 8, 24, 20  # bins; of places along each axis
TUNING_STEPS = 2000
STREAMS = range(4)  # of random numbers: held-out, tuning, long, long without contacts


def measure_held_out(network, motion, corners, steps, rng) -> dict[str, np.ndarray]:
    """Errors along fresh paths of the training's length."""
    walked = list(localise(network, motion, corners, HELD_OUT, steps, rng))
    positions = np.stack([step.positions for step in walked])
    shown = np.stack([step.rates[0] for step in walked]) @ network.output.numpy().T
    return {
        "error": np.stack([step.errors for step in walked], axis=1),
        "constant_error": np.float64(constant_error(positions)),
        "path": positions[:, 0],
        "tracked": shown,
    }


def measure_tuning_curves(network, motion, corners, rng) -> dict[str, np.ndarray]:
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


def main(arguments: argparse.Namespace) -> None:
    """Measure, write and summarise."""
    use_threads(arguments.threads)
    network, header = load_network(arguments.weights)
    trained = LocaliserConfig.from_dict(json.loads(header["config"])).trajectories
    motion = Motion(trained.standstill, trained.highest_speed, trained.heading_noise, trained.at_walls)
    corners = corners_of(trained.shape, trained.side)
    rngs = [np.random.default_rng([int(header["seed"]), stream, 6]) for stream in STREAMS]
    edges = windows_to(arguments.long_steps, WINDOWS)
    values = measure_held_out(network, motion, corners, trained.steps, rngs[0])
    values |= measure_tuning_curves(network, motion, corners, rngs[1])
    for suffix, arena, rng in (("", corners, rngs[2]), ("_inside", INSIDE * corners, rngs[3])):
        walked = localise(network, motion, arena, WALKS, arguments.long_steps, rng)
        errors, constant = error_by_window(walked, edges)
        values |= {f"long_error{suffix}": errors, f"long_constant{suffix}": np.float64(constant)}
    coordinates = {
        "step": np.arange(1, trained.steps + 1),
        "window": np.sqrt(edges[:-1] * (edges[1:] - 1.0)),
        "speed": np.concatenate([[0], (np.arange(SPEEDS) + 0.5) / SPEEDS * motion.highest_speed]),
        "heading": (np.arange(HEADINGS) + 0.5) / HEADINGS * 2 * np.pi,
    }
    facts = provenance(
        __spec__.name, arguments, seed=header["seed"], network_config_hash=header["config_hash"],
        network_code_hash=header["code_hash"],
    )  # fmt: skip
    write_localisation(arguments.localisation, values, coordinates, facts)
    print(
        f"{'/'.join(arguments.localisation.with_suffix('').parts[-2:])}: error {values['error'].mean():.3f} m along "
        f"held-out paths (constant answer {values['constant_error']:.3f} m, side {trained.side:g} m), "
        f"{values['long_error'][-1].mean():.3f} m after {edges[-1] - 1} steps, "
        f"{values['long_error_inside'][-1].mean():.3f} m without walls"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    path_argument(parser, "weights", "the trained localiser")
    output_argument(parser, "localisation", "NetCDF file to write")
    parser.add_argument("--long-steps", type=int, default=1_000_000, help="steps of the long paths (default 1000000)")
    threads_argument(parser)
    run(main, parser)
