"""Configs of today and of older networks."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from examples import LOCALISER, MODEL
from sslgrid.localiser.config import HessianFreeConfig, LocaliserConfig, read_localiser
from sslgrid.networks import load_network
from sslgrid.sic.config import ModelConfig
from sslgrid.store.provenance import text_hash
from sslgrid.store.reading import build
from sslgrid.store.records import record_of

RELEASED = Path(__file__).parents[3] / "released/full/seed0/weights.safetensors"

# What a localiser's header held before noise could be on the rates, penalties adapt and Hessian-free steps be chosen.
OLDER = {
    "network": {
        "units": 100, "time_constant": 10.0, "noise": 0.3, "inputs": "angle", "speed_scale": 0.02,
        "recurrent_start": "normal", "gain": 1.5,
    },
    "losses": {"weights": 0.5, "rates": 0.1},
    "trajectories": {
        "shape": "hexagon", "side": 1.25, "trials": 500, "steps": 500, "standstill": 0.9, "highest_speed": 0.2,
        "heading_noise": 0.33,
    },
    "training": {
        "first": "gradient", "optimiser": "soap", "steps": 0, "learning_rate": 0.02, "betas": [0.95, 0.95],
        "warmup": 100, "final_fraction": 0.02, "clip": 1.0, "hessian_free_steps": 1900, "iterations": 30,
        "damping": 0.2, "curriculum": 0, "record_every": 20, "snapshots": 16,
    },
}  # fmt: skip


@dataclass(frozen=True)
class Inner:
    old: int
    pair: tuple[float, float] = (1.0, 2.0)


@dataclass(frozen=True)
class Outer:
    name: str | list[list[float]]
    inner: Inner


def test_missing_keys_take_the_value_of_older_networks_and_lists_become_tuples_where_they_are():
    assert build(Outer, {"name": [[0.0, 1.0]], "inner": {"old": 3}}) == Outer([[0.0, 1.0]], Inner(3, (1.0, 2.0)))
    assert build(Outer, {"name": "a", "inner": {"old": 3, "pair": [5.0, 6.0]}}) == Outer("a", Inner(3, (5.0, 6.0)))


@pytest.mark.parametrize("section", [{"name": "a", "inner": {}}, {"name": "a", "inner": {"old": 1, "new": 2}}])
def test_keys_that_older_networks_had_must_be_there_and_unknown_ones_must_not(section):
    with pytest.raises(TypeError, match=r"old|new"):
        build(Outer, section)


def test_an_older_localiser_has_noise_on_x_fixed_penalties_and_its_own_damping():
    config = LocaliserConfig.from_dict(OLDER)
    assert (config.network.noise_on, config.network.rates, config.losses.rule) == ("state", "tanh", "fixed")
    assert config.hessian_free == HessianFreeConfig(iterations=30, damping=0.2)
    assert (config.training.noise_start, config.training.recurrent_decay) == (1.0, 0.0)
    assert config.trajectories.at_walls == "uniform" and config.training.betas == (0.95, 0.95)
    assert OLDER["training"]["iterations"] == 30, "the header itself is not changed"


@pytest.mark.parametrize("config", [MODEL, LOCALISER], ids=["sic", "localiser"])
def test_a_config_comes_back_from_its_text(config):
    again = type(config).from_dict(json.loads(config.to_json()))
    assert again == config and again.to_json() == config.to_json()


def test_a_localisers_file_is_read(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(asdict(LOCALISER)))
    assert read_localiser(tmp_path / "a.json") == LOCALISER


def test_a_network_that_was_released_is_read():
    found = load_network(RELEASED)
    assert found.network.config.units == 64
    config = ModelConfig.from_dict(found.config)
    assert config.training.steps == 8000 and config.training.betas == (0.9, 0.999)


def test_a_network_that_was_released_has_the_hash_of_its_config_today():
    """Or the tables of conditions would leave it out as one of another config."""
    record = record_of(RELEASED)
    assert text_hash(ModelConfig.from_dict(json.loads(record["config"])).to_json()) == record["config_hash"]
