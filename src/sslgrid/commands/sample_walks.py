"""Walks through an arena: `python -m sslgrid.commands.sample_walks --arena ARENA.json --walks OUT.nc`."""

import argparse

from sslgrid.cli import input_argument, inputs_of, output_argument, run
from sslgrid.datasets.walks import write_walks
from sslgrid.store.facts import config_hash, provenance
from sslgrid.walks.config import read_arena
from sslgrid.walks.sampling import sample_walks


def main(arguments: argparse.Namespace) -> None:
    """Sample the walks and write them."""
    arena = read_arena(arguments.arena)
    facts = provenance(__spec__.name, inputs_of(arguments), config_hash=config_hash(arguments.arena))
    write_walks(arguments.walks, sample_walks(arena), facts)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    input_argument(parser, "arena", help="the arena's config")
    output_argument(parser, "walks", help="NetCDF file to write")
    run(main, parser)
