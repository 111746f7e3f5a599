"""Every measure on units of known truth: `python -m sslgrid.commands.calibrate --arena A.json --measures OUT.nc`."""

import argparse

import numpy as np

from sslgrid.calibration.measures import STABILITIES, balanced_accuracy, calibrate, design
from sslgrid.cli import draws_argument, input_argument, inputs_of, output_argument, run
from sslgrid.datasets.calibration import write_calibration
from sslgrid.store.facts import config_hash, provenance
from sslgrid.walks.config import read_arena

SEED = 2  # the thresholds of `spatial.classes` were chosen on units of another one


def summarise(columns: dict[str, np.ndarray], accuracy: np.ndarray) -> str:
    """One line, at the noise of networks' maps: the errors that 95 % of lattices stay below, and the classes."""
    lattices = (columns["noise_level"] == STABILITIES[0]) & np.isfinite(columns["spacing_error"])
    spacing, orientation = (
        np.quantile(np.abs(columns[name][lattices]), 0.95) for name in ("spacing_error", "orientation_error")
    )
    return (
        f"{len(columns['side'])} units; at stability {STABILITIES[0]:g} 95 % of spacings within {100 * spacing:.1f} %, "
        f"of orientations within {orientation:.1f} deg; balanced accuracy of the classes {accuracy[0]:.3f}"
    )


def main(arguments: argparse.Namespace) -> None:
    """Draw the units, measure them, write and summarise."""
    columns = calibrate(
        design(arguments.units, arguments.draws), read_arena(arguments.arena), np.random.default_rng([SEED])
    )
    accuracy = balanced_accuracy(columns)
    facts = provenance(__spec__.name, inputs_of(arguments), config_hash=config_hash(arguments.arena), seed=str(SEED))
    write_calibration(arguments.measures, columns, np.array(STABILITIES), accuracy, facts)
    print(f"calibration: {summarise(columns, accuracy)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    input_argument(parser, "arena", help="config of an arena, whose bins and smoothing all maps get")
    output_argument(parser, "measures", help="NetCDF file to write")
    parser.add_argument("--units", type=int, required=True, help="of each class in each setting")
    draws_argument(parser)
    run(main, parser)
