"""Spatial tuning of each unit: `python -m sslgrid.commands.measure_tuning --ratemaps R.nc --tuning OUT.nc`."""

import argparse
from dataclasses import asdict

import numpy as np

from sslgrid.commands.cli import path_argument, provenance, run
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.tuning import write_tuning
from sslgrid.modules import find_modules
from sslgrid.spatial.band import band_scores
from sslgrid.spatial.border import border_scores
from sslgrid.spatial.gridness import score_grids
from sslgrid.spatial.information import spatial_information
from sslgrid.spatial.ratemap import RateMaps

LIVE_RATE = 0.01  # activity has norm 1: a unit that never exceeds this carries nothing


def measure(maps: RateMaps) -> dict[str, np.ndarray]:
    """Every column of the tuning file. Units that are not live get no lattice and no module."""
    bin_size = maps.centres[1] - maps.centres[0]
    max_rate = np.nanmax(maps.rates, axis=(1, 2))
    live = max_rate > LIVE_RATE
    grids = asdict(score_grids(np.where(live[:, None, None], maps.rates, np.nan), bin_size))
    return grids | {
        "live": live.astype(np.int8),
        "max_rate": max_rate,
        "border_score": border_scores(maps.rates, bin_size),
        "band_score": band_scores(maps.rates),
        "spatial_information": spatial_information(maps.rates, maps.occupancy),
        "module": find_modules(grids["lattice"], grids["spacing"], grids["orientation"]),
    }


def main(arguments: argparse.Namespace) -> None:
    """Measure and write."""
    maps = read_ratemaps(arguments.ratemaps)
    write_tuning(arguments.tuning, measure(maps), provenance("sslgrid.commands.measure_tuning"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    path_argument(parser, "ratemaps", "rate maps of one network")
    path_argument(parser, "tuning", "NetCDF file to write")
    run(main, parser)
