"""Motion of Cueva & Wei in polygons."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sslgrid.basics.brownian import Motion, walk
from sslgrid.basics.polygons import REGULAR, corners_of, wall_distances

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


@settings(max_examples=30, deadline=None)
@given(st.integers(3, 9), st.floats(0.05, 0.95), st.sampled_from([0.05, 0.3, 3.0]), st.integers(0, 99))
def test_widening_turns_keep_a_walk_inside_any_polygon(count, squeeze, heading_noise, seed):
    rng = np.random.default_rng(seed)
    angles = 2 * np.pi * (np.arange(count) + 0.8 * rng.random(count)) / count
    corners = corners_of(np.stack([np.cos(angles), squeeze * np.sin(angles)], axis=1).tolist(), 2.0)
    motion = Motion(0.2, 0.2, heading_noise, "widening")
    speeds, headings, positions = walk(motion, corners, 10, 300, rng)
    assert wall_distances(positions, corners).min() >= -1e-12
    assert headings.min() >= 0 and headings.max() <= 2 * np.pi + 1e-6
    steps = speeds[..., None] * np.stack([np.cos(headings), np.sin(headings)], axis=-1)
    assert np.diff(positions, axis=0) == pytest.approx(steps, abs=1e-6)


def test_widening_turns_are_the_smaller_ones_at_walls_and_the_same_away_from_them():
    """A uniform heading leads away from a wall; the first small turn that fits leads along it."""
    turns, near = {}, {}
    for at_walls in ("uniform", "widening"):
        motion = replace(MOTION, standstill=0.0, at_walls=at_walls)
        _, headings, positions = walk(motion, corners_of("square", 2.0), 50, 1000, np.random.default_rng(5))
        turned = np.abs(np.angle(np.exp(1j * np.diff(headings, axis=0))))
        distance = wall_distances(positions[1:-1], corners_of("square", 2.0)).min(axis=-1)
        turns[at_walls] = turned[distance < 0.05].mean(), turned[distance > 0.21].std()
        near[at_walls] = (distance < 0.1).mean()
    assert turns["widening"][0] < 0.9 * turns["uniform"][0]
    assert turns["widening"][1] == pytest.approx(turns["uniform"][1], rel=0.05)
    assert near["widening"] > near["uniform"]
