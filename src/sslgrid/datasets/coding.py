"""results/coding/<condition>/seed<k>.nc"""

from sslgrid.datasets.ratemaps import BINS
from sslgrid.datasets.schema import Schema

CODING = Schema(
    "coding",
    "What the code of one network is good for",
    "coding/<condition>/seed<k>.nc",
    {
        "noise window": {
            "decoding_error": ("m", "median distance of the decoded from the true position"),
            "local_error": (
                "m",
                "the same, among places within half of the effective range alone (none if it is 0)",
            ),
        },
        "": {
            "chance_error": ("m", "median distance of a random place of the arena from another"),
            "alike": ("1", "neural distance below which the losses take two states for alike (sigma_g)"),
            "effective_range": ("m", "how far apart places are when some look alike again; infinite if none do"),
            "range_in_spacings": ("1", "the same over the largest module's spacing"),
        },
        "range": {
            "least_distance": ("1", "least neural distance of two places this far apart"),
            "mean_distance": ("1", "mean neural distance of two places this far apart"),
        },
        "plane_y plane_x": {"distance_from_start": ("1", "neural distance of each place from the initial state")},
        "y x": {
            "metric_long": ("m-1", "longer axis of the metric that the code induces"),
            "metric_short": ("m-1", "shorter axis of the metric that the code induces"),
        },
    },
    {
        "noise": ("1", "length of the random vector added to states of length 1"),
        "window": ("1", "steps since the start, in the middle of the window"),
        "range": ("m", "distance between two places, middle of the bin"),
        "plane_y": ("m", "bin centre in the widest arena"),
        "plane_x": ("m", "bin centre in the widest arena"),
        **BINS,
    },
)
read_coding = CODING.read
