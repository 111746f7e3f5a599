"""results/decoding/<condition>/seed<k>/<arena>.nc"""

from sslgrid.datasets.schema import Schema

DECODING = Schema(
    "decoding",
    "How well the states of one network tell places apart",
    "decoding/<condition>/seed<k>/<arena>.nc",
    {
        "visit": {
            "decoding_error": ("m", "distance of the place with the nearest mean state from the true one"),
            "read_out_error": ("m", "distance of the network's own read-out from the true place; NaN without one"),
            "constant_error": ("m", "distance of the best constant answer from the true place"),
            "radius": ("m", "distance of the true place from the centre"),
        },
        "": {"side": ("m", "side of the arena")},
    },
    {"visit": ("1", "number of the visit")},
)
read_decoding = DECODING.read
