"""The states of a population: a sample even in space, its principal components, its embedding and its rings."""

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import SpectralEmbedding

CELLS = 40  # along either axis of the arena: 1,600 states
COMPONENTS = 6  # three rings of two: the dimensions that a hexagonal lattice's plane waves span
NEIGHBOURS = 15


def even_sample(positions: np.ndarray, side: float, rng: np.random.Generator) -> np.ndarray:
    """Visits that cover the arena evenly: one of each visited cell, at random.

    positions: (visit, 2) m, in a square arena of `side` m. Returns indices (state,), rising.
    """
    column, row = np.clip(((positions / side + 0.5) * CELLS).astype(int), 0, CELLS - 1).T
    order = rng.permutation(len(positions))
    return np.sort(order[np.unique((row * CELLS + column)[order], return_index=True)[1]])


def principal_components(states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first six principal components (state, 6) and the share of the variance that each explains (6,).

    states: (state, unit), of at least six units.
    """
    pca = PCA(COMPONENTS, svd_solver="full")
    return pca.fit_transform(states), pca.explained_variance_ratio_


def spectral_embedding(components: np.ndarray) -> np.ndarray:
    """Three dimensions for the eye: the slowest modes of diffusion between neighbours, (state, 3).

    Laplacian eigenmaps (Belkin & Niyogi 2003), as in Schaeffer et al. 2023, figure 4. components: (state, 6).
    """
    return SpectralEmbedding(3, n_neighbors=NEIGHBOURS, random_state=0).fit_transform(components)


def ring_projections(states: np.ndarray, phases: np.ndarray) -> np.ndarray:
    """The states in the plane of each wave: mean over units of exp(i phase) (g - mean g), complex (state, wave).

    On a torus each is a ring, whose angle at position x is 2 pi k.x. states: (state, unit). phases: (unit, wave).
    """
    return (states - states.mean(axis=0)) @ np.exp(1j * phases) / len(phases)


def ring_agreement(rings: np.ndarray, positions: np.ndarray, wave_vectors: np.ndarray) -> np.ndarray:
    """Mean cosine between each ring's angle and 2 pi k.x: (wave,); 1 if the angle is the position's phase, 0 by chance.

    rings: complex (state, wave). positions: (state, 2) m. wave_vectors: (wave, 2), cycles per metre.
    """
    return np.cos(np.angle(rings) - 2 * np.pi * positions @ wave_vectors.T).mean(axis=0)
