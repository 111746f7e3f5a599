"""Networks on disk: they come back, and bad ones are named."""

import json
from pathlib import Path

import pytest

from examples import HEADER, MODEL
from sslgrid.basics.errors import InputError
from sslgrid.networks import load_network
from sslgrid.sic.config import ModelConfig
from sslgrid.sic.step import start
from sslgrid.store.records import HEADER_VERSION
from sslgrid.training import weights
from sslgrid.training.weights import save_network

RELEASED = Path(__file__).parents[2] / "released"


def test_networks_come_back_and_bad_ones_are_named(tmp_path):
    path = tmp_path / "w.safetensors"
    network = start(MODEL, 0).network
    save_network(path, network, HEADER)
    first = path.read_bytes()
    loaded = load_network(path)
    assert loaded.seed == 0 and loaded.config["network"]["units"] == MODEL.network.units
    assert loaded.facts == {"seed": "0", "network_config_hash": "cfg", "network_code_hash": "0123"}
    weights = network.state_dict()
    assert weights.keys() == loaded.network.weights.keys()
    assert all((weights[name].numpy() == array).all() for name, array in loaded.network.weights.items())
    save_network(path, network, dict(reversed(HEADER.items())))
    assert path.read_bytes() == first
    other = json.loads(MODEL.to_json())
    other["network"]["units"] = 9
    save_network(path, network, HEADER | {"config": json.dumps(other)})
    with pytest.raises(InputError, match="does not fit the config in its own header"):
        load_network(path)
    path.write_bytes(first[:100])
    with pytest.raises(InputError, match="is not a network of sslgrid"):
        load_network(path)
    save_network(path, network, {name: value for name, value in HEADER.items() if name != "seed"})
    with pytest.raises(InputError, match="does not say its seed"):
        load_network(path)


def test_a_header_of_a_newer_version_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "w.safetensors"
    with monkeypatch.context() as newer:
        newer.setattr(weights, "HEADER_VERSION", HEADER_VERSION + 1)
        save_network(path, start(MODEL, 0).network, HEADER)
    with pytest.raises(InputError, match=r"has a header of version 2; this sslgrid knows 1: use a newer"):
        load_network(path)


@pytest.mark.parametrize("name", ["full/seed0", "full/seed1"])
def test_networks_that_were_released_before_headers_had_versions_are_read(name):
    released = load_network(RELEASED / name / "weights.safetensors")
    assert released.seed == int(name[-1])
    assert ModelConfig.from_dict(released.config).network.units == len(released.network.rest(1)[0])
    assert released.facts["network_code_hash"]


def test_units_of_another_network_are_named():
    trained = load_network(RELEASED / "full/seed0/weights.safetensors")
    with pytest.raises(InputError, match=r"maps\.nc holds 3 units; expected the \d+ of .*weights.safetensors"):
        trained.check_units(Path("maps.nc"), 3)
