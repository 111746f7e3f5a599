"""results/calibration/measures.nc"""

from sslgrid.datasets.schema import Schema, by_name, flags
from sslgrid.datasets.tuning import COLUMNS as TUNING
from sslgrid.datasets.tuning import UNIT_CLASSES

SOURCES = flags("synthetic", "RatInABox")
SETTING = {
    "source": ("1", "who made the unit", SOURCES),
    "side": ("m", "side of the arena"),
    "missing": ("1", "share of the bins without a rate"),
    "noise_level": ("1", "stability that the unit was drawn for"),
    "stability": ("1", "correlation of the maps of two halves"),
}
TRUTH = {
    "true_class": ("1", "class of the unit", UNIT_CLASSES),
    "true_spacing": ("m", "mean distance of the nearest points of its lattice"),
    "true_orientation": ("degree", "angle of its lattice's axes, mod 60 (square lattices: mod 90)"),
    "true_ellipticity": ("1", "ratio of the axes of its lattice's ellipse"),
    "wavelength": ("m", "length of its waves, of bands and of random waves"),
}
MEASURES = (
    "gridness60", "gridness90", "gridness60_corrected", "gridness90_corrected", "lattice", "spacing", "orientation",
    "ellipticity", "periodicity", "border_score", "band_score", "place_score", "fields", "spatial_information", "class",
    "p_value",
)  # fmt: skip
ERRORS = {
    "spacing_error": ("1", "relative error of the spacing"),
    "orientation_error": ("degree", "error of the orientation"),
    "ellipticity_error": ("1", "error of the ellipticity"),
}
COLUMNS = SETTING | TRUTH | ERRORS | by_name(TUNING, *MEASURES)


CALIBRATION = Schema(
    "calibration",
    "Measures of units whose truth is known",
    "calibration/measures.nc",
    {
        "unit": COLUMNS,
        "level": {"balanced_accuracy": ("1", "mean over the classes of the share of units that were given theirs")},
    },
    {"unit": ("1", "number of the unit"), "level": ("1", "stability that units were drawn for")},
)
read_calibration = CALIBRATION.read
