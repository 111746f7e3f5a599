"""Files of others: what is read, and what one line says of a broken one."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import scipy.io
import xarray as xr

from examples import grid_of, hexagonal
from sslgrid.basics.errors import InputError
from sslgrid.cells.readers import Activity, Maps, read
from sslgrid.cells.recording import Recording

TIMES = np.arange(0, 60, 0.02)
PATH = 40 * np.stack([np.sin(0.7 * TIMES), np.cos(1.1 * TIMES)], axis=1)  # cm
SPIKES = np.linspace(1, 59, 40)


def trondheim(path: Path, **changed) -> Path:
    """A recording of two cells in the layout of Hafting et al. 2005; None leaves an array out."""
    content = {
        "pos_x": PATH[:, :1], "pos_y": PATH[:, 1:], "pos_timeStamps": TIMES[:, None],
        "t1c1_timeStamps": SPIKES[:, None], "t2c1_timeStamps": SPIKES[::2, None],
    } | changed  # fmt: skip
    scipy.io.savemat(path / "rat.mat", {name: value for name, value in content.items() if value is not None})
    return path / "rat.mat"


def two_leds(path: Path, **changed) -> Path:
    """One cell in the layout of Sargolini et al. 2006."""
    content = {
        "x1": PATH[:, :1] - 1, "y1": PATH[:, 1:], "x2": PATH[:, :1] + 1, "y2": PATH[:, 1:], "t": TIMES[:, None],
        "ts": SPIKES[:, None],
    } | changed  # fmt: skip
    scipy.io.savemat(path / "rat.mat", {name: value for name, value in content.items() if value is not None})
    return path / "rat.mat"


def opened(path: Path, units="cm", bin_size=None, series=None):
    return read(path, units, bin_size, series)


def test_a_recording_of_several_cells(tmp_path):
    recording = opened(trondheim(tmp_path))
    assert isinstance(recording, Recording)
    np.testing.assert_allclose(recording.positions, PATH / 100)
    assert list(recording.spikes) == ["t1c1", "t2c1"]
    np.testing.assert_allclose(recording.spikes["t1c1"], SPIKES)


def test_two_leds_are_a_head_midway_or_at_the_one_that_is_seen(tmp_path):
    lost = PATH[:, :1] + 1
    lost[5] = np.nan
    recording = opened(two_leds(tmp_path, x2=lost))
    np.testing.assert_allclose(recording.positions[:5], PATH[:5] / 100)
    np.testing.assert_allclose(recording.positions[5, 0], (PATH[5, 0] - 1) / 100)


def test_an_npz_recording_states_its_units(tmp_path):
    np.savez(tmp_path / "a.npz", times=TIMES, positions=PATH, units="cm", spikes_a=SPIKES)
    np.savez(tmp_path / "b.npz", times=TIMES, positions=PATH / 100, units="m", spike_times=SPIKES,
             spike_cells=np.arange(40) % 2)  # fmt: skip
    first, second = (opened(tmp_path / name, units=None) for name in ("a.npz", "b.npz"))
    np.testing.assert_allclose(first.positions, second.positions)
    assert list(first.spikes) == ["a"] and list(second.spikes) == ["0", "1"]


@pytest.mark.parametrize(
    "layout, changed, words",
    [
        (trondheim, {"pos_x": None}, "has no pos_x"),
        (two_leds, {"ts": None}, "has no ts"),
        (trondheim, {"pos_y": PATH[:-7, 1:]}, "3000 values of x and 2993 of y"),
        (trondheim, {"pos_timeStamps": TIMES[:-7, None]}, "2993 times"),
        (trondheim, {"t1c1_timeStamps": SPIKES[:, None] + 60}, "of cell t1c1 are outside of the recording"),
        (trondheim, {"pos_x": np.zeros((3000, 1))}, "the position is always the same"),
        (trondheim, {"t1c1_timeStamps": None, "t2c1_timeStamps": None}, "holds no cell"),
        (trondheim, {"pos_timeStamps": TIMES[::-1, None]}, "do not rise"),
        (trondheim, {"pos_x": 1000 * PATH[:, :1]}, "are --units those of the file"),
        (two_leds, {"x2": PATH[:-1, :1]}, "positions of one LED"),
    ],
)
def test_a_broken_recording_gets_one_line_with_its_name(tmp_path, layout, changed, words):
    path = layout(tmp_path, **changed)
    with pytest.raises(InputError, match=words) as told:
        opened(path)
    assert "rat" in str(told.value) and "\n" not in str(told.value)


def test_units_of_length_are_never_guessed(tmp_path):
    with pytest.raises(InputError, match="--units cm or --units m"):
        opened(trondheim(tmp_path), units=None)


def test_one_cell_is_a_recording_and_a_silent_one_too(tmp_path):
    recording = opened(trondheim(tmp_path, t1c1_timeStamps=np.zeros((0, 1)), t2c1_timeStamps=None))
    assert {name: len(at) for name, at in recording.spikes.items()} == {"t1c1": 0}


def test_rate_maps_that_plain_xarray_wrote(tmp_path):
    rates = hexagonal(grid_of(1.0, 0.05), 0.4)[None, :, :16]
    y, x = (np.arange(20) + 0.5) * 5, (np.arange(16) + 0.5) * 5
    data = xr.DataArray(rates, {"y": y, "x": x}, ("unit", "y", "x"), "ratemap")
    data["x"].attrs["units"] = "cm"
    data.to_netcdf(tmp_path / "own.nc")
    maps = opened(tmp_path / "own.nc", units=None)
    assert isinstance(maps, Maps) and maps.rates.shape == (1, 20, 16) and np.isclose(maps.bin_size, 0.05)


def test_bare_maps_need_the_side_of_a_bin(tmp_path):
    np.savetxt(tmp_path / "map.csv", np.eye(8), delimiter=",")
    scipy.io.savemat(tmp_path / "map.mat", {"heat_map": np.eye(8)})
    np.savez(tmp_path / "map.npz", ratemap=np.eye(8), bin_size=3.0, units="cm")
    for name in ("map.csv", "map.mat"):
        with pytest.raises(InputError, match="--bin"):
            opened(tmp_path / name)
        np.testing.assert_array_equal(opened(tmp_path / name, bin_size=0.03).rates[0], np.eye(8))
    assert np.isclose(opened(tmp_path / "map.npz", units=None).bin_size, 0.03)


def test_activity_of_a_network(tmp_path):
    positions = np.random.default_rng(0).uniform(size=(3, 9, 2))
    np.savez(tmp_path / "good.npz", positions=positions, activity=np.ones((3, 9, 4)), units="m")
    np.savez(tmp_path / "bad.npz", positions=positions, activity=np.ones((3, 8, 4)), units="m")
    assert isinstance(opened(tmp_path / "good.npz", units=None), Activity)
    with pytest.raises(InputError, match=r"\(3, 9, 2\) and activity of shape \(3, 8, 4\)"):
        opened(tmp_path / "bad.npz", units=None)


@pytest.mark.parametrize("suffix", [".mat", ".npz", ".nc", ".nwb", ".txt"])
def test_what_is_missing_or_damaged_is_told_in_one_line(tmp_path, suffix):
    if suffix == ".nwb":
        pytest.importorskip("pynwb", reason="NWB files need the optional pynwb")
    path = tmp_path / f"broken{suffix}"
    for content in (None, b"not what it says"):
        if content:
            path.write_bytes(content)
        with pytest.raises(InputError, match="broken") as told:
            opened(path)
        assert "\n" not in str(told.value) and "delete" not in str(told.value)


RECORDING = {"times": TIMES, "positions": PATH, "units": "cm", "spikes_a": SPIKES}
MAPS = {"ratemap": np.eye(8), "bin_size": 3.0, "units": "cm"}


@pytest.mark.parametrize(
    "content, words",
    [
        ({**RECORDING, "times": None}, "neither times"),
        ({**RECORDING, "positions": None}, "neither ratemap nor positions"),
        ({**RECORDING, "units": None}, "--units cm or --units m"),
        ({**RECORDING, "units": "inch"}, "states the unit of length 'inch'"),
        ({**RECORDING, "spikes_a": None}, "holds no cell"),
        ({**RECORDING, "times": TIMES[:-3]}, "2997 times"),
        ({**RECORDING, "spikes_a": SPIKES + 100}, "outside of the recording"),
        ({**RECORDING, "spikes_a": SPIKES * np.nan}, "not all finite"),
        ({**RECORDING, "positions": 0 * PATH + 1}, "always the same"),
        ({**RECORDING, "positions": np.nan * PATH}, "always the same"),
        ({**RECORDING, "spike_times": SPIKES, "spike_cells": np.arange(9)}, "40 values and spike_cells 9"),
        ({**MAPS, "bin_size": None}, "--bin"),
        ({**MAPS, "units": None}, "--units"),
        ({**MAPS, "ratemap": np.ones(8)}, r"of shape \(8,\)"),
        ({**MAPS, "ratemap": np.full((8, 8), np.inf)}, "infinite"),
    ],
)
def test_a_broken_npz_gets_one_line_with_its_name(tmp_path, content, words):
    np.savez(tmp_path / "rat.npz", **{name: value for name, value in content.items() if value is not None})
    with pytest.raises(InputError, match=words) as told:
        opened(tmp_path / "rat.npz", units=None)
    assert "rat" in str(told.value) and "\n" not in str(told.value)


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda data: data.drop_vars("y"), "has no y"),
        (lambda data: data.isel(unit=0), "has no ratemap"),
        (lambda data: data.assign_coords(x=np.arange(8.0) ** 2), "several sides"),
        (lambda data: data.rename(ratemap="rates"), "has no ratemap"),
        (lambda data: data, "--units"),
    ],
)
def test_a_broken_netcdf_gets_one_line_with_its_name(tmp_path, change, words):
    bins = np.arange(8.0)
    data = xr.Dataset({"ratemap": (("unit", "y", "x"), np.ones((1, 8, 8)))}, {"y": bins, "x": bins})
    change(data).to_netcdf(tmp_path / "own.nc")
    with pytest.raises(InputError, match=words) as told:
        opened(tmp_path / "own.nc", units=None)
    assert "own" in str(told.value) and "\n" not in str(told.value)


@pytest.mark.parametrize("suffix", [".mat", ".npz", ".nwb", ".nc", ".csv"])
def test_a_file_that_is_not_there_is_missing(tmp_path, suffix):
    with pytest.raises(InputError, match=f"own{suffix} is missing: check the path"):
        opened(tmp_path / f"own{suffix}")


def test_a_broken_csv_gets_one_line_with_its_name(tmp_path):
    for text, words in (
        ("1,2\n3\n", "table of numbers"),
        ("", "of shape"),
        ("cell,score\n1,0.2\n", "'cell'; expected one"),
    ):
        (tmp_path / "own.csv").write_text(text)
        with pytest.raises(InputError, match=words) as told:
            opened(tmp_path / "own.csv", bin_size=0.03)
        assert "own" in str(told.value) and "\n" not in str(told.value)


def write_nwb(path: Path, series=("head",), spikes=SPIKES, positions=PATH) -> Path:
    """A recording of one cell; spikes: None for a file without a table of units."""
    pynwb = pytest.importorskip("pynwb", reason="NWB files need the optional pynwb")
    content = pynwb.NWBFile("a test", "test", datetime(2005, 1, 1, tzinfo=UTC))
    position = pynwb.behavior.Position(name="Position")
    for name in series:
        made = {"data": positions, "timestamps": TIMES, "unit": "centimeters", "reference_frame": "centre"}
        position.create_spatial_series(name=name, **made)
    content.create_processing_module("behavior", "path").add(position)
    if spikes is not None:
        content.add_unit(spike_times=spikes, id=7)
    with pynwb.NWBHDF5IO(str(path / "rat.nwb"), "w") as file:
        file.write(content)
    return path / "rat.nwb"


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"series": ()}, "no SpatialSeries of two coordinates"),
        ({"spikes": None}, "has no units table"),
        ({"spikes": SPIKES + 100}, "cell 7 are outside of the recording"),
        ({"positions": 0 * PATH + 1}, "always the same"),
    ],
)
def test_a_broken_nwb_file_gets_one_line_with_its_name(tmp_path, changed, words):
    path = write_nwb(tmp_path, **changed)
    with pytest.raises(InputError, match=words) as told:
        opened(path, units=None)
    assert "rat" in str(told.value) and "\n" not in str(told.value)


def test_an_nwb_file(tmp_path):
    write_nwb(tmp_path, series=("head", "tail"))
    recording = opened(tmp_path / "rat.nwb", units=None, series="head")
    np.testing.assert_allclose(recording.positions, PATH / 100)
    np.testing.assert_allclose(recording.spikes["7"], SPIKES)
    with pytest.raises(InputError, match=r"head, tail.*--series"):
        opened(tmp_path / "rat.nwb", units=None)
