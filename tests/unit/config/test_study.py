"""Bad configs: one clear line that names the key and what was expected, before anything runs."""

import json
from dataclasses import MISSING, fields
from pathlib import Path
from typing import get_type_hints

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sslgrid.basics.arena import ArenaConfig
from sslgrid.basics.errors import InputError
from sslgrid.basics.polygons import corners_of
from sslgrid.config.study import resolve_study
from sslgrid.localiser.config import LocaliserConfig
from sslgrid.sic.config import ModelConfig

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "workflow/schemas/config.schema.yaml"


def test_shipped_config_resolves_to_complete_models():
    study = resolve_study(yaml.safe_load((ROOT / "config.yaml").read_text()), SCHEMA)
    seeds = {name: study.seeds[name] for name in study.conditions}
    assert seeds.pop("full") == [0, 1, 2, 3, 4]
    assert len(seeds) == 7 and set(map(len, seeds.values())) == {3}
    model = ModelConfig.from_dict(study.conditions["full"])
    assert (model.network.units, model.trajectories.batch, model.trajectories.steps) == (64, 16, 60)


@pytest.mark.parametrize("name, whole", [("full", ModelConfig), ("cw", LocaliserConfig)])
def test_the_defaults_of_younger_keys_are_what_older_networks_had(name, whole):
    """`HessianFreeConfig` and its like hold the one, the schema the other."""
    conditions = {"full": {}, "cw": {"model": "localiser", "arena": "box2m"}}
    resolved = resolve_study({"conditions": conditions}, SCHEMA).models[name]
    config = whole.from_dict(resolved)
    assert whole.from_dict(json.loads(config.to_json())) == config, "what the text leaves out is at its default"
    for section, kind in get_type_hints(whole).items():
        for field in fields(kind):
            if field.default is not MISSING:
                assert getattr(getattr(config, section), field.name) == field.default, f"{section}.{field.name}"


def test_whole_and_decimal_spelling_of_a_number_is_the_same_study():
    one, other = (resolve_study({"model": {"losses": {"separation": value}}}, SCHEMA) for value in (1, 1.0))
    assert repr(one) == repr(other), "else an edit of spelling would train again"


def test_speeds_of_walks_stay_in_the_trained_range_of_either_law():
    disc = {"trajectories": {"velocity_law": "disc"}}
    square_walk = {"box2m": {"motion": "iid"}}
    with pytest.raises(InputError, match=r"speeds up to 0\.173 m"):
        resolve_study({"model": disc, "arenas": square_walk}, SCHEMA)
    resolve_study({"model": disc, "arenas": {"box2m": {"motion": "rat"}}}, SCHEMA)


def test_shapes_are_in_metres_and_a_circle_is_as_wide_as_its_side():
    arenas = {
        "square": {}, "circle": {"shape": "circle", "side": 1.5}, "oblong": {"shape": {"rectangle": [3, 2]}},
        "corners": {"shape": [[0, 0], [3, 0], [0, 3]]}, "scaled": {"shape": [[0, 0], [3, 0], [0, 3]], "side": 2.0},
    }  # fmt: skip
    conditions = {"full": {}, "cw": {"model": "localiser", "arena": "square", "trajectories": {"shape": "circle"}}}
    shown = {"arena": "square", "long_walks": "square", "plane": "square"}
    study = resolve_study({"arenas": arenas, "conditions": conditions, "figures": shown}, SCHEMA)
    walked = {name: ArenaConfig(**arena).corners for name, arena in study.arenas.items()}
    extents = {name: np.ptp(corners, axis=0).round(9).tolist() for name, corners in walked.items()}
    assert extents == {
        "square": [2, 2], "circle": [1.5, 1.5], "oblong": [3, 2], "corners": [3, 3],
        "scaled": [round(2**0.5, 9)] * 2,
    }  # fmt: skip
    assert study.arenas["square"]["shape"] == "square", "what was a name stays one, so that nothing is made again"
    trained = study.localisers["cw"]["trajectories"]
    assert np.ptp(corners_of(trained["shape"], trained["side"]), axis=0) == pytest.approx([2, 2])
    rim = 20 * np.stack([np.cos(angles := np.arange(40) * np.pi / 20), np.sin(angles)], axis=1) / 20
    resolve_study({"arenas": {"box2m": {"shape": rim.tolist()}}}, SCHEMA)


def test_conditions_override_the_model_and_nothing_else():
    config = {"model": {"losses": {"capacity": 0.7}}, "conditions": {"full": {}, "none": {"losses": {"capacity": 0}}}}
    study = resolve_study(config, SCHEMA)
    assert study.conditions["full"]["losses"]["capacity"] == 0.7
    assert study.conditions["none"]["losses"]["capacity"] == 0
    study.conditions["none"]["losses"]["capacity"] = 0.7
    assert study.conditions["none"] == study.conditions["full"]


def test_conditions_can_have_seeds_of_their_own():
    study = resolve_study({"seeds": [0, 1], "conditions": {"full": {"seeds": [4]}, "other": {}}}, SCHEMA)
    assert study.seeds == {"full": [4], "other": [0, 1]}
    assert study.conditions["full"] == study.conditions["other"], "seeds are no part of the model"


@pytest.mark.parametrize(
    "text, line",
    [
        ("seedz: [0]", "seedz is not a key; did you mean seeds?"),
        (
            "released_as_maps: [full]",
            "released_as_maps is 'full'; expected a condition that is neither shown nor a control, whose networks are "
            "needed",
        ),
        ("seeds: [1, 2, 1]", "seeds is [1, 2, 1]; expected each only once"),
        ("seeds: []", "seeds is []; expected a list with at least 1"),
        ("seeds: [-1]", "seeds.0 is -1; expected a whole number >= 0"),
        ("seeds: [true]", "seeds.0 is True; expected a whole number"),
        ("model: {trajectories: {steps: 0}}", "model.trajectories.steps is 0; expected a whole number >= 1"),
        ("model: {losses: {sigma_g: -0.4}}", "model.losses.sigma_g is -0.4; expected a number > 0"),
        ("model: {losses: {sigma_x: .nan}}", "model.losses.sigma_x is nan; expected a finite number"),
        ("model: {training: {learning_rate: 1e-3}}", "model.training.learning_rate is '1e-3'; expected a number"),
        ("model: {network: {activation: elu}}", "model.network.activation is 'elu'; expected one of: gelu, relu, tanh"),
        ("model: {training: {steps: 100, warmup: 500}}", "training.warmup of model is 500; expected fewer than"),
        ("conditions: {}", "conditions is {}; expected a mapping with at least 1"),
        ("conditions: {a/b: {}}", "conditions.a/b is not a valid name; expected small letters"),
        ("conditions: {full: {}, a: {losses: {cap: 0}}}", "conditions.a.losses.cap is not a key"),
        (
            "conditions: {full: {}, a: {losses: {capacity: 0.5}}}",
            "conditions.a.losses.capacity is 0.5; expected a value that",
        ),
        (
            "conditions: {full: {}, a: {losses: {capacity: -1}}}",
            "conditions.a.losses.capacity is -1; expected a number >= 0",
        ),
        (
            "model: {training: {warmup: 500}}\nconditions: {full: {}, a: {training: {steps: 100}}}",
            "training.warmup of conditions.a is 500; expected fewer than",
        ),
        ("conditions: {full: {seeds: [0, 0]}}", "conditions.full.seeds is [0, 0]; expected each only once"),
        ("conditions: {full: {seeds: []}}", "conditions.full.seeds is []; expected a list with at least 1"),
        ("conditions: {full: {seeds: [-1]}}", "conditions.full.seeds.0 is -1; expected a whole number >= 0"),
        ("conditions: {full: {seeds: 3}}", "conditions.full.seeds is 3; expected a list"),
        ("conditions: {full: null}", "conditions is {}; expected a mapping with at least 1"),
        ("arenas: {box2m: {side: 0.1}}", "arenas.box2m.side is 0.1; expected more than two steps"),
        (
            "arenas: {box2m: {half_width: 0.2}}",
            "arenas.box2m.half_width is 0.2; expected steps within the training range",
        ),
        ("arenas: {box2m: {mean_speed: 0.14}}", "arenas.box2m.mean_speed is 0.14; expected at most"),
        ("arenas: {box2m: {motion: mouse}}", "arenas.box2m.motion is 'mouse'; expected one of: rat, iid, brownian"),
        ("arenas: {box2m: {settle: 250}}", "arenas.box2m.settle is 250; expected fewer than steps (250)"),
        ("arenas: {box2m: {shape: oval}}", "arenas.box2m.shape is 'oval'; expected one of: triangle, square"),
        ("arenas: {box2m: {shape: rectangle}}", "arenas.box2m.shape is 'rectangle'; expected one of: triangle"),
        (
            "arenas: {box2m: {shape: {rectangle: [1, 2]}, side: 1}}",
            "arenas.box2m.shape is {'rectangle': [1, 2]}; expected {rectangle: [width, height]} in m, without `side`",
        ),
        (
            "arenas: {box2m: {shape: [[0, 0], [1, 1]]}}",
            "arenas.box2m.shape is [[0, 0], [1, 1]]; expected three or more",
        ),
        (
            "arenas: {box2m: {shape: [[0, 0], [2, 0], [0.5, 0.5], [0, 2]]}}",
            "arenas.box2m.shape is [[0, 0], [2, 0], [0.5, 0.5], [0, 2]]; expected corners of a convex polygon",
        ),
        ("conditions: {full: {}, cw: {model: other}}", "conditions.cw.model is 'other'; expected localiser"),
        ("conditions: {full: {}, cw: {model: localiser}}", "conditions.cw has no arena; expected one of: box2m"),
        (
            "conditions: {full: {}, cw: {model: localiser, arena: box2m, losses: {capacity: 1}}}",
            "conditions.cw.losses.capacity is not a key",
        ),
        (
            "conditions: {full: {}, cw: {model: localiser, arena: box2m, trajectories: {highest_speed: 0.1}}}",
            "arenas.box2m.half_width is 0.15; expected at most the highest_speed of cw (0.1)",
        ),
        ("conditions: {cw: {model: localiser, arena: box2m}}", "conditions is ['cw']; expected at least one that is"),
        ("localiser: {trajectories: {shape: star}}", "trajectories.shape of localiser is 'star'; expected one of"),
        (
            "localiser: {network: {noise_on: input}}",
            "localiser.network.noise_on is 'input'; expected one of: state, rates",
        ),
        (
            "localiser: {losses: {rates_shares: [0.3, 0.1]}}",
            "losses.rates_shares of localiser is [0.3, 0.1]; expected the",
        ),
        ("localiser: {losses: {weights_shares: [0.1]}}", "weights_shares is [0.1]; expected a list with at least 2"),
        (
            "model: {trajectories: {steps: 9, outward: 5}}",
            "trajectories.outward of model is 5; expected at most half of the steps (4)",
        ),
        (
            "localiser: {hessian_free: {curvature_trials: 101}}",
            "hessian_free.curvature_trials of localiser is 101; expected at most trajectories.trials (100)",
        ),
        (
            "localiser: {hessian_free: {damped: penalty, structural_unit: weights}}",
            "losses.rule of localiser is 'fixed'; expected adaptive, for `hessian_free: {damped: penalty}`",
        ),
        (
            "localiser: {losses: {rule: adaptive}, hessian_free: {damped: penalty, structural_damping: 3.0}}",
            "hessian_free.structural_unit of localiser is 'damping'; expected weights, for `damped: penalty`",
        ),
        (
            "localiser: {trajectories: {at_walls: widening, heading_noise: 0}}",
            "trajectories.heading_noise of localiser is 0.0; expected more than 0",
        ),
        ("arenas: {box2m: {motion: tanni, mean_speed: 0.1}}", "mean_speed is 0.1; expected at most"),
        ("arenas: {box2m: {bin: 0.5}}", "arenas.box2m.bin is 0.5; expected at most a tenth"),
        ("arenas: {box2m: {bin: 0.0001}}", "arenas.box2m.bin is 0.0001; expected at least 0.004 m"),
        ("arenas: {box2m: {walks: 10000, steps: 100000}}", "arenas.box2m.walks is 10000; expected walks x steps"),
        ("model: {losses: {sigma_g: 1" + 400 * "0" + "}}", "expected a finite number"),
        ("figures: {condition: fool}", "figures.condition is 'fool'; expected one of: full"),
        (
            "{conditions: {full: {}, cw: {model: localiser, arena: box2m}}, arenas: {box2m: {half_width: 0.2}}}",
            "arenas.box2m.half_width is 0.2; expected steps within the training range of condition full",
        ),
        ("cueva_wei: {tracked: cw}", "cueva_wei.tracked is 'cw'; expected one of"),
        ("figures: {arena: box3m}", "figures.arena is 'box3m'; expected one of: box2m"),
        ("model: {network: {units: 64.0}}", "model.network.units is 64.0; expected a whole number"),
        ("seeds: [0.0, 1]", "seeds.0 is 0.0; expected a whole number"),
        ("conditions: {full: {}, no: {}}", "the key False of conditions is 'bool'; expected text"),
        ("arenas: {3: {}}", "the key 3 of arenas is 'int'; expected text"),
        ('conditions: {"full\\n": {}}', "conditions.full\\n is not a valid name"),
        ('"a\\nb": 1', "a\\nb is not a key"),
        ("[1, 2]", "the file is [1, 2]; expected a mapping"),
    ],
)
def test_one_line_names_key_and_expectation(text, line):
    with pytest.raises(InputError) as error:
        resolve_study(yaml.safe_load(text), SCHEMA)
    assert line in str(error.value)
    assert "\n" not in str(error.value)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
sections = st.sampled_from(
    ["seeds", "model", "conditions", "arenas", "figures", "ambiguities", "phase_diagram", "other"]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(sections, anything, max_size=3))
def test_any_other_mistake_is_an_input_error_too(config):
    try:
        resolve_study(config, SCHEMA)
    except InputError as error:
        assert "\n" not in str(error)


def test_every_key_is_described_defaulted_and_typed():
    def walk(schema, at):
        for key, entry in schema.get("properties", {}).items():
            assert "description" in entry and "default" in entry, f"{at}.{key}"
            assert "type" in entry or "enum" in entry, f"{at}.{key}"
            if entry.get("type") in ("number", "integer"):
                assert {"minimum", "exclusiveMinimum"} & entry.keys(), f"{at}.{key} has no lower bound"
            walk(entry, f"{at}.{key}")
        if isinstance(schema.get("additionalProperties"), dict):
            walk(schema["additionalProperties"], f"{at}.*")

    walk(yaml.safe_load(SCHEMA.read_text()), "config")


PRESETS = sorted(path.stem for path in (ROOT / "workflow/presets").glob("*.yaml"))


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_what_the_config_does_not_say(preset):
    shipped = yaml.safe_load((ROOT / "config.yaml").read_text())
    study = resolve_study(shipped | {"preset": preset, "model": {"losses": {"sigma_g": 0.3}}}, SCHEMA)
    chosen = yaml.safe_load((ROOT / f"workflow/presets/{preset}.yaml").read_text())
    full = study.conditions["full"]
    for section, values in chosen.items():
        assert full[section].items() >= (values | ({"sigma_g": 0.3} if section == "losses" else {})).items()
    assert "ambiguity-units-n128" not in study.ambiguities.models, "the preset has chosen that itself"
    assert "ambiguity-units-n96" in study.ambiguities.models


def test_alternatives_that_a_changed_model_has_chosen_drop_out():
    shipped = yaml.safe_load((ROOT / "config.yaml").read_text())
    study = resolve_study(shipped | {"model": {"network": {"units": 128}}}, SCHEMA)
    names = {alternative for choice, alternative in study.ambiguities.points if choice == "units"}
    assert names == {"n96"}


def test_the_paper_preset_is_the_papers_setting():
    """Table of hyperparameters in the appendix of Schaeffer et al. (2023)."""
    full = resolve_study({"preset": "paper"}, SCHEMA).conditions["full"]
    assert (full["network"]["units"], full["network"]["identity"]) == (128, "none")
    assert (full["trajectories"]["batch"], full["trajectories"]["steps"]) == (130, 60)
    assert (full["trajectories"]["velocity_law"], full["trajectories"]["half_width"]) == ("square", 0.15)
    losses = full["losses"]
    assert (losses["sigma_x"], losses["sigma_g"]) == (0.05, 0.4)
    assert (losses["separation"], losses["path_invariance"], losses["capacity"]) == (1.0, 0.1, 0.5)
    training = full["training"]
    assert (training["steps"], training["learning_rate"], training["clip"]) == (2_000_000, 2e-5, 0.1)
    assert (training["schedule"], training["accumulate"]) == ("plateau", 2)


def test_the_schema_knows_every_preset():
    assert yaml.safe_load(SCHEMA.read_text())["properties"]["preset"]["enum"] == ["laptop", *PRESETS]


def test_a_label_and_a_colour_are_no_part_of_the_network():
    plain = {"full": {}, "other": {"losses": {"capacity": 0.0}}}
    named = {"full": {"label": "All losses"}, "other": plain["other"] | {"label": "No capacity", "colour": "#1122aa"}}
    one, other = (resolve_study({"conditions": conditions}, SCHEMA) for conditions in (plain, named))
    assert one.models == other.models and one.looks == {"labels": {}, "colours": {}}
    assert other.looks["labels"] == {"full": "All losses", "other": "No capacity"}
    assert other.looks["colours"] == {"other": "#1122aa"}


@pytest.mark.parametrize(
    ("look", "line"),
    [
        ({"colour": "red"}, r"conditions\.other\.colour is 'red'; expected a string \(its colour"),
        ({"label": "full"}, r"conditions\.other\.label is 'full'; expected a label that full has not"),
    ],
)
def test_a_look_that_is_none_gets_a_line(look, line):
    with pytest.raises(InputError, match=line):
        resolve_study({"conditions": {"full": {}, "other": {"losses": {"capacity": 0.0}} | look}}, SCHEMA)
