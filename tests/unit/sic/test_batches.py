"""Training batches."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from examples import TRAJECTORIES
from sslgrid.basics.motion import draw_velocities
from sslgrid.basics.streams import generator
from sslgrid.sic.batches import sample_batch


@given(batch=st.integers(1, 20), steps=st.integers(1, 30), seed=st.integers(0, 99), step=st.integers(0, 10**9))
def test_permuted_trajectories_share_start_and_end(batch, steps, seed, step):
    made = sample_batch(replace(TRAJECTORIES, batch=batch, steps=steps), seed, step)
    assert made.positions.shape == (batch, steps + 1, 2)
    assert (np.sort(made.order, axis=1) == np.arange(steps)).all()
    assert (made.positions[:, 0] == 0).all()
    np.testing.assert_allclose(
        made.positions[:, -1], np.broadcast_to(made.velocities.sum(axis=0), (batch, 2)), atol=1e-12
    )
    np.testing.assert_allclose(np.linalg.norm(np.diff(made.positions, axis=1), axis=-1), made.speeds, atol=1e-12)


def test_orders_differ_unless_permutation_is_off():
    assert len(np.unique(sample_batch(TRAJECTORIES, 0, 0).order, axis=0)) > 1
    assert len(np.unique(sample_batch(replace(TRAJECTORIES, permute=False), 0, 0).order, axis=0)) == 1


def test_batches_are_functions_of_seed_and_step():
    same = [sample_batch(TRAJECTORIES, 3, 7).positions for _ in range(2)]
    assert (same[0] == same[1]).all()
    for other in (sample_batch(TRAJECTORIES, 3, 8), sample_batch(TRAJECTORIES, 4, 7)):
        assert not np.isclose(same[0], other.positions)[:, 1:].any()


def test_velocity_laws_have_equal_variance_and_stated_range():
    square, disc = (draw_velocities(generator(0), 200_000, law, 0.15) for law in ("square", "disc"))
    np.testing.assert_allclose([square.var(axis=0), disc.var(axis=0)], 0.15**2 / 3, rtol=0.01)
    assert 0.149 < np.abs(square).max() <= 0.15
    assert 0.172 < np.linalg.norm(disc, axis=1).max() <= 0.15 * np.sqrt(4 / 3)


@given(batch=st.integers(1, 9), outward=st.integers(1, 5), seed=st.integers(0, 99))
def test_outward_trajectories_walk_around_two_places(batch, outward, seed):
    made = sample_batch(replace(TRAJECTORIES, batch=batch, steps=12, outward=outward), seed, 0)
    assert (np.sort(made.order, axis=1) == np.arange(12)).all()
    starts, ends = made.positions[:, outward], made.positions[:, 12 - outward]
    np.testing.assert_allclose(np.linalg.norm(starts, axis=1), outward * TRAJECTORIES.half_width, atol=1e-12)
    np.testing.assert_allclose(starts[: batch // 2], -np.broadcast_to(starts[-1], (batch // 2, 2)), atol=1e-12)
    np.testing.assert_allclose(starts - starts[0] - (ends - ends[0]), 0, atol=1e-12)
    np.testing.assert_allclose(made.positions[:, -1] - made.positions[0, -1], 0, atol=1e-12)


def test_outward_trajectories_permute_what_lies_between():
    made = sample_batch(replace(TRAJECTORIES, batch=8, steps=20, outward=4), 0, 0)
    assert len(np.unique(made.order[:, 4:16], axis=0)) == 8
    assert len(np.unique(made.order[:, :4], axis=0)) == 2
