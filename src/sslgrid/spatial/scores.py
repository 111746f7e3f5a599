"""Every score of a unit besides those of its lattice, and the class that follows from them all."""

import numpy as np

from sslgrid.spatial.band import band_scores
from sslgrid.spatial.border import border_scores
from sslgrid.spatial.classes import classify_units
from sslgrid.spatial.fields import count_fields, place_scores
from sslgrid.spatial.gridness import GridScores
from sslgrid.spatial.information import spatial_information


def score_units(
    ratemaps: np.ndarray, occupancy: np.ndarray, bin_size: float, grids: GridScores
) -> dict[str, np.ndarray]:
    """The scores by the names of the tuning file's columns, and `class`: (unit,) each.

    ratemaps: (unit, y, x), NaN unvisited; occupancy: (y, x); bin_size in m; grids: the scores of the units' lattices.
    """
    scores = {
        "border_score": border_scores(ratemaps, bin_size),
        "band_score": band_scores(ratemaps),
        "place_score": place_scores(ratemaps),
    }
    return scores | {
        "fields": count_fields(ratemaps, bin_size),
        "spatial_information": spatial_information(ratemaps, occupancy),
        "class": classify_units(grids, **scores),
    }
