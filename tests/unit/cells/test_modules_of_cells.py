"""Modules of recorded cells: level and power on lattices whose truth is known, without spikes."""

import numpy as np

from sslgrid.cells.modules import agreement, find_cell_modules, largest_agreement
from sslgrid.cells.shifts import Shifted

DRAWS = 60
NOISE = 2.0  # deg, deviation of the orientations of one module
SPREAD = 0.15  # of the logarithm of the spacings: all agree


def shifts_without_lattices(cells: int) -> Shifted:
    nothing = np.full((cells, DRAWS), np.nan)
    return Shifted(nothing, nothing, nothing, np.zeros(cells), np.zeros(cells))


def found(spacing, orientation, seed=0):
    cells = len(spacing)
    rng = np.random.default_rng(seed)
    return find_cell_modules(spacing, orientation, np.ones(cells, bool), shifts_without_lattices(cells), rng)


def share_with_a_module(cells: int, orientations, repeats: int) -> float:
    rng = np.random.default_rng(cells)
    spacings = [0.4 * np.exp(rng.uniform(-SPREAD, SPREAD, cells)) for _ in range(repeats)]
    return np.mean([(found(spacing, orientations(rng, cells), seed)[0] >= 0).any()
                    for seed, spacing in enumerate(spacings)])  # fmt: skip


def test_lattices_that_are_turned_at_random_are_no_module():
    def turned(rng, cells):
        return rng.uniform(0, 60, cells)

    assert max(share_with_a_module(cells, turned, 60) for cells in (3, 5, 8)) <= 0.12, "level 5 %, of 60"


def test_lattices_that_are_turned_alike_are_one():
    def alike(rng, cells):
        return (rng.uniform(0, 60) + NOISE * rng.standard_normal(cells)) % 60

    assert min(share_with_a_module(cells, alike, 30) for cells in (4, 5, 8)) >= 0.9


def test_a_set_that_is_turned_more_alike_counts_as_larger():
    spacing = np.array([0.4, 0.4, 0.4, 0.8, 0.8, 0.8])
    orientation = np.array([58.0, 2.0, 4.0, 30.0, 30.5, 31.0])
    np.testing.assert_array_equal(largest_agreement(spacing, orientation), [3, 4, 5])
    assert 3 < agreement(spacing[:3], orientation[:3]) < agreement(spacing[3:], orientation[3:]) < 4
    assert agreement(np.full(3, np.nan), orientation[:3]) == 0


def test_two_modules_by_rising_spacing():
    spacing = np.array([0.8, 0.81, 0.79, 0.8, 0.4, 0.41, 0.4, 0.39, 0.4])
    orientation = np.array([10, 11, 10.5, 9.5, 35, 36, 35.5, 34.5, 35])
    module, p = found(spacing, orientation)
    np.testing.assert_array_equal(module, [1, 1, 1, 1, 0, 0, 0, 0, 0])
    assert (p <= 0.05).all()
