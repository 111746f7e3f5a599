"""results/modules/<condition>/seed<k>/<arena>.nc"""

from pathlib import Path

import numpy as np
import xarray as xr

from sslgrid.datasets import netcdf
from sslgrid.datasets.netcdf import variable

KINDS = {"flag_values": np.array([1, 2], np.int8), "flag_meanings": "hexagonal square"}
MODULES = {
    "units": ("1", "units in the module", {}),
    "kind": ("1", "kind of lattice", KINDS),
    "spacing": ("m", "mean spacing of its units", {}),
    "spacing_spread": ("m", "standard deviation of the spacing over units", {}),
    "orientation": ("degree", "mean orientation, mod 60 (square lattices: mod 90)", {}),
    "orientation_spread": ("degree", "standard deviation of the orientation over units", {}),
    "ellipticity": ("1", "mean ellipticity of its units", {}),
    "gridness60": ("1", "mean hexagonal gridness of its units", {}),
    "gridness90": ("1", "mean square gridness of its units", {}),
    "ratio_to_next": ("1", "spacing of the next module over this one's", {}),
}
INTERVAL = "bootstrap over units, 95 % interval"
PAIRS = {
    "fine": ("1", "number of the module of smaller spacing", {}),
    "coarse": ("1", "number of the module of larger spacing", {}),
    "ratio": ("1", "ratio of the spacings", {}),
    "ratio_low": ("1", f"lower end of the ratio: {INTERVAL}", {}),
    "ratio_high": ("1", f"upper end of the ratio: {INTERVAL}", {}),
    "turn": ("degree", "turn of one lattice against the other, at most half of their symmetry", {}),
    "turn_low": ("degree", f"lower end of the turn: {INTERVAL}", {}),
    "turn_high": ("degree", f"upper end of the turn: {INTERVAL}", {}),
    "nearest_ratio": ("1", "ratio of the nearest superlattice of the fine module", {}),
    "nearest_turn": ("degree", "turn of the nearest superlattice of the fine module", {}),
    "index": ("1", "points of the fine lattice per point of that superlattice", {}),
    "mismatch": ("1", "distance to that superlattice, in units of its spacing", {}),
    "mismatch_low": ("1", f"lower end of the mismatch: {INTERVAL}", {}),
    "mismatch_high": ("1", f"upper end of the mismatch: {INTERVAL}", {}),
    "p_value": ("1", "share of random ratios and turns that are as near to any superlattice", {}),
}


def write_modules(path: Path, modules: dict[str, np.ndarray], pairs: list[dict], provenance: dict[str, str]) -> None:
    """modules: a (module,) array for each name in `MODULES`; pairs: a row for each pair of modules, keys `PAIRS`."""
    variables = {
        name: variable("module", modules[name], units, long_name, **attributes)
        for name, (units, long_name, attributes) in MODULES.items()
    }
    for name, (units, long_name, attributes) in PAIRS.items():
        kind = int if name in ("fine", "coarse") else float
        variables[name] = variable("pair", np.array([row[name] for row in pairs], kind), units, long_name, **attributes)
    coordinates = {
        "module": variable("module", np.arange(len(modules["units"])), "1", "number of the module, by spacing"),
        "pair": variable("pair", np.arange(len(pairs)), "1", "number of the pair of modules"),
    }
    netcdf.write(path, "Modules of one network in one arena", variables, coordinates, provenance)


def read_modules(path: Path) -> xr.Dataset:
    """A dataset with every variable of `MODULES` by module and of `PAIRS` by pair."""
    return netcdf.read(path, *MODULES, *PAIRS)
