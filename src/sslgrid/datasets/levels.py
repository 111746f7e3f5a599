"""results/calibration/recordings.nc"""

from sslgrid.datasets.schema import Schema, flags

KINDS = ("one_module", "own_lattices", "no_lattice", "no_place")

LEVELS = Schema(
    "levels",
    "Tests of recorded cells whose truth is known",
    "calibration/recordings.nc",
    {
        "cell": {
            "recording": ("1", "number of the recording that the cell is in"),
            "kind": ("1", "what the cells of the recording have", flags(*KINDS)),
            "true_spacing": ("m", "spacing of its lattice; without one, of a lattice whose waves are as long"),
            "true_fields": ("1", "fields of such a lattice in the arena"),
            "rate": ("Hz", "mean rate that its spikes were drawn at"),
            "stability": ("1", "correlation of the maps of alternate minutes"),
            "p_shifts": ("1", "p-value of its gridness against circular shifts of its spike times"),
            "p_random_maps": ("1", "p-value of its gridness against random maps of the same radial spectrum"),
            "module": ("1", "module that it was found in, from 0; -1 for none"),
        }
    },
    {"cell": ("1", "number of the cell")},
)
read_levels = LEVELS.read
