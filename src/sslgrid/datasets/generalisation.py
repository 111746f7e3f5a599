"""results/generalisation/<condition>/seed<k>.nc"""

from pathlib import Path

import numpy as np
import xarray as xr

from sslgrid.datasets import netcdf
from sslgrid.datasets.netcdf import variable

BY_ARENA = {  # against the first arena; modules are the first arena's
    "coverage": ("arena", "1", "share of the bins in reach that walks visited"),
    "modules_found": ("arena", "1", "number of modules of this arena's own maps"),
    "unit_correlation": ("arena unit", "1", "correlation of the unit's maps in this and the first arena"),
    "correlation": ("arena module", "1", "correlation of a unit's maps in this and the first arena, mean over units"),
    "correlation_low": ("arena module", "1", "correlation, low end of the 95 % bootstrap interval"),
    "correlation_high": ("arena module", "1", "correlation, high end of the 95 % bootstrap interval"),
    "null_correlation": ("arena module", "1", "correlation of maps of different units of the module, mean"),
    "null_high": ("arena module", "1", "correlation of maps of different units of the module, 95th percentile"),
    "gridness": ("arena module", "1", "gridness of the module's kind, mean over units"),
    "spacing": ("arena module", "m", "spacing, median over the units that show the module's kind of lattice here"),
    "spacing_low": ("arena module", "m", "spacing, low end of the 95 % bootstrap interval"),
    "spacing_high": ("arena module", "m", "spacing, high end of the 95 % bootstrap interval"),
}
BY_MODULE = {
    "size": ("module", "1", "number of units"),
    "fidelity": ("module", "1", "how well the population phase tells the position in the first arena's maps"),
    "lost": ("module", "m", "root mean square displacement of a code that knows nothing"),
}
BY_WINDOW = {
    "path_length": ("window", "m", "path from the start to the middle of the window, mean over walks"),
    "displacement": ("module window trajectory axis", "m", "displacement of the code modulo the lattice, mean"),
    "drift": ("module window", "m", "root mean square displacement of the code"),
    "bias": ("module window", "m", "length of the displacement's mean over walks"),
    "map_error": ("module window", "1", "mean squared deviation from the rate maps over the maps' variance"),
    "pair_error": ("window", "1", "mean |g - g'|^2 of walks nearer than sigma_x at a step"),
    "pairs": ("window", "1", "number of these pairs"),
}
BY_RADIUS = {
    "visits": ("radius distance", "1", "steps at this distance from the origin and neural distance from g(0)"),
    "mean_distance": ("radius", "1", "|g(0) - g(x)|, mean"),
    "lowest_distance": ("radius", "1", "|g(0) - g(x)|, lowest"),
    "training_displacements": ("radius", "1", "share of training's pairs of points nearer than the ring's outer edge"),
}
VARIABLES = {
    **BY_ARENA,
    **BY_MODULE,
    **BY_WINDOW,
    **BY_RADIUS,
    "training_steps": ("", "1", "steps of a trajectory in training"),
}


def write_generalisation(
    path: Path,
    arenas: list[str],
    edges: np.ndarray,
    radii: np.ndarray,
    distances: np.ndarray,
    values: dict[str, np.ndarray],
    provenance: dict[str, str],
) -> None:
    """Write how one network's code holds outside training.

    arenas: names, the first the one that the others are compared with. edges: (window + 1,) first steps of windows.
    radii (m), distances: edges of the bins of |x| and |g(0) - g(x)|. values: an array for each name in `VARIABLES`.
    """
    if values.keys() != VARIABLES.keys():
        raise ValueError(f"generalisation variables differ by {sorted(values.keys() ^ VARIABLES.keys())}")
    flags = {"flag_values": np.arange(len(arenas), dtype=np.int8), "flag_meanings": " ".join(arenas)}
    coordinates = {
        "arena": variable("arena", flags["flag_values"], "1", "arena", **flags),
        "module": variable("module", np.arange(len(values["size"])), "1", "module, by rising spacing"),
        "unit": variable("unit", np.arange(values["unit_correlation"].shape[1]), "1", "number of the unit"),
        "window": variable("window", (edges[:-1] + edges[1:] - 1) / 2, "1", "middle of the window, steps"),
        "trajectory": variable("trajectory", np.arange(values["displacement"].shape[2]), "1", "number of the walk"),
        "axis": variable("axis", np.arange(2), "1", "0: x, 1: y"),
        "radius": variable("radius", (radii[:-1] + radii[1:]) / 2, "m", "distance from the origin"),
        "distance": variable("distance", (distances[:-1] + distances[1:]) / 2, "1", "neural distance from the start"),
    }
    variables = {name: variable(dims, values[name], units, words) for name, (dims, units, words) in VARIABLES.items()}
    netcdf.write(path, "Generalisation of one network's code", variables, coordinates, provenance)


def read_generalisation(path: Path) -> xr.Dataset:
    """A dataset with every variable of `VARIABLES`."""
    return netcdf.read(path, *VARIABLES)
