"""Recordings that are made of known cells get the scores of these cells."""

import json
import time
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from examples import grid_of, hexagonal
from sslgrid.basics.errors import InputError
from sslgrid.basics.polygons import area
from sslgrid.cells import scoring
from sslgrid.cells.arena import find_arena
from sslgrid.cells.firing import fire, grid_cell_recording, rates_along, recorded_path, with_mean_rates
from sslgrid.cells.readers import Activity, Maps
from sslgrid.cells.recording import Recording
from sslgrid.cells.scoring import Settings, activity_maps, maps_of, score
from sslgrid.cells.table import table, too_few_draws
from sslgrid.cells.tracking import follow_path
from sslgrid.commands import score as command
from sslgrid.spatial.gridness import score_grids
from sslgrid.spatial.ratemap import RateMaps
from sslgrid.spatial.significance import significant_units

QUICK = Settings(bin_size=0.04, draws=40)


@pytest.fixture(scope="module")
def scored():
    """Four grid cells of one module, and two cells that fire anywhere."""
    rng = np.random.default_rng(0)
    recording = grid_cell_recording(4, 0.35, 12.0, 4.0, rng)
    anywhere = fire("", recording.times, recording.positions, np.full((len(recording.times), 2), 4.0), rng)
    spikes = recording.spikes | {f"noise{cell}": at for cell, at in anywhere.spikes.items()}
    return score(Recording("made", recording.times, recording.positions, spikes), QUICK)


def test_grid_cells_are_significant_and_others_are_not(scored):
    assert scored.columns["significant"][:4].all() and not scored.columns["significant"][4:].any()
    assert (scored.columns["class"][:4] == 1).all()


def test_strict_scoring_asks_for_more_than_random_maps_give():
    """Grid cells pass both tests."""
    recording = grid_cell_recording(2, 0.35, 12.0, 4.0, np.random.default_rng(0))
    lax, strict = (score(recording, replace(QUICK, strict=strict)) for strict in (False, True))
    assert lax.p_random_maps is None and strict.columns["significant"].all()
    np.testing.assert_array_equal(strict.columns["p_value"], lax.columns["p_value"])
    assert (strict.p_random_maps <= 0.05).all() and "random maps" in strict.null
    assert "p_random_maps" in table(strict) and "p_random_maps" not in table(lax)


def test_a_cell_that_fails_the_second_test_is_not_significant(monkeypatch):
    recording = grid_cell_recording(2, 0.35, 12.0, 4.0, np.random.default_rng(0))
    monkeypatch.setattr(scoring, "gridness_p_values", lambda *_: np.array([0.01, 0.2]))
    strict = score(recording, replace(QUICK, strict=True))
    np.testing.assert_array_equal(strict.columns["significant"], [1, 0])
    np.testing.assert_array_equal(strict.columns["class"] == 1, [True, False])


def test_a_cell_of_a_module_needs_no_second_test(monkeypatch):
    """Cells that share a lattice say more than each map alone."""
    recording = grid_cell_recording(4, 0.35, 12.0, 4.0, np.random.default_rng(0))
    monkeypatch.setattr(scoring, "gridness_p_values", lambda *_: np.full(4, 0.2))
    strict = score(recording, replace(QUICK, strict=True))
    np.testing.assert_array_equal(strict.columns["module"], 0)
    np.testing.assert_array_equal(strict.columns["significant"], 1)


def test_the_limit_of_sheared_lattices_is_an_option():
    """A lattice stretched by a fifth: sheared for a network, not with the limit of recorded cells."""
    points = grid_of(2.4, 0.04) * [1.0, 1.2]
    maps = Maps("own", hexagonal(points, 0.5, 20.0)[None], 0.04, ["a"])
    classes = [score(maps, replace(QUICK, draws=19, elliptic=limit)).columns["class"][0] for limit in (None, 1.5)]
    assert classes == [2, 1]


def test_one_module_with_the_spacing_that_was_drawn(scored):
    np.testing.assert_array_equal(scored.columns["module"], [0, 0, 0, 0, -1, -1])
    assert abs(scored.columns["spacing"][:4].mean() / 0.35 - 1) < 0.05
    assert scored.module_p[0] <= 0.05


def test_shifts_are_no_shorter_than_asked():
    recording = grid_cell_recording(1, 0.35, 0.0, 1.0, np.random.default_rng(1))
    with pytest.raises(InputError, match="three times the shortest shift"):
        score(recording, Settings(least_shift=250.0))


def test_a_path_with_gaps_rests_and_another_clock():
    times, positions = recorded_path()
    positions = positions.copy()
    positions[1000:1020] = np.nan  # bridged
    positions[5000:5400] = np.nan  # left out
    positions[9000:9500] = positions[9000]  # at rest
    track = follow_path(Recording("made", times + 1e4, positions, {"a": times[::50] + 1e4}))

    def moving(first: int, last: int) -> np.ndarray:
        begin, end = ((times[sample] - times[0]) / track.step for sample in (first, last))
        return track.moving[int(np.ceil(begin)) : int(end)]

    assert moving(1001, 1019).any() and not moving(5000, 5399).any() and not moving(9020, 9480).any()
    assert track.counts.sum() == len(times[::50])
    slower = follow_path(Recording("made", times, positions, {"a": times[::50]}), slowest=0.0)
    assert slower.moving.sum() > track.moving.sum()


@pytest.mark.parametrize("turn", [0.0, 20.0])
def test_arenas_are_found_from_the_path(turn):
    rng = np.random.default_rng(0)
    angle = np.deg2rad(turn)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    inside = rng.uniform(-1, 1, (20000, 2))
    circle = find_arena(inside[np.linalg.norm(inside, axis=1) < 1] + 3)
    assert len(circle) == 12 and abs(area(circle) / np.pi - 1) < 0.04
    rectangle = find_arena((inside * [0.5, 0.2]) @ rotation.T)
    assert len(rectangle) == 4 and abs(area(rectangle) / 0.4 - 1) < 0.03
    triangle = find_arena(inside[inside.sum(axis=1) < 0] @ rotation.T)
    assert 3 <= len(triangle) <= 6 and abs(area(triangle) / 2 - 1) < 0.05


def test_maps_that_are_not_square():
    points = grid_of(2.4, 0.04)[12:48]  # 36 x 60 bins
    rates = hexagonal(points, 0.45, 20.0)
    scores = score_grids(rates[None].astype(np.float32), 0.04)
    assert scores.gridness60[0] > 1 and abs(scores.spacing[0] / 0.45 - 1) < 0.02
    assert np.isfinite(score_grids(np.random.default_rng(0).random((1, 60, 80)), 0.025).highest).all()
    for oblong in (rates, rates.T):
        maps = maps_of(Maps("own", oblong[None], 0.04, ["a"]))
        assert maps.coverage == 1.0
        np.testing.assert_allclose(score_grids(maps.shown, 0.04).spacing, scores.spacing, rtol=0.01)


def test_activity_of_any_network_in_any_arena():
    rng = np.random.default_rng(0)
    positions = np.array([0.3, 4.0]) + rng.uniform(-1, 1, (50, 200, 2)) * [1.0, 0.7]
    wave = 2 * np.pi / 0.4 * np.stack([np.cos([0.1, 1.147, 2.195]), np.sin([0.1, 1.147, 2.195])])
    activity = 1e-3 * np.cos(positions @ wave).sum(axis=-1, keepdims=True).clip(0)
    maps = activity_maps(Activity("net", positions, activity), Settings(bin_size=0.04, smoothing=0.04))
    scores = score_grids(maps.rates, maps.bin_size)
    assert scores.gridness60[0] > 1 and abs(scores.spacing[0] / (0.4 * 2 / np.sqrt(3)) - 1) < 0.02


def test_noisy_cells_of_a_round_arena_are_significant():
    """As recordings are: few spikes, a third of which fall anywhere, and a path that never enters the corners."""
    rng = np.random.default_rng(0)
    grid = grid_cell_recording(3, 0.35, 12.0, 1.0, rng)
    inside = np.linalg.norm(grid.positions, axis=1) < 0.48
    positions = np.where(inside[:, None], grid.positions, np.nan)
    anywhere = fire("", grid.times, positions, np.repeat(0.5 * inside[:, None], 5, axis=1), rng).spikes
    noisy = {cell: np.sort(np.append(spikes, anywhere[cell])) for cell, spikes in grid.spikes.items()}
    scored = score(Recording("round", grid.times, positions, noisy | {"3": anywhere["3"], "4": anywhere["4"]}), QUICK)
    assert np.isnan(scored.maps.rates[0][[0, 0, -1, -1], [0, -1, 0, -1]]).all(), "nobody was in the corners"
    np.testing.assert_array_equal(scored.columns["significant"], [1, 1, 1, 0, 0])
    np.testing.assert_array_equal(scored.columns["class"][:3], 1)
    np.testing.assert_allclose(scored.columns["spacing"][:3], 0.35, rtol=0.06)


def test_poisson_spikes_along_a_path_make_the_map_again():
    times, positions = recorded_path()
    points = grid_of(1.0, 0.04)
    maps = RateMaps(hexagonal(points, 0.4)[None].astype(np.float32), np.ones(points.shape[:2]), points[0, :, 0])
    rates = with_mean_rates(rates_along(maps, positions, 0)[:, None], np.array([5.0]))
    recording = fire("again", times, positions, rates, np.random.default_rng(0))
    assert abs(len(recording.spikes["0"]) / (times[-1] - times[0]) / 5 - 1) < 0.1
    again = score(recording, QUICK)
    assert again.columns["significant"][0] and abs(again.columns["spacing"][0] / 0.4 - 1) < 0.05


def test_a_million_spikes_take_seconds():
    times, positions = recorded_path()
    spikes = {str(cell): np.random.default_rng(cell).uniform(times[0], times[-1], 250_000) for cell in range(4)}
    start = time.process_time()
    score(Recording("many", times, positions, spikes), QUICK)
    assert time.process_time() - start < 10


def test_too_few_draws_are_told():
    """Of seven cells one alone passes at 5 % if its p-value is 1 / 140: with 139 draws."""
    assert "smallest p-value is 0.048" in too_few_draws(7, 20) and "--draws 139" in too_few_draws(7, 138)
    assert too_few_draws(7, 139) == too_few_draws(1, 19) == ""
    p = np.full(7, 0.9)
    for draws, alone in ((138, False), (139, True)):
        p[0] = 1 / (draws + 1)
        assert significant_units(p)[0] == alone


def test_the_command_writes_its_files_and_json(tmp_path, capsys):
    recording = grid_cell_recording(1, 0.35, 0.0, 3.0, np.random.default_rng(1))
    content = {"times": recording.times, "positions": recording.positions, "units": "m"}
    np.savez(tmp_path / "rat.npz", **content, spikes_a=recording.spikes["0"])
    options = ["--json", "--draws", "20", "--bin", "0.04", "--out", str(tmp_path / "out")]
    with pytest.raises(InputError, match=r"none\.npz is missing"):
        command.main(command.parser().parse_args([str(tmp_path / "none.npz"), str(tmp_path / "rat.npz"), *options]))
    (summary,) = json.loads(capsys.readouterr().out)
    assert summary["units"] == 1 and summary["rows"][0]["class"] == "hexagonal"
    written = {path.name for path in (tmp_path / "out" / "rat").iterdir()}
    assert written == {"ratemaps.nc", "tuning.nc", "modules.nc", "units.csv", "page1.png", "index.html"}
    page = (tmp_path / "out" / "rat" / "index.html").read_text()
    assert page.count("data:image/png;base64,") == 1 and "1 of 1 units significant" in page and "No module" in page
    assert "spacings in m" in page and "or are in a module" not in page


@pytest.mark.parametrize("kind", ["nc", "npz", "csv", "round"])
def test_maps_of_others_go_through_the_command(tmp_path, kind, capsys):
    """Oblong ones in each format, and a round one, whose bins outside are NaN."""
    points = grid_of(1.6, 0.04)
    rates = 12 * hexagonal(points, 0.45, 20.0)
    rates = np.where(np.linalg.norm(points, axis=-1) < 0.8, rates, np.nan) if kind == "round" else rates[:30]
    options = ["--json", "--draws", "19", "--out", str(tmp_path / "out")]
    path = tmp_path / f"map.{'npz' if kind == 'round' else kind}"
    if kind == "nc":
        bins = {"y": 0.04 * np.arange(30), "x": 0.04 * np.arange(40)}
        data = xr.DataArray(rates[None], bins, ("unit", "y", "x"), "ratemap")
        data["x"].attrs["units"] = "m"
        data.to_netcdf(path)
    elif kind == "csv":
        np.savetxt(path, rates, delimiter=",")
        options += ["--bin", "0.04"]
    else:
        np.savez(path, ratemap=rates, bin_size=4.0, units="cm")
    command.main(command.parser().parse_args([str(path), *options]))
    (summary,) = json.loads(capsys.readouterr().out)
    (row,) = summary["rows"]
    assert row["class"] == "hexagonal" and abs(row["spacing"] / 0.45 - 1) < 0.03 and abs(row["orientation"] - 20) < 2
    assert (tmp_path / "out" / "map" / "index.html").exists()


@pytest.mark.parametrize("hertz", [10.0, 500.0])
def test_the_sampling_rate_of_the_tracker_decides_nothing(hertz):
    recording = grid_cell_recording(1, 0.35, 12.0, 4.0, np.random.default_rng(3))
    times = np.arange(recording.times[0], recording.times[-1], 1 / hertz)
    positions = np.stack([np.interp(times, recording.times, at) for at in recording.positions.T], axis=1)
    spikes = {"a": recording.spikes["0"][recording.spikes["0"] < times[-1]]}
    again = score(Recording("made", times, positions, spikes), Settings(bin_size=0.04, draws=19))
    assert again.columns["class"][0] == 1 and abs(again.columns["spacing"][0] / 0.35 - 1) < 0.05


def test_options_that_make_no_sense_are_told():
    for option in ("--bin=0", "--draws=0", "--arena=0,0 1", "--smoothing=-1", "--sheared-from=1"):
        with pytest.raises(InputError, match=option.split("=")[0]):
            command.settings_of(command.parser().parse_args(["a.npz", option]))
