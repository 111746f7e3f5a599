"""Are two modules shells of one torus? `python -m sslgrid.commands.measure_one_torus --weights ...`."""

import argparse

import numpy as np
import xarray as xr

from sslgrid.basics.errors import InputError
from sslgrid.cli import draws_argument, input_argument, inputs_of, output_argument, run, threads_argument
from sslgrid.datasets.one_torus import MEASURED, ONE_TORUS
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.tuning import read_tuning
from sslgrid.datasets.walks import open_walks
from sslgrid.generalisation.one_torus.directions import PushedNetwork
from sslgrid.generalisation.one_torus.measurement import Settings, measure_one_torus
from sslgrid.machine.blas import use_blas_threads
from sslgrid.networks import load_network
from sslgrid.store.facts import config_hash, provenance
from sslgrid.walks.config import read_arena


def summarise(found: xr.Dataset) -> str:
    """A line for each population, by the tests that have controls, and lines for what is of the network alone."""
    if found.attrs["pair"] != MEASURED:
        return f"  fewer than two modules; {directions(found)}"
    fine = found["module"].values == 0
    lines = [
        f"  {name}: fine maps lie on the coarse lattice by {of['lattice_share'].values[fine].mean():.2f}"
        f" (turned at random {of['null_mean'].values[fine].mean():.2f}), phases follow by"
        f" {of['phase_lock']:.2f} (p = {of['phase_p']:.2g}), drift together by"
        f" {of['drift_lock'].values[-1]:.2f} (p = {of['drift_p']:.2g}),"
        f" {'a' if of['is_torus'] else 'no'} torus (margin {of['torus_margin']:.1f})"
        for place, name in enumerate(found["population"].attrs["flag_meanings"].split())
        for of in [found.isel(population=place)]
    ]
    reach, confused = float(found["turned_range"].median()), float(found["turned_confused"].median())
    kick = found.isel(kick_step=-1)
    lines.append(
        f"  {kick['kick_step']:.0f} steps after a kick of the fine module it is at {kick['kick_fine']:.2f} and the"
        f" coarse one at {kick['kick_coarse']:.2f} of it (both kicked: {kick['kick_whole']:.2f}); in each kick they are"
        f" {kick['kick_apart']:.2f} apart (halves of the fine module {kick['kick_apart_halves']:.2f})"
    )
    lines.append(f"  a coarse cell holds {found['cells']:.2f} fine ones; {directions(found)}")
    lines.append(
        f"  range {found['range']:.2f} m, far places that look alike {found['confused']:.2%};"
        f" with the fine module turned {reach:.2f} m, {confused:.2%}; a torus is seen in"
        f" {found['torus_power']:.0%} of one lattice, {found['torus_false']:.0%} of two"
    )
    return "\n".join(lines)


def directions(found: xr.Dataset) -> str:
    """How much of a displacement a trajectory of training leaves, along the directions that keep most."""
    left = np.exp(found["exponent"].values * int(found["training_steps"]))
    return (
        f"after {found['training_steps']:.0f} steps is left of a displacement, by direction: "
        f"{' '.join(f'{share:.2f}' for share in left[:5])}"
    )


def main(arguments: argparse.Namespace) -> None:
    """Measure, write and summarise."""
    use_blas_threads(arguments.threads)
    trained = load_network(arguments.weights)
    if not isinstance(trained.network, PushedNetwork):
        raise InputError(f"{arguments.weights} cannot be displaced step by step: expected weights of a SIC network")
    maps, plane = read_ratemaps(arguments.ratemaps)[0], read_ratemaps(arguments.plane)[0]
    tuning = read_tuning(arguments.tuning)
    trained.check_units(arguments.ratemaps, len(maps.rates))
    trained.check_units(arguments.plane, len(plane.rates))
    trained.check_units(arguments.tuning, tuning.sizes["unit"])
    settings = Settings(
        draws=arguments.draws,
        alike=trained.config["losses"]["sigma_g"],
        training_steps=trained.config["trajectories"]["steps"],
        seed=trained.seed,
    )
    with open_walks(arguments.walks, read_arena(arguments.arena)) as walks:
        found = measure_one_torus(trained.network, walks, maps, plane, tuning, settings)
    facts = provenance(__spec__.name, inputs_of(arguments), config_hash=config_hash(arguments.arena), **trained.facts)
    ONE_TORUS.write(arguments.one_torus, found, facts)
    print(f"{'/'.join(arguments.one_torus.with_suffix('').parts[-2:])}:\n{summarise(found)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    input_argument(parser, "weights", help="the trained network")
    input_argument(parser, "ratemaps", help="its rate maps in the arena of the walks")
    input_argument(parser, "tuning", help="the tuning of its units there")
    input_argument(parser, "plane", help="its rate maps in the widest arena")
    input_argument(parser, "arena", help="the config of the arena of the walks")
    input_argument(parser, "walks", help="long walks, other than those of the rate maps")
    output_argument(parser, "one-torus", help="NetCDF file to write")
    draws_argument(parser)
    threads_argument(parser)
    run(main, parser)
