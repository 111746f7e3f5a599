"""Angles that repeat, against scipy's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import circmean, circstd

from sslgrid.basics.angles import circular_mean, circular_spread, difference

PERIODS = st.sampled_from([60.0, 90.0, 360.0])


@given(arrays(float, (3, 5), elements=st.floats(-400, 400)), PERIODS)
def test_mean_and_spread_are_scipys(angles, period):
    long_enough = np.abs(np.exp(2j * np.pi / period * angles).mean(axis=1)) > 1e-3  # else there is no direction
    off = difference(circular_mean(angles, period), circmean(angles, high=period, axis=1), period)
    assert off[long_enough] == pytest.approx(0, abs=1e-6)
    spread = circular_spread(angles, period)
    assert spread[long_enough] == pytest.approx(circstd(angles, high=period, axis=1)[long_enough], abs=1e-5)


@given(arrays(float, 6, elements=st.floats(0, 20)), PERIODS, st.floats(-300, 300))
def test_mean_turns_with_the_angles_and_the_spread_does_not(angles, period, turn):
    turned = difference(circular_mean(angles + turn, period), circular_mean(angles, period), period)
    assert difference(turned, turn, period) == pytest.approx(0, abs=1e-6)
    assert circular_spread(angles + turn, period) == pytest.approx(circular_spread(angles, period), abs=1e-5)
    assert 0 <= circular_mean(angles, period) <= period
