"""What stages hand each other: equal bytes for equal content, CF attributes, and what is written is read."""

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import xarray as xr

from examples import ARENA
from sslgrid.basics.errors import InputError
from sslgrid.calibration.measures import Group, calibrate
from sslgrid.datasets import netcdf
from sslgrid.datasets.calibration import CALIBRATION
from sslgrid.datasets.coding import CODING
from sslgrid.datasets.decoding import DECODING
from sslgrid.datasets.development import DEVELOPMENT
from sslgrid.datasets.emergence import EMERGENCE, read_emergence
from sslgrid.datasets.generalisation import GENERALISATION, read_generalisation
from sslgrid.datasets.geometry import GEOMETRY, read_geometry
from sslgrid.datasets.localisation import LOCALISATION
from sslgrid.datasets.modules import MODULES, PAIRS, read_modules
from sslgrid.datasets.ratemaps import read_ratemaps, write_ratemaps
from sslgrid.datasets.tuning import TUNING, read_tuning
from sslgrid.datasets.walks import read_walks, write_walks
from sslgrid.modules.tuning import measure_tuning
from sslgrid.sic.columns import SIC_COLUMNS
from sslgrid.spatial.ratemap import accumulate
from sslgrid.walks.walks import Walks
from written import filled, generalisation_of, write_modules, write_training

FACTS = {"code_hash": "0123", "seed": "0"}

UDUNITS = {"1", "m", "m-1", "m-2", "s", "degree", "radian", "bit"}  # those that the project has a use for


def example_maps():
    rng = np.random.default_rng(0)
    visits = ((rng.uniform(-1, 1, (500, 2)), rng.uniform(size=(500, 6))) for _ in range(5))
    return accumulate(ARENA, visits)


@cache
def example_calibration():
    columns = calibrate([Group(2.0, 0.98, 0.0, 1, draws=3)], replace(ARENA, motion="rat"), np.random.default_rng(0))
    return CALIBRATION.dataset({**columns, "balanced_accuracy": np.ones(1)}, {"level": np.array([0.98])})


def example_geometry():
    sizes = dict.fromkeys(("module", "axis"), 2) | dict.fromkeys(("wave", "dimension", "embedding_axis"), 3)
    sizes |= {"unit": 6, "ky": 5, "kx": 5, "state": 20, "component": 6, "bar": 9, "draw": 4}
    wave_numbers = np.linspace(-2, 2, 5)
    return GEOMETRY.dataset(filled(GEOMETRY, sizes), {"kx": wave_numbers, "ky": wave_numbers}, torus="measured")


def example_generalisation(modules=2):
    """A number for every value."""
    sizes = {
        "arena": 3, "unit": 6, "module": modules, "window": 4, "trajectory": 5, "axis": 2, "radius": 7, "distance": 8,
    }  # fmt: skip
    return generalisation_of(filled(GENERALISATION, sizes), ["box2m", "box3m", "tanni"])


def write_all(folder):
    maps = example_maps()
    write_ratemaps(folder / "ratemaps.nc", maps, FACTS)
    TUNING.write(folder / "tuning.nc", measure_tuning(maps, np.random.default_rng(0), draws=3), FACTS)
    rng = np.random.default_rng(0)
    write_walks(folder / "walks.nc", Walks(rng.normal(size=(3, 5, 2)), rng.normal(size=(3, 5))), FACTS)
    write_training(folder / "training.nc", np.arange(4), np.ones((4, len(SIC_COLUMNS))), SIC_COLUMNS, FACTS)
    GEOMETRY.write(folder / "geometry.nc", example_geometry(), FACTS)
    without = GEOMETRY.dataset({"member": np.zeros(6, np.int8)}, torus="n/a: no module")
    GEOMETRY.write(folder / "no_geometry.nc", without, FACTS)
    modules = {name: np.ones(2, np.int8 if name == "kind" else float) for name in MODULES}
    write_modules(folder / "modules.nc", modules, [dict.fromkeys(PAIRS, 1)], FACTS)
    write_modules(folder / "no_modules.nc", {name: values[:0] for name, values in modules.items()}, [], FACTS)
    GENERALISATION.write(folder / "generalisation.nc", example_generalisation(), FACTS)
    CALIBRATION.write(folder / "calibration.nc", example_calibration(), FACTS)
    for schema in (CODING, DECODING, DEVELOPMENT, LOCALISATION):
        sizes = {dim: 2 if dim == "axis" else 7 if dim == "class_number" else 3 for dim in schema.coordinates}
        axes = {"class_number": np.arange(7, dtype=np.int8)} if "class_number" in sizes else {}
        schema.write(folder / f"{schema.kind}.nc", schema.dataset(filled(schema, sizes), axes), FACTS)
    rates = {"ratemap": np.stack([maps.rates] * 2)}
    sizes = {"step": 2, "unit": 6, "y": len(maps.centres), "x": len(maps.centres)}
    axes = {"y": maps.centres, "x": maps.centres}
    EMERGENCE.write(folder / "emergence.nc", EMERGENCE.dataset(filled(EMERGENCE, sizes) | rates, axes), FACTS)
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
    assert set(GEOMETRY.words) == set(read_geometry(tmp_path / "geometry.nc").data_vars)
    assert read_geometry(tmp_path / "no_geometry.nc").attrs["torus"] == "n/a: no module"
    assert read_generalisation(tmp_path / "generalisation.nc")["displacement"].dims[0] == "module"


def test_a_network_without_modules_is_written_and_read(tmp_path):
    GENERALISATION.write(tmp_path / "g.nc", example_generalisation(modules=0), FACTS)
    found = read_generalisation(tmp_path / "g.nc")
    assert found["drift"].shape == (0, 4) and found["module"].size == 0
    assert (found["pair_error"] == 1).all()


def test_bad_netcdf_is_named(tmp_path):
    write_all(tmp_path)
    path = tmp_path / "ratemaps.nc"
    with pytest.raises(InputError, match=r"missing\.nc is missing: let"):
        netcdf.read(tmp_path / "missing.nc")
    with pytest.raises(InputError, match=f"{path.name} has no gridness60"):
        netcdf.read(path, "gridness60")
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(InputError, match=f"{path.name} cannot be read"):
        netcdf.read(path)


def test_a_schema_says_what_is_missing_and_what_is_not_its_own():
    values = filled(DECODING, {"visit": 3})
    with pytest.raises(ValueError, match=r"decoding: \['speed'\] are not in the schema, \['side'\] are missing"):
        DECODING.dataset({name: each for name, each in values.items() if name != "side"} | {"speed": 1.0})


def test_files_of_another_kind_or_a_newer_version_are_refused(tmp_path):
    path, newer = tmp_path / "a.nc", replace(DECODING, version=DECODING.version + 1)
    DECODING.write(path, DECODING.dataset(filled(DECODING, {"visit": 3})), FACTS)
    with pytest.raises(InputError, match=r"a\.nc is a file of decoding; expected one of modules"):
        read_modules(path)
    newer.write(path, DECODING.dataset(filled(DECODING, {"visit": 3})), FACTS)
    with pytest.raises(InputError, match=r"a\.nc is of version 2 of its kind; this sslgrid knows 1: use a newer"):
        DECODING.read(path)
    older = newer.dataset(filled(DECODING, {"visit": 3}))
    netcdf.write(path, older.assign_attrs(title="as files were before there were versions"))
    assert newer.read(path).sizes["visit"] == 3
