"""Classes of units at each snapshot: `python -m sslgrid.commands.measure_development --snapshots S.safetensors ...`."""

import argparse

import numpy as np

from sslgrid.cli import draws_argument, input_argument, inputs_of, output_argument, run, threads_argument
from sslgrid.commands.measure_tuning import TESTS, measure
from sslgrid.datasets.development import COLUMNS, write_development
from sslgrid.datasets.walks import open_walks
from sslgrid.emergence.classes import class_shares, embed, onset
from sslgrid.machine.threads import use_threads
from sslgrid.networks import load_snapshots
from sslgrid.spatial.classes import CLASSES
from sslgrid.spatial.ratemap import accumulate
from sslgrid.store.facts import config_hash, network_facts, provenance
from sslgrid.walks.activity import follow
from sslgrid.walks.config import read_arena


def main(arguments: argparse.Namespace) -> None:
    """Walk each snapshot through the arena, class its units and write."""
    use_threads(arguments.threads)
    arena = read_arena(arguments.arena)
    snapshots, header = load_snapshots(arguments.snapshots)
    seed = int(header["seed"])
    steps, maps, rows = [], [], []
    with open_walks(arguments.walks, arena) as walks:
        for step, network in snapshots:
            steps.append(step)
            maps.append(accumulate(arena, follow(network, walks)))
            rows.append(measure(maps[-1], np.random.default_rng([seed, step]), arguments.draws, TESTS))
            print(f"{'/'.join(arguments.snapshots.parts[-3:-1])}: measured after {step} steps", flush=True)
    columns = {name: np.stack([row[name] for row in rows]) for name in COLUMNS}
    shares = class_shares(columns["class"], columns["live"])
    facts = provenance(
        __spec__.name, inputs_of(arguments), config_hash=config_hash(arguments.arena), **network_facts(header)
    )
    write_development(arguments.development, np.array(steps), columns, shares, embed(maps, seed), facts)
    onsets = {kind: onset(np.array(steps), of_class) for kind, of_class in zip(CLASSES, shares.T, strict=True)}
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
