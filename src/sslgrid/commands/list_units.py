"""Every unit of every network as a row of a table, for R, MATLAB and pandas: `python -m sslgrid.commands.list_units`.

Classes and lattices are words. What is not known is empty.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from sslgrid.cli import input_argument, inputs_of, output_argument, run
from sslgrid.datasets.networks import network_of
from sslgrid.datasets.tables import write_table
from sslgrid.datasets.tuning import COLUMNS, read_tuning
from sslgrid.store.facts import summary_provenance


def rows_of(path: Path) -> pd.DataFrame:
    """The units of one network in one arena; path: of its tuning."""
    tuning = read_tuning(path)
    condition, seed = network_of(path)
    columns = {name: in_words(tuning[name]) for name in COLUMNS}
    return pd.DataFrame(
        {"condition": condition, "seed": seed, "arena": path.stem, "unit": tuning["unit"].values, **columns}
    )


def in_words(column: xr.DataArray) -> np.ndarray:
    """The values (unit,) of a column; of one whose numbers stand for words, the words."""
    if "flag_meanings" not in column.attrs:
        return column.values
    words = dict(zip(np.atleast_1d(column.flag_values).tolist(), column.flag_meanings.split(), strict=True))
    return np.array([words[number] for number in column.values.tolist()])


def main(arguments: argparse.Namespace) -> None:
    """Read and write."""
    table = pd.concat([rows_of(path) for path in arguments.tuning], ignore_index=True)
    write_table(arguments.table, table, 5, summary_provenance(__spec__.name, inputs_of(arguments)))
    print(f"units: {len(table)} of {len(arguments.tuning)} networks")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "tuning", several=True, help="tuning of each network")
    output_argument(parser, "table", help="csv file to write")
    run(main, parser)
