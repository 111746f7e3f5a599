"""What is on disk: whole files, equal bytes, CF attributes, and provenance that tells the truth."""

import errno
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
import xarray as xr

from examples import ARENA, MODEL
from sslgrid.calibration.measures import Group, calibrate
from sslgrid.commands.measure_tuning import measure
from sslgrid.datasets import netcdf
from sslgrid.datasets.calibration import write_calibration
from sslgrid.datasets.coding import COORDINATES, write_coding
from sslgrid.datasets.coding import VARIABLES as CODING
from sslgrid.datasets.emergence import COLUMNS as EMERGENCE
from sslgrid.datasets.emergence import SUMMARY, read_emergence, write_emergence
from sslgrid.datasets.generalisation import VARIABLES, read_generalisation, write_generalisation
from sslgrid.datasets.geometry import MEASURES, read_geometry, write_geometry
from sslgrid.datasets.modules import MODULES, PAIRS, write_modules
from sslgrid.datasets.ratemaps import read_ratemaps, write_ratemaps
from sslgrid.datasets.training import write_training
from sslgrid.datasets.tuning import read_tuning, write_tuning
from sslgrid.datasets.walks import read_walks, write_walks
from sslgrid.errors import InputError
from sslgrid.networks import load_network
from sslgrid.sic.columns import SIC_COLUMNS
from sslgrid.sic.step import start
from sslgrid.spatial.ratemap import accumulate
from sslgrid.store import files
from sslgrid.store.files import HOST, remove_partial_files, whole_file
from sslgrid.store.provenance import SOURCE, code_files, code_hash
from sslgrid.training.weights import save_network
from sslgrid.walks.walks import Walks

FACTS = {"code_hash": "0123", "seed": "0"}
UDUNITS = {"1", "m", "m-1", "m-2", "s", "degree", "radian", "bit"}  # those that the project has a use for
STAGES = sorted(
    [f"sslgrid.commands.{path.stem}" for path in (SOURCE / "commands").glob("*.py") if path.stem != "__init__"]
    + [
        f"sslgrid.figures.{path.stem}"
        for path in (SOURCE / "figures").glob("*.py")
        if path.stem not in ("__init__", "style")
    ]
)


def example_maps():
    rng = np.random.default_rng(0)
    visits = ((rng.uniform(-1, 1, (500, 2)), rng.uniform(size=(500, 6))) for _ in range(5))
    return accumulate(ARENA, visits)


@cache
def example_calibration():
    return calibrate([Group(2.0, 0.98, 0.0, 1, draws=3)], replace(ARENA, motion="rat"), np.random.default_rng(0))


def example_geometry():
    sizes = dict.fromkeys(("module", "axis"), 2) | dict.fromkeys(("wave", "dimension", "embedding_axis"), 3)
    sizes |= {"unit": 6, "ky": 5, "kx": 5, "state": 20, "component": 6, "bar": 9, "draw": 4}
    measures = {name: np.ones([sizes[dim] for dim in dims.split()]) for name, (dims, *_) in MEASURES.items()}
    return measures | {"lattice": np.ones(2, np.int8)}


def example_generalisation(modules=2):
    """Arenas, edges of windows, radii and distances, and a number for every value."""
    sizes = {
        "arena": 3,
        "unit": 6,
        "module": modules,
        "window": 4,
        "trajectory": 5,
        "axis": 2,
        "radius": 7,
        "distance": 8,
    }
    values = {name: np.ones([sizes[dim] for dim in dims.split()]) for name, (dims, _, _) in VARIABLES.items()}
    return ["box2m", "box3m", "tanni"], np.arange(1, 6), np.arange(8.0), np.linspace(0, 1, 9), values


def write_all(folder):
    maps = example_maps()
    write_ratemaps(folder / "ratemaps.nc", maps, FACTS)
    write_tuning(folder / "tuning.nc", measure(maps, np.random.default_rng(0), draws=3), FACTS)
    rng = np.random.default_rng(0)
    write_walks(folder / "walks.nc", Walks(rng.normal(size=(3, 5, 2)), rng.normal(size=(3, 5))), FACTS)
    write_training(folder / "training.nc", np.arange(4), np.ones((4, len(SIC_COLUMNS))), SIC_COLUMNS, FACTS)
    write_geometry(
        folder / "geometry.nc", np.ones(6, bool), example_geometry(), np.linspace(-2, 2, 5), "measured", FACTS
    )
    write_geometry(folder / "no_geometry.nc", np.zeros(6, bool), {}, np.empty(0), "n/a: no module", FACTS)
    modules = {name: np.ones(2, np.int8 if name == "kind" else float) for name in MODULES}
    write_modules(folder / "modules.nc", modules, [dict.fromkeys(PAIRS, 1)], FACTS)
    write_modules(folder / "no_modules.nc", {name: values[:0] for name, values in modules.items()}, [], FACTS)
    coordinates = {name: np.arange(3.0) for name in COORDINATES}
    coding = {name: np.ones([3] * len(dims.split())) for name, (dims, _, _) in CODING.items()}
    write_coding(folder / "coding.nc", coding, coordinates, FACTS)
    write_generalisation(folder / "generalisation.nc", *example_generalisation(), FACTS)
    write_calibration(folder / "calibration.nc", example_calibration(), np.array([0.98]), np.ones(1), FACTS)
    columns = {name: np.zeros((2, 6), np.int8) for name in EMERGENCE}
    write_emergence(
        folder / "emergence.nc", np.arange(2), {name: np.ones(2) for name in SUMMARY}, columns, [maps] * 2, FACTS
    )
    return sorted(folder.glob("*.nc"))


def test_equal_content_gives_equal_bytes(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    for one, other in zip(write_all(tmp_path / "a"), write_all(tmp_path / "b"), strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_files_follow_cf(tmp_path):
    """CF-1.11: units and a long name on every variable, no missing values in coordinates, x and y last and marked."""
    for path in write_all(tmp_path):
        with xr.open_dataset(path) as data:
            assert data.attrs["Conventions"] == "CF-1.11" and data.attrs["title"]
            assert data.attrs["code_hash"] == "0123"
            for name, variable in data.variables.items():
                assert {"units", "long_name"} <= variable.attrs.keys(), f"{path.name}: {name}"
                assert variable.attrs["units"] in UDUNITS, f"{path.name}: {name} is in {variable.attrs['units']}"
                assert re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name)
                if "flag_values" in variable.attrs:
                    values, meanings = variable.attrs["flag_values"], variable.attrs["flag_meanings"].split()
                    assert variable.dtype == values.dtype and len(values) == len(meanings), f"{path.name}: {name}"
            for name, coordinate in data.coords.items():
                assert "_FillValue" not in coordinate.encoding or coordinate.encoding["_FillValue"] is None, name
                assert np.isfinite(coordinate).all()
            if "ratemap" in data:
                assert data["ratemap"].dims[-3:] == ("unit", "y", "x") and data["ratemap"].dtype == np.float32
                assert data["x"].attrs["axis"] == "X" and data["y"].attrs["axis"] == "Y"


def test_what_is_written_is_read(tmp_path):
    write_all(tmp_path)
    maps, made_by = read_ratemaps(tmp_path / "ratemaps.nc")
    assert made_by["code_hash"] == "0123"
    np.testing.assert_array_equal(maps.rates, example_maps().rates)
    np.testing.assert_array_equal(maps.centres, example_maps().centres)
    np.testing.assert_array_equal(maps.stability, example_maps().stability)
    assert read_walks(tmp_path / "walks.nc").positions.shape == (3, 5, 2)
    assert read_tuning(tmp_path / "tuning.nc")["module"].shape == (6,)
    emergence = read_emergence(tmp_path / "emergence.nc")
    np.testing.assert_array_equal(emergence["ratemap"].isel(step=1), example_maps().rates)
    assert (emergence["hexagonal_modules"] == 1).all()
    assert set(MEASURES) < set(read_geometry(tmp_path / "geometry.nc").data_vars)
    assert read_geometry(tmp_path / "no_geometry.nc").attrs["torus"] == "n/a: no module"
    assert read_generalisation(tmp_path / "generalisation.nc")["displacement"].dims[0] == "module"


def test_a_network_without_modules_is_written_and_read(tmp_path):
    write_generalisation(tmp_path / "g.nc", *example_generalisation(modules=0), FACTS)
    found = read_generalisation(tmp_path / "g.nc")
    assert found["drift"].shape == (0, 4) and found["module"].size == 0
    assert (found["pair_error"] == 1).all()


def test_bad_netcdf_is_named(tmp_path):
    write_all(tmp_path)
    path = tmp_path / "ratemaps.nc"
    with pytest.raises(InputError, match=r"missing\.nc is missing: delete"):
        netcdf.read(tmp_path / "missing.nc")
    with pytest.raises(InputError, match=f"{path.name} has no gridness60"):
        netcdf.read(path, "gridness60")
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(InputError, match=f"{path.name} cannot be read"):
        netcdf.read(path)


def test_a_failed_write_leaves_what_was_there(tmp_path):
    path = tmp_path / "file.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError), whole_file(path) as temporary:
        temporary.write_text("half of the n")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_called_so_whatever_the_library_says(tmp_path, monkeypatch):
    """NetCDF says "Permission denied" or "HDF error"; with room on the disk an error stays what it is."""

    def fail():
        with whole_file(tmp_path / "a.nc") as temporary:
            temporary.write_text("half")
            raise PermissionError("Permission denied")

    def no_room(dir):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(PermissionError):
        fail()
    monkeypatch.setattr(files.tempfile, "TemporaryFile", no_room)
    with pytest.raises(OSError, match=r"No space left on device: .*a\.nc"):
        fail()
    assert not list(tmp_path.iterdir())


def test_partial_files_of_the_dead_are_removed(tmp_path):
    dead = subprocess.Popen(["true"])
    dead.wait()
    (tmp_path / "deep").mkdir()
    left = tmp_path / "deep" / f".partial-{HOST}-{dead.pid}-a.nc"
    living = tmp_path / f".partial-{HOST}-{os.getpid()}-b.nc"
    elsewhere, abandoned = (tmp_path / f".partial-another_host-{dead.pid}-{name}.nc" for name in "cd")
    for path in (left, living, elsewhere, abandoned):
        path.touch()
    os.utime(abandoned, (0, 0))
    remove_partial_files(tmp_path)
    assert not left.exists() and living.exists()
    assert elsewhere.exists() and not abandoned.exists(), "whether another host's process lives cannot be seen"


def test_networks_come_back_and_bad_ones_are_named(tmp_path):
    path = tmp_path / "w.safetensors"
    network = start(MODEL, 0).network
    save_network(path, network, {"network": "velocity_rnn", "config": MODEL.to_json(), "seed": "0"})
    first = path.read_bytes()
    loaded, header = load_network(path)
    assert header["seed"] == "0"
    assert all(torch.equal(a, b) for a, b in zip(network.parameters(), loaded.parameters(), strict=True))
    save_network(path, network, {"seed": "0", "config": MODEL.to_json(), "network": "velocity_rnn"})
    assert path.read_bytes() == first
    other = json.loads(MODEL.to_json())
    other["network"]["units"] = 9
    save_network(path, network, {"network": "velocity_rnn", "config": json.dumps(other)})
    with pytest.raises(InputError, match="does not fit the config in its own header"):
        load_network(path)
    path.write_bytes(first[:100])
    with pytest.raises(InputError, match="is not a network of sslgrid"):
        load_network(path)


LAZY = {  # what a stage imports only where it is used
    "sslgrid.commands.train": ["sslgrid.sic.captured"],
    "sslgrid.commands.benchmark": ["sslgrid.sic.captured"],
    "sslgrid.commands.check_engine": ["sslgrid.sic.captured"],
    "sslgrid.commands.estimate_cost": ["sslgrid.sic.captured"],
    "sslgrid.commands.estimate_localisers": ["sslgrid.sic.captured"],
    "sslgrid.commands.state_size": ["sslgrid.sic.captured"],
}


IMPORT_EACH = """
import importlib, json, os, sys
import netCDF4, numba, pandas, pytorch_optimizer, ratinabox, ripser, scipy.stats, seaborn, torch, xarray  # slow ones
import sklearn.decomposition, sklearn.manifold, sklearn.metrics, sklearn.neighbors

stages = json.load(sys.stdin)
assert not any(name.split(".")[0] == "sslgrid" for name in sys.modules)
for stage, modules in stages.items():
    if not os.fork():
        for module in modules:
            importlib.import_module(module)
        of_sslgrid = [m.__file__ for name, m in sys.modules.items() if name.split(".")[0] == "sslgrid"]
        print(json.dumps([stage, of_sslgrid]), flush=True)
        os._exit(0)
    os.wait()
"""


@pytest.fixture(scope="module")
def imported() -> dict[str, set[Path]]:
    """The files of sslgrid that Python loads for each stage, each in a process that has none of them yet."""
    stages = json.dumps({stage: [stage, *LAZY.get(stage, [])] for stage in STAGES})
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_EACH], input=stages, stdout=subprocess.PIPE, text=True, check=True
    )
    return {
        stage: {Path(file).resolve() for file in files} for stage, files in map(json.loads, done.stdout.splitlines())
    }


@pytest.mark.parametrize("stage", STAGES)
def test_declared_code_is_what_python_imports(stage, imported):
    """The import closure read from the source against what Python really loads."""
    assert imported[stage] == set(code_files(stage))


def test_training_does_not_depend_on_analysis_or_plots():
    code = {path.relative_to(SOURCE).parts[0] for path in code_files("sslgrid.commands.train")}
    analysis = {"spatial", "modules", "walks", "geometry", "coding", "emergence", "claims", "figures"}
    assert all((SOURCE / room).is_dir() for room in analysis)
    assert not code & analysis
    assert code_hash("sslgrid.commands.train") != code_hash("sslgrid.commands.map_rates")


def test_bad_input_ends_a_command_in_one_line(tmp_path):
    command = [
        sys.executable,
        "-m",
        "sslgrid.commands.measure_tuning",
        "--ratemaps",
        tmp_path / "no.nc",
        "--tuning",
        "t.nc",
        "--draws=3",
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("sslgrid: ") and done.stderr.count("\n") == 1
    assert "no.nc is missing" in done.stderr


def flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_no_wrong_bit_goes_unnoticed(tmp_path):
    """Formats notice a lost part, but few wrong bits: 300 of them, anywhere in a NetCDF file and in a network."""
    values = {"rate": netcdf.variable("unit", np.arange(6.0), "1", "rate")}
    netcdf.write(tmp_path / "a.nc", "rates", values, {}, FACTS)
    save_network(
        tmp_path / "a.safetensors", start(MODEL, 0).network, {"config": MODEL.to_json(), "network": "velocity_rnn"}
    )
    rng = np.random.default_rng(0)
    for name, read in (("a.nc", lambda path: netcdf.read(path, "rate")), ("a.safetensors", load_network)):
        content = (tmp_path / name).read_bytes()
        read(tmp_path / name)
        damaged = tmp_path / f"b{(tmp_path / name).suffix}"
        for bit in rng.integers(8 * len(content), size=150):
            damaged.write_bytes(flipped(content, int(bit)))
            with pytest.raises(InputError, match=re.escape(str(damaged))):
                read(damaged)
        for length in (0, 10, len(content) // 2, len(content) - 1):
            damaged.write_bytes(content[:length])
            with pytest.raises(InputError, match=re.escape(str(damaged))):
                read(damaged)
