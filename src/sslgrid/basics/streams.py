"""Named streams of random numbers: a generator for each use of a seed.

A stream is a pure function of the seed and of what it is for, so no generator state needs to be saved. No two uses of
one seed share random numbers.
"""

import hashlib

import numpy as np

BATCH_STREAM, WEIGHT_STREAM = 0, 1  # of a training: its batches, step by step; its initial weights


def generator(seed: int, *stream: int) -> np.random.Generator:
    """A generator for one purpose of one seed: a pure function of its arguments."""
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence([seed, *stream])))


def stream(seed: int, purpose: str) -> np.random.Generator:
    """A generator for what is measured of the network of this seed, by the name of what it is for.

    purpose: in words, used by one stage alone. By names, not by numbers in a list here, so that a new purpose changes
    no code of any training.
    """
    words = int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:8], "big")
    return np.random.default_rng([seed, words])
