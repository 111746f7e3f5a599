"""Time to modules of each condition: `python -m sslgrid.commands.compare_recipes --emergence E.nc ... --table T.csv`.

A row per network, and on the terminal one line per condition. Modules: half of the live units on a lattice, in two
modules whose spacings differ by more than a quarter, at two snapshots in a row.
"""

import argparse

import numpy as np
import pandas as pd
import xarray as xr

from sslgrid.cli import input_argument, inputs_of, output_argument, run
from sslgrid.datasets import netcdf
from sslgrid.datasets.emergence import read_emergence
from sslgrid.datasets.tables import write_table
from sslgrid.emergence.modules import first_modules, has_modules
from sslgrid.modules.table import describe_modules
from sslgrid.spatial.gridness import HEXAGONAL, SQUARE
from sslgrid.store.facts import summary_provenance


def describe(emergence: xr.Dataset, history: xr.Dataset) -> dict:
    """One row of the table: when modules came, and what there is at the end; history: of the same training."""
    known = np.append(0, history["step"].values), np.append(0, history["seconds"].values)
    seconds = np.interp(emergence["step"].values, *known)
    end = emergence.isel(step=-1)
    first = first_modules(emergence)
    hexagonal, square = (int((end["lattice"] == kind).sum()) for kind in (HEXAGONAL, SQUARE))
    live = int(end["live"].sum())
    return {
        "steps": int(end["step"]),
        "milliseconds_per_step": 1e3 * seconds[-1] / max(int(end["step"]), 1),
        "steps_to_modules": np.nan if first is None else int(emergence["step"][first]),
        "seconds_to_modules": np.nan if first is None else seconds[first],
        "live": live,
        "hexagonal": hexagonal,
        "square": square,
        "modules_at_end": has_modules(end),
        "spacings": " ".join(f"{spacing:.2f}" for spacing in describe_modules(end)["spacing"]),
    }


def summarise(rows: pd.DataFrame) -> str:
    """One line about the seeds of one condition. A seed that never has modules counts as later than all others."""
    seconds, steps = (rows[name].fillna(np.inf) for name in ("seconds_to_modules", "steps_to_modules"))
    hexagonal = (rows["modules_at_end"] & (rows["hexagonal"] > rows["square"])).sum()
    return (
        f"{np.isfinite(seconds).sum()} of {len(rows)} seeds with modules, median after "
        f"{seconds.median():.0f} s ({seconds.min():.0f} to {seconds.max():.0f}), {steps.median():.0f} steps; "
        f"at the end {rows['modules_at_end'].sum()}, of which {hexagonal} hexagonal"
    )


def main(arguments: argparse.Namespace) -> None:
    """Read, compare, print and write."""
    rows = []
    for path, history in zip(arguments.emergence, arguments.histories, strict=True):
        condition, seed = path.parts[-3:-1]
        row = describe(read_emergence(path), netcdf.read(history, "seconds"))
        rows.append({"condition": condition, "seed": int(seed.removeprefix("seed")), **row})
    table = pd.DataFrame(rows)
    for condition, of_condition in table.groupby("condition", sort=False):
        print(f"{condition:16} {summarise(of_condition)}")
    write_table(arguments.table, table, 4, summary_provenance(__spec__.name, inputs_of(arguments)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "emergence", several=True, help="of each network")
    input_argument(parser, "histories", several=True, help="training.nc of each")
    output_argument(parser, "table", help="csv file to write")
    run(main, parser)
