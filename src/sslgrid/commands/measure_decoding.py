"""Places decoded from a network's states: `python -m sslgrid.commands.measure_decoding --weights W.safetensors ...`.

The same decoder for every kind of network and every arena, so that they can be compared: the mean state of each place
comes from half of the walks, and along the other half the place with the nearest one is decoded.
"""

import argparse

import numpy as np

from sslgrid.basics.streams import stream
from sslgrid.cli import input_argument, inputs_of, output_argument, run, threads_argument
from sslgrid.coding.comparison import measure_decoding
from sslgrid.datasets.decoding import DECODING
from sslgrid.datasets.walks import read_walks
from sslgrid.machine.blas import use_blas_threads
from sslgrid.networks import load_network
from sslgrid.store.facts import config_hash, provenance
from sslgrid.walks.config import read_arena


def main(arguments: argparse.Namespace) -> None:
    """Decode, write and summarise."""
    use_blas_threads(arguments.threads)
    trained, arena = load_network(arguments.weights), read_arena(arguments.arena)
    decoding = measure_decoding(trained.network, arena, read_walks(arguments.walks), stream(trained.seed, "decoding"))
    facts = provenance(__spec__.name, inputs_of(arguments), config_hash=config_hash(arguments.arena), **trained.facts)
    DECODING.write(arguments.decoding, decoding, facts)
    errors = ", ".join(f"{name} {np.median(decoding[name]):.3f} m" for name in ("decoding_error", "constant_error"))
    print(f"{'/'.join(arguments.decoding.with_suffix('').parts[-3:])}: median {errors}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "weights", help="the trained network")
    input_argument(parser, "arena", help="the arena's config")
    input_argument(parser, "walks", help="walks through that arena")
    output_argument(parser, "decoding", help="NetCDF file to write")
    threads_argument(parser)
    run(main, parser)
