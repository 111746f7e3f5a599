"""The claims of Cueva and Wei (ICLR 2018), and those that their story implies.

Thresholds come from chance or from what a statistic means, never from these networks' results.
"""

from sslgrid.claims import fields
from sslgrid.claims import localisers as of
from sslgrid.claims.verdicts import Claim, Direction
from sslgrid.spatial.classes import LATTICES

AT_LEAST, AT_MOST = Direction.AT_LEAST, Direction.AT_MOST
REFERENCE, CONTROL = "cw_proper", "cw_plain"
PAPER = "Cueva & Wei 2018"
MOST_SEEDS = "more seeds than not"
HEAD_START = -0.05
ONE_SNAPSHOT = "about the distance between two snapshots"
HALF_OF_NOTHING = "half of the error of an answer that knows nothing"
CORRECTED = "beyond chance at a false discovery rate of 5 %, over all live units"

TASK = [
    Claim(
        "cw.localises", "The network learns to say where it is", f"{PAPER}, figure 1", "cw_proper",
        "mean error along held-out paths, divided by that of the best constant answer", AT_MOST, 0.5, HALF_OF_NOTHING,
        of.held_out_error,
    ),
    Claim(
        "cw.bounded_error", "The error stays bounded long beyond training", f"{PAPER}, figure 6", "cw_proper",
        "error at the end of the long paths, divided by that of the best constant answer", AT_MOST, 0.5,
        HALF_OF_NOTHING,
        of.late_error,
    ),
    Claim(
        "cw.walls_correct", "Contacts with walls correct the error", f"{PAPER}, figure 6", "cw_proper",
        "error (m) at the end of long paths that never meet the trained walls, minus that of paths that do",
        AT_LEAST, 0.02, "a hundredth of the side", of.gain_of_walls,
    ),
]  # fmt: skip

UNITS = [
    *(
        Claim(
            f"{condition}.grid_units", f"There are grid-like units ({words})", f"{PAPER}, figure 2", condition,
            "share of seeds with a unit on a lattice", AT_LEAST, 0.5, f"{MOST_SEEDS}; lattices {CORRECTED}",
            of.has_units(LATTICES), indicator=True,
        )
        for condition, words in (
            ("cw_proper", "square"), ("cw_triangle", "triangle"), ("cw_hexagon", "hexagon"),
            ("cw_noisy", "square, more noise"),
        )
    ),
    *(
        Claim(
            f"{condition}.{kind}_units", f"There are {kind} units ({words})", f"{PAPER}, figure 2", condition,
            f"share of seeds with a {kind} unit", AT_LEAST, 0.5, f"{MOST_SEEDS}; {kind}s {CORRECTED}",
            of.has_units(classes), indicator=True,
        )
        for condition, words in (("cw_proper", "square"), ("cw_noisy", "square, more noise"))
        for kind, classes in (("band", of.BANDS), ("border", of.BORDERS))
    ),
    Claim(
        "cw.square_lattices", "In the square the lattices are rectangular", f"{PAPER}, figure 2", "cw_proper",
        "share of square lattices among the units on a lattice", AT_LEAST, 0.5,
        "more square ones than hexagonal ones",
        of.square_share,
    ),
    *(
        Claim(
            f"{condition}.hexagonal_lattices", f"In the {shape} the lattices are hexagonal", f"{PAPER}, figure 2",
            condition, "share of hexagonal lattices among the units on a lattice", AT_LEAST, 0.5,
            "more hexagonal ones than square ones", of.hexagonal_share,
        )
        for condition, shape in (("cw_triangle", "triangle"), ("cw_hexagon", "hexagon"))
    ),
    Claim(
        "cw.one_scale", "There is a single scale, no modules", "Schaeffer et al. 2023, of this model", "cw_proper",
        "share of seeds with at most one module, among seeds with units on a lattice", AT_LEAST, 0.5, MOST_SEEDS,
        of.one_scale,
    ),
]  # fmt: skip

# The paper shows maps and no scores. So beside the strict test there is the criterion that the field has for such maps.
USUAL = "by the usual criterion"
BY_CRITERION = [
    *(
        Claim(
            f"{condition}.usual_grid_units", f"There are more grid-like units than chance makes ({words}, {USUAL})",
            f"{PAPER}, figure 2", condition,
            "share of seeds with more lattices than random mixtures of the same waves have in 95 of 100 draws",
            AT_LEAST, 0.5, MOST_SEEDS, fields.has_more_than_mixtures, indicator=True,
        )
        for condition, words in (
            ("cw_proper", "square"), ("cw_triangle", "triangle"), ("cw_hexagon", "hexagon"),
            ("cw_noisy", "square, more noise"),
        )
    ),
    Claim(
        "cw_proper.usual_square_lattices", f"In the square the lattices are rectangular ({USUAL})",
        f"{PAPER}, figure 2", "cw_proper", "share of square lattices among the units on a lattice", AT_LEAST, 0.5,
        "more square ones than hexagonal ones", fields.square_share,
    ),
    *(
        Claim(
            f"{condition}.usual_hexagonal_lattices", f"In the {shape} the lattices are hexagonal ({USUAL})",
            f"{PAPER}, figure 2", condition, "share of hexagonal lattices among the units on a lattice", AT_LEAST, 0.5,
            "more hexagonal ones than square ones", fields.hexagonal_share,
        )
        for condition, shape in (("cw_triangle", "triangle"), ("cw_hexagon", "hexagon"))
    ),
]  # fmt: skip

TUNING = [
    Claim(
        "cw.border_speed", "Border units are hardly tuned to speed", f"{PAPER}, figure 3", "cw_proper",
        "variance that speed explains: that of border units divided by that of the others", AT_MOST, 0.5,
        "half as much",
        of.speed_tuning_of_borders,
    ),
    Claim(
        "cw.linear_speed", "Most other units are linear in the speed", f"{PAPER}, figure 3", "cw_proper",
        "share of units whose mean rate is linear in speed (R² ≥ 0.9), of those with 1 % or more explained by speed",
        AT_LEAST, 0.5, "more units than not", of.linear_in_speed,
    ),
    Claim(
        "cw.direction_against_place", "Units tuned to the heading are weakly spatial", f"{PAPER}, figure 3",
        "cw_proper", "rank correlation over units of the variance that heading explains and that place explains",
        AT_MOST, 0.0,
        "any negative relation", of.direction_against_place,
    ),
]  # fmt: skip

DEVELOPMENT = [
    Claim(
        "cw.borders_before_grids", "Border units come before grid-like ones", f"{PAPER}, figure 4", "cw_proper",
        "onset of border units minus that of units on a lattice, as a share of the training", AT_MOST, HEAD_START,
        ONE_SNAPSHOT, of.onset_difference(of.BORDERS, LATTICES),
    ),
    Claim(
        "cw.borders_before_bands", "Border units come before bands", "new", "cw_proper",
        "onset of border units minus that of bands, as a share of the training", AT_MOST, HEAD_START,
        ONE_SNAPSHOT, of.onset_difference(of.BORDERS, of.BANDS),
    ),
]  # fmt: skip

REGULARISATION = [
    Claim(
        "cw_plain.no_grid_units", "Without rest, noise and cost there are no grid-like units", f"{PAPER}, figure 5",
        "cw_plain", "share of seeds without a unit on a lattice", AT_LEAST, 0.5, MOST_SEEDS, of.none_of(LATTICES),
        indicator=True,
    ),
    Claim(
        "cw_plain.border_units", "Without rest, noise and cost most units are like border units",
        f"{PAPER}, figure 5", "cw_plain",
        "share of border units among the live ones", AT_LEAST, 0.5, "more units than not", of.share_of(of.BORDERS),
    ),
    Claim(
        "cw.regularisation", "Rest, noise and cost bring grid-like units", f"{PAPER}, figure 5", "cw_proper",
        "share of the live units that are on a lattice", AT_LEAST, 0.01, "one unit in a hundred more",
        of.share_of(LATTICES), against="cw_plain",
    ),
]  # fmt: skip

CONDITIONS = ("cw_proper", "cw_noisy", "cw_triangle", "cw_hexagon", "cw_plain")
CLAIMS = sorted(
    [*TASK, *UNITS, *BY_CRITERION, *TUNING, *DEVELOPMENT, *REGULARISATION],
    key=lambda claim: CONDITIONS.index(claim.condition),
)
