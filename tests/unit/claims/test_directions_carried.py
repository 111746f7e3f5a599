"""Who carries a direction, and which waves two modules share: numbers from results that are known."""

import numpy as np
import pytest
import xarray as xr

from sslgrid.claims import one_torus as statistics
from sslgrid.claims.networks import NetworkResults
from sslgrid.datasets.one_torus import MEASURED


def network(pair: str = MEASURED) -> NetworkResults:
    """Four units; the first direction is carried by all, the second by the last alone."""
    data = xr.Dataset(
        {
            "exponent": ("direction", np.log([1.0, 0.5]) / 10),
            "training_steps": 10,
            "carried": (("direction", "unit"), [[0.25] * 4, [0, 0, 0, 1]]),
            "in_modules": ("direction", [0.75, 0.1]),
            "lattice_share": (("population", "unit"), [[1.0, 1.0, np.nan, 0.2]]),
            "miss": ("wave", [0.001, 0.6, 0.04]),
            "kick_apart": ("kick_step", [1.0, 0.5, 0.2]),
            "kick_apart_halves": ("kick_step", [1.0, 0.5, 0.1]),
        },
        {"population": ("population", [0], {"flag_meanings": "network"})},
        {"pair": pair},
    )
    return NetworkResults("full", 0, {"one_torus": data})


def test_as_many_units_carry_a_direction_as_have_equal_parts_in_it():
    assert statistics.carriers(1)(network()) == 4 and statistics.carriers(2)(network()) == 1


def test_what_modules_keep_is_their_share_of_what_is_kept():
    assert statistics.kept_by_modules(1)(network()) == pytest.approx(0.75)
    assert statistics.kept_by_modules(2)(network()) == pytest.approx(0.05)
    assert np.isnan(statistics.kept_by_modules(2)(network("n/a: one module")))


def test_units_count_by_their_part_in_a_direction():
    assert statistics.carried_on_lattice(1)(network()) == pytest.approx((1 + 1 + 0.2) / 3)
    assert statistics.carried_on_lattice(2)(network()) == pytest.approx(0.2)


def test_waves_are_shared_that_hardly_miss():
    assert statistics.shared_waves(network()) == 2


def test_the_gap_of_halves_is_of_halves():
    assert statistics.kick_gap(network()) == pytest.approx(0.2)
    assert statistics.kick_gap(network(), "kick_apart_halves") == pytest.approx(0.1)
