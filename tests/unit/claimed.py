"""Networks of known truth for the claims, as the result files would describe them."""

from dataclasses import replace

import numpy as np
import xarray as xr

from examples import ARENA
from sslgrid.claims.networks import NetworkResults
from sslgrid.datasets.modules import MODULES, PAIRS
from sslgrid.datasets.tuning import COLUMNS
from sslgrid.spatial.classes import UnitClass
from sslgrid.spatial.gridness import HEXAGONAL

ARENAS = {
    "box2m": ARENA, "box3m": replace(ARENA, motion="rat"), "box4m": replace(ARENA, motion="rat"),
    "box3m_iid": replace(ARENA, motion="iid"), "sargolini": replace(ARENA, motion="sargolini"),
}  # fmt: skip
NAN = np.nan


def tuning_of(modules, live=60, information=0.8, significant=1.0, fields=7, ellipticity=1.0):
    """modules: number of units of each; the other live units are in none."""
    module = np.full(64, -1)
    module[: sum(modules)] = np.repeat(np.arange(len(modules)), modules)
    columns = {name: np.zeros(64) for name in COLUMNS} | {
        "live": (np.arange(64) < live).astype(int), "spatial_information": np.full(64, information), "module": module,
        "significant": (np.arange(64) < significant * live).astype(int),
        "class": np.where(module >= 0, UnitClass.HEXAGONAL, UnitClass.NONE), "ellipticity": np.full(64, ellipticity),
    }  # fmt: skip
    return columns, xr.Dataset(
        {name: ("unit", values) for name, values in (columns | {"fields": np.full(64, fields)}).items()}
    )


def modules_of(units, spacing=(0.7, 1.21), kind=HEXAGONAL, p=1e-4, mismatch=0.002):
    spacing = np.array(spacing[: len(units)])
    kind = np.full(len(units), kind)
    table = {name: np.ones(len(units)) for name in MODULES} | {
        "units": np.array(units, int), "kind": kind, "spacing": spacing, "gridness60": np.full(len(units), 1.2),
        "gridness90": np.full(len(units), 0.6),
        "ratio_to_next": np.append(spacing[1:] / spacing[:-1], NAN)[: len(units)],
    }  # fmt: skip
    pairs = [
        dict.fromkeys(PAIRS, 1.0) | {"fine": fine, "coarse": coarse, "p_value": p, "mismatch": mismatch}
        for coarse in range(len(units)) for fine in range(coarse)
    ]  # fmt: skip
    return table, pairs


def as_dataset(table, pairs):
    columns = {name: ("pair", [pair[name] for pair in pairs]) for name in PAIRS}
    return xr.Dataset({name: ("module", values) for name, values in table.items()} | columns)


def generalisation_of(modules=2, correlation=0.97, late_drift=0.1):
    windows = np.array([10.0, 100.0, 300.0, 3000.0])
    drift = np.array([0.01, 0.02, 0.1, late_drift]) * np.ones((modules, 1))
    return xr.Dataset(
        {
            "correlation": (("arena", "module"), np.tile(np.c_[[1, *[correlation] * 4]], modules)),
            "drift": (("module", "window"), drift), "mean_distance": ("radius", [0.2, 0.9, 0.8]), "training_steps": 60,
        },
        {
            "arena": ("arena", range(5), {"flag_meanings": " ".join(ARENAS)}), "window": windows,
            "radius": [0.1, 0.4, 3.4],
        },
    )  # fmt: skip


def coding_of(reach=1.0, alike=0.4):
    return xr.Dataset(
        {"effective_range": reach, "alike": alike, "least_distance": ("range", [0.1, 0.9, 0.8, NAN])},
        {"range": [0.1, 1.0, 5.0, 6.0]},
    )


def geometry_of(modules):
    return xr.Dataset(
        {
            "p_clumped": ("module", np.full(modules, 0.9)), "closure_error": ("module", np.full(modules, 0.01)),
            "is_torus": 1,
        }
    )  # fmt: skip


def network_of(condition, seed, modules=(28, 26), *, tuning=None, table=None, **results):
    """A network that is what the paper says, unless told otherwise; but its modules are commensurate."""
    made = {
        "training": xr.Dataset(attrs={"outcome": "finished"}), "tuning": tuning_of(modules, **(tuning or {}))[1],
        "modules": as_dataset(*modules_of(modules, **(table or {}))), "coding": coding_of(),
        "generalisation": generalisation_of(len(modules)), "geometry": geometry_of(len(modules)),
    }  # fmt: skip
    return NetworkResults(condition, seed, made | results, ARENAS)
