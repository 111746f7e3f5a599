"""Spatial tuning of each unit: `python -m sslgrid.commands.measure_tuning --ratemaps R.nc --tuning OUT.nc`."""

import argparse

import numpy as np
from scipy.stats import circmean

from sslgrid.commands.cli import path_argument, provenance, run
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.tuning import write_tuning
from sslgrid.lattices import highest_rates, lattice_columns, score_lattices, tuned_rates
from sslgrid.modules import SYMMETRY
from sslgrid.spatial.band import band_scores
from sslgrid.spatial.border import border_scores
from sslgrid.spatial.gridness import HEXAGONAL, KINDS, SQUARE
from sslgrid.spatial.information import spatial_information
from sslgrid.spatial.ratemap import RateMaps
from sslgrid.spatial.significance import gridness_p_values, significant_units

DRAWS = 250  # of the null: the smallest p-value, 1 / 251, survives correction if four units of fifty have it
INHERITED = ("seed", "network_config_hash", "network_code_hash")


def measure(maps: RateMaps, rng: np.random.Generator, draws: int = DRAWS) -> dict[str, np.ndarray]:
    """Every column of the tuning file; rng and draws are for the p-values."""
    scores = score_lattices(maps)
    p = gridness_p_values(tuned_rates(maps), scores.spacing, maps.bin_size, draws, rng)
    return lattice_columns(maps, scores) | {
        "max_rate": highest_rates(maps),
        "border_score": border_scores(maps.rates, maps.bin_size),
        "band_score": band_scores(maps.rates),
        "spatial_information": spatial_information(maps.rates, maps.occupancy),
        "stability": np.full(len(maps.rates), np.nan) if maps.stability is None else maps.stability,
        "p_value": p,
        "significant": significant_units(p).astype(np.int8),
    }


def summarise(columns: dict[str, np.ndarray]) -> str:
    """One line: live units, lattices, significant ones (Benjamini-Hochberg), modules with spacing and size."""
    lattice, module, live = columns["lattice"], columns["module"], columns["live"] == 1
    share = 100 * (lattice[live] > 0).mean() if live.any() else 0
    modules = [
        _describe(lattice[module == name], columns["spacing"][module == name], columns["orientation"][module == name])
        for name in range(module.max() + 1)
    ]
    significant = columns["significant"].sum()
    return (
        f"{live.sum()} live units, {(lattice == HEXAGONAL).sum()} hexagonal, {(lattice == SQUARE).sum()} square"
        f" ({share:.0f} % on a lattice), {significant} significant; modules: {', '.join(modules) or 'none'}"
    )


def _describe(lattice: np.ndarray, spacing: np.ndarray, orientation: np.ndarray) -> str:
    kind = int(lattice[0])
    turn = circmean(orientation, high=SYMMETRY[kind])
    return f"{len(lattice)} {KINDS[kind]} of {spacing.mean():.2f} m at {turn:.1f} deg"


def main(arguments: argparse.Namespace) -> None:
    """Measure, write and summarise."""
    maps, made_by = read_ratemaps(arguments.ratemaps)
    columns = measure(maps, np.random.default_rng([int(made_by["seed"])]))
    inherited = {name: made_by[name] for name in INHERITED}
    facts = provenance("sslgrid.commands.measure_tuning", ratemaps_code_hash=made_by["code_hash"], **inherited)
    write_tuning(arguments.tuning, columns, facts)
    print(f"{'/'.join(arguments.tuning.with_suffix('').parts[-3:])}: {summarise(columns)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    path_argument(parser, "ratemaps", "rate maps of one network")
    path_argument(parser, "tuning", "NetCDF file to write")
    run(main, parser)
