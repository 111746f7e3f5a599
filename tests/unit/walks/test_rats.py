"""The rat's walks are those of RatInABox, which is their definition, but for rounding."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from sslgrid.basics.polygons import corners_of
from sslgrid.walks import rats

MEAN_SPEED, FASTEST = 0.06, 0.15  # m per step


def of_ratinabox(corners: np.ndarray, walks: int, steps: int, seed: int) -> np.ndarray:
    """The definition: walks (walk, step + 1, 2) m from the origin, held back where they are too fast."""
    from ratinabox import Agent, Environment

    motion = {
        "dt": rats.STEP,
        "speed_mean": MEAN_SPEED / rats.STEP,
        "speed_coherence_time": rats.SPEED_TIME,
        "rotational_velocity_coherence_time": rats.TURNING_TIME,
        "rotational_velocity_std": rats.TURNING,
        "thigmotaxis": rats.THIGMOTAXIS,
        "save_history": False,
    }
    centre = np.full(2, np.abs(corners).max())
    box = Environment({"boundary": (corners + centre).tolist()})
    positions = np.zeros((walks, steps + 1, 2))
    np.random.seed(seed)  # noqa: NPY002
    for path in positions:
        rat = Agent(box, motion)
        rat.pos = centre.copy()
        for t in range(steps):
            before = rat.pos
            rat.update()
            length = np.linalg.norm(rat.pos - before)
            if length > FASTEST:
                rat.pos = before + (rat.pos - before) * (FASTEST / length)
            path[t + 1] = rat.pos - centre
    return positions


@pytest.mark.parametrize("shape, side", [("square", 1.0), ("triangle", 3.0), ("hexagon", 1.25)])
def test_walks_are_those_of_ratinabox(shape, side):
    """A walk at a wall magnifies rounding; most walks agree to less than a nanometre, all to less than a millimetre."""
    corners = corners_of(shape, side)
    walked = rats.rat_walks(corners, 8, 150, MEAN_SPEED, FASTEST, seed=5)
    apart = np.abs(walked - of_ratinabox(corners, 8, 150, seed=5)).max(axis=(1, 2))
    assert np.median(apart) < 1e-9
    assert apart.max() < 1e-3


def test_normal_numbers():
    shares = np.concatenate([np.geomspace(1e-6, 0.5, 50), 1 - np.geomspace(1e-6, 0.4, 50)])
    found = [rats.normal_number(share) for share in shares]
    np.testing.assert_allclose(found, [NormalDist().inv_cdf(share) for share in shares], rtol=1e-9, atol=1e-12)
    assert math.isclose(rats.normal_number(0.975), 1.959963984540054, rel_tol=1e-12)
