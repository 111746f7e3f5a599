"""results/ratemaps/<condition>/seed<k>/<arena>.nc"""

from pathlib import Path

import numpy as np

from sslgrid.datasets import netcdf
from sslgrid.datasets.netcdf import variable
from sslgrid.polygons import corners_of
from sslgrid.spatial.ratemap import RateMaps


def write_ratemaps(path: Path, maps: RateMaps, provenance: dict[str, str]) -> None:
    """Write rate maps with the occupancy they rest on."""
    stability = np.full(len(maps.rates), np.nan) if maps.stability is None else maps.stability
    corners = corners_of("square", maps.side) if maps.corners is None else maps.corners
    netcdf.write(
        path,
        "Rate maps of one network in one arena",
        {
            "corners": variable("corner axis", corners, "m", "corners of the arena, anticlockwise"),
            "ratemap": variable("unit y x", maps.rates, "1", "mean activity", cell_methods="time: mean"),
            "occupancy": variable("y x", maps.occupancy, "1", "visits"),
            "stability": variable("unit", stability, "1", "correlation of the maps of two halves of the walks"),
        },
        {
            "unit": variable("unit", np.arange(len(maps.rates)), "1", "number of the unit"),
            "y": variable("y", maps.centres, "m", "bin centre", axis="Y"),
            "x": variable("x", maps.centres, "m", "bin centre", axis="X"),
            "axis": variable("axis", np.arange(2), "1", "0: x, 1: y"),
        },
        provenance,
    )


def read_ratemaps(path: Path) -> tuple[RateMaps, dict[str, str]]:
    """The rate maps, and the global attributes that say what made them."""
    dataset = netcdf.read(path, "ratemap", "occupancy", "stability", "corners")
    maps = RateMaps(*(dataset[name].values for name in ("ratemap", "occupancy", "x", "stability", "corners")))
    return maps, dict(dataset.attrs)
