"""The tests of recorded cells on recordings of known truth."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from sslgrid.cells import levels
from sslgrid.cells.firing import recorded_path
from sslgrid.commands.calibrate_recordings import shares
from sslgrid.datasets.levels import LEVELS, read_levels
from sslgrid.figures import calibration_recordings


@pytest.fixture(scope="module")
def columns():
    patch = pytest.MonkeyPatch()
    patch.setattr(levels, "SPACINGS", (0.35,))
    patch.setattr(levels, "RATES", (5.0,))
    try:
        return levels.measure_levels(1, 20, np.random.default_rng(0))
    finally:
        patch.undo()


def test_grid_cells_pass_and_others_do_not(columns):
    lattice = columns["kind"] < levels.NO_LATTICE
    assert (columns["p_shifts"][lattice] <= 0.05).all()
    assert (columns["p_shifts"][~lattice] > 0.05).sum() >= 8
    assert (columns["p_random_maps"][lattice] <= 0.05).mean() > 0.6
    assert (columns["stability"][columns["kind"] != levels.NO_PLACE] > 0.5).all()


def test_a_module_is_found_where_there_is_one(columns):
    one, _, none, anywhere = levels.modules_found(columns)
    assert one == 1 and none == anywhere == 0
    (module,) = np.unique(columns["module"][columns["kind"] == levels.ONE_MODULE])
    assert module == 0, "all five are in it"


def test_rates_have_the_lattice_that_they_are_named_for():
    _, positions = recorded_path()
    angles = np.deg2rad(17 + np.array([0, 60, 120]))
    rates = levels.lattice_rates(positions, 0.4, 17.0, np.random.default_rng(0))
    for step in 0.4 * np.stack([np.cos(angles), np.sin(angles)], axis=1):
        again = levels.lattice_rates(positions + step, 0.4, 17.0, np.random.default_rng(0))
        np.testing.assert_allclose(again, rates, atol=1e-9)
    for ring in (True, False):
        assert levels.random_rates(positions, 0.4, ring, np.random.default_rng(0)).shape == rates.shape


def test_the_file_is_drawn_and_told(columns, tmp_path):
    LEVELS.write(tmp_path / "levels.nc", LEVELS.dataset(columns), {"code_hash": "0"})
    cells = read_levels(tmp_path / "levels.nc").to_dataframe()
    plt.close(calibration_recordings.draw(cells))
    told = shares(columns, levels.ONE_MODULE, "p_shifts")
    assert sum(int(words.split()[-1]) for words in told) == 5
