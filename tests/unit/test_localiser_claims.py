"""The claims of Cueva & Wei, on localisers of known truth."""

import numpy as np
import pytest
import xarray as xr

from sslgrid.claims import localisers as of
from sslgrid.claims.cueva_wei import CLAIMS, CONDITIONS, REFERENCE
from sslgrid.claims.networks import Network
from sslgrid.claims.verdicts import judge
from sslgrid.datasets.tuning import COLUMNS
from sslgrid.spatial.classes import CLASSES, UnitClass
from sslgrid.spatial.gridness import HEXAGONAL, SQUARE

UNITS = 40


def localiser(condition="cw_proper", seed=0, grids=4, lattice=SQUARE, bands=10, borders=10, **others):
    """The first units are on a lattice, then come bands, then borders; p-values of these are small."""
    kinds = np.zeros(UNITS, int)
    kinds[: grids + bands + borders] = np.repeat(
        [UnitClass.SQUARE, UnitClass.BAND, UnitClass.BORDER], [grids, bands, borders]
    )
    columns = {name: np.zeros(UNITS) for name in COLUMNS} | {
        "live": np.ones(UNITS), "class": kinds, "significant": kinds == UnitClass.SQUARE,
        "lattice": np.where(kinds == UnitClass.SQUARE, lattice, 0), "spatial_information": np.ones(UNITS),
        "p_band": np.where(kinds == UnitClass.BAND, others.get("p", 1e-3), 0.5),
        "p_border": np.where(kinds == UnitClass.BORDER, others.get("p", 1e-3), 0.5),
    }  # fmt: skip
    border = kinds == UnitClass.BORDER
    speed = np.linspace(0, 0.2, 9)
    slopes = np.where(border, 0.0, others.get("slope", 1.0))
    localisation = {
        "error": (("walk", "step"), np.full((3, 5), others.get("error", 0.1))), "constant_error": 0.6,
        "long_error": (("window", "long_walk"), np.full((4, 2), 0.12)), "long_constant": 0.6,
        "long_error_inside": (("window", "long_walk"), np.full((4, 2), 0.3)), "long_constant_inside": 0.4,
        "speed_tuning": (("unit", "speed"), 0.2 + slopes[:, None] * speed), "speed": speed,
        "explained_by_speed": ("unit", np.where(border, 0.001, 0.1)),
        "explained_by_heading": ("unit", np.linspace(0, 0.5, UNITS)),
        "explained_by_place": ("unit", np.linspace(0.9, 0.1, UNITS)),
    }  # fmt: skip
    share = np.zeros((5, len(CLASSES)))
    share[1:, UnitClass.BORDER], share[2:, UnitClass.BAND], share[3:, UnitClass.SQUARE] = 0.25, 0.25, 0.1
    results = {
        "training": xr.Dataset(attrs={"outcome": "finished"}),
        "tuning": xr.Dataset({name: ("unit", values) for name, values in columns.items()}),
        "modules": xr.Dataset({"units": ("module", [grids] * others.get("modules", 1))}),
        "localisation": xr.Dataset(localisation),
        "development": xr.Dataset({"share": (("step", "class_number"), share)}, {"step": np.arange(5) * 100}),
    }
    return Network(condition, seed, results)


def verdicts(**changed):
    networks = {
        "cw_proper": [localiser(seed=seed, **changed) for seed in range(2)],
        "cw_noisy": [localiser("cw_noisy", seed) for seed in range(2)],
        "cw_triangle": [localiser("cw_triangle", seed, lattice=HEXAGONAL) for seed in range(2)],
        "cw_hexagon": [localiser("cw_hexagon", seed, lattice=HEXAGONAL) for seed in range(2)],
        "cw_plain": [localiser("cw_plain", seed, grids=0, bands=0, borders=30) for seed in range(2)],
    }
    rng = np.random.default_rng(0)
    return {claim.id: judge(claim, networks, rng, REFERENCE).verdict.value for claim in CLAIMS}


def test_all_hold_where_all_is_as_claimed():
    assert set(verdicts().values()) == {"holds"}
    assert len({claim.id for claim in CLAIMS}) == len(CLAIMS)
    assert {claim.condition for claim in CLAIMS} == set(CONDITIONS)


@pytest.mark.parametrize(
    "changed, fails",
    [
        ({"grids": 0}, {"cw_proper.grid_units", "cw.regularisation"}),
        ({"lattice": HEXAGONAL}, {"cw.square_lattices"}),
        ({"p": 0.3}, {"cw_proper.band_units", "cw_proper.border_units"}),
        ({"error": 0.5}, {"cw.localises"}),
        ({"modules": 2}, {"cw.one_scale"}),
    ],
)
def test_each_fails_where_it_is_not(changed, fails):
    assert {claim for claim, verdict in verdicts(**changed).items() if verdict == "fails"} == fails


def test_what_cannot_be_measured_is_not_tested():
    without = verdicts(borders=0, slope=0.0)
    untested = {claim for claim, verdict in without.items() if verdict == "not tested"}
    assert {"cw.border_speed", "cw.linear_speed"} <= untested


def test_speed_that_bends_is_not_linear():
    network = localiser()
    assert of.linear_in_speed(network) == 1
    curves = network.results["localisation"]["speed_tuning"]
    network.results["localisation"]["speed_tuning"] = curves.copy(
        data=np.broadcast_to([0, 0, 0, 0, 0, 0, 0, 0, 1.0], curves.shape)
    )
    assert of.linear_in_speed(network) == 0
