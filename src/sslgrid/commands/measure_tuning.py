"""Spatial tuning of each unit: `python -m sslgrid.commands.measure_tuning --ratemaps R.nc --tuning OUT.nc`."""

import argparse

import numpy as np
import xarray as xr

from sslgrid.basics.streams import stream
from sslgrid.cli import draws_argument, input_argument, inputs_of, output_argument, run
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.tuning import TUNING
from sslgrid.modules.table import describe_modules
from sslgrid.modules.tuning import TESTS, measure_tuning
from sslgrid.spatial.classes import CLASSES
from sslgrid.spatial.gridness import HEXAGONAL, KINDS, SQUARE
from sslgrid.spatial.ratemap import MINIMUM_COVERAGE
from sslgrid.store.facts import inherited, provenance


def summarise(tuning: xr.Dataset) -> str:
    """One line: live units, lattices, significant ones (Benjamini-Hochberg), modules with spacing and size."""
    lattice, live = tuning["lattice"].values, tuning["live"].values == 1
    share = 100 * (lattice[live] > 0).mean() if live.any() else 0
    modules = in_words(tuning)
    tentative = in_words(tuning.assign(module=tuning["tentative"]))
    significant = int(tuning["significant"].sum())
    classes = [
        f"{count} {CLASSES[kind]}" for kind, count in enumerate(np.bincount(tuning["class"].values[live])) if count
    ]
    return (
        f"{live.sum()} live units, {(lattice == HEXAGONAL).sum()} hexagonal, {(lattice == SQUARE).sum()} square"
        f" ({share:.0f} % on a lattice), {significant} significant; "
        f"classes: {', '.join(classes) or 'none'}; modules: {', '.join(modules) or 'none'}"
        + (f"; tentative: {', '.join(tentative)}" if tentative else "")
    )


def in_words(tuning: xr.Dataset) -> list[str]:
    """The units, lattice, spacing and orientation of each module."""
    table = describe_modules(tuning)
    return [
        f"{units} {KINDS[int(kind)]} of {spacing:.2f} m at {orientation:.1f} deg"
        for units, kind, spacing, orientation in zip(
            *(table[name] for name in ("units", "kind", "spacing", "orientation")), strict=True
        )
    ]


def main(arguments: argparse.Namespace) -> None:
    """Measure, write and summarise."""
    maps, made_by = read_ratemaps(arguments.ratemaps)
    tuning = measure_tuning(maps, stream(int(made_by["seed"]), "tuning"), arguments.draws, arguments.test)
    facts = provenance(__spec__.name, inputs_of(arguments), **inherited(made_by, "ratemaps"))
    TUNING.write(arguments.tuning, tuning, facts)
    name = "/".join(arguments.tuning.with_suffix("").parts[-3:])
    if maps.coverage < MINIMUM_COVERAGE:
        print(
            f"{name}: the walks visited {maps.coverage:.0%} of the bins; no unit is scored below {MINIMUM_COVERAGE:.0%}"
        )
    print(f"{name}: {summarise(tuning)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    input_argument(parser, "ratemaps", help="rate maps of one network")
    output_argument(parser, "tuning", help="NetCDF file to write")
    parser.add_argument(
        "--test", nargs="*", default=[], choices=TESTS, help="scores besides gridness that get p-values"
    )
    draws_argument(parser)
    run(main, parser)
