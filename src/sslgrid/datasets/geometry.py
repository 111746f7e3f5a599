"""results/geometry/<condition>/seed<k>.nc"""

from pathlib import Path

import numpy as np
import xarray as xr

from sslgrid.datasets import netcdf
from sslgrid.datasets.netcdf import variable
from sslgrid.datasets.tuning import LATTICES

COORDINATES = {
    "module": ("1", "number of the module, as in the tuning file"),
    "wave": ("1", "plane wave of the lattice, by angle; square lattices have two"),
    "axis": ("1", "0: x, 1: y"),
    "unit": ("1", "number of the unit"),
    "ky": ("m-1", "wave number"),
    "kx": ("m-1", "wave number"),
    "state": ("1", "number of the state"),
    "component": ("1", "principal component"),
    "embedding_axis": ("1", "dimension of the spectral embedding"),
    "dimension": ("1", "dimension of a hole: 0 pieces, 1 loops, 2 cavities"),
    "bar": ("1", "number of the bar, the longest of each dimension first"),
    "draw": ("1", "draw of the null"),
}
MODULES = {  # of every module
    "lattice": ("module", "1", "kind of lattice", LATTICES),
    "wave_vector": ("module wave axis", "m-1", "wave vector, in cycles", {}),
    "closure_error": ("module", "1", "|k1 - k2 + k3| over the mean |k|", {}),
    "wave_share": ("module", "1", "share of the windowed maps' variance that the plane waves explain", {}),
    "power": ("module ky kx", "1", "Fourier power of the windowed rate maps, mean over units", {}),
    "phase": ("unit wave", "radian", "the unit fires where cos(2 pi k.x - phase) peaks", {}),
    "uniformity": ("module", "1", "power of the phases' lowest Fourier modes", {}),
    "p_clumped": ("module", "1", "p-value: uniform phases are as clumped", {}),
    "p_even": ("module", "1", "p-value: uniform phases are as evenly spread", {}),
}
STATES = {  # of the population
    "position": ("state axis", "m", "where the network was", {}),
    "score": ("state component", "1", "principal component of the state", {}),
    "explained": ("component", "1", "share of the variance", {}),
    "embedding": ("state embedding_axis", "1", "spectral embedding of the state", {}),
    "birth": ("bar", "1", "distance at which the hole appears; the mean distance of landmarks is 1", {}),
    "death": ("bar", "1", "distance at which the hole is filled, at most the largest between landmarks", {}),
    "bar_dimension": ("bar", "1", "dimension of the hole", {}),
    "null_lifetime": ("draw dimension", "1", "longest lifetime with units shifted in time", {}),
    "threshold": ("dimension", "1", "99th percentile of null_lifetime", {}),
    "betti": ("dimension", "1", "bars that outlive the threshold", {}),
    "is_torus": ("", "1", "1 if those bars are a torus's: one piece, two loops, one cavity", {}),
    "torus_margin": ("dimension", "1", "lifetime of the last bar that a torus has, over the threshold", {}),
}
RINGS = {  # of a population that is a module
    "ring_x": ("state wave", "1", "real part of the ring projection", {}),
    "ring_y": ("state wave", "1", "imaginary part of the ring projection", {}),
    "ring_agreement": ("wave", "1", "mean cosine between the ring's angle and 2 pi k.x", {}),
}
MEASURES = MODULES | STATES | RINGS


def write_geometry(
    path: Path,
    member: np.ndarray,
    measures: dict[str, np.ndarray],
    wave_numbers: np.ndarray,
    torus: str,
    provenance: dict[str, str],
) -> None:
    """Write what could be measured.

    member: (unit,) bool, of the units whose states are analysed. measures: arrays by the names of `MODULES` (none
    without modules), `STATES` (none without a population) and `RINGS` (none unless the population is a module).
    wave_numbers: (k,) of `power`, m-1. torus: "measured", or "n/a: " and why not.
    """
    variables = {
        "member": variable("unit", member.astype(np.int8), "1", "1 if the unit is of the population that is embedded")
    }
    for name, values in measures.items():
        dims, units, long_name, attributes = MEASURES[name]
        variables[name] = variable(dims, values, units, long_name, **attributes)
    sizes = {dim: size for dims, values, *_ in variables.values() for dim, size in zip(dims, values.shape, strict=True)}
    numbers = {"kx": wave_numbers, "ky": wave_numbers}
    coordinates = {
        dim: variable(dim, numbers.get(dim, np.arange(size)), *COORDINATES[dim]) for dim, size in sizes.items()
    }
    netcdf.write(path, "Geometry of one network's modules", variables, coordinates, {"torus": torus, **provenance})


def read_geometry(path: Path) -> xr.Dataset:
    """A dataset with `member` and the measures that there are; the attribute `torus` says why others are not."""
    return netcdf.read(path, "member")
