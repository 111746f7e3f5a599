"""Recorded rats as evaluation walks."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import ARENA
from sslgrid.basics.arena import RECORDED_ROOMS
from sslgrid.basics.errors import InputError
from sslgrid.spatial.ratemap import RateMaps, bin_centres
from sslgrid.walks.recordings import subdivide
from sslgrid.walks.sampling import sample_walks

lengths = st.floats(-2, 2, allow_subnormal=False)
polygons = st.lists(st.tuples(lengths, lengths), min_size=2, max_size=8).map(np.array)


def recorded(name, **changes):
    return replace(ARENA, **{"motion": name, "walks": 1, "steps": 100_000, **changes})


@pytest.mark.parametrize("name", RECORDED_ROOMS)
@pytest.mark.parametrize("side", [2.0, 4.0])
def test_recorded_rats_start_at_the_origin_and_keep_to_room_and_speed(name, side):
    arena = recorded(name, side=side)
    positions = sample_walks(arena).positions
    steps = np.linalg.norm(np.diff(positions[0], axis=0), axis=1)
    assert positions.shape[0] == 1 and (positions[:, 0] == 0).all()
    assert (np.abs(positions) <= arena.corners.max(axis=0) + 1e-12).all()
    assert (np.ptp(positions[0], axis=0) > 0.95 * np.ptp(arena.corners, axis=0)).all(), "and they use it"
    assert steps.max() <= arena.half_width * (1 + 1e-9)
    assert steps.mean() == pytest.approx(arena.mean_speed, rel=0.1)


def test_a_room_keeps_its_shape():
    assert np.ptp(recorded("tanni", side=3.5).corners, axis=0).tolist() == [3.5, 2.5]
    assert recorded("tanni", side=3.5).width == 3.5
    for motion in ("sargolini", "iid"):
        assert np.ptp(recorded(motion).corners, axis=0).tolist() == [2.0, 2.0]


def test_coverage_is_of_the_bins_in_reach():
    """A room of 3.5 by 2.5 m in an arena of 3.5 m leaves a strip at the top and at the bottom out of reach."""
    arena = replace(ARENA, motion="tanni", side=3.5, bin=0.1)
    centres = bin_centres(arena)
    occupancy = np.zeros((35, 35))
    occupancy[:, :14] = 1
    room, box = (RateMaps(np.zeros((1, 35, 35)), occupancy, centres, corners=each) for each in (arena.corners, None))
    assert room.coverage == box.coverage == 0.4
    reached = np.where(np.arange(35)[:, None] < 5, 0, occupancy)
    assert replace(room, occupancy=reached).coverage == 0.4 > replace(box, occupancy=reached).coverage


@pytest.mark.parametrize("walks", [1, 7])
def test_a_straight_way_leads_to_each_piece(walks):
    arena = recorded("tanni", walks=walks)
    whole = sample_walks(recorded("tanni")).positions[0]
    for walk in sample_walks(arena).positions:
        steps = np.diff(walk, axis=0)
        length = np.linalg.norm(steps, axis=1)
        straight = np.flatnonzero(steps @ steps[0] < (1 - 1e-9) * length * length[0])[0]
        assert straight >= 2 and length[:straight].max() <= arena.mean_speed * (1 + 1e-9)
        piece = walk[straight + 1 :]
        first = np.linalg.norm(whole - piece[0], axis=1).argmin()
        np.testing.assert_allclose(whole[first : first + len(piece)], piece, err_msg="then it is the recording")


def test_steps_is_the_most_that_is_taken():
    whole = sample_walks(recorded("sargolini")).positions
    assert whole.shape[1] < 100_001
    np.testing.assert_array_equal(sample_walks(replace(recorded("sargolini"), steps=300)).positions, whole[:, :301])


def test_pieces_too_short_to_be_reached_are_refused():
    with pytest.raises(InputError, match=r"walks is 1000 in an arena with the recording sargolini; expected at most"):
        sample_walks(recorded("sargolini", walks=1000))


@given(polygons, st.floats(0.05, 1))
def test_subdivision_keeps_the_path(points, longest):
    path = subdivide(points, longest)
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    assert steps.max() <= longest * (1 + 1e-9)
    assert steps.sum() == pytest.approx(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())
    corners = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    along = np.concatenate([[0], np.cumsum(steps)])
    for corner, at in zip(points, corners, strict=True):
        assert np.linalg.norm(path[np.abs(along - at).argmin()] - corner) < 1e-6, "every point is on it, in order"
