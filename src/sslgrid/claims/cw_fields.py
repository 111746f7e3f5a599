"""What makes units of a localiser have several fields, and what makes the fields regular: the hypotheses as claims.

They are about the conditions of `studies/cw_fields.yaml`, which has the hypotheses in full, by the same numbers.
Thresholds come from what a statistic means, and were set before the networks were trained.
"""

from sslgrid.claims import fields as of
from sslgrid.claims.verdicts import Claim, Direction

AT_LEAST, AT_MOST = Direction.AT_LEAST, Direction.AT_MOST
REFERENCE, CONTROL = "cwf_tanh", "cwf_tanh_rates10"
NEW = "new"
ORDER = "mean order of the maps by their variance, half periods along the side"
BY_SLOPES = "a slope that steepens eightfold gains 0.3 of an order"
MIXTURES = "share of the judged units on a lattice, less that of random mixtures of the same waves"
ONE_IN_TWENTY = "one unit in twenty"
USED = "effective number of the square's modes in a judged unit's map, over that of random mixtures"
SHELL = "share of the variance beyond planes in the two neighbouring orders with most of it, 0 of slopes"
WALLS = "mean over the power of the judged units' maps of 1 across from walls, -1 between, less that of random mixtures"
STEP = 0.4  # of an order


def rises(name: str, words: str, condition: str, against: str) -> Claim:
    """The claim that the mean order is higher than in another condition."""
    return Claim(
        f"cwf.{name}", words, NEW, condition, ORDER, AT_LEAST, STEP, BY_SLOPES, of.order, against=against,
    )  # fmt: skip


def stays(name: str, words: str, condition: str, against: str, reason: str = BY_SLOPES) -> Claim:
    """The claim that the mean order is not higher than in another condition."""
    return Claim(f"cwf.{name}", words, NEW, condition, ORDER, AT_MOST, STEP, reason, of.order, against=against)


def regular(condition: str, words: str) -> Claim:
    """The claim that a condition has more lattices than random mixtures of the same waves."""
    return Claim(
        f"{condition}.beyond_mixtures", f"{words} make more lattices than random mixtures have", NEW, condition,
        MIXTURES, AT_LEAST, 0.05, ONE_IN_TWENTY, of.beyond_mixtures,
    )  # fmt: skip


def across_walls(condition: str, words: str) -> Claim:
    """The claim that waves run across from the walls of the arena."""
    return Claim(
        f"{condition}.walls", f"Waves of rectified units run across from the walls ({words})", NEW, condition, WALLS,
        AT_LEAST, 0.1, "a twentieth of the range", of.walls_against_mixtures,
    )  # fmt: skip


SHELLS = [
    Claim(
        f"{condition}.one_shell", f"Two neighbouring orders hold what no plane explains ({words})", NEW,
        condition, SHELL, AT_LEAST, 0.75, "single bumps reach 0.71 and smooth noise 0.57", of.one_shell,
    )
    for condition, words in (("cwf_tanh", "tanh"), ("cwf_rectified", "rectified"))
]  # fmt: skip

# 1
REGULAR = [
    Claim(
        "cwf_tanh.no_more", "With tanh lattices are no more frequent than in random mixtures", NEW, "cwf_tanh",
        MIXTURES, AT_MOST, 0.05, ONE_IN_TWENTY, of.beyond_mixtures,
    ),
    Claim(
        "cwf_tanh.no_fewer", "With tanh lattices are no rarer than in random mixtures", NEW, "cwf_tanh", MIXTURES,
        AT_LEAST, -0.05, ONE_IN_TWENTY, of.beyond_mixtures,
    ),
    Claim(
        "cwf_tanh.modes", "With tanh units are mixtures of as many modes as random ones", NEW, "cwf_tanh", USED,
        AT_LEAST, 0.8, "a fifth less at most", of.modes_against_mixtures,
    ),
    Claim(
        "cwf_rectified.modes", "Rectified units align with fewer modes than random mixtures", NEW, "cwf_rectified",
        USED, AT_MOST, 0.8, "a fifth less at least", of.modes_against_mixtures,
    ),
    *(
        regular(condition, words)
        for condition, words in (
            ("cwf_rectified", "Rectified rates"),
            ("cwf_rectified_noise50_cost03", "Rectified rates, much noise and a high cost"),
            ("cwf_rectified_decay", "Rectified rates and decaying weights"),
            ("cwf_rectified_hf", "Rectified rates and Hessian-free steps"),
            ("cwf_rectified_hf_paper", "Rectified rates, noise on them and the authors' penalties"),
            ("cwf_rectified_grown30", "Rectified rates and noise that grows"),
            ("cwf_rectified_grown50", "Rectified rates and noise that grows to more"),
            ("cwf_rectified_n256", "Rectified rates of 256 units"),
            ("cwf_rectified_light", "Rectified rates and free weights"),
            ("cwf_rectified_long", "Rectified rates and long paths"),
            ("cwf_rectified_triangle", "Rectified rates in a triangle"),
            ("cwf_rectified_hexagon", "Rectified rates in a hexagon"),
        )
    ),
]  # fmt: skip

# 12
WALL = [
    across_walls(condition, words)
    for condition, words in (
        ("cwf_rectified", "square"), ("cwf_rectified_triangle", "triangle"), ("cwf_rectified_hexagon", "hexagon"),
    )
]  # fmt: skip

DOSES = [
    # 2 to 4
    rises("tanh_noise", "Noise brings fields (tanh)", "cwf_tanh_noise50", "cwf_tanh_noise10"),
    rises("rectified_noise", "Noise brings fields (rectified)", "cwf_rectified_noise50", "cwf_rectified_noise10"),
    rises("rectified_cost", "The cost of rates brings fields", "cwf_rectified_cost03", "cwf_rectified_cost003"),
    rises(
        "rectified_together", "Noise and cost together bring more fields than noise alone",
        "cwf_rectified_noise50_cost03", "cwf_rectified_noise50",
    ),
    rises(
        "rectified_with_noise", "Noise and cost together bring more fields than cost alone",
        "cwf_rectified_noise50_cost03", "cwf_rectified_cost03",
    ),
    # 5
    stays("tanh_rates", "Noise on rates brings no fields (tanh)", "cwf_tanh_rates40", "cwf_tanh_rates10"),
    stays(
        "rectified_rates", "Noise on rates brings no fields (rectified)", "cwf_rectified_rates40",
        "cwf_rectified_rates10",
    ),
    # 8 to 10
    rises("few_units", "Fewer units have a higher order", "cwf_rectified_short", "cwf_rectified_n256"),
    rises("small_steps", "Smaller steps bring fields", "cwf_rectified_step10", "cwf_rectified"),
    rises("rest", "Rest brings fields", "cwf_rectified_rest95", "cwf_rectified_rest80"),
    # 11
    stays(
        "larger", "At 3 m the order is that at 2 m, or lower", "cwf_rectified_side3", "cwf_rectified",
        "half of what one wavelength in metres would add",
    ),
    stays(
        "smaller", "At 2 m the order is that at 1 m, or lower", "cwf_rectified", "cwf_rectified_side1",
        "half of what one wavelength in metres would add",
    ),
    # 13, 14
    rises("light", "Free weights bring fields", "cwf_rectified_light", "cwf_rectified"),
    rises("long", "Long paths bring fields", "cwf_rectified_long", "cwf_rectified"),
]  # fmt: skip

CLAIMS = [*SHELLS, *REGULAR, *WALL, *DOSES]
