"""What makes units of a localiser have several fields, and what makes the fields regular: the hypotheses as claims.

They are about the conditions of `studies/cw_fields.yaml`. Thresholds come from what a statistic means, and were set
before the networks were trained.
"""

from sslgrid.claims import fields as of
from sslgrid.claims.verdicts import Claim, Direction

AT_LEAST, AT_MOST = Direction.AT_LEAST, Direction.AT_MOST
REFERENCE, CONTROL = "cwf_tanh", "cwf_tanh_rates10"
NEW = "new"
FREQUENCY = "mean spatial frequency of the maps less their planes, by their variance, periods per m"
A_FIFTH_OF_AN_ORDER = "a fifth of the distance between two orders in a square of 2 m"
MIXTURES = "share of the judged units on a lattice, less that of random mixtures of the same waves"
ONE_IN_TWENTY = "one unit in twenty"
USED = "effective number of the square's modes in a judged unit's map, over that of random mixtures"
SHELL = "share of the variance beyond planes in the two neighbouring orders with most of it, 0 if one is the first"


def rises(name: str, words: str, condition: str, against: str) -> Claim:
    """The claim that the mean spatial frequency is higher than in another condition."""
    return Claim(
        f"cwf.{name}", words, NEW, condition, FREQUENCY, AT_LEAST, 0.05, A_FIFTH_OF_AN_ORDER, of.frequency,
        against=against,
    )  # fmt: skip


SHELLS = [
    Claim(
        f"{condition}.one_shell", f"Two neighbouring orders hold what no plane explains ({words})", NEW,
        condition, SHELL, AT_LEAST, 0.75,
        "bent slopes have theirs in the first order; single bumps reach 0.71 and smooth noise 0.57", of.one_shell,
    )
    for condition, words in (("cwf_tanh", "tanh"), ("cwf_rectified", "rectified"))
]  # fmt: skip

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
        "cwf_rectified.beyond_mixtures", "Rectified rates make more lattices than random mixtures have", NEW,
        "cwf_rectified", MIXTURES, AT_LEAST, 0.05, ONE_IN_TWENTY, of.beyond_mixtures,
    ),
    Claim(
        "cwf_tanh.modes", "With tanh units are mixtures of as many modes as random ones", NEW, "cwf_tanh", USED,
        AT_LEAST, 0.8, "a fifth less at most", of.modes_against_mixtures,
    ),
    Claim(
        "cwf_rectified.modes", "Rectified units align with fewer modes than random mixtures", NEW, "cwf_rectified",
        USED, AT_MOST, 0.8, "a fifth less at least", of.modes_against_mixtures,
    ),
    Claim(
        "cwf_rectified.walls", "Waves of rectified units run across from the walls", NEW, "cwf_rectified",
        "mean of cos(4 angle) over the power of the judged units' maps, 1 across from walls, -1 diagonally, less that "
        "of random mixtures", AT_LEAST, 0.1, "a twentieth of the range", of.walls_against_mixtures,
    ),
]  # fmt: skip

DOSES = [
    claim
    for kind, words in (("tanh", "tanh"), ("rectified", "rectified"))
    for claim in (
        rises(f"{kind}_noise", f"Noise brings fields ({words})", f"cwf_{kind}_noise50", f"cwf_{kind}_noise10"),
        rises(f"{kind}_cost", f"The rate cost brings fields ({words})", f"cwf_{kind}_cost03", f"cwf_{kind}_cost003"),
        rises(
            f"{kind}_together", f"Noise and cost together bring more fields than noise alone ({words})",
            f"cwf_{kind}_noise50_cost03", f"cwf_{kind}_noise50",
        ),
        rises(
            f"{kind}_with_noise", f"Noise and cost together bring more fields than cost alone ({words})",
            f"cwf_{kind}_noise50_cost03", f"cwf_{kind}_cost03",
        ),
    )
]  # fmt: skip

CLAIMS = [*SHELLS, *REGULAR, *DOSES]
