"""Against opexebo, the Moser group's own measures, where it is installed (it is no dependency of sslgrid)."""

import sys

import numpy as np
import pytest

from examples import grid_of, hexagonal, place, smooth_noise
from sslgrid.spatial.autocorrelogram import autocorrelograms
from sslgrid.spatial.gridness import score_grids

opexebo = pytest.importorskip("opexebo")

BIN = 0.04
POINTS = grid_of(2.0, BIN)


@pytest.fixture(autouse=True)
def present_numpy(monkeypatch):
    """opexebo 0.7 hands on an array of one radius as a number, which numpy no longer lets pass."""
    module = sys.modules["opexebo.analysis.grid_score"]
    radius = module._findCentreRadius
    monkeypatch.setattr(module, "_findCentreRadius", lambda *given, **named: np.ravel(radius(*given, **named))[0])


def opexebo_scores(rates):
    sac = np.nan_to_num(autocorrelograms(rates[None])[0])
    return opexebo.analysis.grid_score(sac, bin_width=BIN, search_method="default")


@pytest.mark.parametrize("spacing, orientation", [(0.4, 5), (0.55, 20), (0.7, 41)])
def test_lattices_have_the_same_gridness_spacing_and_orientation(spacing, orientation):
    rng = np.random.default_rng(0)
    rates = hexagonal(POINTS, spacing, orientation) ** 2
    rates = rates + 0.3 * rates.std() * smooth_noise(rng, rates.shape, 1.0)
    gridness, theirs = opexebo_scores(rates)
    ours = score_grids(rates[None], BIN)
    assert abs(ours.gridness60[0] - gridness) < 0.25
    assert abs(ours.spacing[0] / theirs["grid_spacing"] - 1) < 0.06
    turn = (ours.orientation[0] - theirs["grid_orientation"]) % 60
    assert min(turn, 60 - turn) < 4


def test_a_place_field_is_no_lattice_for_both():
    """Not so a band, to which opexebo gives 0.57."""
    rates = place(POINTS, (0.2, -0.3))
    assert abs(opexebo_scores(rates)[0]) < 0.1
    assert abs(score_grids(rates[None], BIN).gridness60[0]) < 0.1
