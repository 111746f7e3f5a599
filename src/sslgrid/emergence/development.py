"""A localiser at each snapshot of its training: the classes of its units, and where t-SNE puts them."""

import numpy as np
import xarray as xr
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

from sslgrid.datasets.development import COLUMNS, DEVELOPMENT
from sslgrid.emergence.classes import class_shares
from sslgrid.emergence.snapshots import Mapped
from sslgrid.modules.tuning import TESTS, measure_tuning
from sslgrid.spatial.ratemap import RateMaps, upright

COMPONENTS = 30  # principal components of the maps that t-SNE starts from
PERPLEXITY = 30


def measure_development(mapped: Mapped, draws: int, rng: np.random.Generator) -> xr.Dataset:
    """What a file of `datasets.development.DEVELOPMENT` holds. draws: of the nulls."""
    steps, maps, rows = [], [], []
    for step, of_step in mapped:
        steps.append(step)
        maps.append(of_step)
        rows.append(measure_tuning(of_step, rng.spawn(1)[0], draws, TESTS))
    columns = {name: np.stack([row[name].values for row in rows]) for name in COLUMNS}
    shares = class_shares(columns["class"], columns["live"])
    plane = embed(maps, int(rng.integers(2**31)))
    return DEVELOPMENT.dataset({**columns, "share": shares, "embedding": plane}, {"step": np.array(steps)})


def embed(maps: list[RateMaps], seed: int) -> np.ndarray:
    """t-SNE of the maps of all units at all snapshots, in one plane: (step, unit, 2).

    Units are turned upright and scaled to unit variance first, so that neither the sign of a rate nor its height is
    what sets units apart. maps: one for each snapshot, over the same bins. NaN where no bin was visited in all of them,
    or one alone, which says nothing about shapes.
    """
    visited = np.all([each.occupancy > 0 for each in maps], axis=0)
    rates = np.concatenate([upright(each).rates[:, visited] for each in maps])
    if visited.sum() < 2:
        return np.full((len(maps), len(maps[0].rates), 2), np.nan)
    rates = rates - rates.mean(axis=1, keepdims=True)
    deviation = rates.std(axis=1, keepdims=True)
    rates = np.where(deviation > 0, rates / np.where(deviation > 0, deviation, 1), 0)
    components = PCA(min(COMPONENTS, *rates.shape), svd_solver="full").fit_transform(rates)
    perplexity = min(PERPLEXITY, (len(rates) - 1) / 3)
    plane = TSNE(perplexity=perplexity, init="pca", random_state=seed, n_jobs=1).fit_transform(components)
    return plane.reshape(len(maps), -1, 2)
