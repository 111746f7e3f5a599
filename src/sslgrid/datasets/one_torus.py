"""results/one_torus/<condition>/seed<k>.nc"""

from pathlib import Path

import numpy as np
import xarray as xr

from sslgrid.datasets import netcdf
from sslgrid.datasets.netcdf import variable

MEASURED = "measured"
VARIABLES = {  # dimensions, units, what it is
    "module": ("unit", "1", "which of the two modules the unit is in: 0 fine, 1 coarse, -1 neither"),
    "spacing": ("population scale", "m", "spacing of the fine and of the coarse module"),
    "misfit": (
        "population",
        "1",
        "distance of the fine module's waves from the coarse one's reciprocal lattice, over the first |k|",
    ),
    "lattice_share": ("population unit", "1", "share of the map's variance on the coarse module's reciprocal lattice"),
    "null_mean": ("population unit", "1", "the same, on that lattice turned and scaled at random, mean over draws"),
    "null_high": ("population unit", "1", "the same, 95th percentile over draws"),
    "shell_share": ("population unit shell", "1", "share of the map's variance on each shell of that lattice"),
    "groups_p": (
        "population",
        "1",
        "p-value that the units fall into two groups by their share on the first shell, against uniform shares",
    ),
    "phase_error": ("population unit wave", "radian", "phase of a unit of the fine module, less the foretold one"),
    "phase_lock": ("population", "1", "mean cosine of the phase error: 1 perfect, 0 chance"),
    "phase_p": ("population", "1", "p-value of the phase lock, against units that are shuffled"),
    "drift": ("population scale window", "m", "root mean square displacement of the fine and of the coarse module"),
    "apart": (
        "population window",
        "m",
        "root mean square difference of the two displacements, modulo the fine lattice",
    ),
    "apart_shuffled": ("population window", "m", "the same, with the coarse displacements of other walks"),
    "drift_lock": ("population window", "1", "1 if the modules drift together, 0 if as those of two walks do"),
    "drift_p": ("population", "1", "p-value of the lock in the last window, against walks that are shuffled"),
    "loops": ("population bar", "1", "longest lifetimes of loops of the joint states, over the mean distance"),
    "cavities": ("population bar", "1", "longest lifetimes of cavities of the joint states, over the mean distance"),
    "torus_margin": ("population", "1", "last bar that a torus has over the next one, where that is least"),
    "is_torus": ("population", "1", "1 if two loops and one cavity stand out"),
    "kick_fine": ("kick_step", "1", "displacement of the fine module, which was kicked, over the kick"),
    "kick_coarse": ("kick_step", "1", "displacement of the coarse module, which was not, over the kick"),
    "kick_whole": ("kick_step", "1", "displacement of both, where the whole state was kicked, over the kick"),
    "torus_power": ("", "1", "share of synthetic populations of one lattice that the test calls a torus"),
    "torus_false": ("", "1", "share of synthetic populations of two lattices that the test calls a torus"),
    "range": ("", "m", "effective range of the units of both modules"),
    "turned_range": ("turn", "m", "the same, with the fine module turned, so that it is independent"),
    "confused": ("", "1", "share of the pairs of places, farther apart than half the coarse spacing, that look alike"),
    "turned_confused": ("turn", "1", "the same, with the fine module turned"),
    "noise": ("", "1", "distance of states of length 1 from the maps, in the first steps"),
    "diffusion": ("", "m", "drift of a step along each axis, of the synthetic populations"),
}
COORDINATES = {
    "window": ("1", "steps since the start, in the middle of the window"),
    "kick_step": ("1", "steps since the kick"),
    "turn": ("degree", "how far the fine module is turned"),
}


def write_one_torus(
    path: Path, populations: tuple[str, ...], values: dict[str, np.ndarray] | None, provenance: dict[str, str]
) -> None:
    """values: an array for each name in `VARIABLES` and `COORDINATES`; None if the network has fewer than two modules.

    Then the file says so in its attribute `pair`, and holds no variables.
    """
    title = "Two modules of one network: one torus or two"
    if values is None:
        netcdf.write(path, title, {}, {}, provenance | {"pair": "n/a: the network has fewer than two modules"})
        return
    flags = {"flag_values": np.arange(len(populations), dtype=np.int8), "flag_meanings": " ".join(populations)}
    netcdf.write(
        path,
        title,
        {name: variable(dims, values[name], units, words) for name, (dims, units, words) in VARIABLES.items()},
        {name: variable(name, values[name], units, words) for name, (units, words) in COORDINATES.items()}
        | {"population": variable("population", flags["flag_values"], "1", "population", **flags)},
        provenance | {"pair": MEASURED},
    )


def read_one_torus(path: Path) -> xr.Dataset:
    """A dataset with every variable of `VARIABLES` if its attribute `pair` is `MEASURED`, and with none if not."""
    dataset = netcdf.read(path)
    return netcdf.read(path, *VARIABLES) if dataset.attrs.get("pair") == MEASURED else dataset
