"""How well a code tells places apart: `python -m sslgrid.commands.measure_coding --weights W.safetensors ...`."""

import argparse
import json
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from sslgrid.cli import input_argument, inputs_of, output_argument, run, threads_argument
from sslgrid.coding.decoding import (
    Code,
    code_of_maps,
    decoding_errors,
    effective_range,
    induced_metric,
    neural_distances,
)
from sslgrid.datasets.coding import write_coding
from sslgrid.datasets.modules import read_modules
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.walks import open_walks
from sslgrid.machine.threads import use_threads
from sslgrid.networks import check_units, load_network
from sslgrid.store.facts import config_hash, network_facts, provenance
from sslgrid.walks.activity import follow
from sslgrid.walks.config import read_arena

NOISES = np.array([0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0])
WINDOWS = 12  # of steps, equally wide on a logarithmic axis
FIRST_STEP = 10
VISITS = 400  # of a window that are decoded, at most
RANGE_BIN = 0.05  # m
REFERENCES = 1000  # places that are compared with all others


def windows_of(steps: int) -> np.ndarray:
    """Edges of the windows, in steps since the start: (window + 1,)."""
    return np.unique(np.round(np.geomspace(min(FIRST_STEP, steps), steps + 1, WINDOWS + 1)).astype(int))


def sampled_steps(edges: np.ndarray, walks: int) -> list[np.ndarray]:
    """The steps of each window whose states are decoded, evenly spread."""
    count = max(VISITS // walks, 1)
    return [np.unique(np.linspace(low, high - 1, min(count, high - low)).astype(int)) for low, high in pairwise(edges)]


def decode_by_window(
    code: Code, visits: Iterator, windows: list[np.ndarray], known: float, rng: np.random.Generator
) -> list[np.ndarray]:
    """Decoding errors (2, noise, visit), an array for each window. visits: from the first step on."""
    steps = enumerate(visits, start=1)

    def within(window: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        wanted = set(window.tolist())
        for step, visit in steps:
            if step in wanted:
                yield visit
            if step >= window[-1]:
                return

    return [decoding_errors(code, within(window), NOISES, known, rng) for window in windows]


def main(arguments: argparse.Namespace) -> None:
    """Decode along the long walks, compare places, and write."""
    use_threads(arguments.threads)
    network, header = load_network(arguments.weights)
    maps, plane = read_ratemaps(arguments.ratemaps)[0], read_ratemaps(arguments.plane)[0]
    for path, each in ((arguments.ratemaps, maps), (arguments.plane, plane)):
        check_units(path, len(each.rates), arguments.weights, network.config.units)
    largest = max(read_modules(arguments.modules)["spacing"].values, default=np.nan)
    rng = np.random.default_rng([int(header["seed"])])
    code, wide = code_of_maps(maps), code_of_maps(plane)
    side = plane.bin_size * len(plane.centres)
    range_edges = np.arange(0, side + RANGE_BIN, RANGE_BIN)
    middles = (range_edges[1:] + range_edges[:-1]) / 2
    least, mean = neural_distances(wide, range_edges, REFERENCES, rng)
    alike = json.loads(header["config"])["losses"]["sigma_g"]
    reach = effective_range(middles, least, alike)
    with open_walks(arguments.walks, read_arena(arguments.arena)) as walks:
        edges = windows_of(walks.positions.shape[1] - 1)
        windows = sampled_steps(edges, len(walks.positions))
        errors = decode_by_window(code, follow(network, walks), windows, reach / 2, rng)
    places = rng.permuted(np.tile(np.arange(len(code.positions)), (2, 1)), axis=1)
    start = network.initial_state().numpy()
    metric = induced_metric(maps)
    values = {
        "decoding_error": np.stack([np.median(each[0], axis=1) for each in errors], axis=1),
        "local_error": np.stack([np.median(each[1], axis=1) for each in errors], axis=1),
        "chance_error": np.median(np.linalg.norm(code.positions[places[0]] - code.positions[places[1]], axis=1)),
        "least_distance": least,
        "mean_distance": mean,
        "alike": np.float64(alike),
        "effective_range": np.float64(reach),
        "range_in_spacings": np.float64(reach / largest),
        "distance_from_start": np.linalg.norm(plane.rates - start[:, None, None], axis=0),
        "metric_long": metric[..., 0],
        "metric_short": metric[..., 1],
    }
    coordinates = {
        "noise": NOISES,
        "window": np.sqrt(edges[:-1] * (edges[1:] - 1.0)),
        "range": middles,
        "plane_y": plane.centres,
        "plane_x": plane.centres,
        "y": maps.centres,
        "x": maps.centres,
    }
    facts = provenance(
        __spec__.name, inputs_of(arguments), config_hash=config_hash(arguments.arena), **network_facts(header)
    )
    write_coding(arguments.coding, values, coordinates, facts)
    first, last = values["decoding_error"][0, [0, -1]]
    print(
        f"{'/'.join(arguments.coding.with_suffix('').parts[-2:])}: decoded to {first:.3f} m at first and {last:.3f} m "
        f"at last (chance {values['chance_error']:.2f} m), to {values['local_error'][0, -1]:.3f} m near by; "
        f"places look alike again {reach:.2f} m apart ({reach / largest:.2f} of the largest spacing); "
        f"axes of the metric {np.nanmedian(metric[..., 0] / metric[..., 1]):.2f} to 1"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    input_argument(parser, "weights", help="the trained network")
    input_argument(parser, "ratemaps", help="its rate maps: the code that is decoded")
    input_argument(parser, "modules", help="its modules, in the arena of the rate maps")
    input_argument(parser, "plane", help="its rate maps in the widest arena")
    input_argument(parser, "arena", help="the config of the arena of the walks")
    input_argument(parser, "walks", help="long walks, other than those of the rate maps")
    output_argument(parser, "coding", help="NetCDF file to write")
    threads_argument(parser)
    run(main, parser)
