"""results/development/<condition>/seed<k>.nc"""

from sslgrid.datasets.schema import Schema, by_name
from sslgrid.datasets.tuning import COLUMNS as TUNING
from sslgrid.datasets.tuning import UNIT_CLASSES

COLUMNS = by_name(
    TUNING, "live", "gridness60", "gridness90", "border_score", "band_score", "p_value", "significant", "class"
)

DEVELOPMENT = Schema(
    "development",
    "Classes of the units of one network as it is trained",
    "development/<condition>/seed<k>.nc",
    {
        "step unit": COLUMNS,
        "step class_number": {"share": ("1", "share of the live units in each class")},
        "step unit axis": {"embedding": ("1", "t-SNE of the rate maps of all units at all steps")},
    },
    {
        "step": ("1", "training steps taken"),
        "unit": ("1", "number of the unit"),
        "class_number": ("1", "class", UNIT_CLASSES),
        "axis": ("1", "axis of the plane"),
    },
)
read_development = DEVELOPMENT.read
