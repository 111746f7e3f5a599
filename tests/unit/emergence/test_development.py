"""When classes appear in training, and where t-SNE puts units."""

import numpy as np

from examples import band, grid_of, place
from sslgrid.emergence.classes import class_shares, onset
from sslgrid.emergence.development import embed
from sslgrid.spatial.classes import CLASSES, UnitClass
from sslgrid.spatial.ratemap import RateMaps


def test_shares_are_of_the_live_units():
    kinds = np.array([[UnitClass.BORDER, UnitClass.BAND, UnitClass.BAND], [UnitClass.BORDER] * 3])
    shares = class_shares(kinds, live=np.array([[1, 1, 0], [0, 0, 0]]))
    assert shares.shape == (2, len(CLASSES))
    assert shares[0, UnitClass.BORDER] == shares[0, UnitClass.BAND] == 0.5 and shares[0].sum() == 1
    assert np.isnan(shares[1]).all()


def test_onset_is_where_half_of_the_final_share_is_passed():
    steps = np.array([0, 10, 20, 30])
    assert onset(steps, np.array([0, 0.1, 0.3, 0.4])) == 20
    assert onset(steps, np.array([0.4, 0.4, 0.4, 0.4])) == 0
    assert onset(steps, np.array([0, 0.9, 0, 0.1])) == 10, "a class may have more units on the way"
    assert np.isnan(onset(steps, np.array([0, 0.5, 0.5, 0])))


def test_units_alike_are_together_whatever_their_sign_and_height():
    points, rng = grid_of(2.0, 0.1), np.random.default_rng(0)
    kinds = [lambda: band(points, rng.uniform(0.45, 0.5), 0), lambda: 1 - place(points, rng.uniform(-0.1, 0.1, 2))]
    rates = np.stack([rng.uniform(0.2, 2) * (kinds[unit % 2]() - 0.5) for unit in range(40)])
    maps = RateMaps(rates.astype(np.float32), np.ones((20, 20)), points[0, :, 0])
    plane = embed([maps, maps], seed=0)
    assert plane.shape == (2, 40, 2)
    np.testing.assert_array_equal(plane, embed([maps, maps], seed=0))
    flat, kind = plane.reshape(-1, 2), np.tile(np.arange(40) % 2, 2)
    apart = np.linalg.norm(flat[:, None] - flat, axis=2) + np.diag(np.full(80, np.inf))
    assert (kind[apart.argmin(axis=1)] == kind).mean() > 0.95


def test_maps_of_one_visited_bin_have_no_place_in_the_plane():
    occupancy = np.zeros((10, 10))
    occupancy[4, 4] = 1
    rates = np.where(occupancy > 0, 0.3, np.nan) * np.ones((3, 1, 1))
    maps = RateMaps(rates.astype(np.float32), occupancy, np.linspace(-0.45, 0.45, 10))
    plane = embed([maps, maps], seed=0)
    assert plane.shape == (2, 3, 2) and np.isnan(plane).all()
