"""Places decoded from a network's states: `python -m sslgrid.commands.measure_decoding --weights W.safetensors ...`.

The same decoder for every kind of network and every arena, so that they can be compared: the mean state of each place
comes from half of the walks, and along the other half the place with the nearest one is decoded.
"""

import argparse
from itertools import islice

import numpy as np
import torch

from sslgrid.cli import input_argument, inputs_of, output_argument, run, threads_argument
from sslgrid.coding.decoding import Code, code_of_maps, decoding_errors
from sslgrid.coding.path_integration import best_constant
from sslgrid.datasets.decoding import write_decoding
from sslgrid.datasets.walks import read_walks
from sslgrid.machine.threads import use_threads
from sslgrid.networks import load_network
from sslgrid.spatial.ratemap import accumulate
from sslgrid.store.facts import config_hash, network_facts, provenance
from sslgrid.walks.activity import follow
from sslgrid.walks.config import ArenaConfig, read_arena
from sslgrid.walks.walks import Walks

EVERY = 10  # of the steps that are decoded: neighbours say the same


def measure(network, arena: ArenaConfig, walks: Walks, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The variables of a decoding file, of the walks' second half."""
    half = len(walks.positions) // 2
    code = code_of_maps(accumulate(arena, follow(network, Walks(walks.positions[:half], walks.headings[:half]))))
    rest = follow(network, Walks(walks.positions[half:], walks.headings[half:]))
    visits = list(islice(rest, arena.settle, None, EVERY))
    constant = best_constant(np.stack([positions for positions, _ in visits]))
    columns = [_decode(network, code, visit, constant, rng) for visit in visits]
    return {name: np.concatenate([each[name] for each in columns]) for name in columns[0]}


def _decode(
    network, code: Code, visit: tuple[np.ndarray, np.ndarray], constant: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    positions, rates = visit
    shown = np.full_like(positions, np.nan)
    if hasattr(network, "read_out"):
        shown = network.read_out(torch.from_numpy(rates)).numpy()
    return {
        "decoding_error": decoding_errors(code, [visit], np.zeros(1), 0, rng)[0, 0],
        "read_out_error": np.linalg.norm(shown - positions, axis=1),
        "constant_error": np.linalg.norm(constant - positions, axis=1),
        "radius": np.linalg.norm(positions, axis=1),
    }


def main(arguments: argparse.Namespace) -> None:
    """Decode, write and summarise."""
    use_threads(arguments.threads)
    network, header = load_network(arguments.weights)
    arena = read_arena(arguments.arena)
    values = measure(network, arena, read_walks(arguments.walks), np.random.default_rng([int(header["seed"]), 8]))
    facts = provenance(
        __spec__.name, inputs_of(arguments), config_hash=config_hash(arguments.arena), **network_facts(header)
    )
    write_decoding(arguments.decoding, values, arena.side, facts)
    errors = ", ".join(f"{name} {np.median(values[name]):.3f} m" for name in ("decoding_error", "constant_error"))
    print(f"{'/'.join(arguments.decoding.with_suffix('').parts[-3:])}: median {errors}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "weights", help="the trained network")
    input_argument(parser, "arena", help="the arena's config")
    input_argument(parser, "walks", help="walks through that arena")
    output_argument(parser, "decoding", help="NetCDF file to write")
    threads_argument(parser)
    run(main, parser)
