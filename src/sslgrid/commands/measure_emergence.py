"""Tuning at each snapshot: `python -m sslgrid.commands.measure_emergence --snapshots S.safetensors ...`."""

import argparse

import numpy as np

from sslgrid.activity import follow
from sslgrid.commands.cli import network_provenance, path_argument, run, threads_argument
from sslgrid.config.arena import read_arena
from sslgrid.datasets import netcdf
from sslgrid.datasets.emergence import COLUMNS, write_emergence
from sslgrid.datasets.walks import open_positions
from sslgrid.engine.threads import use_threads
from sslgrid.lattices import lattice_columns, score_lattices
from sslgrid.spatial.ratemap import accumulate
from sslgrid.weights import load_snapshots


def main(arguments: argparse.Namespace) -> None:
    """Walk each snapshot through the arena, score its maps and write."""
    use_threads(arguments.threads)
    arena = read_arena(arguments.arena)
    history = netcdf.read(arguments.history, "seconds")
    snapshots, header = load_snapshots(arguments.snapshots)
    rng = np.random.default_rng([int(header["seed"])])
    steps, rows = [], []
    with open_positions(arguments.walks, arena) as positions:
        for step, network in snapshots:
            maps = accumulate(arena, follow(network, positions))
            columns = lattice_columns(maps, score_lattices(maps), rng)
            steps.append(step)
            rows.append([columns[name] for name in COLUMNS])
            print(f"{'/'.join(arguments.snapshots.parts[-3:-1])}: measured after {step} steps", flush=True)
    facts = network_provenance("sslgrid.commands.measure_emergence", arguments.arena, header)
    seconds = np.interp(steps, np.append(0, history["step"]), np.append(0, history["seconds"]))
    columns = {name: np.stack(values) for name, values in zip(COLUMNS, zip(*rows, strict=True), strict=True)}
    write_emergence(arguments.emergence, np.array(steps), seconds, columns, facts)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    path_argument(parser, "snapshots", "networks along one training")
    path_argument(parser, "history", "training.nc of the same training")
    path_argument(parser, "arena", "the arena's config")
    path_argument(parser, "walks", "walks through that arena")
    path_argument(parser, "emergence", "NetCDF file to write")
    threads_argument(parser)
    run(main, parser)
