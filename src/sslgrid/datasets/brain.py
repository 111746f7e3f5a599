"""results/brain/<condition>/seed<k>.nc"""

from sslgrid.datasets.ratemaps import BINS
from sslgrid.datasets.schema import Schema, by_name, flags
from sslgrid.datasets.tuning import COLUMNS as TUNING

SOURCES = ("recorded", "network")
MEASURES = ("gridness60_corrected", "ellipticity", "stability", "spatial_information", "spacing", "module",
            "significant", "max_rate")  # fmt: skip

BRAIN = Schema(
    "brain",
    "Recorded cells and network units under the same noise",
    "brain/<condition>/seed<k>.nc",
    {
        "unit": {
            "source": ("1", "who fired: a recorded cell, or a network's unit along the same path", flags(*SOURCES)),
            "recording": ("1", "number of the recording, from 0, whose path it is"),
            "own_spacing": ("m", "spacing on the network's own maps; of a recorded cell as `spacing`"),
            "own_module": ("1", "module on the network's own maps; of a recorded cell as `module`"),
            "field_variation": ("1", "standard deviation over mean of the peak rates of its fields"),
            "field_roundness": ("1", "ratio of the short to the long axis of its fields, mean over fields"),
            **by_name(TUNING, *MEASURES),
        },
        "unit y x": {"ratemap": ("Hz", "rate map of the spikes; NaN where the animal did not go")},
        "draw": {"null_accuracy": ("1", "balanced accuracy of the classifier with random labels")},
        "": {
            "accuracy": ("1", "balanced accuracy of a classifier that tells cells from units, cross-validated"),
            "accuracy_low": ("1", "lower end of the accuracy's posterior 95 % interval (Brodersen et al. 2010)"),
            "accuracy_high": ("1", "upper end of the accuracy's posterior 95 % interval"),
            "p_value": ("1", "p-value of the accuracy, against random labels"),
        },
    },
    {"unit": ("1", "number of the cell or unit"), **BINS, "draw": ("1", "number of the random labelling")},
)
read_brain = BRAIN.read
