"""Tuning at each snapshot: `python -m sslgrid.commands.measure_emergence --snapshots S.safetensors ...`."""

import argparse

import numpy as np

from sslgrid.cli import input_argument, inputs_of, output_argument, run, threads_argument
from sslgrid.datasets.emergence import COLUMNS, write_emergence
from sslgrid.datasets.walks import open_walks
from sslgrid.emergence.modules import lattice_share
from sslgrid.machine.threads import use_threads
from sslgrid.modules.lattices import lattice_columns, score_lattices
from sslgrid.modules.table import describe_modules
from sslgrid.networks import load_snapshots
from sslgrid.spatial.gridness import HEXAGONAL, SQUARE
from sslgrid.spatial.ratemap import accumulate, upright
from sslgrid.store.facts import config_hash, network_facts, provenance
from sslgrid.walks.activity import follow
from sslgrid.walks.config import read_arena


def summarise(columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What the network has at each step, each (step,); columns: (step, unit)."""
    moments = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    kinds = [describe_modules(moment)["kind"] for moment in moments]
    return {
        "lattice_share": lattice_share(columns["live"], columns["lattice"]),
        "hexagonal_modules": np.array([(kind == HEXAGONAL).sum() for kind in kinds]),
        "square_modules": np.array([(kind == SQUARE).sum() for kind in kinds]),
    }


def main(arguments: argparse.Namespace) -> None:
    """Walk each snapshot through the arena, score its maps and write."""
    use_threads(arguments.threads)
    arena = read_arena(arguments.arena)
    snapshots, header = load_snapshots(arguments.snapshots)
    rng = np.random.default_rng([int(header["seed"])])
    steps, maps, rows = [], [], []
    with open_walks(arguments.walks, arena) as walks:
        for step, network in snapshots:
            steps.append(step)
            maps.append(accumulate(arena, follow(network, walks)))
            tuned = upright(maps[-1])
            rows.append(lattice_columns(tuned, score_lattices(tuned), rng))
            print(f"{'/'.join(arguments.snapshots.parts[-3:-1])}: measured after {step} steps", flush=True)
    columns = {name: np.stack([row[name] for row in rows]) for name in COLUMNS}
    facts = provenance(
        __spec__.name, inputs_of(arguments), config_hash=config_hash(arguments.arena), **network_facts(header)
    )
    write_emergence(arguments.emergence, np.array(steps), summarise(columns), columns, maps, facts)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    input_argument(parser, "snapshots", help="networks along one training")
    input_argument(parser, "arena", help="the arena's config")
    input_argument(parser, "walks", help="walks through that arena")
    output_argument(parser, "emergence", help="NetCDF file to write")
    threads_argument(parser)
    run(main, parser)
