"""Evaluation walks."""

from dataclasses import replace

import numpy as np
import pytest

from examples import ARENA
from sslgrid.basics.polygons import wall_distances
from sslgrid.walks.sampling import headings_of, sample_walks


@pytest.mark.parametrize("motion", ["iid", "rat"])
@pytest.mark.parametrize("side", [1.0, 2.0])
def test_walks_start_at_the_origin_and_stay_in_the_arena_and_speed_range(motion, side):
    arena = replace(ARENA, motion=motion, side=side, walks=20)
    positions, headings = sample_walks(arena)
    assert positions.shape == (20, 101, 2)
    assert (positions[:, 0] == 0).all()
    assert np.abs(positions).max() <= side / 2
    steps = np.diff(positions, axis=1)
    assert np.abs(steps).max() <= arena.half_width + 1e-12
    along = np.linalg.norm(steps, axis=2, keepdims=True) * np.stack([np.cos(headings), np.sin(headings)], axis=2)[:, 1:]
    np.testing.assert_allclose(steps, along, atol=1e-12)


@pytest.mark.parametrize("motion", ["iid", "rat", "brownian"])
@pytest.mark.parametrize("shape", ["triangle", "hexagon", [[0, 0], [4, 0], [4, 1], [0, 1]]])
def test_walks_stay_in_arenas_of_other_shapes(motion, shape):
    arena = replace(ARENA, motion=motion, shape=shape, walks=20, steps=400, standstill=0.0)
    positions = sample_walks(arena).positions
    distances = wall_distances(positions, arena.corners)
    assert (positions[:, 0] == 0).all() and distances.min() >= -1e-9
    assert (distances.reshape(-1, len(arena.corners)).min(axis=0) < 0.1).all(), "every wall is met"


def test_at_rest_the_heading_is_that_of_the_step_before():
    positions = np.array([[[0, 0], [0, 0], [0, 1], [0, 1], [-1, 1], [-1, 1]]], float)
    np.testing.assert_allclose(headings_of(positions), np.pi * np.array([[0, 0, 0.5, 0.5, 1, 1]]))


@pytest.mark.parametrize("motion", ["iid", "rat"])
def test_walks_cover_the_arena(motion):
    positions = sample_walks(replace(ARENA, motion=motion, walks=100)).positions
    counts, _, _ = np.histogram2d(*positions.reshape(-1, 2).T, bins=10, range=[(-1, 1)] * 2)
    assert (counts > 0).all()


def test_rats_move_smoothly_at_the_stated_speed():
    steps = np.diff(sample_walks(replace(ARENA, motion="rat")).positions, axis=1)
    speed = np.linalg.norm(steps, axis=-1)
    assert 0.8 < speed.mean() / ARENA.mean_speed < 1.25
    assert (speed > 0.999 * ARENA.half_width).mean() < 0.01, "few steps are held back"
    cosine = (steps[:, 1:] * steps[:, :-1]).sum(axis=-1) / (speed[:, 1:] * speed[:, :-1])
    assert np.median(cosine) > 0.9  # iid steps have a median of 0


def test_walks_depend_on_the_seed_alone_and_leave_the_global_generator_alone():
    arena = replace(ARENA, motion="rat", walks=3, steps=20)
    np.random.seed(1)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    first = sample_walks(arena).positions
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002
    np.random.seed(2)  # noqa: NPY002
    assert (sample_walks(arena).positions == first).all()
    assert (sample_walks(replace(arena, seed=1)).positions != first).any()
