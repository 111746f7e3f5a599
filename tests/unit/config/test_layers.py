"""A study in layers: numbers of the command line, dotted keys, names that are taken away, a study that stands alone."""

from pathlib import Path

import pytest
import yaml
from snakemake.cli import parse_config
from snakemake.utils import update_config

from sslgrid.basics.errors import InputError
from sslgrid.config.layers import resolve_layers, typed
from sslgrid.config.study import resolve_study

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "workflow/schemas/config.schema.yaml"


def shipped() -> dict:
    return yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "words, key, value",
    [
        ("seeds=[0, 3]", "seeds", [0, 3]),
        ("model={training: {learning_rate: 1e-3}}", "model", {"training": {"learning_rate": 1e-3}}),
        ("model={trajectories: {permute: false}}", "model", {"trajectories": {"permute": False}}),
        ("conditions={untrained: null}", "conditions", {"untrained": None}),
        ("recipes=[full]", "recipes", ["full"]),
    ],
)
def test_numbers_of_the_command_line_are_numbers(words, key, value):
    given = parse_config([words])
    assert typed(given, given) == {key: value}


def test_what_comes_from_a_file_stays_text():
    merged = {"a": {"b": "5", "c": "6"}, "d": ["7"]}
    assert typed(merged, {"a": {"c": "6"}}) == {"a": {"b": "5", "c": 6}, "d": ["7"]}


def test_dotted_keys_are_keys():
    config = resolve_layers({"model": {"training.steps": 50, "training": {"clip": 1.0}}, "figures.arena": "box2m"})
    assert config == {"model": {"training": {"steps": 50, "clip": 1.0}}, "figures": {"arena": "box2m"}}
    named = {"ambiguities": {"choices": {"scale": {"x0.5": {"network": {"output_scale": 0.5}}}}}}
    assert resolve_layers(named) == named, "alternatives may have dots in their names"
    with pytest.raises(InputError, match=r"seeds.more is 1; expected a key below seeds, which is no mapping"):
        resolve_layers({"seeds": [0], "seeds.more": 1})


def test_a_study_leaves_out_what_is_null():
    config = shipped()
    gone = {"conditions": {"untrained": None}, "arenas": {"tanni": None}}
    gone["ambiguities"] = {"choices": {"units": None, "identity": {"none": None}}}
    update_config(config, gone)
    study = resolve_study(config, SCHEMA)
    assert "untrained" not in study.conditions and "untrained" not in study.figures["controls"]
    assert "untrained" not in study.cueva_wei["compared"] and "small_sigma_g" in study.figures["controls"]
    assert "tanni" not in study.arenas and "tanni" not in study.figures["other_arenas"]
    choices = {choice for choice, _ in study.ambiguities.points}
    assert "units" not in choices and ("identity", "start") in study.ambiguities.points
    assert ("identity", "none") not in study.ambiguities.points


def test_leaving_out_what_the_figures_show_is_an_error():
    config = shipped()
    update_config(config, {"conditions": {"full": None}})
    with pytest.raises(InputError, match=r"figures.condition is 'full'; expected one of: no_capacity"):
        resolve_study(config, SCHEMA)


@pytest.mark.parametrize(
    "text, warmup",
    [
        ("model: {training: {steps: 50}}", 5),
        ("model: {training: {steps: 100000}}", 500),
        ("model: {training: {steps: 50, warmup: 20}}", 20),
        ("conditions: {full: {}, short: {training: {steps: 70}}}", 7),
        ("conditions: {full: {}, short: {training: {steps: 70, warmup: 20}}}", 20),
        ("model: {training: {warmup: 30}}\nconditions: {full: {}, short: {training: {steps: 70}}}", 30),
    ],
)
def test_a_warmup_that_nobody_asked_for_is_at_most_a_tenth_of_the_steps(text, warmup):
    conditions = resolve_study(yaml.safe_load(text), SCHEMA).conditions
    assert list(conditions.values())[-1]["training"]["warmup"] == warmup


def test_the_first_study_stands_alone_and_its_network_is_the_shipped_ones():
    first = resolve_study(yaml.safe_load((ROOT / "studies/first.yaml").read_text(encoding="utf-8")), SCHEMA)
    whole = resolve_study(shipped(), SCHEMA)
    assert list(first.models) == ["full"] and first.seeds == {"full": [0]}
    assert first.conditions["full"] == whole.conditions["full"] and 0 in whole.seeds["full"]
    assert first.arenas == {"box2m": whole.arenas["box2m"]}
