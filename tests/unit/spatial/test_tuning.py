"""Border, band and information scores, and modules, on units of known truth."""

import time
from argparse import Namespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examples import band, grid_of, hexagonal, place, smooth_noise, square
from sslgrid.commands import measure_tuning
from sslgrid.datasets.ratemaps import write_ratemaps
from sslgrid.datasets.tuning import read_tuning
from sslgrid.modules.lattices import score_lattices
from sslgrid.spatial.band import band_scores
from sslgrid.spatial.border import border_scores
from sslgrid.spatial.classes import STRIPED
from sslgrid.spatial.fields import count_fields, place_scores
from sslgrid.spatial.gridness import HEXAGONAL, NO_LATTICE, score_grids
from sslgrid.spatial.information import spatial_information
from sslgrid.spatial.ratemap import MINIMUM_COVERAGE, RateMaps
from sslgrid.spatial.scores import score_units

BIN = 0.04
POINTS = grid_of(2.0, BIN)
WALLS = RateMaps(np.zeros((1, 50, 50)), np.ones((50, 50)), POINTS[0, :, 0]).walls


def test_border_scores():
    wall = np.exp(-((POINTS[..., 0] + 1) ** 2) / (2 * 0.08**2))
    centre = place(POINTS, (0, 0))
    scores = border_scores(np.stack([wall, wall.T, centre, hexagonal(POINTS, 0.5), np.zeros((50, 50))]), WALLS, BIN)
    assert (scores[:2] > 0.8).all()
    assert scores[2] < -0.5
    assert scores[3] < 0.3
    assert np.isnan(scores[4])


def test_place_scores():
    field, far = place(POINTS, (0, 0)), place(POINTS, (0.6, 0.6))
    scores = place_scores(np.stack([field, field + 0.1, field + far, hexagonal(POINTS, 0.5), np.ones((50, 50))]))
    assert (scores[:2] > 0.55).all(), "a floor under the field does not count"
    assert scores[2] < 0.4 and scores[3] < 0.15
    assert np.isnan(scores[4])


@given(spacing=st.floats(0.5, 1.4), orientation=st.floats(0, 60), across=st.floats(-0.5, 0.5), up=st.floats(-0.5, 0.5))
@settings(max_examples=40)
def test_a_lattice_has_as_many_fields_as_peaks_in_the_arena(spacing, orientation, across, up):
    """At least the peaks that no wall is near, at most those whose field reaches into the arena."""
    fields = count_fields(hexagonal(POINTS, spacing, orientation, (across, up))[None], BIN)[0]
    angles = np.deg2rad(orientation + np.array([0, 60]))
    steps = np.stack(np.meshgrid(*2 * [np.arange(-9, 10)]), axis=-1) @ np.stack(
        [np.cos(angles), np.sin(angles)], axis=1
    )
    to_wall = 1 - np.abs(spacing * steps + (across, up)).max(axis=-1)
    assert (to_wall > 0.1).sum() <= fields <= (to_wall > -0.35 * spacing).sum()


def test_fields_of_other_units():
    field, far = place(POINTS, (0, 0)), place(POINTS, (0.6, 0.6))
    slope, speck = 1 + POINTS[..., 0] / 2, place(POINTS, (0, 0)) * (np.hypot(*POINTS.T) < 0.07)
    some = np.where(np.random.default_rng(0).uniform(size=(50, 50)) < 0.2, np.nan, field + far)
    units = [field, field + far, some, np.zeros((50, 50)), np.ones((50, 50)), slope, speck]
    np.testing.assert_equal(count_fields(np.stack(units), BIN), [1, 2, 2, 0, 0, 0, 0])


def test_band_scores():
    bands = [band(POINTS, wave, turn) for wave, turn in [(0.4, 0), (0.6, 33), (0.5, 90)]]
    scores = band_scores(
        np.stack([*bands, square(POINTS, 0.4, 10), hexagonal(POINTS, 0.4, 10), np.ones((50, 50))]), WALLS
    )
    assert (scores[:3] > 0.9).all()
    np.testing.assert_allclose(scores[3:5], [0.25, 0.0], atol=0.1)
    assert np.isnan(scores[5])


@given(periods=st.floats(2, 6), direction=st.floats(0, 180), side=st.sampled_from([2.0, 3.0]), cut=st.floats(0, 0.5))
@settings(max_examples=30)
def test_a_band_of_two_periods_is_one_whatever_its_direction_and_the_arena(periods, direction, side, cut):
    """By the limit of the class; rectified too, and with a fifth of the bins missing."""
    points = grid_of(side, BIN)
    rates = (band(points, side / periods, direction) - cut).clip(0)
    gappy = np.where(np.random.default_rng(0).uniform(size=rates.shape) < 0.2, np.nan, rates)
    maps = RateMaps(np.stack([rates, gappy]), np.ones(rates.shape), points[0, :, 0])
    assert (band_scores(maps.rates, maps.walls) > STRIPED).all()


def test_spatial_information():
    quarter = np.zeros((4, 4))
    quarter[:2, :2] = 3.0
    occupancy = np.ones((4, 4))
    np.testing.assert_allclose(spatial_information(np.stack([quarter, np.ones((4, 4))]), occupancy), [2.0, 0.0])
    assert np.isnan(spatial_information(np.zeros((1, 4, 4)), occupancy)).all()
    with pytest.raises(ValueError, match="non-negative"):
        spatial_information(-np.ones((1, 4, 4)), occupancy)


@given(missing=st.floats(0, 0.95), seed=st.integers(0, 100))
@settings(max_examples=40)
def test_a_map_that_shows_too_little_has_no_scores(missing, seed):
    """Every score is NaN below the least coverage, none is NaN above it, and none is 0 for want of data."""
    scattered = np.random.default_rng(seed).uniform(size=(50, 50)) < missing
    half = np.broadcast_to(np.arange(50)[:, None] < 50 * missing, (50, 50))
    for gap in (scattered, half):
        rates = np.where(gap, np.nan, hexagonal(POINTS, 0.5, 10))[None].astype(np.float32)
        maps = RateMaps(rates, (~gap).astype(float), POINTS[0, :, 0])
        grids = score_lattices(maps)
        scores = score_units(maps, grids)
        every = [
            grids.gridness60, grids.gridness90, grids.gridness60_corrected, grids.gridness90_corrected,
            *(scores[name] for name in ("border_score", "band_score", "spatial_information", "fields")),
        ]  # fmt: skip
        known = maps.coverage >= MINIMUM_COVERAGE
        assert maps.coverage == (~gap).mean()
        assert (np.isfinite(every) == known).all()
        assert grids.lattice[0] == (HEXAGONAL if known else NO_LATTICE)


def test_bins_that_no_walk_visited_are_not_rate_zero():
    """A wall field keeps its border score, and a lattice its information, when a fifth of the bins is missing."""
    wall = np.exp(-((POINTS[..., 0] + 1) ** 2) / (2 * 0.08**2))
    whole = np.stack([wall, hexagonal(POINTS, 0.5)])
    gappy = np.where(np.random.default_rng(0).uniform(size=(50, 50)) < 0.2, np.nan, whole)
    np.testing.assert_allclose(border_scores(gappy, WALLS, BIN), border_scores(whole, WALLS, BIN), atol=0.1)
    occupancy = np.ones((50, 50))
    bits = spatial_information(gappy, occupancy), spatial_information(whole, occupancy)
    np.testing.assert_allclose(*bits, rtol=0.1)


def test_128_units_are_scored_in_seconds():
    """All measures; about 0.3 s of one core, held to a generous multiple."""
    noise = 0.1 * smooth_noise(np.random.default_rng(0), (128, 50, 50), 1.0)
    rates = np.stack([hexagonal(POINTS, spacing) for spacing in np.linspace(0.4, 1.2, 128)]) + abs(noise)
    before = time.process_time()
    maps = RateMaps(rates, np.ones((50, 50)), POINTS[0, :, 0])
    score_units(maps, score_grids(rates, BIN))
    assert time.process_time() - before < 2


def test_an_arena_that_the_walks_hardly_saw_is_said(tmp_path, capsys):
    rates = np.where(POINTS[..., 0] > 0, np.nan, hexagonal(POINTS, 0.5)).astype(np.float32)[None].repeat(6, axis=0)
    maps = RateMaps(rates, np.isfinite(rates[0]).astype(float), POINTS[0, :, 0])
    facts = {"code_hash": "1", "seed": "0", "network_config_hash": "2", "network_code_hash": "3"}
    write_ratemaps(tmp_path / "full/seed0/half.nc", maps, facts)
    paths = Namespace(
        ratemaps=tmp_path / "full/seed0/half.nc", tuning=tmp_path / "tuning/full/seed0/half.nc", test=[], draws=10,
        inputs=("ratemaps",),
    )  # fmt: skip
    measure_tuning.main(paths)
    said = capsys.readouterr().out
    assert said.startswith("full/seed0/half: the walks visited 50% of the bins; no unit is scored below 55%\n")
    assert "0 significant; classes: 6 none; modules: none" in said
    assert np.isnan(read_tuning(paths.tuning)["gridness60"]).all()
