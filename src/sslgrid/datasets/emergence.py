"""results/emergence/<condition>/seed<k>/<arena>.nc"""

from sslgrid.datasets.ratemaps import BINS, MEAN
from sslgrid.datasets.schema import Schema, by_name
from sslgrid.datasets.tuning import COLUMNS as TUNING

COLUMNS = by_name(
    TUNING, "live", "gridness60", "gridness90", "lattice", "spacing", "orientation", "ellipticity", "module"
)
SUMMARY = {
    "lattice_share": ("1", "share of the live units that are on a lattice"),
    "hexagonal_modules": ("1", "number of modules of hexagonal lattices"),
    "square_modules": ("1", "number of modules of square lattices"),
}

EMERGENCE = Schema(
    "emergence",
    "Rate maps and tuning of one network as it is trained",
    "emergence/<condition>/seed<k>/<arena>.nc",
    {"step": SUMMARY, "step unit": COLUMNS, "step unit y x": {"ratemap": ("1", "mean activity", MEAN)}},
    {"step": ("1", "gradient steps taken"), "unit": ("1", "number of the unit"), **BINS},
)
read_emergence = EMERGENCE.read
