"""results/localisation/<condition>/seed<k>.nc"""

from sslgrid.datasets.schema import Schema

LOCALISATION = Schema(
    "localisation",
    "How well one network localises itself",
    "localisation/<condition>/seed<k>.nc",
    {
        "walk step": {"error": ("m", "distance from the read-out to the position, along held-out paths")},
        "": {
            "constant_error": ("m", "mean distance to the best constant answer"),
            "long_constant": ("m", "mean distance to the best constant answer along the long paths"),
            "long_constant_inside": ("m", "the same along those that turn before they meet a wall"),
        },
        "step axis": {
            "path": ("m", "position along one held-out path"),
            "tracked": ("m", "read-out along it"),
        },
        "window long_walk": {
            "long_error": ("m", "mean distance from the read-out to the position, along long paths"),
            "long_error_inside": ("m", "the same of paths that turn before they meet a wall"),
        },
        "unit speed": {"speed_tuning": ("1", "mean rate by speed")},
        "unit heading": {"heading_tuning": ("1", "mean rate by heading")},
        "unit": {
            "explained_by_place": ("1", "share of the variance of the rate between places"),
            "explained_by_heading": ("1", "share of the variance of the rate between headings"),
            "explained_by_speed": ("1", "share of the variance of the rate between speeds"),
        },
    },
    {
        "step": ("1", "steps since the start"),
        "window": ("1", "middle of a window of steps since the start"),
        "speed": ("m", "speed in a step, 0 at rest"),
        "heading": ("radian", "heading"),
        "unit": ("1", "number of the unit"),
        "walk": ("1", "number of the walk"),
        "long_walk": ("1", "number of the long walk"),
        "axis": ("1", "0: x, 1: y"),
    },
)
read_localisation = LOCALISATION.read
