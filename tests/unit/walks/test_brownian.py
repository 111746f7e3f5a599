"""Motion of Cueva & Wei in polygons."""

import numpy as np
import pytest

from sslgrid.polygons import REGULAR, corners_of, wall_distances
from sslgrid.walks.brownian import Motion, walk

MOTION = Motion(standstill=0.9, highest_speed=0.2, heading_noise=0.3)


@pytest.mark.parametrize("shape", REGULAR)
def test_walks_start_at_the_centre_and_stay_inside(shape):
    corners = corners_of(shape, 2.0)
    _, headings, positions = walk(Motion(0.1, 0.2, 0.3), corners, 50, 400, np.random.default_rng(0))
    assert (positions[0] == 0).all()
    distances = wall_distances(positions, corners)
    assert distances.min() >= -1e-12
    assert (distances.reshape(-1, len(corners)).min(axis=0) < 0.02).all()  # every wall is met
    assert headings.min() >= 0 and headings.max() <= 2 * np.pi + 1e-6


def test_speed_and_heading_tell_every_step():
    speeds, headings, positions = walk(MOTION, corners_of("square", 2.0), 20, 300, np.random.default_rng(1))
    steps = speeds[..., None] * np.stack([np.cos(headings), np.sin(headings)], axis=-1)
    assert np.diff(positions, axis=0) == pytest.approx(steps, abs=1e-6)


def test_the_animal_rests_for_the_configured_share_and_turns_as_configured():
    speeds, headings, _ = walk(MOTION, corners_of("square", 100.0), 100, 1000, np.random.default_rng(2))
    assert (speeds == 0).mean() == pytest.approx(0.9, abs=0.005)
    assert speeds[speeds > 0].mean() == pytest.approx(0.1, abs=0.002)
    turns = np.angle(np.exp(1j * np.diff(headings, axis=0)))
    assert turns.std() == pytest.approx(0.3, abs=0.005)


def test_a_step_that_fits_nowhere_is_not_taken():
    speeds, _, positions = walk(Motion(0.0, 10.0, 0.3), corners_of("triangle", 0.01), 1, 3, np.random.default_rng(3))
    assert (speeds == 0).any() and np.isfinite(positions).all()
    assert wall_distances(positions, corners_of("triangle", 0.01)).min() >= 0


def test_one_generator_one_walk():
    first, again = (walk(MOTION, corners_of("hexagon", 1.0), 5, 50, np.random.default_rng(4)) for _ in range(2))
    assert all((one == other).all() for one, other in zip(first, again, strict=True))
