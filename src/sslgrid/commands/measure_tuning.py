"""Spatial tuning of each unit: `python -m sslgrid.commands.measure_tuning --ratemaps R.nc --tuning OUT.nc`."""

import argparse
from collections.abc import Collection

import numpy as np

from sslgrid.cli import draws_argument, input_argument, inputs_of, output_argument, run
from sslgrid.datasets.ratemaps import read_ratemaps
from sslgrid.datasets.tuning import write_tuning
from sslgrid.modules.lattices import highest_rates, lattice_columns, score_lattices, tuned_rates
from sslgrid.modules.table import describe_modules
from sslgrid.spatial.band import PERIODS, band_scores, turns_back
from sslgrid.spatial.border import border_scores
from sslgrid.spatial.classes import CLASSES, LINING, STRIPED
from sslgrid.spatial.fields import count_fields
from sslgrid.spatial.gridness import HEXAGONAL, KINDS, SQUARE, GridScores
from sslgrid.spatial.ratemap import MINIMUM_COVERAGE, RateMaps, upright
from sslgrid.spatial.scores import score_units
from sslgrid.spatial.significance import confirmed, gridness_p_values, score_p_values, significant_units
from sslgrid.store.facts import provenance

TESTS = ("band", "border")  # besides gridness
FEWEST_FIELDS = 3  # of a localiser's unit on a lattice: points that do not lie on one line span it
CROSSINGS = 1.5  # of its range by the rate of a band unit, halfway from a slope to a stripe
CONFIRMING = 2000  # draws for the promising units of a localiser, of which few may be tuned
FOUNDING = 0.05  # p-value of units that found modules, uncorrected: the test of a module answers for the many
INHERITED = ("seed", "network_config_hash", "network_code_hash")


def measure(maps: RateMaps, rng: np.random.Generator, draws: int, tests: Collection[str] = ()) -> dict[str, np.ndarray]:
    """Every column of the tuning file. rng: for p-values, of so many draws, and for the modules.

    tests: scores besides gridness that get p-values: "band", "border". Of a network whose rates go below zero, what is
    tested must be significant to be of its class.
    """
    signed, maps = maps.signed, upright(maps)
    scores = score_lattices(maps)
    of_modules, of_p_values, *of_tests = rng.spawn(4)
    p = lattice_p_values(maps, scores, signed, draws, of_p_values)
    further = further_p_values(maps, tests, draws // 2, of_tests)
    significant = significant_units(p)
    if signed:
        significant &= count_fields(tuned_rates(maps), maps.bin_size) >= FEWEST_FIELDS
    credible = {"lattice": significant} | {name: significant_units(further[f"p_{name}"]) for name in tests}
    return (
        lattice_columns(maps, scores, of_modules, p <= FOUNDING)
        | score_units(maps, scores, credible if signed else {})
        | further
        | {
            "max_rate": highest_rates(maps),
            "stability": np.full(len(maps.rates), np.nan) if maps.stability is None else maps.stability,
            "p_value": p,
            "significant": significant.astype(np.int8),
            "lattice": (scores.lattice * (significant if signed else 1)).astype(np.int8),
        }
    )


def lattice_p_values(
    maps: RateMaps, scores: GridScores, signed: bool, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """The column `p_value`. signed: of a network whose rates went below zero, where only what repeats is a lattice."""
    tuned = tuned_rates(maps)
    if not signed:
        return gridness_p_values(tuned, scores.spacing, maps.bin_size, draws, rng)
    widest = maps.least_width / PERIODS

    def gridness(units: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
        return gridness_p_values(tuned[units], scores.spacing[units], maps.bin_size, draws, rng, widest)

    return confirmed(gridness, scores.spacing < widest, np.isfinite(scores.highest), draws, CONFIRMING, rng)


def further_p_values(
    maps: RateMaps, tests: Collection[str], draws: int, rngs: list[np.random.Generator]
) -> dict[str, np.ndarray]:
    """The columns `p_band` and `p_border`: NaN of a score that is not among the tests. rngs: of each of `TESTS`."""
    walls, bin_size, tuned = maps.walls, maps.bin_size, tuned_rates(maps)
    scores = {
        "band": (lambda rates: np.where(turns_back(rates, walls) < CROSSINGS, 0, band_scores(rates, walls)), STRIPED),
        "border": (lambda rates: border_scores(rates, walls, bin_size), LINING),
    }

    def p_values(name: str, rng: np.random.Generator) -> np.ndarray:
        if name not in tests:
            return np.full(len(tuned), np.nan)
        score, threshold = scores[name]
        values = score(tuned)
        return confirmed(
            lambda units, draws, rng: score_p_values(tuned[units], score, draws, rng),
            values > threshold, np.isfinite(values), draws, CONFIRMING, rng,
        )  # fmt: skip

    return {f"p_{name}": p_values(name, rng) for name, rng in zip(TESTS, rngs, strict=True)}


def summarise(columns: dict[str, np.ndarray]) -> str:
    """One line: live units, lattices, significant ones (Benjamini-Hochberg), modules with spacing and size."""
    lattice, live = columns["lattice"], columns["live"] == 1
    share = 100 * (lattice[live] > 0).mean() if live.any() else 0
    table = describe_modules(columns)
    modules = [
        f"{units} {KINDS[int(kind)]} of {spacing:.2f} m at {orientation:.1f} deg"
        for units, kind, spacing, orientation in zip(
            *(table[name] for name in ("units", "kind", "spacing", "orientation")), strict=True
        )
    ]
    significant = columns["significant"].sum()
    classes = [f"{count} {CLASSES[kind]}" for kind, count in enumerate(np.bincount(columns["class"][live])) if count]
    return (
        f"{live.sum()} live units, {(lattice == HEXAGONAL).sum()} hexagonal, {(lattice == SQUARE).sum()} square"
        f" ({share:.0f} % on a lattice), {significant} significant; "
        f"classes: {', '.join(classes) or 'none'}; modules: {', '.join(modules) or 'none'}"
    )


def main(arguments: argparse.Namespace) -> None:
    """Measure, write and summarise."""
    maps, made_by = read_ratemaps(arguments.ratemaps)
    columns = measure(maps, np.random.default_rng([int(made_by["seed"])]), arguments.draws, arguments.test)
    inherited = {name: made_by[name] for name in INHERITED}
    facts = provenance(__spec__.name, inputs_of(arguments), ratemaps_code_hash=made_by["code_hash"], **inherited)
    write_tuning(arguments.tuning, columns, facts)
    name = "/".join(arguments.tuning.with_suffix("").parts[-3:])
    if maps.coverage < MINIMUM_COVERAGE:
        print(
            f"{name}: the walks visited {maps.coverage:.0%} of the bins; no unit is scored below {MINIMUM_COVERAGE:.0%}"
        )
    print(f"{name}: {summarise(columns)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    input_argument(parser, "ratemaps", help="rate maps of one network")
    output_argument(parser, "tuning", help="NetCDF file to write")
    parser.add_argument(
        "--test", nargs="*", default=[], choices=TESTS, help="scores besides gridness that get p-values"
    )
    draws_argument(parser)
    run(main, parser)
