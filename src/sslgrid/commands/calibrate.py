"""Every measure on units of known truth: `python -m sslgrid.commands.calibrate --arena A.json --measures OUT.nc`."""

import argparse

import numpy as np
import xarray as xr

from sslgrid.basics.streams import stream
from sslgrid.calibration.measures import STABILITIES, measure_calibration, share_significant
from sslgrid.cli import draws_argument, input_argument, inputs_of, output_argument, run
from sslgrid.datasets.calibration import CALIBRATION
from sslgrid.store.facts import config_hash, provenance
from sslgrid.walks.config import read_arena

SEED = 2  # the thresholds of `spatial.classes` were chosen on units of another one


def summarise(calibration: xr.Dataset) -> str:
    """One line, at the noise of networks' maps: the errors that 95 % of lattices stay below, and the classes."""
    of_lattices = np.isfinite(calibration["spacing_error"].values)
    lattices = of_lattices & (calibration["noise_level"].values == STABILITIES[0])
    spacing, orientation = (
        np.quantile(np.abs(calibration[name].values[lattices]), 0.95) for name in ("spacing_error", "orientation_error")
    )
    return (
        f"{calibration.sizes['unit']} units; at stability {STABILITIES[0]:g} 95 % of spacings within "
        f"{100 * spacing:.1f} %, of orientations within {orientation:.1f} deg; balanced accuracy of the classes "
        f"{calibration['balanced_accuracy'].values[0]:.3f}"
    )


def power_and_level(calibration: xr.Dataset) -> str:
    """One line: the share of lattices and of random maps with p <= 0.05, for each stability."""
    columns = {name: calibration[name].values for name in ("p_value", "true_class", "noise_level")}
    shares = zip(STABILITIES, share_significant(columns, False), share_significant(columns, True), strict=True)
    return "p <= 0.05 at stability " + ", ".join(
        f"{stability:g}: {100 * power:.0f} % of lattices and {100 * level:.0f} % of random maps"
        for stability, power, level in shares
    )


def main(arguments: argparse.Namespace) -> None:
    """Draw the units, measure them, write and summarise."""
    arena = read_arena(arguments.arena)
    calibration = measure_calibration(arguments.units, arguments.draws, arena, stream(SEED, "calibration"))
    facts = provenance(__spec__.name, inputs_of(arguments), config_hash=config_hash(arguments.arena), seed=str(SEED))
    CALIBRATION.write(arguments.measures, calibration, facts)
    print(f"calibration: {summarise(calibration)}")
    print(f"calibration: {power_and_level(calibration)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    input_argument(parser, "arena", help="config of an arena, whose bins and smoothing all maps get")
    output_argument(parser, "measures", help="NetCDF file to write")
    parser.add_argument("--units", type=int, required=True, help="of each class in each setting")
    draws_argument(parser)
    run(main, parser)
