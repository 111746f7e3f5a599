"""Networks besides the conditions: what they are called, which of them are conditions, and what they will cost."""

import re
from copy import deepcopy
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sslgrid.basics.errors import InputError
from sslgrid.config.study import Study, resolve_study

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "workflow/schemas/config.schema.yaml"
BASE = yaml.safe_load("""
conditions: {full: {}, no_capacity: {losses: {capacity: 0}}}
ambiguities:
  choices:
    capacity: {none: {losses: {capacity: 0.0}}, more: {losses: {capacity: 1}}}
    duration: {t20: {trajectories: {steps: 20}}, t40: {trajectories: {steps: 40}}}
phase_diagram: {capacity: [0, 0.5], sigma_g: [0.2, 0.4], seeds: [0, 7]}
""")


def resolve(**changes) -> Study:
    return resolve_study(deepcopy(BASE) | changes, SCHEMA)


def test_a_point_that_is_a_condition_is_that_condition():
    study = resolve()
    assert study.ambiguities.reference == study.phase_diagram.reference == "full"
    assert study.ambiguities.points == {
        ("capacity", "none"): "no_capacity", ("capacity", "more"): "ambiguity-capacity-more",
        ("duration", "t20"): "ambiguity-duration-t20", ("duration", "t40"): "ambiguity-duration-t40",
    }  # fmt: skip
    assert study.phase_diagram.points == {
        (0.0, 0.2): "phase-capacity0-sigma_g0.2", (0.0, 0.4): "no_capacity",
        (0.5, 0.2): "phase-capacity0.5-sigma_g0.2", (0.5, 0.4): "full",
    }  # fmt: skip
    own = {"phase-capacity0-sigma_g0.2", "phase-capacity0.5-sigma_g0.2"}
    assert study.phase_diagram.models.keys() == own, "no condition is trained under a second name"
    assert study.models["phase-capacity0-sigma_g0.2"]["losses"]["capacity"] == 0


def test_points_of_one_model_are_one_network():
    twice = {"choices": {"a": {"x": {"losses": {"capacity": 1}}}, "b": {"y": {"losses": {"capacity": 1.0}}}}}
    sweep = resolve(ambiguities=twice).ambiguities
    assert set(sweep.points.values()) == {"ambiguity-a-x"} and sweep.names == ["full", "ambiguity-a-x"]


def test_without_a_condition_that_is_the_full_model_a_sweep_brings_its_own():
    sweep = resolve(conditions={"full": {"losses": {"capacity": 2}}}).phase_diagram
    assert sweep.names[0] == sweep.reference == sweep.points[0.5, 0.4] == "phase-reference"
    assert sweep.models["phase-reference"]["losses"]["capacity"] == 0.5


@given(st.lists(st.floats(0, 1e30), min_size=1, max_size=6, unique=True), st.floats(1e-12, 1e12))
def test_names_are_safe_parts_of_a_path_and_never_shared(weights, sigma_g):
    sweep = resolve(phase_diagram={"capacity": weights, "sigma_g": [sigma_g]}).phase_diagram
    assert len(set(sweep.points.values())) == len(weights)
    assert all(re.fullmatch(r"[a-z][a-zA-Z0-9_.+-]*", name) for name in sweep.names)


def test_what_a_figure_is_told():
    study = resolve()
    told = study.phase_diagram.described(study.models)
    assert told["seeds"] == [0, 7] and told["reference"] == "full"
    assert told["points"][0] == {
        "capacity": 0.0, "sigma_g": 0.2, "condition": "phase-capacity0-sigma_g0.2",
        "differs": "losses.sigma_g 0.2, losses.capacity 0",
    }  # fmt: skip
    assert study.ambiguities.described(study.models)["points"][2]["differs"] == "trajectories.steps 20"


def test_cost_is_counted_by_what_sets_the_time_of_a_step():
    study = resolve()
    steps = 8 * study.models["full"]["training"]["steps"]
    assert [(size["networks"], size["steps"]) for size in study.phase_diagram.sizes(study.models)] == [(8, steps)]
    sizes = study.ambiguities.sizes(study.models)
    assert [size["model"]["trajectories"]["steps"] for size in sizes] == [60, 20, 40]
    assert [size["networks"] for size in sizes] == [9, 3, 3], "the full model, none and more are of one size"


def test_shipped_sweeps_answer_the_issue():
    study = resolve_study(yaml.safe_load((ROOT / "config.yaml").read_text()), SCHEMA)
    assert len(study.phase_diagram.points) >= 36 and study.phase_diagram.reference == "full"
    assert len(study.ambiguities.seeds) == 3
    assert study.phase_diagram.points[0.0, 0.4] == "no_capacity"
    assert study.phase_diagram.points[0.0, 0.05] == "small_sigma_g"


@pytest.mark.parametrize(
    "section, line",
    [
        (
            {"ambiguities": {"choices": {"a": {"x": {"losses": {"sigma_g": 0.4}}}}}},
            "ambiguities.choices.a.x.losses.sigma_g is 0.4; expected a value that differs from the full model's",
        ),
        (
            {"ambiguities": {"choices": {"a": {"x": {"losses": {"sigma": 1}}}}}},
            "ambiguities.choices.a.x.losses.sigma is not a key",
        ),
        ({"ambiguities": {"choices": {"a": {}}}}, "ambiguities.choices.a is {}; expected a mapping with at least 1"),
        (
            {"ambiguities": {"choices": {"a": {"x/y": {"losses": {"capacity": 1}}}}}},
            "ambiguities.choices.a.x/y is not a valid name",
        ),
        (
            {"ambiguities": {"arena": "box9m", "choices": {"a": {"x": {"losses": {"capacity": 1}}}}}},
            "ambiguities.arena is 'box9m'; expected one of: box2m",
        ),
        (
            {"ambiguities": {"choices": {"a": {"x": {"trajectories": {"half_width": 0.09}}}}}},
            "arenas.box2m.half_width is 0.15; expected steps within the training range of condition ambiguity-a-x",
        ),
        (
            {"phase_diagram": {"arena": "box9m", "capacity": [0], "sigma_g": [1]}},
            "phase_diagram.arena is 'box9m'; expected one of: box2m",
        ),
        ({"phase_diagram": {"capacity": [-1]}}, "phase_diagram.capacity.0 is -1; expected a number >= 0"),
        ({"phase_diagram": {"sigma_g": [1, 1.0]}}, "phase_diagram.sigma_g is [1, 1.0]; expected each only once"),
        ({"phase_diagram": {"seeds": []}}, "phase_diagram.seeds is []; expected a list with at least 1"),
    ],
)
def test_one_line_names_key_and_expectation(section, line):
    with pytest.raises(InputError) as error:
        resolve(**section)
    assert line in str(error.value) and "\n" not in str(error.value)


def test_any_two_keys_make_a_sweep():
    axes = {"network.units": [64, 96], "training.learning_rate": [0.001, 1]}
    study = resolve(phase_diagram={"axes": axes})
    points = study.phase_diagram.points
    assert list(points) == [(64, 0.001), (64, 1.0), (96, 0.001), (96, 1.0)]
    assert points[96, 1.0] == "phase-units96-learning_rate1"
    model = study.models["phase-units96-learning_rate1"]
    assert model["network"]["units"] == 96 and model["training"]["learning_rate"] == 1.0
    told = study.phase_diagram.described(study.models)
    assert told["axes"] == {"network.units": "units", "training.learning_rate": "learning_rate"}
    words = resolve(phase_diagram={"axes": {"network": {"activation": ["relu", "tanh"]}, "losses": {"capacity": [0]}}})
    assert "phase-activationtanh-capacity0" in words.phase_diagram.points.values()


@pytest.mark.parametrize(
    ("axes", "line"),
    [
        ({"losses.capacity": [0.0]}, r"phase_diagram\.axes is \['losses\.capacity'\]; expected two keys"),
        ({"losses.capacty": [0.0]}, r"phase_diagram\.axes\.losses\.capacty is \[0\.0\]; expected one of the keys of"),
        ({"loss.capacity": [0.0]}, r"phase_diagram\.axes\.loss is .*; expected a key of one of: "),
        ({"losses.capacity": [0, 0.0]}, "expected each value only once"),
        ({"losses.capacity": [-1], "losses.sigma_g": [0.2]}, r"losses\.capacity is -1\.0; expected a number >= 0"),
    ],
)
def test_axes_that_are_none_get_a_line(axes, line):
    with pytest.raises(InputError, match=line):
        resolve(phase_diagram={"axes": axes})
