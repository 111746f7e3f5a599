"""The claims of Cueva & Wei, on localisers of known truth."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
import yaml

from sslgrid.claims import cw_paper
from sslgrid.claims import localisers as of
from sslgrid.claims.cueva_wei import CLAIMS, CONDITIONS, REFERENCE
from sslgrid.claims.fields import has_more_than_mixtures
from sslgrid.claims.networks import NetworkResults
from sslgrid.claims.verdicts import judge
from sslgrid.datasets.tuning import COLUMNS
from sslgrid.spatial.classes import CLASSES, UnitClass
from sslgrid.spatial.gridness import HEXAGONAL as ON_HEXAGONAL
from sslgrid.spatial.gridness import SQUARE as ON_SQUARE

ROOT = Path(__file__).parents[3]
UNITS = 40


def localiser(condition="cw_proper", seed=0, **changed):
    """The first units are on a lattice, then come bands, then borders. changed: of what it is like, by these names."""
    is_like = {
        "grids": 4, "bands": 10, "borders": 10, "by60": 0.2, "by90": 0.8, "live": 1, "modules": 1, "error": 0.1,
        "late": 0.12, "inside": 0.3, "bend": 1, "speed_at_borders": 0.001, "place": (0.9, 0.1), "onsets": (1, 2, 3),
        "usual": ON_SQUARE, "mixed": 0,
    } | changed  # fmt: skip
    counts = [is_like[name] for name in ("grids", "bands", "borders")]
    kinds = np.zeros(UNITS, int)
    kinds[: sum(counts)] = np.repeat([UnitClass.SQUARE, UnitClass.BAND, UnitClass.BORDER], counts)
    columns = {name: np.zeros(UNITS) for name in COLUMNS} | {
        "live": np.full(UNITS, is_like["live"]), "class": kinds, "spatial_information": np.ones(UNITS),
        "gridness60": np.full(UNITS, is_like["by60"]), "gridness90": np.full(UNITS, is_like["by90"]),
    }  # fmt: skip
    speed, border = np.linspace(0, 0.2, 9), kinds == UnitClass.BORDER
    localisation = {
        "error": (("walk", "step"), np.full((3, 5), is_like["error"])), "constant_error": 0.6,
        "long_error": (("window", "long_walk"), np.full((4, 2), is_like["late"])), "long_constant": 0.6,
        "long_error_inside": (("window", "long_walk"), np.full((4, 2), is_like["inside"])),
        "speed_tuning": (("unit", "speed"), np.tile(speed ** is_like["bend"], (UNITS, 1))), "speed": speed,
        "explained_by_speed": ("unit", np.where(border, is_like["speed_at_borders"], 0.1)),
        "explained_by_heading": ("unit", np.linspace(0, 0.5, UNITS)),
        "explained_by_place": ("unit", np.linspace(*is_like["place"], UNITS)),
    }  # fmt: skip
    share = np.zeros((5, len(CLASSES)))
    for kind, first in zip((UnitClass.BORDER, UnitClass.BAND, UnitClass.SQUARE), is_like["onsets"], strict=True):
        share[first:, kind] = 0.1
    spectra = {
        "judged": ("unit", np.ones(UNITS)), "lattice": ("unit", np.where(np.arange(UNITS) < 4, is_like["usual"], 0)),
        "mixture_lattices": ("mixture", np.full(39, float(is_like["mixed"]))),
    }  # fmt: skip
    results = {
        "training": xr.Dataset(attrs={"outcome": "finished"}),
        "tuning": xr.Dataset({name: ("unit", values) for name, values in columns.items()}),
        "modules": xr.Dataset({"units": ("module", [4] * is_like["modules"])}),
        "localisation": xr.Dataset(localisation),
        "development": xr.Dataset({"share": (("step", "class_number"), share)}, {"step": np.arange(5) * 100}),
        "spectra": xr.Dataset(spectra),
    }
    return NetworkResults(condition, seed, results)


HEXAGONAL = {"by60": 0.8, "by90": 0.2, "usual": ON_HEXAGONAL}
BY_STRICT_TEST = {"by60": 0.8, "by90": 0.2}
AS_CLAIMED = {
    "cw_proper": {}, "cw_noisy": {}, "cw_triangle": HEXAGONAL, "cw_hexagon": HEXAGONAL,
    "cw_plain": {"grids": 0, "bands": 0, "borders": 30},
}  # fmt: skip


def verdicts(condition="cw_proper", **changed):
    """Of every claim, where networks of one condition are other than claimed."""
    like = AS_CLAIMED | {condition: AS_CLAIMED[condition] | changed}
    networks = {name: [localiser(name, seed, **like[name]) for seed in range(2)] for name in like}
    rng = np.random.default_rng(0)
    return {claim.id: judge(claim, networks, rng, REFERENCE).verdict.value for claim in CLAIMS}


def not_holding(condition="cw_proper", **changed):
    return {claim: verdict for claim, verdict in verdicts(condition, **changed).items() if verdict != "holds"}


def test_all_hold_where_all_is_as_claimed():
    assert not_holding() == {}
    assert len({claim.id for claim in CLAIMS}) == len(CLAIMS)
    assert {claim.condition for claim in CLAIMS} == set(CONDITIONS)


@pytest.mark.parametrize(
    "claim, condition, changed",
    [
        ("cw.localises", "cw_proper", {"error": 0.5}),
        ("cw.walls_correct", "cw_proper", {"inside": 0.12}),
        ("cw.square_lattices", "cw_proper", BY_STRICT_TEST),
        ("cw_proper.usual_square_lattices", "cw_proper", {"usual": ON_HEXAGONAL}),
        ("cw_proper.usual_grid_units", "cw_proper", {"mixed": 4}),
        ("cw.one_scale", "cw_proper", {"modules": 2}),
        ("cw.border_speed", "cw_proper", {"speed_at_borders": 0.1}),
        ("cw.linear_speed", "cw_proper", {"bend": 6}),
        ("cw.direction_against_place", "cw_proper", {"place": (0.1, 0.9)}),
        ("cw_proper.border_units", "cw_proper", {"borders": 0}),
        ("cw_noisy.band_units", "cw_noisy", {"bands": 0}),
        ("cw_noisy.grid_units", "cw_noisy", {"grids": 0}),
        ("cw_triangle.hexagonal_lattices", "cw_triangle", {"by60": 0.2, "by90": 0.8}),
        ("cw_hexagon.usual_hexagonal_lattices", "cw_hexagon", {"usual": ON_SQUARE}),
        ("cw_plain.no_grid_units", "cw_plain", {"grids": 1}),
        ("cw_plain.border_units", "cw_plain", {"borders": 5}),
    ],
)
def test_each_fails_where_it_is_not(claim, condition, changed):
    found = not_holding(condition, **changed)
    assert found[claim] == "fails"
    assert set(found) <= {claim, "cw.border_speed"}, "which has nothing to compare without border units"


def test_an_error_that_grows_fails_two_claims():
    assert not_holding(late=0.5) == {"cw.bounded_error": "fails", "cw.walls_correct": "fails"}


def test_without_lattices_nothing_is_said_of_them():
    found = not_holding(grids=0)
    assert found.pop("cw_proper.grid_units") == found.pop("cw.regularisation") == "fails"
    assert found == dict.fromkeys(["cw.square_lattices", "cw.one_scale"], "not tested")


@pytest.mark.parametrize("onsets", [(1, 1, 1), (3, 2, 1)])
def test_at_once_is_not_before(onsets):
    late = not_holding(onsets=onsets)
    assert late == {"cw.borders_before_grids": "fails", "cw.borders_before_bands": "fails"}


def test_a_silent_network_has_no_absence_to_its_credit():
    assert verdicts("cw_plain", live=0)["cw_plain.no_grid_units"] == "not tested"


def test_units_that_speed_hardly_tells_on_do_not_count():
    network = localiser(borders=0, speed_at_borders=0.0)
    network.results["localisation"]["explained_by_speed"][:] = 0.001
    assert np.isnan(of.linear_in_speed(network))


def test_without_judged_units_there_are_no_more_lattices_than_by_chance():
    network = localiser()
    network.results["spectra"]["judged"][:] = 0
    network.results["spectra"]["mixture_lattices"][:] = np.nan
    assert has_more_than_mixtures(network) == 0


def test_the_papers_recipe_is_held_to_the_same_claims():
    of_paper = {claim.id: claim for claim in cw_paper.CLAIMS}
    assert (
        len(of_paper)
        == len(cw_paper.CLAIMS)
        == sum(claim.condition in cw_paper.INSTEAD_OF and not claim.against for claim in CLAIMS)
    )
    study = yaml.safe_load((ROOT / "studies/cw_paper.yaml").read_text())["conditions"]
    used = {cw_paper.CONTROL} | {claim.condition for claim in cw_paper.CLAIMS}
    assert all(len(study[name]["seeds"]) >= 2 for name in used)
    same = next(claim for claim in CLAIMS if claim.id == "cw.bounded_error")
    assert of_paper["cw_paper.bounded_error"].value is same.value
