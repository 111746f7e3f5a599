"""Classes of units at each snapshot: `python -m sslgrid.commands.measure_development --snapshots S.safetensors ...`."""

import argparse

import numpy as np

from sslgrid.basics.streams import stream
from sslgrid.cli import draws_argument, input_argument, inputs_of, output_argument, run, threads_argument
from sslgrid.datasets.development import DEVELOPMENT
from sslgrid.datasets.walks import open_walks
from sslgrid.emergence.classes import onset
from sslgrid.emergence.development import measure_development
from sslgrid.machine.blas import use_blas_threads
from sslgrid.networks import load_snapshots
from sslgrid.spatial.classes import CLASSES
from sslgrid.spatial.ratemap import accumulate
from sslgrid.store.facts import config_hash, provenance
from sslgrid.walks.activity import follow
from sslgrid.walks.config import read_arena


def main(arguments: argparse.Namespace) -> None:
    """Walk each snapshot through the arena, class its units and write."""
    use_blas_threads(arguments.threads)
    arena, snapshots = read_arena(arguments.arena), load_snapshots(arguments.snapshots)
    with open_walks(arguments.walks, arena) as walks:
        mapped = ((step, accumulate(arena, follow(network, walks))) for step, network in snapshots.networks)
        development = measure_development(mapped, arguments.draws, stream(snapshots.seed, "development"))
    facts = provenance(__spec__.name, inputs_of(arguments), config_hash=config_hash(arguments.arena), **snapshots.facts)
    DEVELOPMENT.write(arguments.development, development, facts)
    steps, shares = development["step"].values, development["share"].values
    onsets = {kind: onset(steps, of_class) for kind, of_class in zip(CLASSES, shares.T, strict=True)}
    print("half of the final share after: " + ", ".join(f"{k} {at:.0f}" for k, at in onsets.items() if np.isfinite(at)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    input_argument(parser, "snapshots", help="networks along one training")
    input_argument(parser, "arena", help="the arena's config")
    input_argument(parser, "walks", help="walks through that arena")
    output_argument(parser, "development", help="NetCDF file to write")
    draws_argument(parser)
    threads_argument(parser)
    run(main, parser)
