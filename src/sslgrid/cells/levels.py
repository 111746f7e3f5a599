"""Level and power of the tests of recorded cells: recordings of known truth along a recorded rat's path, scored.

The same maps are tested against shifted spikes and against random maps, so that both tests meet the same noise.
"""

from collections.abc import Callable
from itertools import product

import numpy as np

from sslgrid.cells.firing import fire, recorded_path, with_mean_rates
from sslgrid.cells.scoring import Settings, score_recording
from sslgrid.spatial.significance import gridness_p_values

ONE_MODULE, OWN_LATTICES, NO_LATTICE, NO_PLACE = KINDS = range(4)  # of recordings: what their cells have
SPACINGS = (0.25, 0.35, 0.5, 0.7)  # m, in a square of 1 m: 18 to 2 fields in it
RATES = (0.3, 1.0, 3.0, 10.0)  # Hz, mean of each cell: they set the noise
CELLS = 5  # of a recording
WAVES = 40  # that make a random map
SPREAD = 0.15  # of the logarithm of the spacings of cells with a lattice each


def measure_levels(
    repeats: int, draws: int, rng: np.random.Generator, progress: Callable[[str], None] = lambda line: None
) -> dict[str, np.ndarray]:
    """Truth and p-values of every cell, (cell,) each, by the names of `datasets.levels`.

    repeats: recordings of each kind, spacing and rate. draws: of both nulls.
    """
    settings = list(product(KINDS, SPACINGS, RATES, range(repeats)))
    blocks = []
    for number, (kind, spacing, rate, _) in enumerate(settings):
        blocks.append(_measure(number, kind, spacing, rate, draws, rng))
        progress(f"recording {number + 1} of {len(settings)}")
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def _measure(
    number: int, kind: int, spacing: float, rate: float, draws: int, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Cells of one recording."""
    times, positions = recorded_path()
    of_cells = spacing * np.ones(CELLS)
    if kind == OWN_LATTICES:
        of_cells = spacing * np.exp(rng.uniform(-SPREAD, SPREAD, CELLS))
    turns = rng.uniform(0, 60, CELLS if kind == OWN_LATTICES else 1) * np.ones(CELLS)
    if kind == NO_PLACE:
        rates = np.ones((len(times), CELLS))
    elif kind == NO_LATTICE:
        rates = np.stack([random_rates(positions, spacing, cell % 2 == 0, rng) for cell in range(CELLS)], axis=1)
    else:
        rates = np.stack([lattice_rates(positions, *each, rng) for each in zip(of_cells, turns, strict=True)], axis=1)
    recording = fire("made", times, positions, with_mean_rates(rates, np.full(CELLS, rate)), rng)
    scored = score_recording(recording, Settings(draws=draws), rng, lambda line: None)
    maps, columns = scored.maps, scored.columns
    p_random = gridness_p_values(maps.shown, columns["spacing"], maps.bin_size, draws, rng)
    return {
        "recording": np.full(CELLS, number, np.int16),
        "kind": np.full(CELLS, kind, np.int8),
        "true_spacing": of_cells,
        "true_fields": 1 / (np.sqrt(3) / 2 * of_cells**2),  # of a square of 1 m
        "rate": np.full(CELLS, rate),
        "stability": columns["stability"],
        "p_shifts": columns["p_value"],
        "p_random_maps": p_random,
        "module": columns["module"],
    }


def lattice_rates(positions: np.ndarray, spacing: float, orientation: float, rng: np.random.Generator) -> np.ndarray:
    """Rates (sample,) of a grid cell with a random phase: three waves, rectified. orientation: of its axes, deg."""
    angles = np.deg2rad(orientation + 30 + np.array([0, 60, 120]))
    k = 4 * np.pi / (np.sqrt(3) * spacing) * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return np.cos((positions - rng.uniform(0, 2 * spacing, 2)) @ k.T).sum(axis=1).clip(0)


def random_rates(positions: np.ndarray, spacing: float, ring: bool, rng: np.random.Generator) -> np.ndarray:
    """Rates (sample,) of a cell without a lattice, whose fields are as wide as those of a lattice of that spacing.

    ring: waves of one length in all directions; else of all lengths, as filtered noise has.
    """
    length = 4 * np.pi / (np.sqrt(3) * spacing)
    angles = rng.uniform(0, 2 * np.pi, WAVES)
    k = length * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    if not ring:
        k = length / np.sqrt(2) * rng.standard_normal((WAVES, 2))
    return np.cos(positions @ k.T - rng.uniform(0, 2 * np.pi, WAVES)).sum(axis=1).clip(0)


def modules_found(columns: dict[str, np.ndarray]) -> np.ndarray:
    """Share of the recordings of each kind, (kind,), in which a module is found."""
    shares = []
    for kind in KINDS:
        of_kind = columns["kind"] == kind
        recordings, modules = columns["recording"][of_kind], columns["module"][of_kind]
        shares.append(np.mean([(modules[recordings == each] >= 0).any() for each in np.unique(recordings)]))
    return np.array(shares)
