"""What each network ended as: `python -m sslgrid.commands.compare_networks --models M.json ... --table T.csv ...`.

A row per network, and on the terminal one line per condition: numbers in the order of the seeds. Networks that another
config made than the given one are named and left out.
"""

import argparse

import pandas as pd

from sslgrid.basics.errors import InputError
from sslgrid.cli import input_argument, inputs_of, output_argument, run
from sslgrid.datasets.looks import read_looks
from sslgrid.datasets.modules import read_modules
from sslgrid.datasets.networks import network_of
from sslgrid.datasets.outcomes import read_history
from sslgrid.datasets.tables import write_table
from sslgrid.datasets.tuning import read_tuning
from sslgrid.emergence.outcomes import describe_network, summarise
from sslgrid.sic.config import read_model
from sslgrid.store.facts import summary_provenance
from sslgrid.store.provenance import text_hash


def main(arguments: argparse.Namespace) -> None:
    """Read, describe, print and write."""
    hashes = {path.stem: text_hash(read_model(path).to_json()) for path in arguments.models}
    looks, rows = read_looks(arguments.looks), []
    for history_path, tuning, modules in zip(arguments.histories, arguments.tuning, arguments.modules, strict=True):
        condition, seed = network_of(history_path)
        history = read_history(history_path, "loss")
        if hashes.get(condition) != history.attrs["config_hash"]:
            print(f"{condition} seed{seed}: left out, since it was trained with another config")
            continue
        row = describe_network(read_tuning(tuning), read_modules(modules), history)
        label = {"label": looks.label(condition)} if looks.labels else {}
        rows.append({"condition": condition, **label, "seed": seed, **row})
    if not rows:
        raise InputError("no network to compare: none of these conditions has been trained and measured yet")
    table = pd.DataFrame(rows)
    for condition, networks in table.groupby("condition", sort=False):
        print(f"{condition}: {summarise(networks)}")
    write_table(arguments.table, table, 4, summary_provenance(__spec__.name, inputs_of(arguments)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, words in {
        "models": "config of each condition",
        "histories": "training.nc of each network",
        "tuning": "tuning of each network, in that order",
        "modules": "modules of each network, in that order",
    }.items():
        input_argument(parser, name, several=True, required=False, help=words)
    input_argument(parser, "looks", required=False, help="what the conditions are called, and their colours")
    output_argument(parser, "table", help="csv file to write")
    run(main, parser)
