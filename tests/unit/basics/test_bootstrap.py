"""The one bootstrap, against scipy's."""

import numpy as np
import pytest
from scipy import stats

from sslgrid.basics.bootstrap import CONFIDENCE, interval, resampled


@pytest.mark.parametrize("statistic", [np.mean, np.median])
def test_the_interval_is_scipys(statistic):
    values = np.random.default_rng(0).normal(size=12)
    theirs = stats.bootstrap(
        (values,), statistic, n_resamples=500, confidence_level=CONFIDENCE / 100, method="percentile",
        rng=np.random.default_rng(1),
    ).confidence_interval  # fmt: skip
    ours = interval(resampled(values, statistic, 500, np.random.default_rng(1)))
    assert ours == pytest.approx(tuple(theirs), rel=1e-12)


def test_an_interval_leaves_out_as_much_on_either_side():
    assert interval(np.arange(1001.0)) == (25.0, 975.0)
