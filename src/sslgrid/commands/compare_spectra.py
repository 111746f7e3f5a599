"""What brings fields? `python -m sslgrid.commands.compare_spectra --spectra S.nc ... --localisation L.nc ...`.

A row per network in the table, and on the terminal a line per condition: the error along held-out paths, means over
live units of what their maps are made of, the orders with most of the power, and how many judged units are on lattices
beside random mixtures of the same units. Values are means over seeds with 95 % bootstrap intervals.
"""

import argparse

import numpy as np
import pandas as pd

from sslgrid.basics.errors import InputError
from sslgrid.claims import fields
from sslgrid.claims.networks import NetworkResults
from sslgrid.claims.seeds import write_seeds
from sslgrid.cli import input_argument, inputs_of, output_argument, run
from sslgrid.datasets.localisation import read_localisation
from sslgrid.datasets.modules import read_modules
from sslgrid.datasets.networks import network_of
from sslgrid.datasets.spectra import read_spectra
from sslgrid.spatial.gridness import HEXAGONAL, SQUARE
from sslgrid.store.facts import summary_provenance


def describe(network: NetworkResults) -> dict:
    """One row."""
    spectra, error = network.read("spectra"), network.read("localisation")["error"].values
    lattice, mixed = spectra["lattice"].values, spectra["mixture_lattices"].values
    share = spectra["shell_share"].values
    known = bool(np.isfinite(share).all())
    return {
        "modules": network.read("modules").sizes["module"],
        "error": float(error.mean()),
        "relative_error": fields.relative_error(network),
        "live": int(spectra["live"].sum()),
        "judged": int(spectra["judged"].sum()),
        "fields": fields.mean_of("fields")(network),
        "frequency": fields.frequency(network),
        "order": fields.mean_order(network),
        "beyond_plane": fields.mean_of("beyond_plane")(network),
        "beyond_second": fields.mean_of("beyond_second")(network),
        "amplitude": fields.mean_of("amplitude")(network),
        "top_order": float(spectra["shell"].values[share.argmax()]) if known else np.nan,
        "top_order_share": float(share.max()) if known else np.nan,
        "one_shell": fields.one_shell(network),
        "walls_against_mixtures": fields.walls_against_mixtures(network),
        "modes_against_mixtures": fields.modes_against_mixtures(network),
        "hexagonal": int((lattice == HEXAGONAL).sum()),
        "square": int((lattice == SQUARE).sum()),
        "mixture_lattices": float(mixed.mean()),
        "mixture_lattices_most": float(mixed.max()),
        "p_lattices": fields.p_of_lattices(network),
    }


def main(arguments: argparse.Namespace) -> None:
    """Read, compare, print and write. Raises InputError if the files are not of the same networks in the same order."""
    readers = {"modules": read_modules, "localisation": read_localisation, "spectra": read_spectra}
    rows = []
    for paths in zip(*(getattr(arguments, kind) for kind in readers), strict=True):
        condition, seed = network_of(paths[-1])
        if len({network_of(path) for path in paths}) > 1:
            raise InputError(
                f"{', '.join(map(str, paths))} are of different networks: give all kinds in the same order"
            )
        data = {kind: read(path) for (kind, read), path in zip(readers.items(), paths, strict=True)}
        rows.append({"condition": condition, "seed": seed, **describe(NetworkResults(condition, seed, data))})
    facts = summary_provenance(__spec__.name, inputs_of(arguments))
    write_seeds(arguments.table, pd.DataFrame(rows), facts)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "modules", several=True, help="modules of each network")
    input_argument(parser, "localisation", several=True, help="localisation of each network")
    input_argument(parser, "spectra", several=True, help="spectra of each network")
    output_argument(parser, "table", help="csv file to write")
    run(main, parser)
