"""A network's code outside training: `python -m sslgrid.commands.measure_generalisation --weights W.safetensors ...`.

Rate maps, tuning and configs of arenas are lists in the same order; the first arena is what the others are compared
with, and its maps are what the code should be along the long walks.
"""

import argparse
import json
from dataclasses import asdict

import numpy as np
import xarray as xr

from sslgrid.cli import input_argument, inputs_of, output_argument, run, threads_argument
from sslgrid.datasets.generalisation import write_generalisation
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.tuning import read_tuning
from sslgrid.datasets.walks import open_walks
from sslgrid.errors import InputError
from sslgrid.generalisation.arenas import compare, unknown
from sslgrid.generalisation.distances import measure_distances, training_displacements
from sslgrid.generalisation.drift import Drift, ModuleCode, measure_drift, module_codes
from sslgrid.machine.threads import use_threads
from sslgrid.networks import check_units, load_network
from sslgrid.sic.config import ModelConfig
from sslgrid.spatial.ratemap import MINIMUM_COVERAGE, RateMaps
from sslgrid.store.facts import network_facts, provenance
from sslgrid.walks.activity import follow
from sslgrid.walks.config import read_arena


def main(arguments: argparse.Namespace) -> None:
    """Compare the arenas, follow the long walks and the walks over the plane, and write."""
    use_threads(arguments.threads)
    network, header = load_network(arguments.weights)
    model = ModelConfig.from_dict(json.loads(header["config"]))
    seed, sigma_x = int(header["seed"]), model.losses.sigma_x
    maps = [read_ratemaps(path)[0] for path in arguments.ratemaps]
    tuning = [read_tuning(path) for path in arguments.tuning]
    names = [path.stem for path in arguments.arenas]
    check_files(
        arguments, model.network.units, [len(each.rates) for each in maps], [each.sizes["unit"] for each in tuning]
    )
    codes = module_codes(maps[0], tuning[0])
    by_arena = compare_arenas(names, maps, tuning, np.random.default_rng([seed]))
    with open_walks(arguments.long_walks, read_arena(arguments.long_arena)) as walks:
        count, points = walks.positions.shape[:2]
        drift = measure_drift(codes, maps[0], follow(network, walks), count, points - 1, sigma_x)
    with open_walks(arguments.plane_walks, read_arena(arguments.plane_arena)) as walks:
        distances = measure_distances(network.initial_state().numpy(), follow(network, walks))
    displacements = training_displacements(model.trajectories, seed, distances.radius_edges[1:])
    values = by_arena | {
        "size": np.array([len(code.units) for code in codes], int),
        "fidelity": np.array([code.fidelity for code in codes]),
        "lost": np.array([code.lost for code in codes]),
        "path_length": drift.path_length,
        "displacement": drift.displacement,
        "drift": drift.drift,
        "bias": drift.bias,
        "map_error": drift.map_error,
        "pair_error": drift.pair_error,
        "pairs": drift.pairs,
        "visits": distances.visits,
        "mean_distance": distances.mean,
        "lowest_distance": distances.lowest,
        "training_displacements": displacements,
        "training_steps": model.trajectories.steps,
    }
    facts = provenance(__spec__.name, inputs_of(arguments), **network_facts(header))
    write_generalisation(
        arguments.generalisation, names, drift.edges, distances.radius_edges, distances.distance_edges, values, facts
    )
    print(
        f"{'/'.join(arguments.generalisation.with_suffix('').parts[-2:])}: {summarise(names, codes, by_arena, drift)}"
    )


def check_files(arguments: argparse.Namespace, units: int, of_maps: list[int], of_tuning: list[int]) -> None:
    """Raise InputError unless there are maps and tuning of this network's units for each arena."""
    for name, found in (("ratemaps", of_maps), ("tuning", of_tuning)):
        if len(found) != len(arguments.arenas):
            raise InputError(
                f"--{name} has {len(found)} files; expected one for each of the {len(arguments.arenas)} arenas"
            )
        for path, count in zip(getattr(arguments, name), found, strict=True):
            check_units(path, count, arguments.weights, units)


def compare_arenas(
    names: list[str], maps: list[RateMaps], tuning: list[xr.Dataset], rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Each arena against the first: the variables by arena. Says which arenas the walks do not cover."""
    covered = [each.coverage for each in maps]
    comparisons = []
    for name, share, each, scores in zip(names, covered, maps, tuning, strict=True):
        if min(share, covered[0]) < MINIMUM_COVERAGE:
            print(f"{name}: the walks cover {100 * share:.0f} % of the bins in reach, too few to compare its maps")
            comparisons.append(unknown(len(each.rates), int(tuning[0]["module"].max()) + 1))
        else:
            comparisons.append(compare((maps[0], tuning[0]), (each, scores), rng))
    columns = [asdict(comparison) for comparison in comparisons]
    found = np.array([int(scores["module"].max()) + 1 for scores in tuning])
    return {"coverage": np.array(covered), "modules_found": found} | {
        name: np.stack([each[name] for each in columns]) for name in columns[0]
    }


def summarise(names: list[str], codes: list[ModuleCode], by_arena: dict[str, np.ndarray], drift: Drift) -> str:
    """One line: per module its correlation across arenas, and its drift at the end of the long walks."""
    if not codes:
        return "no modules to follow"
    modules = [
        f"{len(code.units)} units of {code.spacing:.2f} m correlate by "
        + ", ".join(f"{value:.2f} ({name})" for name, value in zip(names[1:], correlation[1:], strict=True))
        + f", drift {moved[-1]:.2f} m of {code.lost:.2f} m in {drift.edges[-1] - 1} steps"
        for code, correlation, moved in zip(codes, by_arena["correlation"].T, drift.drift, strict=True)
    ]
    return "; ".join(modules)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "weights", help="the trained network")
    for name, words in (("arenas", "configs"), ("ratemaps", "rate maps"), ("tuning", "tuning")):
        input_argument(parser, name, several=True, help=f"{words} by arena")
    input_argument(parser, "long-arena", help="config of the arena of the long walks")
    input_argument(parser, "long-walks", help="walks that show how the code drifts")
    input_argument(parser, "plane-arena", help="config of the widest arena")
    input_argument(parser, "plane-walks", help="walks through it, for the distances")
    output_argument(parser, "generalisation", help="NetCDF file to write")
    threads_argument(parser)
    run(main, parser)
