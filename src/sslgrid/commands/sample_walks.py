"""Walks through an arena: `python -m sslgrid.commands.sample_walks --arena ARENA.json --walks OUT.nc`."""

import argparse

from sslgrid.cli import output_argument, path_argument, provenance, run
from sslgrid.datasets.walks import write_walks
from sslgrid.store.provenance import text_hash
from sslgrid.walks.config import read_arena
from sslgrid.walks.sampling import sample_walks


def main(arguments: argparse.Namespace) -> None:
    """Sample the walks and write them."""
    arena = read_arena(arguments.arena)
    facts = provenance(__spec__.name, arguments, config_hash=text_hash(arguments.arena.read_text()))
    write_walks(arguments.walks, sample_walks(arena), facts)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    path_argument(parser, "arena", "the arena's config")
    output_argument(parser, "walks", "NetCDF file to write")
    run(main, parser)
