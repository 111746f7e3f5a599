"""What breaks the lock? `python -m sslgrid.commands.compare_one_torus --modules M.nc ... --one-torus O.nc ...`.

A row per network in the table, and on the terminal a line per condition: modules, ratio and turn of the two largest,
how many pairs are commensurate, what is left of a displacement along each direction, the tests of one torus, and the
range of the code over the coarse spacing. Values are means over seeds with 95 % bootstrap intervals.
"""

import argparse

import numpy as np
import pandas as pd
import xarray as xr

from sslgrid.claims import one_torus as statistics
from sslgrid.claims.networks import NetworkResults
from sslgrid.claims.seeds import write_seeds
from sslgrid.claims.statistics import COMMENSURATE
from sslgrid.cli import input_argument, inputs_of, output_argument, run
from sslgrid.datasets.modules import read_modules
from sslgrid.datasets.networks import network_of
from sslgrid.datasets.one_torus import MEASURED, read_one_torus
from sslgrid.emergence.modules import largest_pair
from sslgrid.store.facts import summary_provenance

DIRECTIONS = {"second_direction": 2, "third_direction": 3, "fourth_direction": 4}  # what is left along each
CARRIED = {"third_carriers": 3, "fourth_carriers": 4}  # how many units carry each; and the share of it in modules:
IN_MODULES = {f"{name}_in_modules": rank for rank, name in enumerate(("first", "second", "third", "fourth"), 1)}
ON_LATTICE = {"first_on_lattice": 1, "third_on_lattice": 3}  # share of the carriers' variance on the coarse lattice
COLUMNS = (
    *DIRECTIONS,
    *CARRIED,
    *IN_MODULES,
    *ON_LATTICE,
    "ratio",
    "turn",
    "misfit",
    "shared_waves",
    "cells",
    "drift_lock",
    "kick_gap",
    "kick_gap_halves",
    "coarse_spacing",
    "smaller_module",
    "range",
    "range_in_spacings",
    "turned_range_in_spacings",
    "confused",
    "turned_confused",
)


def describe(modules: xr.Dataset, one_torus: xr.Dataset, network: NetworkResults) -> dict:
    """One row: NaN for what takes two modules, where there are fewer; the directions need none."""
    row = {"modules": modules.sizes["module"], **dict.fromkeys(COLUMNS, np.nan), "commensurate": np.nan}
    row |= {name: statistics.kept(rank)(network) for name, rank in DIRECTIONS.items()}
    row |= {name: statistics.carriers(rank)(network) for name, rank in CARRIED.items()}
    row |= {name: float(one_torus["in_modules"].values[rank - 1]) for name, rank in IN_MODULES.items()}
    if one_torus.attrs["pair"] != MEASURED:
        return row
    (_, coarse), number = largest_pair(modules)
    pair, spacing = modules.isel(pair=number), float(modules["spacing"][int(coarse)])
    row |= {name: statistics.carried_on_lattice(rank)(network) for name, rank in ON_LATTICE.items()}
    return row | {
        "ratio": float(pair["ratio"]),
        "turn": float(pair["turn"]),
        "commensurate": float(pair["p_value"] <= COMMENSURATE),
        "misfit": statistics.lattice_misfit(network),
        "shared_waves": statistics.shared_waves(network),
        "cells": float(one_torus["cells"]),
        "drift_lock": statistics.drift_lock(network),
        "kick_gap": statistics.kick_gap(network),
        "kick_gap_halves": statistics.kick_gap(network, "kick_apart_halves"),
        "coarse_spacing": spacing,
        "smaller_module": float(min((one_torus["module"].values == number).sum() for number in (0, 1))),
        "range": float(one_torus["range"]),
        "range_in_spacings": float(one_torus["range"]) / spacing,
        "turned_range_in_spacings": float(one_torus["turned_range"].median()) / spacing,
        "confused": float(one_torus["confused"]),
        "turned_confused": float(one_torus["turned_confused"].median()),
    }


def main(arguments: argparse.Namespace) -> None:
    """Read, compare, print and write."""
    rows = []
    for path, of_torus in zip(arguments.modules, arguments.one_torus, strict=True):
        condition, seed = network_of(of_torus)
        data = read_one_torus(of_torus)
        network = NetworkResults(condition, seed, {"one_torus": data})
        rows.append({"condition": condition, "seed": seed, **describe(read_modules(path), data, network)})
    facts = summary_provenance(__spec__.name, inputs_of(arguments))
    write_seeds(arguments.table, pd.DataFrame(rows), facts)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "modules", several=True, help="modules of each network")
    input_argument(parser, "one-torus", several=True, help="one_torus results of each network")
    output_argument(parser, "table", help="csv file to write")
    run(main, parser)
