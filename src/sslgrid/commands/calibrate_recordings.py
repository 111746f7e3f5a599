"""Level and power of the tests of recorded cells.

`python -m sslgrid.commands.calibrate_recordings --measures OUT.nc --repeats 2 --draws 100`
"""

import argparse
from itertools import pairwise

import numpy as np

from sslgrid.basics.streams import stream
from sslgrid.cells.levels import NO_LATTICE, NO_PLACE, ONE_MODULE, measure_levels, modules_found
from sslgrid.cli import draws_argument, output_argument, run
from sslgrid.datasets.levels import LEVELS
from sslgrid.store.facts import provenance

SEED = 0
KINDS = {
    ONE_MODULE: "grid cells of one module",
    NO_LATTICE: "cells with fields, without a lattice",
    NO_PLACE: "cells that fire anywhere",
}
ALPHA = 0.05
STABILITIES = (-1.0, 0.3, 0.5, 0.7, 0.9, 1.0)  # edges of the bins that are told


def shares(columns: dict[str, np.ndarray], kind: int, test: str) -> list[str]:
    """For each bin of stability, in words: the share of the cells of a kind with p <= `ALPHA`, and their number."""
    told = []
    for low, high in pairwise(STABILITIES):
        chosen = (columns["kind"] == kind) & (columns["stability"] > low) & (columns["stability"] <= high)
        p = columns[test][chosen]
        if len(p):
            told.append(f"{max(low, 0):g} to {high:g}: {100 * (p <= ALPHA).mean():.0f} % of {len(p)}")
    return told


def main(arguments: argparse.Namespace) -> None:
    """Draw the recordings, score them, write and summarise."""
    columns = measure_levels(arguments.repeats, arguments.draws, stream(SEED, "levels of recordings"))
    facts = provenance(__spec__.name, [], seed=str(SEED), draws=str(arguments.draws))
    LEVELS.write(arguments.measures, LEVELS.dataset(columns), facts)
    for kind, words in KINDS.items():
        for test in ("p_shifts", "p_random_maps"):
            print(f"levels: {words}, {test} <= {ALPHA:g} at stability {'; '.join(shares(columns, kind, test))}")
    one, own, none, anywhere = 100 * modules_found(columns)
    print(
        f"levels: a module is found in {one:.0f} % of recordings of one, {own:.0f} % with a lattice for each cell, "
        f"{none:.0f} % without lattices, {anywhere:.0f} % of cells that fire anywhere"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    output_argument(parser, "measures", help="NetCDF file to write")
    parser.add_argument("--repeats", type=int, required=True, help="recordings of each kind, spacing and rate")
    draws_argument(parser)
    run(main, parser)
