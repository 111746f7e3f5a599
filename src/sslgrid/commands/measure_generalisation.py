"""A network's code outside training: `python -m sslgrid.commands.measure_generalisation --weights W.safetensors ...`.

Rate maps, tuning and configs of arenas are lists in the same order; the first arena is what the others are compared
with, and its maps are what the code should be along the long walks.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import xarray as xr

from sslgrid.basics.errors import InputError
from sslgrid.basics.streams import stream
from sslgrid.cli import input_argument, inputs_of, output_argument, run, threads_argument
from sslgrid.datasets.generalisation import GENERALISATION
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.tuning import read_tuning
from sslgrid.datasets.walks import open_walks
from sslgrid.generalisation.outside import measure_generalisation
from sslgrid.machine.blas import use_blas_threads
from sslgrid.networks import Trained, load_network
from sslgrid.sic.batches import sample_batch
from sslgrid.sic.config import ModelConfig, TrajectoryConfig
from sslgrid.spatial.ratemap import MINIMUM_COVERAGE, RateMaps
from sslgrid.store.facts import provenance
from sslgrid.walks.config import read_arena

BATCHES, TRAJECTORIES = 50, 16  # of training, for its displacements


def training_points(config: TrajectoryConfig, seed: int) -> Iterator[np.ndarray]:
    """Points (point, 2) m of a few trajectories of the first batches: the law is the same for all."""
    few = replace(config, batch=min(config.batch, TRAJECTORIES))
    for step in range(BATCHES):
        yield sample_batch(few, seed, step).positions[:, 1:].reshape(-1, 2)


def read_arenas(arguments: argparse.Namespace, trained: Trained) -> dict[str, tuple[RateMaps, xr.Dataset]]:
    """Rate maps and tuning by arena. Raises InputError unless there are those of this network for each arena."""
    for name in ("ratemaps", "tuning"):
        if len(getattr(arguments, name)) != len(arguments.arenas):
            raise InputError(
                f"--{name} has {len(getattr(arguments, name))} files; expected one for each of the "
                f"{len(arguments.arenas)} arenas"
            )
    maps = [read_ratemaps(path)[0] for path in arguments.ratemaps]
    tuning = [read_tuning(path) for path in arguments.tuning]
    for path, each in zip(arguments.ratemaps, maps, strict=True):
        trained.check_units(path, len(each.rates))
    for path, each in zip(arguments.tuning, tuning, strict=True):
        trained.check_units(path, each.sizes["unit"])
    names = [path.stem for path in arguments.arenas]
    return dict(zip(names, zip(maps, tuning, strict=True), strict=True))


def summarise(found: xr.Dataset) -> str:
    """One line: per module its correlation across arenas, and its drift at the end of the long walks."""
    if not found.sizes["module"]:
        return "no modules to follow"
    names = found["arena"].attrs["flag_meanings"].split()
    modules = [
        f"{int(module['size'])} units correlate by "
        + ", ".join(
            f"{value:.2f} ({name})" for name, value in zip(names[1:], module["correlation"].values[1:], strict=True)
        )
        + f", drift {module['drift'].values[-1]:.2f} m of {float(module['lost']):.2f} m at last"
        for module in (found.isel(module=number) for number in range(found.sizes["module"]))
    ]
    return "; ".join(modules)


def main(arguments: argparse.Namespace) -> None:
    """Compare the arenas, follow the long walks and the walks over the plane, and write."""
    use_blas_threads(arguments.threads)
    trained = load_network(arguments.weights)
    model, in_arenas = ModelConfig.from_dict(trained.config), read_arenas(arguments, trained)
    for name, (maps, _) in in_arenas.items():
        if maps.coverage < MINIMUM_COVERAGE:
            print(f"{name}: the walks cover {maps.coverage:.0%} of the bins in reach, too few to compare its maps")
    with (
        open_walks(arguments.long_walks, read_arena(arguments.long_arena)) as long_walks,
        open_walks(arguments.plane_walks, read_arena(arguments.plane_arena)) as plane_walks,
    ):
        found = measure_generalisation(
            trained.network, in_arenas, long_walks, plane_walks, model.losses.sigma_x,
            training_points(model.trajectories, trained.seed), model.trajectories.steps,
            stream(trained.seed, "generalisation"),
        )  # fmt: skip
    facts = provenance(__spec__.name, inputs_of(arguments), **trained.facts)
    GENERALISATION.write(arguments.generalisation, found, facts)
    print(f"{'/'.join(arguments.generalisation.with_suffix('').parts[-2:])}: {summarise(found)}")


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
