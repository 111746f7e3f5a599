"""The ledger: verdicts on samples of known truth, claims on networks of known truth, and the command end to end."""

import json
from dataclasses import asdict, replace
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from claimed import NAN, coding_of, generalisation_of, modules_of, network_of, tuning_of
from examples import ARENA
from sslgrid.basics.errors import InputError
from sslgrid.claims.networks import NetworkResults, networks_of
from sslgrid.claims.report import markdown, passing_in_words, read_table, table_of
from sslgrid.claims.sic import CLAIMS
from sslgrid.claims.verdicts import Claim, Direction, Verdict, judge, mean_of
from sslgrid.commands import check_claims
from sslgrid.figures import claims as figure_of_claims
from sslgrid.sic.columns import SIC_COLUMNS as HISTORY
from sslgrid.spatial.gridness import SQUARE
from written import write_modules, write_training, write_tuning

CLAIM = {claim.id: claim for claim in CLAIMS}


def sampled(condition, values, diverged=()):
    """Networks with a value each, as `claim_of` reads it."""
    outcomes = ["diverged at step 7: loss is nan" if seed in diverged else "finished" for seed in range(len(values))]
    return [
        NetworkResults(condition, seed, {"training": xr.Dataset(attrs={"outcome": outcome}), "value": value})
        for seed, (value, outcome) in enumerate(zip(values, outcomes, strict=True))
    ]


def claim_of(direction=Direction.AT_LEAST, threshold=0.5, **others):
    words = dict.fromkeys(("id", "words", "source", "statistic", "reason"), "")
    return Claim(
        **words, condition="full", direction=direction, threshold=threshold,
        value=lambda network: network.read("value"), **others,
    )  # fmt: skip


def judged(claim, **samples):
    return judge(claim, samples, np.random.default_rng([0]))


@pytest.mark.parametrize("seeds, least, most", [(3, 0.70, 0.80), (5, 0.79, 0.87), (30, 0.91, 0.96)])
def test_coverage_of_the_interval(seeds, least, most):
    """As the page says: far below 95 % for few seeds, near it for many."""
    rng = np.random.default_rng(0)
    estimates = [mean_of(rng.standard_normal(seeds), rng) for _ in range(800)]
    covered = np.mean([estimate.low <= 0 <= estimate.high for estimate in estimates])
    assert least < covered < most


@given(
    st.lists(st.floats(-10, 10), min_size=2, max_size=6),
    st.lists(st.booleans(), min_size=6, max_size=6),
    st.sampled_from(Direction),
)
def test_stricter_thresholds_never_help(values, missing, direction):
    """From far on the claimed side to far on the other the verdict goes holds, mixed, fails; missing seeds stay."""
    known = [NAN if gone else value for value, gone in zip(values, missing, strict=False)]
    measured = np.isfinite(known).sum()
    order = [Verdict.HOLDS, Verdict.MIXED, Verdict.FAILS]
    thresholds = [-direction.sign * 100, *np.sort(values)[:: direction.sign], direction.sign * 100]
    outcomes = [judged(claim_of(direction, threshold), full=sampled("full", known)) for threshold in thresholds]
    if measured < 2:
        assert {outcome.verdict for outcome in outcomes} == {Verdict.NOT_TESTED}
        return
    places = [order.index(outcome.verdict) for outcome in outcomes]
    assert places == sorted(places)
    assert places[0] == (0 if measured > len(values) / 2 else 1) and places[-1] == 2
    assert [outcome.passing for outcome in (outcomes[0], outcomes[-1])] == [measured, 0]
    assert {len(outcome.values) for outcome in outcomes} == {len(values)}


def test_verdicts_of_both_directions():
    for values, verdict in (([1, 2, 3], "holds"), ([-1, 0, 0.2], "fails"), ([0, 0.4, 2], "mixed")):
        assert judged(claim_of(), full=sampled("full", values)).verdict == verdict
        mirrored = sampled("full", [1 - value for value in values])
        assert judged(claim_of(Direction.AT_MOST), full=mirrored).verdict == verdict
    on_it = judged(claim_of(), full=sampled("full", [0.5, 0.5]))
    assert (on_it.verdict, on_it.estimate.low, on_it.estimate.high) == ("holds", 0.5, 0.5)


def test_seeds_without_value_stay_in_the_denominator():
    outcome = judged(claim_of(), full=sampled("full", [1, NAN, 2, NAN, 1]))
    assert outcome.verdict == "holds" and outcome.passing == 3 and len(outcome.values) == 5
    assert outcome.note == "full: no value in seeds 1, 3 of 5, 3 measured"
    assert judged(claim_of(), full=sampled("full", [1, NAN, 2, NAN])).verdict == "mixed", "no majority of all seeds"
    share = judged(claim_of(indicator=True), full=sampled("full", [1, 1, NAN]))
    assert share.estimate.mean == 1 and share.passing == 2
    assert share.note == "full: no value in seed 2 of 3, 2 measured"
    assert judged(claim_of(indicator=True), full=sampled("full", [1, 1, NAN, NAN])).verdict == "mixed"


@pytest.mark.parametrize(
    ("verdict", "measured", "words"),
    [("fails", 4, "0 of 5 (4 measured)"), ("fails", 5, "0 of 5"), ("not tested", 0, "n/a")],
)
def test_seeds_that_pass_are_told_from_seeds_without_a_value(verdict, measured, words):
    assert passing_in_words(SimpleNamespace(verdict=verdict, passing=0, measured=measured, seeds=5)) == words


def test_diverged_seeds_are_named_and_never_pass():
    """Not even where a claim of absence is true of them."""
    absent = claim_of(Direction.AT_MOST, 0.05)
    assert judged(absent, full=sampled("full", [0, 0, 0])).verdict == "holds"
    outcome = judged(absent, full=sampled("full", [0, 0, 0], diverged=[0, 2]))
    assert outcome.verdict == "mixed" and outcome.passing == 1 and outcome.estimate.mean == 0
    assert outcome.note == "full: seeds 0, 2 of 3 diverged, measured when last sound, not passing"
    share = judged(claim_of(indicator=True), full=sampled("full", [1, 1, 1], diverged=[1]))
    assert share.estimate.mean == pytest.approx(2 / 3) and share.passing == 2


def test_each_claim_is_tested_in_its_control_too():
    samples = {"full": sampled("full", [1, 1]), "untrained": sampled("untrained", [0, 0]), "x": sampled("x", [1, 0])}
    outcome = judged(claim_of(indicator=True), **samples)
    assert (outcome.verdict, outcome.control.verdict) == ("holds", "fails")
    assert outcome.control.claim.condition == "untrained", "of the reference"
    other = judged(replace(claim_of(indicator=True), condition="x"), **samples)
    assert (other.verdict, other.control.verdict, other.control.claim.condition) == ("mixed", "holds", "full")
    named = judged(replace(claim_of(), control="x"), **samples)
    assert named.control.claim.condition == "x" and named.control.estimate.mean == 0.5
    lacking = judged(claim_of(), full=samples["full"])
    assert lacking.verdict == "holds" and lacking.control.verdict == "not tested"


def test_no_claim_holds_in_its_control_when_networks_are_as_claimed(as_claimed):
    """Each can fail, where its control is measured at all. Here untrained networks have full's states, and equal
    lattices are as elliptic as each other."""
    outcomes = outcomes_of(as_claimed)
    alike = {name for name, outcome in outcomes.items() if outcome.control.verdict == "holds"}
    assert alike == {"full.far_places_differ", "no_conformal_isometry.sheared"}
    assert sum(outcome.control.verdict == "fails" for outcome in outcomes.values()) >= 10


def test_comparisons_resample_both_conditions():
    claim = replace(claim_of(Direction.AT_LEAST, -0.1, against="full"), condition="other")
    full = sampled("full", [1.0, 1.2, 1.4])
    outcome = judged(claim, full=full, other=sampled("other", [1.3, 1.5]))
    assert outcome.verdict == "holds" and outcome.baseline == pytest.approx(1.2)
    assert outcome.estimate == outcome.effect and outcome.estimate.mean == pytest.approx(0.2)
    assert outcome.estimate.high - outcome.estimate.low > 0.4, "wider than that of full alone"
    assert judged(claim, full=full, other=sampled("other", [0.1, 0.2])).verdict == "fails"
    third = replace(claim, against="third")
    third = judged(third, full=full, other=sampled("other", [1.3, 1.5]), third=sampled("third", [0, 0]))
    assert third.estimate.mean == pytest.approx(1.4) and third.effect.mean == pytest.approx(0.2)


def test_what_the_study_lacks_is_not_tested():
    claim = replace(claim_of(against="untrained"), condition="other")
    other, untrained = sampled("other", [1, 2]), sampled("untrained", [1, NAN])
    for samples, note in (
        ({}, "no condition other in this study"),
        ({"other": other}, "no condition untrained in this study"),
        ({"other": other, "untrained": untrained}, "untrained: a value in fewer than 2 seeds"),
    ):
        outcome = judged(claim, **samples)
        assert outcome.verdict == "not tested" and note in outcome.note
    torus = judged(CLAIM["untrained.no_torus"], untrained=sampled("untrained", [1, 1]))
    assert torus.verdict == "not tested" and torus.note == "no geometry results of untrained in this study"


def test_every_claim_says_what_it_is():
    assert len(CLAIM) == len(CLAIMS)
    for claim in CLAIMS:
        assert all((claim.words, claim.source, claim.statistic, claim.reason)), claim.id
        assert claim.id.startswith(f"{claim.condition}.") and np.isfinite(claim.threshold)
        assert len(claim.words) < 70, "a line of the figure"
        assert not claim.indicator or (claim.threshold == 0.5 and claim.direction == Direction.AT_LEAST)


NOTHING = {"modules": (), "tuning": {"information": 0.01, "significant": 0.0, "fields": 1}}


@pytest.fixture(scope="module")
def as_claimed():
    """Every condition as the paper has it, but for the commensurate modules."""
    kinds = {
        "full": {}, "untrained": NOTHING | {"geometry": xr.Dataset({"is_torus": 0})}, "no_capacity": {"modules": (56,)},
        "no_permutation": NOTHING, "no_path_invariance": NOTHING,
        "no_separation": NOTHING | {"tuning": {"live": 0, "information": NAN, "significant": 0.0}},
        "small_sigma_g": NOTHING,
        "no_conformal_isometry": {"table": {}},
    }  # fmt: skip
    networks = {name: [network_of(name, seed, **kind) for seed in range(3)] for name, kind in kinds.items()}
    for network in networks["no_conformal_isometry"]:
        network.read("tuning")["ellipticity"] += 0.2
    return networks


def outcomes_of(networks):
    return {claim.id: judge(claim, networks, np.random.default_rng([0])) for claim in CLAIMS}


def test_claims_on_networks_that_are_as_claimed(as_claimed):
    verdicts = {name: outcome.verdict for name, outcome in outcomes_of(as_claimed).items()}
    one_torus = {name: verdicts.pop(name) for name in list(verdicts) if name.startswith("full.one_torus.")}
    assert set(one_torus.values()) == {"not tested"}, "tests/unit/generalisation/one_torus measures them"
    assert {name for name, verdict in verdicts.items() if verdict != "holds"} == {
        "full.brain_ratio", "full.independent_modules", "full.code_does_not_repeat",
    }  # fmt: skip
    assert {
        verdicts[name] for name in ("full.brain_ratio", "full.independent_modules", "full.code_does_not_repeat")
    } == {"fails"}


@pytest.mark.parametrize(
    "name, changed, verdict",
    [
        ("full.several_modules", {"modules": (40,)}, "fails"),
        ("full.grid_units", {"modules": (6, 6)}, "fails"),
        ("full.hexagonal", {"table": {"kind": SQUARE}}, "fails"),
        ("full.brain_ratio", {"table": {"spacing": (0.7, 1.0)}}, "holds"),
        ("full.superlattice", {"table": {"mismatch": 0.2}}, "fails"),
        ("full.independent_modules", {"table": {"p": 0.4}}, "holds"),
        ("full.independent_modules", {"modules": (40,)}, "not tested"),
        ("full.code_does_not_repeat", {"coding": coding_of(reach=np.inf)}, "holds"),
        ("full.code_does_not_repeat", {"coding": coding_of(reach=1.5)}, "holds"),
        ("full.code_does_not_repeat", {"coding": coding_of().isel(range=slice(3, None))}, "not tested"),
        ("full.larger_arenas", {"generalisation": generalisation_of(correlation=0.3)}, "fails"),
        ("full.recorded_rats", {"generalisation": generalisation_of(correlation=NAN)}, "not tested"),
        ("full.path_invariance", {"generalisation": generalisation_of(late_drift=0.3)}, "holds"),
        ("full.path_invariance_lasts", {"generalisation": generalisation_of(late_drift=0.3)}, "fails"),
        ("full.path_invariance", {"generalisation": generalisation_of().isel(window=[0, 1])}, "not tested"),
        ("full.far_places_differ", {"coding": coding_of(alike=0.85)}, "fails"),
        ("full.torus", {"geometry": xr.Dataset()}, "not tested"),
        ("full.six_peaks", {"geometry": xr.Dataset()}, "not tested"),
        ("untrained.no_torus", {"geometry": xr.Dataset()}, "not tested"),
        ("untrained.no_grids", {"tuning": {"significant": 0.3}}, "fails"),
        ("untrained.no_grids", {"tuning": {"information": NAN}}, "not tested"),  # walks left the arena bare
        ("untrained.no_modules", {"tuning": {"information": NAN}}, "not tested"),
        ("no_capacity.one_module", {"modules": ()}, "fails"),
        ("no_capacity.gridness", {"modules": (40,), "table": {"kind": SQUARE}}, "fails"),
        ("no_permutation.no_tuning", {"tuning": {"information": 0.7}}, "fails"),
        ("no_separation.constant_state", {"tuning": {"information": 0.7}}, "fails"),
        ("small_sigma_g.one_field", {"tuning": {"fields": 4}}, "fails"),
        ("no_conformal_isometry.several_modules", {"modules": (56,)}, "fails"),
        ("no_conformal_isometry.sheared", {"modules": ()}, "not tested"),
        ("no_conformal_isometry.sheared", {"tuning": {"ellipticity": 0.9}}, "fails"),
    ],
)  # fmt: skip
def test_claim_tells_networks_apart(name, changed, verdict, as_claimed):
    condition = CLAIM[name].condition
    networks = as_claimed | {condition: [network_of(condition, seed, **changed) for seed in range(3)]}
    assert outcomes_of(networks)[name].verdict == verdict


def test_arenas_are_told_by_their_motion(as_claimed):
    """A larger arena that breaks the maps breaks that claim alone."""
    broken = generalisation_of()
    broken["correlation"][2] = 0.2
    networks = as_claimed | {"full": [network_of("full", seed, generalisation=broken) for seed in range(3)]}
    outcomes = outcomes_of(networks)
    verdicts = {name: outcomes[f"full.{name}"].verdict for name in ("larger_arenas", "iid_motion", "recorded_rats")}
    assert verdicts == {"larger_arenas": "fails", "iid_motion": "holds", "recorded_rats": "holds"}


def write_networks(folder, condition, modules, outcome="finished", seeds=2):
    for seed in range(seeds):
        at = f"{condition}/seed{seed}"
        facts = {"outcome": outcome if seed else "finished"}
        write_training(folder / f"networks/{at}/training.nc", np.arange(2), np.ones((2, len(HISTORY))), HISTORY, facts)
        write_tuning(folder / f"tuning/{at}/box2m.nc", tuning_of(modules)[0], {})
        write_modules(folder / f"modules/{at}/box2m.nc", *modules_of(modules), {})


def test_command_and_figure(tmp_path):
    """From files to verdicts, to the same bytes twice; what was not measured is not tested."""
    write_networks(tmp_path, "full", (28, 26))
    write_networks(tmp_path, "no_capacity", (), outcome="diverged at step 3: loss is nan")
    (tmp_path / "box2m.json").write_text(json.dumps(asdict(ARENA)))
    parser_values = {
        "training": sorted(tmp_path.glob("networks/*/*/*.nc")), "tuning": sorted(tmp_path.glob("tuning/*/*/*.nc")),
        "modules": sorted(tmp_path.glob("modules/*/*/*.nc")), "generalisation": [], "coding": [], "geometry": [],
        "one_torus": [], "brain": [], "localisation": [], "development": [], "spectra": [],
        "inputs": ("training", "tuning", "modules", "arenas"), "arenas": [tmp_path / "box2m.json"], "ledger": "sic",
    }  # fmt: skip
    pages = []
    for name in ("one", "two"):
        files = {"table": tmp_path / f"{name}.csv", "page": tmp_path / f"{name}.md"}
        check_claims.main(type("Arguments", (), parser_values | files))
        pages.append([path.read_bytes() for path in files.values()])
    assert pages[0] == pages[1]
    table = read_table(tmp_path / "one.csv").set_index("claim", drop=False)
    assert table.loc["full.several_modules", ["verdict", "passing", "seeds"]].tolist() == ["holds", 2, 2]
    assert table.loc["no_capacity.one_module", "verdict"] == "fails"
    assert table.loc["no_capacity.one_module", "note"] == "no_capacity: seed 1 of 2 diverged, counted as 0"
    assert table.loc["no_capacity.one_module", "effect"] == 0
    assert table.loc["no_capacity.gridness", "verdict"] == "not tested"
    assert table.loc["full.torus", "note"] == "no geometry results of full in this study"
    assert table.loc["no_permutation.no_grids", "note"] == "no condition no_permutation in this study"
    page = pages[0][1].decode()
    assert all(f"`{claim.id}`" in page for claim in CLAIMS) and "seed 1 of 2 diverged" in page
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert len({line.replace("\\|", "").count("|") for line in rows}) == 3, "every row of full width"
    figure = figure_of_claims.draw(table)
    figure.savefig(tmp_path / "figure.png", dpi=50)
    said = " ".join(text.get_text() for axes in figure.axes for text in axes.texts)
    plt.close(figure)
    assert "seed 1 of 2 diverged" in said and all(claim.words in said for claim in CLAIMS)


def test_each_number_names_its_function_and_its_data(as_claimed):
    table = table_of(list(outcomes_of(as_claimed).values())).set_index("claim")
    assert table.loc["full.several_modules", "function"] == "sslgrid.claims.statistics.modules_between"
    gridness = [f"modules: {name}" for name in ("gridness60", "gridness90", "kind", "units")]
    assert table.loc["no_capacity.gridness", "data"] == "; ".join(gridness)
    assert table.loc["untrained.no_grids", "data"] == "tuning: live; tuning: significant; tuning: spatial_information"
    tested = table[table["verdict"] != "not tested"]
    assert (tested["data"] != "").all()


def test_table_survives_its_file(as_claimed, tmp_path):
    table = table_of(list(outcomes_of(as_claimed).values()))
    table.to_csv(tmp_path / "claims.csv", index=False)
    again = read_table(tmp_path / "claims.csv")
    assert markdown(again.assign(values=table["values"])) == markdown(table)
    values = again.set_index("claim")["values"]["no_capacity.gridness"]
    assert values == {seed: pytest.approx(1.2) for seed in range(3)}


def test_a_network_needs_its_files(tmp_path):
    write_networks(tmp_path, "full", (28, 26), seeds=1)
    with pytest.raises(InputError, match="full seed0 comes without tuning; give that file too"):
        networks_of(
            {kind: list(tmp_path.glob(f"{kind}/*/*/*.nc")) for kind in ("modules",)}
            | {"training": list(tmp_path.glob("networks/*/*/*.nc"))},
            {},
        )
