"""Every score of a unit besides those of its lattice, and the class that follows from them all."""

from collections.abc import Mapping

import numpy as np

from sslgrid.spatial.band import band_scores
from sslgrid.spatial.border import border_scores
from sslgrid.spatial.classes import classify_units
from sslgrid.spatial.fields import count_fields, place_scores
from sslgrid.spatial.gridness import GridScores
from sslgrid.spatial.information import spatial_information
from sslgrid.spatial.ratemap import RateMaps


def score_units(
    maps: RateMaps,
    grids: GridScores,
    credible: Mapping[str, np.ndarray] | None = None,
    recorded: np.ndarray | None = None,
    elliptic: float | None = None,
) -> dict[str, np.ndarray]:
    """The scores by the names of the tuning file's columns, and `class`: (unit,) each.

    grids: of the lattices; credible, recorded, elliptic: as in `classify_units`.
    """
    rates, walls = maps.shown, maps.walls
    scores = {
        "border_score": border_scores(rates, walls, maps.bin_size),
        "band_score": band_scores(rates, walls),
        "place_score": place_scores(rates),
    }
    return scores | {
        "fields": count_fields(rates, maps.bin_size),
        "spatial_information": spatial_information(rates, maps.occupancy),
        "class": classify_units(grids, **scores, credible=credible, recorded=recorded, elliptic=elliptic),
    }
