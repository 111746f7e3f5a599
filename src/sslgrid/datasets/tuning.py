"""results/tuning/<condition>/seed<k>/<arena>.nc"""

from sslgrid.datasets.schema import Schema, flags
from sslgrid.spatial.classes import CLASSES

LATTICES = flags("none", "hexagonal", "square")
UNIT_CLASSES = flags(*CLASSES)
COLUMNS = {
    "live": ("1", "1 if the unit is active anywhere"),
    "max_rate": ("1", "highest rate of the map"),
    "gridness60": ("1", "hexagonal gridness"),
    "gridness90": ("1", "square gridness"),
    "gridness60_corrected": ("1", "hexagonal gridness after undoing the lattice's ellipse"),
    "gridness90_corrected": ("1", "square gridness after undoing the lattice's ellipse"),
    "lattice": ("1", "kind of lattice, by the uncorrected gridness", LATTICES),
    "spacing": ("m", "mean distance of the inner autocorrelogram peaks"),
    "orientation": ("degree", "angle of the lattice axes, mod 60 (square lattices: mod 90)"),
    "ellipticity": ("1", "ratio of the axes of the ellipse through the inner peaks"),
    "periodicity": ("1", "mean autocorrelation at the lattice's points up to two steps away"),
    "border_score": ("1", "border score"),
    "band_score": ("1", "band score"),
    "place_score": ("1", "share of the rate in the largest field, less the share of the arena it covers"),
    "fields": ("1", "firing fields: 0 for a silent unit, and for one that fires over more than half of the arena"),
    "spatial_information": ("bit", "Skaggs information per spike"),
    "class": ("1", "class of the unit, by its scores", UNIT_CLASSES),
    "stability": ("1", "correlation of the maps of two halves of the walks"),
    "p_value": ("1", "p-value of the highest gridness: random maps of the same radial spectrum reach it"),
    "p_band": ("1", "p-value of the band score, likewise; NaN if it was not tested"),
    "p_border": ("1", "p-value of the border score, likewise; NaN if it was not tested"),
    "significant": (
        "1",
        "1 if the p-value passes correction for all units, at 5 % (of signed rates, with three fields or more)",
    ),
    "module": ("1", "module the unit belongs to, by rising spacing; -1 for none"),
    "tentative": ("1", "likewise of modules without a significant unit, which count nowhere; -1 for none"),
}


UNIT = {"unit": ("1", "number of the unit")}

TUNING = Schema(
    "tuning",
    "Spatial tuning of one network in one arena",
    "tuning/<condition>/seed<k>/<arena>.nc",
    {"unit": COLUMNS},
    UNIT,
)
read_tuning = TUNING.read
