"""What limits drift? `python -m sslgrid.commands.compare_drift --modules M.nc ... --generalisation G.nc ...`.

A row per network in the table, and on the terminal a line per condition. Drift is the root mean square displacement of
the code from the place that the rate maps give it, in spacings of the module, of the worst module whose phase can be
read: after some numbers of steps of the long walks, and at their end. `steps_kept` is the middle of the last window of
steps before the drift exceeds `KEPT`. Values are means over seeds with 95 % bootstrap intervals.
"""

import argparse

import numpy as np
import pandas as pd
import xarray as xr

from sslgrid.basics.streams import stream
from sslgrid.claims.verdicts import mean_of
from sslgrid.cli import input_argument, inputs_of, output_argument, run
from sslgrid.datasets.generalisation import read_generalisation
from sslgrid.datasets.modules import read_modules
from sslgrid.datasets.networks import network_of
from sslgrid.datasets.tables import write_table
from sslgrid.store.facts import summary_provenance

SEED = 0  # of the bootstraps
AFTER = (100, 300, 1000, 3000)  # steps
KEPT = 0.25  # of a spacing: the claims' limit


def describe(modules: xr.Dataset, generalisation: xr.Dataset) -> dict:
    """One row: NaN where no module's phase can be read, or the walks are shorter."""
    row = {"modules": modules.sizes["module"], "fine_spacing": np.nan, "steps_kept": np.nan}
    row |= {f"drift_{steps}": np.nan for steps in AFTER} | {"drift_end": np.nan}
    if not modules.sizes["module"]:
        return row
    drift = generalisation["drift"].values / modules["spacing"].values[:, None]  # (module, window)
    readable = np.isfinite(drift).any(axis=1)
    if not readable.any():
        return row
    worst, middles = np.nanmax(drift[readable], axis=0), generalisation["window"].values
    at = {f"drift_{steps}": worst[np.abs(middles - steps).argmin()] for steps in AFTER if steps <= middles[-1]}
    kept = np.flatnonzero(np.maximum.accumulate(worst) <= KEPT)
    return (
        row
        | at
        | {
            "fine_spacing": float(modules["spacing"].min()),
            "steps_kept": float(middles[kept[-1]]) if len(kept) else 0.0,
            "drift_end": worst[-1],
        }
    )


def summarise(rows: pd.DataFrame) -> str:
    """One line about the seeds of one condition."""
    words = [f"modules {' '.join(map(str, rows['modules']))}"]
    for name in rows.columns.drop(["condition", "seed", "modules"]):
        values = rows[name].dropna().to_numpy()
        if len(values):
            estimate = mean_of(values, stream(SEED, "drift compared"))
            words.append(f"{name.replace('_', ' ')} {estimate.mean:.3g} [{estimate.low:.3g}, {estimate.high:.3g}]")
    return "; ".join(words)


def main(arguments: argparse.Namespace) -> None:
    """Read, compare, print and write."""
    rows = []
    for path, of_network in zip(arguments.modules, arguments.generalisation, strict=True):
        condition, seed = network_of(of_network)
        found = describe(read_modules(path), read_generalisation(of_network))
        rows.append({"condition": condition, "seed": seed, **found})
    table = pd.DataFrame(rows)
    for condition, of_condition in table.groupby("condition", sort=False):
        print(f"{condition}: {summarise(of_condition)}")
    write_table(arguments.table, table, 4, summary_provenance(__spec__.name, inputs_of(arguments)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "modules", several=True, help="modules of each network")
    input_argument(parser, "generalisation", several=True, help="generalisation results of each network")
    output_argument(parser, "table", help="csv file to write")
    run(main, parser)
