"""Recorded cells beside network units under the same noise."""

from argparse import Namespace
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from claimed import network_of
from examples import grid_of, hexagonal
from sslgrid.basics.errors import InputError
from sslgrid.cells.brain import (
    FEATURES,
    NETWORK,
    RECORDED,
    Network,
    accuracy_interval,
    as_noisy,
    compare,
    field_shape,
    tell_apart,
)
from sslgrid.cells.firing import fire, grid_cell_recording, recorded_path, with_mean_rates
from sslgrid.cells.levels import lattice_rates
from sslgrid.cells.scoring import Settings, score_recording
from sslgrid.claims import sic
from sslgrid.claims.networks import NetworkResults
from sslgrid.claims.statistics import told_from_cells
from sslgrid.claims.verdicts import Verdict, judge
from sslgrid.commands import measure_brain as command
from sslgrid.datasets.brain import read_brain
from sslgrid.datasets.ratemaps import write_ratemaps
from sslgrid.datasets.tuning import TUNING
from sslgrid.figures import brain
from sslgrid.modules.tuning import measure_tuning
from sslgrid.spatial.ratemap import RateMaps


def network(side: float, spacing: float = 0.36) -> Network:
    points = grid_of(side, 0.04)
    phases = np.random.default_rng(0).uniform(-0.2, 0.2, (3, 2))
    rates = np.stack([hexagonal(points, spacing, 10.0, phase) for phase in phases]).astype(np.float32)
    maps = RateMaps(rates, np.ones(rates.shape[1:]), points[0, :, 0])
    return Network(maps, np.full(3, spacing), np.zeros(3, int))


def beside(data, seed=0) -> NetworkResults:
    return NetworkResults("full", seed, {"brain": data, "training": network_of("full", seed).read("training")})


@pytest.fixture(scope="module")
def recording():
    return grid_cell_recording(3, 0.35, 12.0, 4.0, np.random.default_rng(0))


def test_units_get_the_path_and_the_rates_of_the_cells(recording):
    made, units = as_noisy(recording, network(1.2), np.random.default_rng(1))
    np.testing.assert_array_equal(made.positions, recording.positions)
    spikes = [len(at) for at in made.spikes.values()]
    cells = [len(at) for at in recording.spikes.values()]
    assert 0.9 * min(cells) < min(spikes) <= max(spikes) < 1.1 * max(cells) and len(units) == 3


def test_maps_of_a_smaller_arena_are_refused(recording):
    with pytest.raises(InputError, match="expected rate maps of an arena at least as large"):
        as_noisy(recording, network(0.8), np.random.default_rng(1))


def test_cells_and_units_are_scored_alike_at_equal_spacings(recording):
    settings, rng = Settings(bin_size=0.04, draws=20), np.random.default_rng(2)
    rows, _ = compare([recording], [network(2.0, 0.6)], settings, rng)
    units = rows[rows["source"] == NETWORK]
    assert (rows["source"] == RECORDED).sum() == len(units) == 3
    assert rows["significant"].sum() >= 5 and rows[list(FEATURES[:3])].notna().all().all()
    np.testing.assert_allclose(units["spacing"], rows["spacing"][:3].median(), rtol=0.05)
    np.testing.assert_allclose(units["own_spacing"], 0.6)
    assert np.isnan(tell_apart(rows, labellings=2).accuracy), "three of each are too few"
    own, _ = compare([recording], [network(2.0, 0.6)], settings, rng, equal_spacings=False)
    np.testing.assert_allclose(own["spacing"][own["source"] == NETWORK], 0.6, rtol=0.05)


def test_maps_that_are_too_small_to_shrink_are_left_out(recording):
    cells = score_recording(recording, Settings(bin_size=0.04, draws=20), np.random.default_rng(2), lambda line: None)
    few = replace(network(1.2), spacing=np.array([0.36, 0.6, 0.36]))
    _, units = as_noisy(recording, few, np.random.default_rng(1), cells)
    np.testing.assert_array_equal(units, [0, 2])
    none = replace(cells, columns=cells.columns | {"significant": np.zeros(3, int)})
    assert as_noisy(recording, few, np.random.default_rng(1), none) is None


def test_the_interval_narrows_with_the_rows():
    labels = np.repeat([True, False], [8, 24])
    predicted = labels ^ (np.arange(32) % 4 == 0)  # three of four right
    low, high = accuracy_interval(labels, predicted)
    assert 0.5 < low < 0.6 and 0.85 < high < 0.95
    narrow = accuracy_interval(np.tile(labels, 10), np.tile(predicted, 10))
    assert low < narrow[0] < 0.75 < narrow[1] < high


def test_kinds_that_differ_are_told_apart_and_equal_ones_are_not():
    rng = np.random.default_rng(3)
    rows = pd.DataFrame({name: rng.normal(size=40) for name in FEATURES})
    rows = rows.assign(significant=1, source=np.repeat([RECORDED, NETWORK], 20))
    assert tell_apart(rows, labellings=1).accuracy < 0.75
    rows.loc[:19, "ellipticity"] += 4
    told = tell_apart(rows, labellings=19)
    assert told.interval[0] < told.accuracy < told.interval[1]
    assert told.accuracy > 0.9 and told.p <= 0.05 and abs(told.null.mean() - 0.5) < 0.15


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """By the command: a network's grid cells on 1.2 m beside six recorded cells of a square of 1 m."""
    folder = tmp_path_factory.mktemp("brain")
    rng = np.random.default_rng(5)
    times, positions = recorded_path()
    rates = np.stack([lattice_rates(positions, 0.35, 12.0, rng) for _ in range(6)], axis=1)
    made = fire("rat", times, positions, with_mean_rates(rates, np.full(6, 4.0)), rng)
    spikes = {f"spikes_{cell}": at for cell, at in made.spikes.items()}
    np.savez(folder / "rat.npz", times=made.times, positions=100 * made.positions, units="cm", **spikes)
    points = grid_of(1.2, 0.03)
    rates = np.stack([lattice_rates(points.reshape(-1, 2), 0.36, 40.0, rng) / 3 for _ in range(6)])
    rates = rates.reshape(6, *points.shape[:2]).astype(np.float32)
    maps = RateMaps(rates, np.ones(rates.shape[1:]), points[0, :, 0])
    write_ratemaps(folder / "maps.nc", maps, {"code_hash": "0"})
    TUNING.write(folder / "tuning.nc", measure_tuning(maps, np.random.default_rng(0), 20), {"code_hash": "0"})
    path = folder / "full" / "seed0.nc"
    command.main(
        Namespace(
            recordings=[folder / "rat.npz"], units="stated", ratemaps=folder / "maps.nc", tuning=folder / "tuning.nc",
            brain=path, draws=20, spacings="equal", inputs=("recordings", "ratemaps", "tuning"),
        )
    )  # fmt: skip
    return folder, read_brain(path)


def test_units_like_the_cells_are_not_told_from_them(compared):
    _, data = compared
    assert (data["source"].values == 0).sum() == 6 and (data["source"].values == 1).sum() == 6
    assert data["significant"].values.sum() >= 11
    assert data["p_value"] > 0.05 and told_from_cells(beside(data)) <= 0


def test_the_claim_fails_where_they_differ(compared):
    _, data = compared
    rows = data.drop_dims(("y", "x", "draw")).to_dataframe()
    rows["source"] = rows["source"].map({0: RECORDED, 1: NETWORK})
    rows.loc[rows["source"] == RECORDED, "ellipticity"] += 1.0
    told = tell_apart(rows, labellings=20)
    other = data.drop_dims("draw").assign(accuracy=told.accuracy, null_accuracy=("draw", told.null))
    outcomes = [judge(sic.BESIDE_CELLS[0], {"full": [beside(each, seed) for seed in (0, 1)]},
                      np.random.default_rng(0)) for each in (data, other)]  # fmt: skip
    assert [outcome.verdict for outcome in outcomes] == [Verdict.HOLDS, Verdict.FAILS]


def test_it_is_drawn_with_few_cells_too(compared):
    _, data = compared
    unknown = data.assign(
        accuracy=np.nan,
        accuracy_low=np.nan,
        accuracy_high=np.nan,
        null_accuracy=np.nan * data["null_accuracy"],
        significant=0 * data["module"],
    )
    for networks in ([data, data], [unknown, unknown]):
        plt.close(brain.draw(networks, [0, 1]))
    assert len(brain.rows_of([data, data])) == 18, "the cells of every network are the same: they count once"


def test_recordings_that_are_none_are_told(compared):
    folder, _ = compared
    with pytest.raises(InputError, match=r"none\.npz of `recordings` is missing"):
        command.recording_in(folder / "none.npz", "stated")
    np.savez(folder / "map.npz", ratemap=np.eye(8), bin_size=0.03, units="m")
    with pytest.raises(InputError, match="holds no recording"):
        command.recording_in(folder / "map.npz", "stated")


def test_field_shapes():
    points = grid_of(1.0, 0.02)
    one, other = (np.exp(-((points - at) ** 2 / width).sum(axis=-1)) for at, width in (
        ((-0.25, 0), (0.02, 0.02)), ((0.25, 0), (0.04, 0.01))))  # fmt: skip
    variation, roundness = field_shape(one + 0.5 * other, 0.02)
    assert abs(variation - 1 / 3) < 0.03 and 0.6 < roundness < 0.85
    assert np.isnan(field_shape(one, 0.02)).all()
