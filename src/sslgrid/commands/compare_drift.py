"""What limits drift? `python -m sslgrid.commands.compare_drift --modules M.nc ... --generalisation G.nc ...`.

A row per network in the table, and on the terminal a line per condition. Drift is the root mean square displacement of
the code from the place that the rate maps give it, in spacings of the module, of the worst module whose phase can be
read: after some numbers of steps of the long walks, and at their end. `steps_kept` is the middle of the last window of
steps before the drift exceeds `KEPT`. Values are means over seeds with 95 % bootstrap intervals.
"""

import argparse

import numpy as np
import pandas as pd

from sslgrid.claims.networks import NetworkResults
from sslgrid.claims.seeds import write_seeds
from sslgrid.claims.statistics import worst_drift
from sslgrid.cli import input_argument, inputs_of, output_argument, run
from sslgrid.datasets.generalisation import read_generalisation
from sslgrid.datasets.modules import read_modules
from sslgrid.datasets.networks import network_of
from sslgrid.store.facts import summary_provenance

AFTER = (100, 300, 1000, 3000)  # steps
KEPT = 0.25  # of a spacing: the claims' limit


def describe(network: NetworkResults) -> dict:
    """One row: NaN where no module's phase can be read, or the walks are shorter."""
    spacing, worst = network.read("modules")["spacing"].values, worst_drift(network)
    middles = network.read("generalisation")["window"].values
    row = {"modules": len(spacing), "fine_spacing": np.fmin.reduce(spacing, initial=np.nan)}
    kept = np.flatnonzero(np.maximum.accumulate(worst) <= KEPT)
    row["steps_kept"] = np.nan if np.isnan(worst).all() else middles[kept[-1]] if len(kept) else 0.0
    for steps in AFTER:
        row[f"drift_{steps}"] = worst[np.abs(middles - steps).argmin()] if steps <= middles[-1] else np.nan
    return row | {"drift_end": worst[-1]}


def main(arguments: argparse.Namespace) -> None:
    """Read, compare, print and write."""
    rows = []
    for path, of_network in zip(arguments.modules, arguments.generalisation, strict=True):
        condition, seed = network_of(of_network)
        data = {"modules": read_modules(path), "generalisation": read_generalisation(of_network)}
        rows.append({"condition": condition, "seed": seed, **describe(NetworkResults(condition, seed, data))})
    facts = summary_provenance(__spec__.name, inputs_of(arguments))
    write_seeds(arguments.table, pd.DataFrame(rows), facts)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "modules", several=True, help="modules of each network")
    input_argument(parser, "generalisation", several=True, help="generalisation results of each network")
    output_argument(parser, "table", help="csv file to write")
    run(main, parser)
