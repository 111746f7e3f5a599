"""Are two modules shells of one torus? `python -m sslgrid.commands.measure_one_torus --weights ...`."""

import argparse
import json

import numpy as np

from sslgrid.cli import (
    check_units,
    draws_argument,
    network_provenance,
    output_argument,
    path_argument,
    run,
    threads_argument,
)
from sslgrid.datasets.one_torus import write_one_torus
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.tuning import read_tuning
from sslgrid.datasets.walks import open_walks
from sslgrid.machine.threads import use_threads
from sslgrid.networks import load_network
from sslgrid.one_torus.measurement import POPULATIONS, Settings, measure_one_torus
from sslgrid.walks.config import read_arena


def summarise(values: dict[str, np.ndarray] | None) -> str:
    """One line for each population: what the four tests say."""
    if values is None:
        return "  fewer than two modules"
    fine = values["module"] == 0
    lines = [
        f"  {name}: fine maps lie on the coarse lattice by {values['lattice_share'][place, fine].mean():.2f}"
        f" (turned at random {values['null_mean'][place, fine].mean():.2f}), phases follow by"
        f" {values['phase_lock'][place]:.2f} (p = {values['phase_p'][place]:.2g}), drift together by"
        f" {values['drift_lock'][place, -1]:.2f} (p = {values['drift_p'][place]:.2g}),"
        f" {'a' if values['is_torus'][place] else 'no'} torus (margin {values['torus_margin'][place]:.1f})"
        for place, name in enumerate(POPULATIONS)
    ]
    reach, confused = np.median(values["turned_range"]), np.median(values["turned_confused"])
    lines.append(
        f"  {values['kick_step'][-1]} steps after a kick of the fine module it is at {values['kick_fine'][-1]:.2f} and"
        f" the coarse one at {values['kick_coarse'][-1]:.2f} of it (both kicked: {values['kick_whole'][-1]:.2f})"
    )
    lines.append(
        f"  range {values['range']:.2f} m, far places that look alike {values['confused']:.2%};"
        f" with the fine module turned {reach:.2f} m, {confused:.2%}; a torus is seen in"
        f" {values['torus_power']:.0%} of one lattice, {values['torus_false']:.0%} of two"
    )
    return "\n".join(lines)


def main(arguments: argparse.Namespace) -> None:
    """Measure, write and summarise."""
    use_threads(arguments.threads)
    network, header = load_network(arguments.weights)
    maps, plane = read_ratemaps(arguments.ratemaps)[0], read_ratemaps(arguments.plane)[0]
    tuning = read_tuning(arguments.tuning)
    for path, found in (
        (arguments.ratemaps, len(maps.rates)),
        (arguments.plane, len(plane.rates)),
        (arguments.tuning, tuning.sizes["unit"]),
    ):
        check_units(path, found, arguments.weights, network.config.units)
    settings = Settings(
        draws=arguments.draws,
        alike=json.loads(header["config"])["losses"]["sigma_g"],
        seed=int(header["seed"]),
    )
    with open_walks(arguments.walks, read_arena(arguments.arena)) as walks:
        values = measure_one_torus(network, walks, maps, plane, tuning, settings)
    facts = network_provenance(__spec__.name, arguments, header)
    write_one_torus(arguments.one_torus, POPULATIONS, values, facts)
    print(f"{'/'.join(arguments.one_torus.with_suffix('').parts[-2:])}:\n{summarise(values)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    path_argument(parser, "weights", "the trained network")
    path_argument(parser, "ratemaps", "its rate maps in the arena of the walks")
    path_argument(parser, "tuning", "the tuning of its units there")
    path_argument(parser, "plane", "its rate maps in the widest arena")
    path_argument(parser, "arena", "the config of the arena of the walks")
    path_argument(parser, "walks", "long walks, other than those of the rate maps")
    output_argument(parser, "one-torus", "NetCDF file to write")
    draws_argument(parser)
    threads_argument(parser)
    run(main, parser)
