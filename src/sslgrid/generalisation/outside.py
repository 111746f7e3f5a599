"""One network's code outside training: in other arenas, along long walks, and far from its start."""

from collections.abc import Iterable
from dataclasses import asdict

import numpy as np
import xarray as xr

from sslgrid.datasets.generalisation import GENERALISATION
from sslgrid.datasets.schema import flags
from sslgrid.generalisation.arenas import compare, unknown
from sslgrid.generalisation.distances import measure_distances, shares_within
from sslgrid.generalisation.drift import measure_drift, module_codes
from sslgrid.spatial.ratemap import MINIMUM_COVERAGE, RateMaps
from sslgrid.walks.activity import WalkedNetwork, follow
from sslgrid.walks.walks import Walks


def measure_generalisation(
    network: WalkedNetwork,
    in_arenas: dict[str, tuple[RateMaps, xr.Dataset]],
    long_walks: Walks,
    plane_walks: Walks,
    sigma_x: float,
    training: Iterable[np.ndarray],
    training_steps: int,
    rng: np.random.Generator,
) -> xr.Dataset:
    """What a file of `datasets.generalisation.GENERALISATION` holds.

    in_arenas: rate maps and tuning by the name of the arena. The first one is what the others are compared with; its
    maps are what the code should be along the long walks. plane_walks: for the distances. sigma_x: m, as in the losses.
    training: points (point, 2) m of training batches, and how many steps a trajectory has there.
    """
    of_arenas, of_training = rng.spawn(2)
    names = list(in_arenas)
    maps, tuning = (list(each) for each in zip(*in_arenas.values(), strict=True))
    codes = module_codes(maps[0], tuning[0])
    count, points = long_walks.positions.shape[:2]
    drift = measure_drift(codes, maps[0], follow(network, long_walks), count, points - 1, sigma_x)
    start = network.activity(network.rest(1))[0]
    distances = measure_distances(start, follow(network, plane_walks))
    values = compare_arenas(maps, tuning, of_arenas) | {
        "size": np.array([len(code.units) for code in codes], int),
        "fidelity": np.array([code.fidelity for code in codes]),
        "lost": np.array([code.lost for code in codes]),
        "path_length": drift.path_length,
        "displacement": drift.displacement,
        "drift": drift.drift,
        "bias": drift.bias,
        "map_error": drift.map_error,
        "pair_error": drift.pair_error,
        "pairs": drift.pairs,
        "visits": distances.visits,
        "mean_distance": distances.mean,
        "lowest_distance": distances.lowest,
        "training_displacements": shares_within(training, distances.radius_edges[1:], of_training),
        "training_steps": training_steps,
    }
    axes = {
        "window": (drift.edges[:-1] + drift.edges[1:] - 1) / 2,
        "radius": (distances.radius_edges[:-1] + distances.radius_edges[1:]) / 2,
        "distance": (distances.distance_edges[:-1] + distances.distance_edges[1:]) / 2,
    }
    return of_named_arenas(names, values, axes)


def of_named_arenas(names: list[str], values: dict, axes: dict) -> xr.Dataset:
    """The dataset; which arena is which is said by flags."""
    meanings = flags(*names)
    dataset = GENERALISATION.dataset(values, {"arena": meanings["flag_values"], **axes})
    dataset["arena"].attrs.update(meanings)
    return dataset


def compare_arenas(maps: list[RateMaps], tuning: list[xr.Dataset], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Each arena against the first: the variables by arena; NaN of those that the walks do not cover."""
    covered = [each.coverage for each in maps]
    comparisons = []
    for share, each, scores in zip(covered, maps, tuning, strict=True):
        if min(share, covered[0]) < MINIMUM_COVERAGE:
            comparisons.append(unknown(len(each.rates), int(tuning[0]["module"].max()) + 1))
        else:
            comparisons.append(compare((maps[0], tuning[0]), (each, scores), rng))
    columns = [asdict(comparison) for comparison in comparisons]
    found = np.array([int(scores["module"].max()) + 1 for scores in tuning])
    return {"coverage": np.array(covered), "modules_found": found} | {
        name: np.stack([each[name] for each in columns]) for name in columns[0]
    }
