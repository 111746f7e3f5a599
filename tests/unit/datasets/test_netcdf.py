"""What stages hand each other: equal bytes for equal content, CF attributes, and what is written is read."""

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import xarray as xr

from examples import ARENA
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
from sslgrid.sic.columns import SIC_COLUMNS
from sslgrid.spatial.ratemap import accumulate
from sslgrid.walks.walks import Walks

FACTS = {"code_hash": "0123", "seed": "0"}

UDUNITS = {"1", "m", "m-1", "m-2", "s", "degree", "radian", "bit"}  # those that the project has a use for


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
