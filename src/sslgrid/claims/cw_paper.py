"""The claims of Cueva and Wei (ICLR 2018) on networks of the paper's own recipe: `studies/cw_paper.yaml`.

They are those of `claims/cueva_wei.py`, of the paper's three arenas, with the same statistics and thresholds.
"""

from dataclasses import replace

from sslgrid.claims import cueva_wei
from sslgrid.claims.verdicts import Claim

REFERENCE, CONTROL = "cw_paper", "cw_paper_untrained"
INSTEAD_OF = {"cw_proper": REFERENCE, "cw_triangle": "cw_paper_triangle", "cw_hexagon": "cw_paper_hexagon"}


def of_recipe(claim: Claim) -> Claim:
    """The same claim about the paper's recipe."""
    condition = INSTEAD_OF[claim.condition]
    return replace(claim, id=f"{condition}.{claim.id.split('.')[1]}", condition=condition)


CLAIMS = [of_recipe(claim) for claim in cueva_wei.CLAIMS if claim.condition in INSTEAD_OF and not claim.against]
