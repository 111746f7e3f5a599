"""What a localiser's maps are made of: `python -m sslgrid.commands.measure_spectra --ratemaps R.nc ...`."""

import argparse

from sslgrid.basics.streams import stream
from sslgrid.cli import draws_argument, input_argument, inputs_of, output_argument, run
from sslgrid.datasets.localisation import read_localisation
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.spectra import SPECTRA
from sslgrid.datasets.tuning import read_tuning
from sslgrid.emergence.spectra import measure_spectra
from sslgrid.store.facts import inherited, provenance


def main(arguments: argparse.Namespace) -> None:
    """Measure, write and say how many units are on lattices, and how many random mixtures are."""
    maps, facts = read_ratemaps(arguments.ratemaps)
    live = read_tuning(arguments.tuning)["live"].values == 1
    localisation = read_localisation(arguments.localisation)
    by_place, by_heading = (localisation[f"explained_by_{name}"].values for name in ("place", "heading"))
    rng = stream(int(facts["seed"]), "spectra")
    spectra = measure_spectra(maps, live, by_place, by_heading, arguments.draws, rng)
    SPECTRA.write(
        arguments.spectra, spectra, provenance(__spec__.name, inputs_of(arguments), **inherited(facts, "ratemaps"))
    )
    name, lattices = "/".join(arguments.spectra.with_suffix("").parts[-2:]), (spectra["lattice"] > 0).sum().item()
    print(
        f"{name}: {lattices} of {spectra['judged'].sum().item()} judged units on lattices, of random mixtures "
        f"{spectra['mixture_lattices'].mean().item():.1f}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    input_argument(parser, "ratemaps", help="in the localiser's own arena")
    input_argument(parser, "tuning", help="of those maps")
    input_argument(parser, "localisation", help="what place and heading explain of the rates")
    output_argument(parser, "spectra", help="NetCDF file to write")
    draws_argument(parser)
    run(main, parser)
