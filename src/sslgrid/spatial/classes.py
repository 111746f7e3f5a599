"""The class of each unit, by rules on its scores alone.

The thresholds were chosen on synthetic units of one seed; the calibration states how well they do on those of others.
"""

from collections.abc import Mapping
from enum import IntEnum

import numpy as np

from sslgrid.spatial.gridness import LARGEST_CORRECTION, LATTICE_THRESHOLD, GridScores


class UnitClass(IntEnum):
    """What a unit is, by its scores; the numbers are those of the files."""

    NONE = 0
    HEXAGONAL = 1
    SHEARED = 2
    SQUARE = 3
    BAND = 4
    BORDER = 5
    PLACE = 6


LATTICES = (UnitClass.HEXAGONAL, UnitClass.SHEARED, UnitClass.SQUARE)
CLASSES = tuple(kind.name.lower() for kind in UnitClass)

REGULAR = 0.45  # highest gridness: bands and place fields stay below, perfect lattices have 1.2 to 1.4
VERY_REGULAR = 0.9  # one random map in a hundred gets there; lattices whose fields differ in height do
PERIODIC = 0.65  # periodicity: lattices and bands have over 0.85, most random maps less than 0.5
REPEATING = 0.3  # periodicity of a very regular lattice: only noise has less
ELLIPTIC = 1.12  # 3^(1/4) = 1.32 is half of the way from hexagonal to square; noise makes up to 1.05
STRIPED = 0.65  # band score: of one wave over 0.85, of two equal ones 0.25, of random maps less than 0.55
LINING = 0.65  # border score: of fields along a wall 0.8, of those that also reach far inside less than 0.55
SINGLE = 0.45  # place score: a Gaussian field has 0.7 less its area, the fields of random maps have less than 0.4


def classify_units(
    grids: GridScores,
    band_score: np.ndarray,
    border_score: np.ndarray,
    place_score: np.ndarray,
    credible: Mapping[str, np.ndarray] | None = None,
    recorded: np.ndarray | None = None,
    elliptic: float | None = None,
) -> np.ndarray:
    """The number in `CLASSES` of each unit, all (unit,). The first of these rules that holds decides:

    - a lattice: regular and periodic, or very regular and at all repeating; *sheared* if it is elliptic, else *square*
      if it is rather that than *hexagonal*
    - a *border* unit: its field lines a wall; before bands, because a field along a slanting wall is a stripe too
    - a *band*: periodic and striped
    - a *place* unit: most of its rate is in one small field
    - *none*, also for a unit without scores

    credible: units (unit,) that may be a "lattice", a "border" or a "band" unit; all, of what is left out. Localisers
    are mostly slopes, some of which pass for anything: of them it must be what is significant.

    recorded: of recorded cells, which ones (unit,) are significant by their own spikes, shifted. These are on a lattice
    if their gridness passes `LATTICE_THRESHOLD`: fields of cells differ in height and their maps are noisy, so few are
    as regular as a network's. Their lattices are elliptic as a rule (Stensola et al. 2015), so *sheared* are only those
    too elliptic to be corrected.

    elliptic: ellipticity from which a lattice is *sheared*; None for `LARGEST_CORRECTION` of recorded cells, else for
    `ELLIPTIC`.
    """
    very_regular = (grids.highest > VERY_REGULAR) & (grids.periodicity > REPEATING)
    lattice = (grids.highest > REGULAR) & (grids.periodicity > PERIODIC) | very_regular
    if recorded is not None:
        lattice = recorded & (grids.highest > LATTICE_THRESHOLD)
    if elliptic is None:
        elliptic = ELLIPTIC if recorded is None else LARGEST_CORRECTION
    may_be = {"lattice": True, "border": True, "band": True} | dict(credible or {})
    lattice &= may_be["lattice"]
    rules = [
        (lattice & (grids.ellipticity > elliptic), UnitClass.SHEARED),
        (lattice & (grids.gridness90 > grids.gridness60), UnitClass.SQUARE),
        (lattice, UnitClass.HEXAGONAL),
        ((border_score > LINING) & may_be["border"], UnitClass.BORDER),
        ((grids.periodicity > PERIODIC) & (band_score > STRIPED) & may_be["band"], UnitClass.BAND),
        (place_score > SINGLE, UnitClass.PLACE),
    ]
    holds, classes = zip(*rules, strict=True)
    return np.select(holds, classes, UnitClass.NONE).astype(np.int8)
