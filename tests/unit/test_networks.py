"""Networks on disk: they come back, and bad ones are named."""

import json

import pytest
import torch

from examples import MODEL
from sslgrid.errors import InputError
from sslgrid.networks import load_network
from sslgrid.sic.step import start
from sslgrid.training.weights import save_network


def test_networks_come_back_and_bad_ones_are_named(tmp_path):
    path = tmp_path / "w.safetensors"
    network = start(MODEL, 0).network
    save_network(path, network, {"network": "velocity_rnn", "config": MODEL.to_json(), "seed": "0"})
    first = path.read_bytes()
    loaded, header = load_network(path)
    assert header["seed"] == "0"
    assert all(torch.equal(a, b) for a, b in zip(network.parameters(), loaded.parameters(), strict=True))
    save_network(path, network, {"seed": "0", "config": MODEL.to_json(), "network": "velocity_rnn"})
    assert path.read_bytes() == first
    other = json.loads(MODEL.to_json())
    other["network"]["units"] = 9
    save_network(path, network, {"network": "velocity_rnn", "config": json.dumps(other)})
    with pytest.raises(InputError, match="does not fit the config in its own header"):
        load_network(path)
    path.write_bytes(first[:100])
    with pytest.raises(InputError, match="is not a network of sslgrid"):
        load_network(path)
