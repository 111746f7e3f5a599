"""Convex arenas."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sslgrid.basics.polygons import REGULAR, area, centroid, corners_of, is_convex, wall_distances

OBLONG = [[0, 0], [0, 1], [3, 1], [3, 0]]  # clockwise, and off centre


@pytest.mark.parametrize("shape", [*REGULAR, OBLONG])
def test_polygons_are_centred_convex_and_of_the_given_side(shape):
    corners = corners_of(shape, 2.0)
    edges = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    assert edges.max() == pytest.approx(2.0)
    assert centroid(corners) == pytest.approx([0, 0], abs=1e-12)
    assert area(corners) > 0 and is_convex(corners)
    if isinstance(shape, str):
        assert corners[:2, 1] == pytest.approx(corners[:, 1].min()), "one edge at the bottom"


def test_regular_polygons_have_their_areas():
    assert area(corners_of("square", 2.0)) == pytest.approx(4)
    assert area(corners_of("triangle", 2.0)) == pytest.approx(np.sqrt(3))
    assert area(corners_of("hexagon", 2.0)) == pytest.approx(6 * np.sqrt(3))


def test_dents_and_stars_are_not_convex():
    assert not is_convex(np.array([[0, 0], [2, 0], [2, 2], [1, 0.5], [0, 2]], float))
    angles = np.pi / 2 + 4 * np.pi / 5 * np.arange(5)
    assert not is_convex(np.stack([np.cos(angles), np.sin(angles)], axis=1))


@given(st.sampled_from([*REGULAR]), st.floats(0.1, 10), st.floats(-1, 1), st.floats(-1, 1))
def test_the_nearest_wall_is_never_farther_than_from_the_centre(shape, side, x, y):
    """Of all points the centre of a regular polygon is the farthest from its nearest wall."""
    corners = corners_of(shape, side)
    inradius = side / (2 * np.tan(np.pi / REGULAR[shape]))
    assert wall_distances(np.zeros(2), corners) == pytest.approx(inradius)
    assert wall_distances(np.array([x, y]) * side, corners).min() <= inradius * (1 + 1e-9)
