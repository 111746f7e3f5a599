"""Calibration: the measures recover the truth of units drawn afresh, and the file says so."""

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from examples import ARENA
from sslgrid.calibration.measures import (
    HALF,
    RATINABOX,
    STABILITIES,
    SYNTHETIC,
    Group,
    balanced_accuracy,
    calibrate,
    draw_unit,
)
from sslgrid.calibration.synthetic import grid_of, hexagonal, noisy_halves, stretch
from sslgrid.commands.calibrate import summarise
from sslgrid.datasets.calibration import CALIBRATION, read_calibration
from sslgrid.datasets.module_calibration import MODULE_CALIBRATION
from sslgrid.figures import calibration
from sslgrid.spatial.classes import CLASSES, UnitClass
from sslgrid.spatial.ratemap import map_correlations

ARENA_OF_MAPS = replace(ARENA, motion="rat")


@pytest.fixture(scope="module")
def columns():
    groups = [
        *(Group(2.0, level, 0.0, units) for level, units in zip(STABILITIES, (12, 1, 1, 1), strict=True)),
        Group(3.0, STABILITIES[0], 0.2, 16),
        Group(2.0, STABILITIES[0], HALF, 2),
        Group(2.0, STABILITIES[0], 0.0, 6, (UnitClass.HEXAGONAL, UnitClass.NONE), draws=39),
    ]
    return calibrate(groups, ARENA_OF_MAPS, np.random.default_rng(7))


def test_spacing_and_orientation_are_recovered(columns):
    """Within 3 % and 2 degrees, at the noise of networks' maps and of RatInABox's grid cells."""
    lattices = np.isin(columns["true_class"], (UnitClass.HEXAGONAL, UnitClass.SHEARED, UnitClass.SQUARE))
    lattices &= (columns["stability"] > 0.97) & (columns["missing"] < HALF)
    assert (columns["source"][lattices] == RATINABOX).sum() > 20
    assert np.quantile(np.abs(columns["spacing_error"][lattices]), 0.95) < 0.03
    assert np.quantile(np.abs(columns["orientation_error"][lattices]), 0.95) < 2
    assert np.quantile(np.abs(columns["ellipticity_error"][lattices]), 0.95) < 0.03


def test_classes_are_told_apart(columns):
    assert balanced_accuracy(columns)[0] > 0.95
    cells = columns["source"] == RATINABOX
    assert (columns["class"][cells] == UnitClass.HEXAGONAL).mean() > 0.95


def test_maps_of_half_an_arena_have_no_scores_and_no_class(columns):
    half = columns["missing"] == HALF
    for name in ("gridness60", "band_score", "border_score", "place_score", "spatial_information", "spacing"):
        assert np.isnan(columns[name][half]).all(), name
    assert (columns["class"][half] == UnitClass.NONE).all()


def test_lattices_are_significant(columns):
    tested = np.isfinite(columns["p_value"])
    assert tested.sum() == 12
    assert (columns["p_value"][tested & (columns["true_class"] == UnitClass.HEXAGONAL)] <= 0.05).all()


def test_noise_has_the_stability_it_is_drawn_for():
    """Cutting negative rates off makes maps a little more stable than the formula says, not less."""
    rates = hexagonal(grid_of(3.0, 0.04), 0.6)
    for stability in STABILITIES:
        measured = map_correlations(*noisy_halves(np.random.default_rng(0), rates, stability, 1.0)[:, None])[0]
        assert stability - 0.03 < measured < stability + 0.12


def test_classes_are_drawn_as_they_are_described():
    points, rng = grid_of(2.0, 0.04), np.random.default_rng(0)
    for kind in range(len(CLASSES)):
        rates, vectors, wavelength = draw_unit(kind, points, rng)
        assert rates.shape == (50, 50) and rates.min() >= 0 and 0 < rates.max() <= 1
        assert np.isfinite(vectors).all() == (kind in (UnitClass.HEXAGONAL, UnitClass.SHEARED, UnitClass.SQUARE))
        assert np.isnan(wavelength) or kind in (UnitClass.BAND, UnitClass.NONE)
        if kind in (UnitClass.BORDER, UnitClass.PLACE):
            assert (rates > 0.5).mean() < 0.2


def test_a_sheared_lattice_repeats_along_its_vectors():
    points, rng = grid_of(2.0, 0.04), np.random.default_rng(3)
    _, vectors, _ = draw_unit(UnitClass.SHEARED, points, rng)
    rng = np.random.default_rng(3)
    rates = draw_unit(UnitClass.SHEARED, points, rng)[0]
    for vector in vectors:
        shifted = draw_unit(UnitClass.SHEARED, points + vector, np.random.default_rng(3))[0]
        assert np.corrcoef(rates.ravel(), shifted.ravel())[0, 1] > 0.98
    np.testing.assert_allclose(np.linalg.det(stretch(1.25, 40)), 1.25)


def test_figure_and_summary(columns, tmp_path):
    path = tmp_path / "measures.nc"
    values = {**columns, "balanced_accuracy": balanced_accuracy(columns)}
    CALIBRATION.write(path, CALIBRATION.dataset(values, {"level": np.array(STABILITIES)}), {"code_hash": "0"})
    data = read_calibration(path)
    units, accuracy = data.drop_dims("level").to_dataframe(), data["balanced_accuracy"].to_series()
    assert isinstance(units, pd.DataFrame) and (units["source"] == SYNTHETIC).any()
    found = dict.fromkeys(("founders", "significant", "modules", "tentative_modules", "tentative_units"), np.zeros(3))
    negatives = MODULE_CALIBRATION.dataset(found | {"steps": np.array(50)})
    for real in (np.array([0.97, 0.99]), np.array([])):
        figure = calibration.draw(units, accuracy, real, negatives)
        figure.savefig(tmp_path / "figure.png")
        plt.close(figure)
    assert "balanced accuracy of the classes" in summarise(data)
