"""The lattice, phases and torus of a network's modules: `python -m sslgrid.commands.measure_geometry --weights ...`.

Every module gets its wave vectors and phases. The states of one population, the largest module or all tuned units, are
embedded and tested for being a torus. Where that cannot be done the file says why, and holds the rest.
"""

import argparse

import numpy as np
import xarray as xr

from sslgrid.basics.streams import stream
from sslgrid.cli import draws_argument, input_argument, inputs_of, output_argument, run, threads_argument
from sslgrid.datasets.geometry import GEOMETRY
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.tuning import read_tuning
from sslgrid.datasets.walks import open_walks
from sslgrid.geometry.dissection import LARGEST_MODULE, TUNED_UNITS, measure_geometry
from sslgrid.machine.blas import use_blas_threads
from sslgrid.networks import load_network
from sslgrid.store.facts import config_hash, provenance
from sslgrid.walks.activity import follow
from sslgrid.walks.config import read_arena


def summarise(geometry: xr.Dataset) -> str:
    """One line: what modules there are, and whether the population's states are a torus."""
    modules = [
        f"|k| {np.nanmean(np.linalg.norm(waves, axis=1)):.2f}/m (closes to {closure:.3f}, phases p {p:.2f})"
        for waves, closure, p in zip(
            *(
                (geometry[name].values if name in geometry else [])
                for name in ("wave_vector", "closure_error", "p_clumped")
            ),
            strict=True,
        )
    ]
    states = geometry.attrs["torus"]
    if "betti" in geometry:
        margins = geometry["torus_margin"].values
        betti = geometry["betti"].values.tolist()
        states = f"Betti numbers {betti}, torus bars {margins[1]:.2f} and {margins[2]:.2f} x the null"
    return f"modules: {', '.join(modules) or 'none'}; states: {states}"


def main(arguments: argparse.Namespace) -> None:
    """Measure, write and summarise."""
    use_blas_threads(arguments.threads)
    arena, trained = read_arena(arguments.arena), load_network(arguments.weights)
    maps, tuning = read_ratemaps(arguments.ratemaps)[0], read_tuning(arguments.tuning)
    trained.check_units(arguments.ratemaps, len(maps.rates))
    trained.check_units(arguments.tuning, tuning.sizes["unit"])
    with open_walks(arguments.walks, arena) as walks:
        geometry = measure_geometry(
            follow(trained.network, walks), arena.width, maps, tuning, arguments.population, arguments.draws,
            stream(trained.seed, "geometry"),
        )  # fmt: skip
    facts = provenance(__spec__.name, inputs_of(arguments), config_hash=config_hash(arguments.arena), **trained.facts)
    GEOMETRY.write(arguments.geometry, geometry, facts)
    print(f"{'/'.join(arguments.geometry.with_suffix('').parts[-2:])}: {summarise(geometry)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "weights", help="the trained network")
    input_argument(parser, "arena", help="the arena's config")
    input_argument(parser, "walks", help="walks through that arena")
    input_argument(parser, "ratemaps", help="its rate maps there")
    input_argument(parser, "tuning", help="the tuning of its units there")
    output_argument(parser, "geometry", help="NetCDF file to write")
    parser.add_argument(
        "--population",
        choices=(LARGEST_MODULE, TUNED_UNITS),
        default=LARGEST_MODULE,
        help="whose states to analyse (default largest_module)",
    )
    draws_argument(parser)
    threads_argument(parser)
    run(main, parser)
