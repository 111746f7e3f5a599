"""results/geometry/<condition>/seed<k>.nc"""

from sslgrid.datasets.schema import Schema
from sslgrid.datasets.tuning import LATTICES

VARIABLES = {
    "unit": {
        "member": ("1", "1 if the unit is of the population that is embedded"),
    },
    "module": {
        "lattice": ("1", "kind of lattice", LATTICES),
        "closure_error": ("1", "|k1 - k2 + k3| over the mean |k|"),
        "wave_share": ("1", "share of the windowed maps' variance that the plane waves explain"),
        "uniformity": ("1", "power of the phases' lowest Fourier modes"),
        "p_clumped": ("1", "p-value: uniform phases are as clumped"),
        "p_even": ("1", "p-value: uniform phases are as evenly spread"),
    },
    "module wave axis": {
        "wave_vector": ("m-1", "wave vector, in cycles"),
    },
    "module ky kx": {
        "power": ("1", "Fourier power of the windowed rate maps, mean over units"),
    },
    "unit wave": {
        "phase": ("radian", "the unit fires where cos(2 pi k.x - phase) peaks"),
    },
    "state axis": {
        "position": ("m", "where the network was"),
    },
    "state component": {
        "score": ("1", "principal component of the state"),
    },
    "component": {
        "explained": ("1", "share of the variance"),
    },
    "state embedding_axis": {
        "embedding": ("1", "spectral embedding of the state"),
    },
    "bar": {
        "birth": ("1", "distance at which the hole appears; the mean distance of landmarks is 1"),
        "death": ("1", "distance at which the hole is filled, at most the largest between landmarks"),
        "bar_dimension": ("1", "dimension of the hole"),
    },
    "draw dimension": {
        "null_lifetime": ("1", "longest lifetime with units shifted in time"),
    },
    "dimension": {
        "threshold": ("1", "99th percentile of null_lifetime"),
        "betti": ("1", "bars that outlive the threshold"),
        "torus_margin": ("1", "lifetime of the last bar that a torus has, over the threshold"),
    },
    "": {
        "is_torus": ("1", "1 if those bars are a torus's: one piece, two loops, one cavity"),
    },
    "state wave": {
        "ring_x": ("1", "real part of the ring projection"),
        "ring_y": ("1", "imaginary part of the ring projection"),
    },
    "wave": {
        "ring_agreement": ("1", "mean cosine between the ring's angle and 2 pi k.x"),
    },
}

# Without modules, without a population whose states are analysed, and unless that is a module, there is less to write.
# The attribute `torus` is "measured", or "n/a: " and why the states could not be analysed.
GEOMETRY = Schema(
    "geometry",
    "Geometry of one network's modules",
    "geometry/<condition>/seed<k>.nc",
    VARIABLES,
    {
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
    },
    optional=frozenset(name for held in VARIABLES.values() for name in held) - {"member"},
)
read_geometry = GEOMETRY.read
