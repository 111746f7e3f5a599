"""The hypotheses about fields as claims, on networks of known truth."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
import yaml

from sslgrid.claims.cw_fields import CLAIMS, CONTROL, REFERENCE
from sslgrid.claims.fields import (
    beyond_mixtures,
    lattice_share,
    modes_against_mixtures,
    one_shell,
    order,
    p_of_lattices,
)
from sslgrid.claims.networks import NetworkResults
from sslgrid.claims.verdicts import judge
from sslgrid.spatial.gridness import SQUARE

ROOT = Path(__file__).parents[3]
UNITS, JUDGED = 40, 30


def localiser(condition: str, seed: int, **changed) -> NetworkResults:
    """Thirty judged units of forty, ten of them on square lattices, none of its mixtures."""
    is_like = {
        "lattices": 10, "mixed": 0, "used": 4.0, "mixed_used": 4.0, "order": 2.0, "walls": 0.6, "judged": JUDGED,
        "shells": [0.1, 0.5, 0.3, 0.1], "beyond": 0.5, "error": 0.2,
    } | changed  # fmt: skip
    lattice = np.zeros(UNITS, int)
    lattice[: is_like["lattices"]] = SQUARE
    of_units = {
        "live": np.ones(UNITS), "judged": np.arange(UNITS) < is_like["judged"], "lattice": lattice,
        "order": np.full(UNITS, is_like["order"]), "modes_used": np.full(UNITS, is_like["used"]),
        "wall_anisotropy": np.full(UNITS, is_like["walls"]), "variance": np.ones(UNITS),
        "beyond_plane": np.full(UNITS, is_like["beyond"]),
    }  # fmt: skip
    spectra = {name: ("unit", values) for name, values in of_units.items()} | {
        "shell_share": ("shell", np.array(is_like["shells"])),
        "mixture_lattices": ("mixture", np.full(20, float(is_like["mixed"]))),
        "mixture_modes_used": ("mixture", np.full(20, is_like["mixed_used"])),
        "mixture_wall_anisotropy": ("mixture", np.full(20, 0.3)),
    }
    results = {
        "training": xr.Dataset(attrs={"outcome": "finished"}),
        "spectra": xr.Dataset(spectra),
        "localisation": xr.Dataset(
            {"error": (("walk", "step"), np.full((2, 3), is_like["error"])), "constant_error": 0.6}
        ),
    }
    return NetworkResults(condition, seed, results)


LOW, HIGH, HIGHEST = {"order": 1.0}, {"order": 2.0}, {"order": 3.0}
AS_EXPECTED = dict.fromkeys(sorted({claim.condition for claim in CLAIMS}), HIGH) | {
    "cwf_tanh": {"mixed": 10}, "cwf_rectified": {"used": 2.0},
    **dict.fromkeys(
        ("cwf_tanh_noise10", "cwf_rectified_noise10", "cwf_rectified_cost003", "cwf_rectified_rest80",
         "cwf_rectified_n256", "cwf_tanh_rates10", "cwf_rectified_rates10", "cwf_rectified_rates40",
         "cwf_tanh_rates40"), LOW,
    ),
    **dict.fromkeys(
        ("cwf_rectified_noise50_cost03", "cwf_rectified_step10", "cwf_rectified_light", "cwf_rectified_long"), HIGHEST
    ),
    "cwf_rectified_side1": {}, "cwf_rectified_side3": {},
}  # fmt: skip


def verdicts(condition: str = "cwf_tanh", **changed) -> dict[str, str]:
    like = AS_EXPECTED | {condition: AS_EXPECTED[condition] | changed}
    networks = {name: [localiser(name, seed, **like[name]) for seed in range(2)] for name in like}
    return {claim.id: judge(claim, networks, np.random.default_rng(0), REFERENCE).verdict.value for claim in CLAIMS}


def test_all_hold_where_all_is_as_expected():
    found = verdicts()
    assert set(found.values()) == {"holds"}, found
    assert len(found) == len(CLAIMS)


@pytest.mark.parametrize(
    "claim, condition, changed",
    [
        ("cwf_tanh.one_shell", "cwf_tanh", {"shells": [0.2, 0.2, 0.2, 0.2]}),
        ("cwf_tanh.one_shell", "cwf_tanh", {"beyond": 0.2}),
        ("cwf_tanh.no_more", "cwf_tanh", {"mixed": 5}),
        ("cwf_tanh.no_fewer", "cwf_tanh", {"mixed": 15}),
        ("cwf_tanh.modes", "cwf_tanh", {"used": 2.0}),
        ("cwf_rectified.beyond_mixtures", "cwf_rectified", {"mixed": 10}),
        ("cwf_rectified.modes", "cwf_rectified", {"used": 4.0}),
        ("cwf_rectified.walls", "cwf_rectified", {"walls": 0.3}),
        ("cwf_rectified_hexagon.walls", "cwf_rectified_hexagon", {"walls": 0.3}),
        ("cwf_rectified_long.beyond_mixtures", "cwf_rectified_long", {"mixed": 10}),
        ("cwf.tanh_noise", "cwf_tanh_noise50", LOW),
        ("cwf.rectified_cost", "cwf_rectified_cost03", LOW),
        ("cwf.rectified_together", "cwf_rectified_noise50_cost03", HIGH),
        ("cwf.rectified_rates", "cwf_rectified_rates40", HIGH),
        ("cwf.few_units", "cwf_rectified_n256", HIGHEST),
        ("cwf.larger", "cwf_rectified_side3", HIGHEST),
        ("cwf.smaller", "cwf_rectified_side1", LOW),
    ],
)
def test_each_fails_where_it_does_not_hold(claim, condition, changed):
    assert verdicts(condition, **changed)[claim] == "fails"


def test_statistics_of_one_network():
    network = localiser("cwf_tanh", 0, mixed=4)
    assert lattice_share(network) == 10 / JUDGED
    assert beyond_mixtures(network) == pytest.approx(6 / JUDGED)
    assert one_shell(network) == pytest.approx(0.8) and one_shell(localiser("cwf_tanh", 0, shells=[0.5, 0.4, 0.1])) == 0
    assert p_of_lattices(network) == 1 / 21 and p_of_lattices(localiser("cwf_tanh", 0, mixed=10)) == 1


def test_a_network_that_has_not_learned_has_no_order():
    assert order(localiser("cwf_tanh", 0)) == 2 and np.isnan(order(localiser("cwf_tanh", 0, error=0.4)))
    assert verdicts("cwf_rectified_noise50", error=0.4)["cwf.rectified_noise"] == "not tested"


def test_a_network_without_judged_units_says_nothing_of_regularity():
    network = localiser("cwf_tanh", 0, judged=0, lattices=0)
    for value in (lattice_share, beyond_mixtures, p_of_lattices, modes_against_mixtures):
        assert np.isnan(value(network))
    assert verdicts(judged=0, lattices=0)["cwf_tanh.no_more"] == "not tested"


def test_every_claim_has_a_control_of_two_seeds_in_the_study():
    study = yaml.safe_load((ROOT / "studies/cw_fields.yaml").read_text())["conditions"]
    used = {CONTROL, REFERENCE} | {claim.condition for claim in CLAIMS} | {claim.against for claim in CLAIMS} - {None}
    assert {name: len(study[name]["seeds"]) for name in used if len(study[name]["seeds"]) < 2} == {}
