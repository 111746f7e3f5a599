"""Development of units during training: when each class appears, and where t-SNE puts the units."""

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

from sslgrid.spatial.classes import CLASSES
from sslgrid.spatial.ratemap import RateMaps, upright

HALF = 0.5  # of its final share: when a class counts as there
COMPONENTS = 30  # principal components of the maps that t-SNE starts from
PERPLEXITY = 30


def class_shares(kinds: np.ndarray, live: np.ndarray) -> np.ndarray:
    """Share of the live units in each class: both (step, unit) -> (step, class); NaN where no unit is live."""
    of_class = (kinds[:, :, None] == np.arange(len(CLASSES))) & (live == 1)[:, :, None]
    count = (live == 1).sum(axis=1)[:, None]
    return np.where(count > 0, of_class.sum(axis=1) / np.maximum(count, 1), np.nan)


def onset(steps: np.ndarray, share: np.ndarray) -> float:
    """The first step at which a class's share passes half of its final value; both (step,).

    NaN for a class that has no unit in the end.
    """
    if not share[-1] > 0:
        return np.nan
    return float(steps[np.argmax(share > HALF * share[-1])])


def embed(maps: list[RateMaps], seed: int) -> np.ndarray:
    """t-SNE of the maps of all units at all snapshots, in one plane: (step, unit, 2).

    Units are turned upright and scaled to unit variance first, so that neither the sign of a rate nor its height is
    what sets units apart. maps: one for each snapshot, over the same bins.
    """
    visited = np.all([each.occupancy > 0 for each in maps], axis=0)
    rates = np.concatenate([upright(each).rates[:, visited] for each in maps])
    rates = rates - rates.mean(axis=1, keepdims=True)
    deviation = rates.std(axis=1, keepdims=True)
    rates = np.where(deviation > 0, rates / np.where(deviation > 0, deviation, 1), 0)
    components = PCA(min(COMPONENTS, *rates.shape), svd_solver="full").fit_transform(rates)
    perplexity = min(PERPLEXITY, (len(rates) - 1) / 3)
    plane = TSNE(perplexity=perplexity, init="pca", random_state=seed, n_jobs=1).fit_transform(components)
    return plane.reshape(len(maps), -1, 2)
