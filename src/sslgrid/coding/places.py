"""How well one network's code tells places apart, along long walks and over the widest arena."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import xarray as xr

from sslgrid.coding.decoding import (
    Code,
    code_of_maps,
    decoding_errors,
    effective_range,
    induced_metric,
    neural_distances,
)
from sslgrid.datasets.coding import CODING
from sslgrid.spatial.ratemap import RateMaps
from sslgrid.walks.activity import WalkedNetwork, follow
from sslgrid.walks.walks import Walks
from sslgrid.walks.windows import log_windows, middles

NOISES = np.array([0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0])
WINDOWS = 12  # of steps, equally wide on a logarithmic axis
FIRST_STEP = 10
VISITS = 400  # of a window that are decoded, at most
RANGE_BIN = 0.05  # m
REFERENCES = 1000  # places that are compared with all others


def measure_coding(
    network: WalkedNetwork,
    walks: Walks,
    maps: RateMaps,
    plane: RateMaps,
    largest: float,
    alike: float,
    rng: np.random.Generator,
) -> xr.Dataset:
    """What a file of `datasets.coding.CODING` holds.

    walks: long ones, other than those that made the maps. maps: of the arena of the walks, the code that is decoded.
    plane: maps of the widest arena. largest: spacing of the largest module, m; NaN without one. alike: neural distance
    below which the losses take two states for alike.
    """
    code, wide = code_of_maps(maps), code_of_maps(plane)
    range_edges = np.arange(0, plane.side + RANGE_BIN, RANGE_BIN)
    distances = (range_edges[1:] + range_edges[:-1]) / 2
    least, mean = neural_distances(wide, range_edges, REFERENCES, rng)
    reach = effective_range(distances, least, alike)
    steps = walks.positions.shape[1] - 1
    edges = log_windows(min(FIRST_STEP, steps), steps, WINDOWS)
    errors = decode_by_window(code, follow(network, walks), sampled_steps(edges, len(walks.positions)), reach / 2, rng)
    places = rng.permuted(np.tile(np.arange(len(code.positions)), (2, 1)), axis=1)
    start = network.activity(network.rest(1))[0]
    metric = induced_metric(maps)
    values = {
        "decoding_error": np.stack([np.median(each[0], axis=1) for each in errors], axis=1),
        "local_error": np.stack([np.median(each[1], axis=1) for each in errors], axis=1),
        "chance_error": np.median(np.linalg.norm(code.positions[places[0]] - code.positions[places[1]], axis=1)),
        "least_distance": least,
        "mean_distance": mean,
        "alike": alike,
        "effective_range": reach,
        "range_in_spacings": reach / largest,
        "distance_from_start": np.linalg.norm(plane.rates - start[:, None, None], axis=0),
        "metric_long": metric[..., 0],
        "metric_short": metric[..., 1],
    }
    axes = {"plane_y": plane.centres, "plane_x": plane.centres, "y": maps.centres, "x": maps.centres}
    return CODING.dataset(values, {"noise": NOISES, "window": middles(edges), "range": distances, **axes})


def sampled_steps(edges: np.ndarray, walks: int) -> list[np.ndarray]:
    """The steps of each window whose states are decoded, evenly spread."""
    count = max(VISITS // walks, 1)
    return [np.unique(np.linspace(low, high - 1, min(count, high - low)).astype(int)) for low, high in pairwise(edges)]


def decode_by_window(
    code: Code, visits: Iterator, windows: list[np.ndarray], known: float, rng: np.random.Generator
) -> list[np.ndarray]:
    """Decoding errors (2, noise, visit), an array for each window. visits: from the first step on."""
    steps = enumerate(visits, start=1)

    def within(window: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        wanted = set(window.tolist())
        for step, visit in steps:
            if step in wanted:
                yield visit
            if step >= window[-1]:
                return

    return [decoding_errors(code, within(window), NOISES, known, rng) for window in windows]
