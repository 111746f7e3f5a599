"""results/ratemaps/<condition>/seed<k>/<arena>.nc"""

from pathlib import Path

import numpy as np

from sslgrid.basics.polygons import corners_of
from sslgrid.datasets.schema import Schema
from sslgrid.spatial.ratemap import RateMaps

MEAN = {"cell_methods": "time: mean"}
BINS = {"y": ("m", "bin centre", {"axis": "Y"}), "x": ("m", "bin centre", {"axis": "X"})}
AXIS = {"axis": ("1", "0: x, 1: y")}

RATEMAPS = Schema(
    "ratemaps",
    "Rate maps of one network in one arena",
    "ratemaps/<condition>/seed<k>/<arena>.nc",
    {
        "corner axis": {"corners": ("m", "corners of the arena, anticlockwise")},
        "unit y x": {"ratemap": ("1", "mean activity; NaN where no walk went", MEAN)},
        "y x": {"occupancy": ("1", "visits")},
        "unit": {"stability": ("1", "correlation of the maps of two halves of the walks")},
    },
    {"unit": ("1", "number of the unit"), **BINS, **AXIS},
)


def write_ratemaps(path: Path, maps: RateMaps, provenance: dict[str, str], small: bool = False) -> None:
    """Write rate maps with the occupancy they rest on; small: in less room, and more slowly."""
    values = {
        "corners": corners_of("square", maps.side) if maps.corners is None else maps.corners,
        "ratemap": maps.rates,
        "occupancy": maps.occupancy,
        "stability": np.full(len(maps.rates), np.nan) if maps.stability is None else maps.stability,
    }
    dataset = RATEMAPS.dataset(values, {"y": maps.centres, "x": maps.centres})
    if small:
        dataset["ratemap"].encoding.update(complevel=9, chunksizes=maps.rates.shape)
    RATEMAPS.write(path, dataset, provenance)


def read_ratemaps(path: Path) -> tuple[RateMaps, dict[str, str]]:
    """The rate maps, and the global attributes that say what made them."""
    dataset = RATEMAPS.read(path)
    maps = RateMaps(*(dataset[name].values for name in ("ratemap", "occupancy", "x", "stability", "corners")))
    return maps, dict(dataset.attrs)
