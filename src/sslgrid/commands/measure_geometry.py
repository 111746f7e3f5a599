"""The lattice, phases and torus of a network's modules: `python -m sslgrid.commands.measure_geometry --weights ...`.

Every module gets its wave vectors and phases. The states of one population, the largest module or all tuned units, are
embedded and tested for being a torus. Where that cannot be done the file says why, and holds the rest.
"""

import argparse

import numpy as np

from sslgrid.cli import draws_argument, input_argument, inputs_of, output_argument, run, threads_argument
from sslgrid.datasets.geometry import write_geometry
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.tuning import read_tuning
from sslgrid.datasets.walks import read_walks
from sslgrid.geometry.dissection import (
    LARGEST_MODULE,
    MEASURED,
    TUNED_UNITS,
    choose_population,
    judge_states,
    measure_modules,
    measure_rings,
    measure_states,
)
from sslgrid.geometry.state_space import even_sample
from sslgrid.machine.threads import use_threads
from sslgrid.networks import check_units, load_network
from sslgrid.sic.network import VelocityRNN
from sslgrid.store.facts import config_hash, network_facts, provenance
from sslgrid.walks.activity import follow
from sslgrid.walks.config import read_arena
from sslgrid.walks.walks import Walks


def record(network: VelocityRNN, walks: Walks, member: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every visit, walk after walk: positions (visit, 2) m and the activity of the member units (visit, unit)."""
    steps = [(positions, activity[:, member]) for positions, activity in follow(network, walks)]
    positions, activity = (np.stack(values, axis=1) for values in zip(*steps, strict=True))
    return positions.reshape(-1, 2), activity.reshape(-1, activity.shape[-1])


def summarise(measures: dict[str, np.ndarray], torus: str) -> str:
    """One line: what modules there are, and whether the population's states are a torus."""
    modules = [
        f"|k| {np.nanmean(np.linalg.norm(waves, axis=1)):.2f}/m (closes to {closure:.3f}, phases p {p:.2f})"
        for waves, closure, p in zip(
            *(measures.get(name, []) for name in ("wave_vector", "closure_error", "p_clumped")), strict=True
        )
    ]
    states = torus
    if "betti" in measures:
        margins = measures["torus_margin"]
        states = (
            f"Betti numbers {measures['betti'].tolist()}, torus bars {margins[1]:.2f} and {margins[2]:.2f} x the null"
        )
    return f"modules: {', '.join(modules) or 'none'}; states: {states}"


def main(arguments: argparse.Namespace) -> None:
    """Measure, write and summarise."""
    use_threads(arguments.threads)
    arena = read_arena(arguments.arena)
    network, header = load_network(arguments.weights)
    maps, tuning = read_ratemaps(arguments.ratemaps)[0], read_tuning(arguments.tuning)
    for path, found in ((arguments.ratemaps, len(maps.rates)), (arguments.tuning, tuning.sizes["unit"])):
        check_units(path, found, arguments.weights, network.config.units)
    rng = np.random.default_rng([int(header["seed"])])
    measures, wave_numbers = measure_modules(maps, tuning, rng)
    member, torus = choose_population(maps, tuning["module"].values, arguments.population)
    if torus == MEASURED:
        positions, activity = record(network, read_walks(arguments.walks), member)
        chosen = even_sample(positions, arena.side, rng)
        torus = judge_states(chosen)
    if torus == MEASURED:
        measures |= {"position": positions[chosen], **measure_states(activity, chosen, arguments.draws, rng)}
        if arguments.population == LARGEST_MODULE:
            waves = measures["wave_vector"][tuning["module"].values[member][0]]
            measures |= measure_rings(activity[chosen], positions[chosen], measures["phase"][member], waves)
    facts = provenance(
        __spec__.name, inputs_of(arguments), config_hash=config_hash(arguments.arena), **network_facts(header)
    )
    write_geometry(arguments.geometry, member, measures, wave_numbers, torus, facts)
    print(f"{'/'.join(arguments.geometry.with_suffix('').parts[-2:])}: {summarise(measures, torus)}")


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
