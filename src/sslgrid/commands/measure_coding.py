"""How well a code tells places apart: `python -m sslgrid.commands.measure_coding --weights W.safetensors ...`."""

import argparse

import numpy as np
import xarray as xr

from sslgrid.basics.streams import stream
from sslgrid.cli import input_argument, inputs_of, output_argument, run, threads_argument
from sslgrid.coding.places import measure_coding
from sslgrid.datasets.coding import CODING
from sslgrid.datasets.modules import read_modules
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.walks import open_walks
from sslgrid.machine.blas import use_blas_threads
from sslgrid.networks import load_network
from sslgrid.store.facts import config_hash, provenance
from sslgrid.walks.config import read_arena


def summarise(coding: xr.Dataset) -> str:
    """One line: how well places are decoded, and how far apart places look alike again."""
    first, last = coding["decoding_error"].values[0, [0, -1]]
    axes = np.nanmedian(coding["metric_long"].values / coding["metric_short"].values)
    return (
        f"decoded to {first:.3f} m at first and {last:.3f} m at last (chance {coding['chance_error']:.2f} m), to "
        f"{coding['local_error'].values[0, -1]:.3f} m near by; places look alike again "
        f"{coding['effective_range']:.2f} m apart ({coding['range_in_spacings']:.2f} of the largest spacing); "
        f"axes of the metric {axes:.2f} to 1"
    )


def main(arguments: argparse.Namespace) -> None:
    """Decode along the long walks, compare places, and write."""
    use_blas_threads(arguments.threads)
    trained = load_network(arguments.weights)
    maps, plane = read_ratemaps(arguments.ratemaps)[0], read_ratemaps(arguments.plane)[0]
    trained.check_units(arguments.ratemaps, len(maps.rates))
    trained.check_units(arguments.plane, len(plane.rates))
    largest = max(read_modules(arguments.modules)["spacing"].values, default=np.nan)
    alike = trained.config["losses"]["sigma_g"]
    with open_walks(arguments.walks, read_arena(arguments.arena)) as walks:
        coding = measure_coding(trained.network, walks, maps, plane, largest, alike, stream(trained.seed, "coding"))
    facts = provenance(__spec__.name, inputs_of(arguments), config_hash=config_hash(arguments.arena), **trained.facts)
    CODING.write(arguments.coding, coding, facts)
    print(f"{'/'.join(arguments.coding.with_suffix('').parts[-2:])}: {summarise(coding)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    input_argument(parser, "weights", help="the trained network")
    input_argument(parser, "ratemaps", help="its rate maps: the code that is decoded")
    input_argument(parser, "modules", help="its modules, in the arena of the rate maps")
    input_argument(parser, "plane", help="its rate maps in the widest arena")
    input_argument(parser, "arena", help="the config of the arena of the walks")
    input_argument(parser, "walks", help="long walks, other than those of the rate maps")
    output_argument(parser, "coding", help="NetCDF file to write")
    threads_argument(parser)
    run(main, parser)
