"""results/modules/<condition>/seed<k>/<arena>.nc"""

import numpy as np

from sslgrid.datasets.schema import Schema, flags

KINDS = flags("hexagonal", "square", first=1)
MODULES = {
    "units": ("1", "units in the module"),
    "kind": ("1", "kind of lattice", KINDS),
    "spacing": ("m", "mean spacing of its units"),
    "spacing_spread": ("m", "standard deviation of the spacing over units"),
    "orientation": ("degree", "mean orientation, mod 60 (square lattices: mod 90)"),
    "orientation_spread": ("degree", "standard deviation of the orientation over units"),
    "ellipticity": ("1", "mean ellipticity of its units"),
    "gridness60": ("1", "mean hexagonal gridness of its units"),
    "gridness90": ("1", "mean square gridness of its units"),
    "ratio_to_next": ("1", "spacing of the next module over this one's"),
}
INTERVAL = "bootstrap over units, 95 % interval"
PAIRS = {
    "fine": ("1", "number of the module of smaller spacing"),
    "coarse": ("1", "number of the module of larger spacing"),
    "ratio": ("1", "ratio of the spacings"),
    "ratio_low": ("1", f"lower end of the ratio: {INTERVAL}"),
    "ratio_high": ("1", f"upper end of the ratio: {INTERVAL}"),
    "turn": ("degree", "turn of one lattice against the other, at most half of their symmetry"),
    "turn_low": ("degree", f"lower end of the turn: {INTERVAL}"),
    "turn_high": ("degree", f"upper end of the turn: {INTERVAL}"),
    "nearest_ratio": ("1", "ratio of the nearest superlattice of the fine module"),
    "nearest_turn": ("degree", "turn of the nearest superlattice of the fine module"),
    "index": ("1", "points of the fine lattice per point of that superlattice"),
    "mismatch": ("1", "distance to that superlattice, in units of its spacing"),
    "mismatch_low": ("1", f"lower end of the mismatch: {INTERVAL}"),
    "mismatch_high": ("1", f"upper end of the mismatch: {INTERVAL}"),
    "p_value": ("1", "share of random ratios and turns that are as near to any superlattice"),
}


NUMBERS = ("fine", "coarse")  # of PAIRS: whole numbers, also where there is no pair

MODULES_AND_PAIRS = Schema(
    "modules",
    "Modules of one network in one arena",
    "modules/<condition>/seed<k>/<arena>.nc",
    {"module": MODULES, "pair": PAIRS},
    {"module": ("1", "number of the module, by spacing"), "pair": ("1", "number of the pair of modules")},
)
read_modules = MODULES_AND_PAIRS.read


def columns_of(pairs: list[dict]) -> dict[str, np.ndarray]:
    """The variables by pair of a row for each pair, with keys `PAIRS`."""
    return {name: np.array([row[name] for row in pairs], int if name in NUMBERS else float) for name in PAIRS}
