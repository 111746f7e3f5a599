"""The null of a recorded cell: its spike times, shifted in a circle along the path.

A shift keeps the cell's rate, bursts and the path, and breaks the tie between spikes and places (Wills et al. 2010;
Langston et al. 2010). A cell is a grid cell if few shifts reach its gridness.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sslgrid.basics.errors import InputError
from sslgrid.cells.maps import Binned
from sslgrid.spatial.gridness import score_grids
from sslgrid.spatial.significance import BINS_PER_SPACING, merged

LEAST_SHIFT = 20.0  # s (Langston et al. 2010)
AT_ONCE = 50  # maps


@dataclass(frozen=True)
class Shifted:
    """Gridness, spacing (m) and orientation (deg) of each cell under each shift, all (cell, draw); and its p-value."""

    gridness: np.ndarray
    spacing: np.ndarray
    orientation: np.ndarray
    observed: np.ndarray  # (cell,), gridness of the spikes as they are, on the same bins
    p: np.ndarray  # (cell,)


def shift_spikes(
    counts: np.ndarray,
    binned: Binned,
    spacing: np.ndarray,
    draws: int,
    rng: np.random.Generator,
    least: float = LEAST_SHIFT,
    progress: Callable[[int], None] = lambda cell: None,
) -> Shifted:
    """Score each cell's map under `draws` shifts of its own.

    counts: spikes (cell, step). spacing: of each cell's lattice, m, NaN for none: a wide one is scored on bins of twice
    the side, observed and shifted alike. least: shortest shift forwards or backwards, s. progress: is told each cell
    that is done. p is NaN for a cell without a score. Raises InputError for a recording shorter than three such shifts.
    """
    steps, fewest = counts.shape[1], int(np.ceil(least / binned.step))
    if steps < 3 * fewest:
        raise InputError(
            f"the recording lasts {steps * binned.step:.0f} s; expected at least three times the shortest shift of "
            f"{least:g} s: give a smaller --least-shift"
        )
    results = {name: np.full((len(counts), draws), np.nan) for name in ("gridness", "spacing", "orientation")}
    observed = np.full(len(counts), np.nan)
    bin_size = binned.centres[1] - binned.centres[0]
    for cell, spikes in enumerate(counts):
        wide = not spacing[cell] < 2 * BINS_PER_SPACING * bin_size

        def score(rows: np.ndarray, wide=wide):
            maps = binned.rates(rows)
            return score_grids(merged(maps), 2 * bin_size) if wide else score_grids(maps, bin_size)

        observed[cell] = score(spikes[None]).gridness60_corrected[0]
        shifts = rng.integers(fewest, steps - fewest + 1, draws)
        for first in range(0, draws, AT_ONCE):
            chosen = slice(first, first + AT_ONCE)
            scores = score(np.stack([np.roll(spikes, shift) for shift in shifts[chosen]]))
            results["gridness"][cell, chosen] = scores.gridness60_corrected
            results["spacing"][cell, chosen] = scores.spacing
            results["orientation"][cell, chosen] = scores.orientation
        progress(cell)
    reached = (results["gridness"] >= observed[:, None]).sum(axis=1)
    p = np.where(np.isfinite(observed), (1 + reached) / (1 + draws), np.nan)
    return Shifted(**results, observed=observed, p=p)
