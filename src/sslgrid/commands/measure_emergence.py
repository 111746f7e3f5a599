"""Tuning at each snapshot: `python -m sslgrid.commands.measure_emergence --snapshots S.safetensors ...`."""

import argparse

from sslgrid.basics.streams import stream
from sslgrid.cli import input_argument, inputs_of, output_argument, run, threads_argument
from sslgrid.datasets.emergence import EMERGENCE
from sslgrid.datasets.tuning import read_tuning
from sslgrid.datasets.walks import open_walks
from sslgrid.emergence.snapshots import measure_emergence
from sslgrid.machine.blas import use_blas_threads
from sslgrid.networks import load_snapshots
from sslgrid.spatial.ratemap import accumulate
from sslgrid.store.facts import config_hash, provenance
from sslgrid.walks.activity import follow
from sslgrid.walks.config import read_arena


def main(arguments: argparse.Namespace) -> None:
    """Walk each snapshot through the arena, score its maps and write."""
    use_blas_threads(arguments.threads)
    arena, snapshots = read_arena(arguments.arena), load_snapshots(arguments.snapshots)
    with open_walks(arguments.walks, arena) as walks:
        mapped = ((step, accumulate(arena, follow(network, walks))) for step, network in snapshots.networks)
        emergence = measure_emergence(mapped, read_tuning(arguments.tuning), stream(snapshots.seed, "emergence"))
    facts = provenance(__spec__.name, inputs_of(arguments), config_hash=config_hash(arguments.arena), **snapshots.facts)
    EMERGENCE.write(arguments.emergence, emergence, facts)
    print(f"{'/'.join(arguments.snapshots.parts[-3:-1])}: measured at {emergence.sizes['step']} snapshots")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    input_argument(parser, "snapshots", help="networks along one training")
    input_argument(parser, "arena", help="the arena's config")
    input_argument(parser, "walks", help="walks through that arena")
    input_argument(parser, "tuning", help="tuning of the trained network in that arena, which the last snapshot gets")
    output_argument(parser, "emergence", help="NetCDF file to write")
    threads_argument(parser)
    run(main, parser)
