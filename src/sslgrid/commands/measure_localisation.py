"""How well a localiser localises: `python -m sslgrid.commands.measure_localisation --weights W.safetensors ...`.

Held-out paths are as long as those of training, and drawn like them; long paths go on for `--long-steps` steps, once
with the walls of the arena and once with a smaller arena's, so that the network never meets a wall it was trained with.
"""

import argparse

import xarray as xr

from sslgrid.basics.brownian import Motion
from sslgrid.basics.errors import InputError
from sslgrid.basics.polygons import corners_of
from sslgrid.basics.streams import stream
from sslgrid.cli import input_argument, inputs_of, output_argument, run, threads_argument
from sslgrid.coding.localisation import measure_localisation
from sslgrid.coding.path_integration import Localiser
from sslgrid.datasets.localisation import LOCALISATION
from sslgrid.localiser.config import LocaliserConfig
from sslgrid.machine.blas import use_blas_threads
from sslgrid.networks import load_network
from sslgrid.store.facts import provenance


def summarise(localisation: xr.Dataset, side: float) -> str:
    """One line of errors, in m; side: of the arena, m."""
    last = {name: localisation[name].values[-1].mean() for name in ("long_error", "long_error_inside")}
    return (
        f"error {localisation['error'].values.mean():.3f} m along held-out paths (constant answer "
        f"{localisation['constant_error']:.3f} m, side {side:g} m), {last['long_error']:.3f} m after long paths, "
        f"{last['long_error_inside']:.3f} m without walls"
    )


def main(arguments: argparse.Namespace) -> None:
    """Measure, write and summarise."""
    use_blas_threads(arguments.threads)
    trained = load_network(arguments.weights)
    if not isinstance(trained.network, Localiser):
        raise InputError(f"{arguments.weights} does not say where it is: expected weights of a localiser")
    paths = LocaliserConfig.from_dict(trained.config).trajectories
    motion = Motion(paths.standstill, paths.highest_speed, paths.heading_noise, paths.at_walls)
    localisation = measure_localisation(
        trained.network, motion, corners_of(paths.shape, paths.side), paths.steps,
        arguments.long_steps, stream(trained.seed, "localisation"),
    )  # fmt: skip
    facts = provenance(__spec__.name, inputs_of(arguments), **trained.facts)
    LOCALISATION.write(arguments.localisation, localisation, facts)
    name = "/".join(arguments.localisation.with_suffix("").parts[-2:])
    print(f"{name}: {summarise(localisation, paths.side)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "weights", help="the trained localiser")
    output_argument(parser, "localisation", help="NetCDF file to write")
    parser.add_argument("--long-steps", type=int, default=1_000_000, help="steps of the long paths (default 1000000)")
    threads_argument(parser)
    run(main, parser)
