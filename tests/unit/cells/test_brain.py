"""Recorded cells beside network units under the same noise."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from examples import grid_of, hexagonal
from sslgrid.cells.brain import FEATURES, NETWORK, RECORDED, accuracy, as_noisy, compare, field_shape
from sslgrid.cells.firing import grid_cell_recording
from sslgrid.cells.scoring import Settings
from sslgrid.errors import InputError
from sslgrid.figures import brain
from sslgrid.spatial.ratemap import RateMaps


def network(side: float) -> RateMaps:
    points = grid_of(side, 0.04)
    phases = np.random.default_rng(0).uniform(-0.2, 0.2, (3, 2))
    rates = np.stack([hexagonal(points, 0.36, 10.0, phase) for phase in phases]).astype(np.float32)
    return RateMaps(rates, np.ones(rates.shape[1:]), points[0, :, 0])


@pytest.fixture(scope="module")
def recording():
    return grid_cell_recording(3, 0.35, 12.0, 4.0, np.random.default_rng(0))


def test_units_get_the_path_and_the_rates_of_the_cells(recording):
    made = as_noisy(recording, network(1.2), np.random.default_rng(1))
    np.testing.assert_array_equal(made.positions, recording.positions)
    spikes = [len(at) for at in made.spikes.values()]
    cells = [len(at) for at in recording.spikes.values()]
    assert 0.9 * min(cells) < min(spikes) <= max(spikes) < 1.1 * max(cells)


def test_maps_of_a_smaller_arena_are_refused(recording):
    with pytest.raises(InputError, match="expected maps of an arena at least as large"):
        as_noisy(recording, network(0.8), np.random.default_rng(1))


def test_a_comparison_is_drawn(recording):
    rows, scored = compare([recording], [network(1.2)], Settings(bin_size=0.04, draws=20), np.random.default_rng(2))
    assert (rows["source"] == RECORDED).sum() == 3 and (rows["source"] == NETWORK).sum() == 3
    assert rows["significant"].sum() >= 5 and rows[list(FEATURES[:3])].notna().all().all()
    plt.close(brain.draw(rows, scored, accuracy(rows)))


def test_kinds_that_differ_are_told_apart_and_equal_ones_are_not():
    rng = np.random.default_rng(3)
    rows = pd.DataFrame({name: rng.normal(size=40) for name in FEATURES})
    rows = rows.assign(significant=1, source=np.repeat([RECORDED, NETWORK], 20))
    assert accuracy(rows)[0] < 0.75
    rows.loc[:19, "ellipticity"] += 4
    share, p = accuracy(rows)
    assert share > 0.9 and p <= 0.05


def test_field_shapes():
    points = grid_of(1.0, 0.02)
    one, other = (np.exp(-((points - at) ** 2 / width).sum(axis=-1)) for at, width in (
        ((-0.25, 0), (0.02, 0.02)), ((0.25, 0), (0.04, 0.01))))  # fmt: skip
    variation, roundness = field_shape(one + 0.5 * other, 0.02)
    assert abs(variation - 1 / 3) < 0.03 and 0.6 < roundness < 0.85
    assert np.isnan(field_shape(one, 0.02)).all()
