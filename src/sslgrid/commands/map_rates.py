"""Rate maps of a network in an arena: `python -m sslgrid.commands.map_rates --weights W.safetensors ...`."""

import argparse

from sslgrid.cli import input_argument, inputs_of, output_argument, run, threads_argument
from sslgrid.datasets.ratemaps import write_ratemaps
from sslgrid.datasets.walks import open_walks
from sslgrid.machine.blas import use_blas_threads
from sslgrid.networks import load_network
from sslgrid.spatial.ratemap import accumulate
from sslgrid.store.facts import config_hash, provenance
from sslgrid.walks.activity import follow
from sslgrid.walks.config import read_arena


def main(arguments: argparse.Namespace) -> None:
    """Walk the network through the arena and write its rate maps."""
    use_blas_threads(arguments.threads)
    arena = read_arena(arguments.arena)
    trained = load_network(arguments.weights)
    with open_walks(arguments.walks, arena) as walks:
        maps = accumulate(arena, follow(trained.network, walks))
    maps = maps.rounded(arguments.steps) if arguments.steps else maps
    facts = provenance(__spec__.name, inputs_of(arguments), config_hash=config_hash(arguments.arena), **trained.facts)
    write_ratemaps(arguments.ratemaps, maps, facts, small=arguments.steps > 0)
    name = "/".join(arguments.ratemaps.with_suffix("").parts[-3:])
    print(f"{name}: rate maps over {100 * maps.coverage:.1f} % of the bins that walks can reach")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    input_argument(parser, "weights", help="the trained network")
    input_argument(parser, "arena", help="the arena's config")
    input_argument(parser, "walks", help="walks through that arena")
    output_argument(parser, "ratemaps", help="NetCDF file to write")
    parser.add_argument(
        "--steps",
        type=int,
        default=0,
        help="round rates to so many steps of a unit's range, at least; 0: do not (default)",
    )
    threads_argument(parser)
    run(main, parser)
