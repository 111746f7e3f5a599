"""The tuning of every unit: its scores, their p-values, its lattice, its class and its module."""

from collections.abc import Collection

import numpy as np
import xarray as xr

from sslgrid.datasets.tuning import TUNING
from sslgrid.modules.finding import part_tentative
from sslgrid.modules.lattices import highest_rates, lattice_columns, tuned_rates
from sslgrid.spatial.band import PERIODS, band_scores, turns_back
from sslgrid.spatial.border import border_scores
from sslgrid.spatial.classes import LINING, STRIPED
from sslgrid.spatial.fields import count_fields
from sslgrid.spatial.gridness import GridScores, score_grids
from sslgrid.spatial.ratemap import RateMaps, upright
from sslgrid.spatial.scores import score_units
from sslgrid.spatial.significance import confirmed, gridness_p_values, score_p_values, significant_units

TESTS = ("band", "border")  # besides gridness
FEWEST_FIELDS = 3  # of a localiser's unit on a lattice: points that do not lie on one line span it
CROSSINGS = 1.5  # of its range by the rate of a band unit, halfway from a slope to a stripe
CONFIRMING = 2000  # draws for the promising units of a localiser, of which few may be tuned
FOUNDING = 0.05  # p-value of units that found modules, uncorrected: the test of a module answers for the many


def measure_tuning(
    maps: RateMaps,
    rng: np.random.Generator,
    draws: int,
    tests: Collection[str] = (),
    elliptic: float | None = None,
) -> xr.Dataset:
    """What a file of `datasets.tuning.TUNING` holds, of the units of one network in one arena.

    rng: for p-values, of so many draws, and for the modules.

    tests: scores besides gridness that get p-values: "band", "border". Of a network whose rates go below zero, what is
    tested must be significant to be of its class.

    elliptic: as in `classify_units`.
    """
    signed, maps = maps.signed, upright(maps)
    tuned = tuned_rates(maps)
    scores = score_grids(tuned, maps.bin_size)
    of_modules, of_p_values, *of_tests = rng.spawn(4)
    p = lattice_p_values(maps, tuned, scores, signed, draws, of_p_values)
    further = further_p_values(maps, tuned, tests, draws // 2, of_tests)
    significant = significant_units(p)
    if signed:
        significant &= count_fields(tuned, maps.bin_size) >= FEWEST_FIELDS
    credible = {"lattice": significant} | {name: significant_units(further[f"p_{name}"]) for name in tests}
    lattices = lattice_columns(maps, scores, of_modules, p <= FOUNDING)
    module, tentative = part_tentative(lattices["module"], significant, scores.spacing)
    columns = (
        lattices
        | {"module": module, "tentative": tentative}
        | score_units(maps, scores, credible if signed else {}, elliptic=elliptic)
        | further
        | {
            "max_rate": highest_rates(maps),
            "stability": np.full(len(maps.rates), np.nan) if maps.stability is None else maps.stability,
            "p_value": p,
            "significant": significant.astype(np.int8),
            "lattice": (scores.lattice * (significant if signed else 1)).astype(np.int8),
        }
    )
    return TUNING.dataset(columns)


def lattice_p_values(
    maps: RateMaps, tuned: np.ndarray, scores: GridScores, signed: bool, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """The column `p_value`.

    tuned: their `tuned_rates`. signed: of a network whose rates went below zero, where only what repeats is a lattice.
    """
    if not signed:
        return gridness_p_values(tuned, scores.spacing, maps.bin_size, draws, rng)
    widest = maps.least_width / PERIODS

    def gridness(units: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
        return gridness_p_values(tuned[units], scores.spacing[units], maps.bin_size, draws, rng, widest)

    return confirmed(gridness, scores.spacing < widest, np.isfinite(scores.highest), draws, CONFIRMING, rng)


def further_p_values(
    maps: RateMaps, tuned: np.ndarray, tests: Collection[str], draws: int, rngs: list[np.random.Generator]
) -> dict[str, np.ndarray]:
    """The columns `p_band` and `p_border`: NaN of a score that is not among the tests. rngs: of each of `TESTS`."""
    walls, bin_size = maps.walls, maps.bin_size
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
