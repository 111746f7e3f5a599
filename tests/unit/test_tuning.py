"""Border, band and information scores, and modules, on units of known truth."""

import numpy as np
import pytest

from examples import band, grid_of, hexagonal, place, square
from sslgrid.spatial.band import band_scores
from sslgrid.spatial.border import border_scores
from sslgrid.spatial.information import spatial_information

BIN = 0.04
POINTS = grid_of(2.0, BIN)


def test_border_scores():
    wall = np.exp(-((POINTS[..., 0] + 1) ** 2) / (2 * 0.08**2))
    centre = place(POINTS, (0, 0))
    scores = border_scores(np.stack([wall, wall.T, centre, hexagonal(POINTS, 0.5), np.zeros((50, 50))]), BIN)
    assert (scores[:2] > 0.8).all()
    assert scores[2] < -0.5
    assert scores[3] < 0.3
    assert np.isnan(scores[4])


def test_band_scores():
    bands = [band(POINTS, wave, turn) for wave, turn in [(0.4, 0), (0.6, 33), (0.5, 90)]]
    scores = band_scores(np.stack([*bands, square(POINTS, 0.4, 10), hexagonal(POINTS, 0.4, 10), np.ones((50, 50))]))
    assert (scores[:3] > 0.9).all()
    np.testing.assert_allclose(scores[3:5], [0.25, 0.0], atol=0.1)
    assert np.isnan(scores[5])


def test_spatial_information():
    quarter = np.zeros((4, 4))
    quarter[:2, :2] = 3.0
    occupancy = np.ones((4, 4))
    np.testing.assert_allclose(spatial_information(np.stack([quarter, np.ones((4, 4))]), occupancy), [2.0, 0.0])
    assert np.isnan(spatial_information(np.zeros((1, 4, 4)), occupancy)).all()
    with pytest.raises(ValueError, match="non-negative"):
        spatial_information(-np.ones((1, 4, 4)), occupancy)
