"""The table of drift, from drift that is known."""

import numpy as np
import xarray as xr

from sslgrid.claims.networks import NetworkResults
from sslgrid.commands.compare_drift import describe

MIDDLES = np.array([10.0, 100.0, 300.0, 1000.0, 3000.0, 9000.0])


def described(drift: list[list[float]], spacing: list[float]) -> dict:
    """The row of modules of these spacings (m) whose drift (m) in each window is known."""
    modules = xr.Dataset({"spacing": ("module", np.array(spacing))})
    generalisation = xr.Dataset(
        {"drift": (("module", "window"), np.array(drift).reshape(len(drift), len(MIDDLES)))}, {"window": MIDDLES}
    )
    return describe(NetworkResults("full", 0, {"modules": modules, "generalisation": generalisation}))


def test_the_worst_module_decides_in_its_own_spacings():
    row = described([[0, 0, 0.05, 0.06, 0.07, 0.1], [0, 0.1, 0.1, 0.2, 0.3, 0.3]], [0.5, 1.0])
    assert (row["drift_100"], row["drift_300"], row["drift_1000"], row["drift_3000"]) == (0.1, 0.1, 0.2, 0.3)
    assert row["drift_end"] == 0.3 and row["fine_spacing"] == 0.5


def test_a_code_is_kept_until_it_is_first_lost():
    assert described([[0, 0.1, 0.3, 0.1, 0.1, 0.1]], [1.0])["steps_kept"] == 100
    assert described([[0.1] * 6], [1.0])["steps_kept"] == 9000
    assert described([[0.3] * 6], [1.0])["steps_kept"] == 0


def test_modules_that_cannot_be_read_are_left_out():
    row = described([[np.nan] * 6, [0.2] * 6], [0.5, 1.0])
    assert row["drift_end"] == 0.2
    assert np.isnan(described([[np.nan] * 6], [0.5])["drift_end"])


def test_without_modules_nothing_is_known():
    row = described(np.empty((0, 6)).tolist(), [])
    assert row["modules"] == 0 and np.isnan(row["steps_kept"]) and np.isnan(row["drift_3000"])
