"""A stage that is about one kind of network names a file of the other."""

from argparse import Namespace
from pathlib import Path

import pytest

from examples import LOCALISER, MODEL
from sslgrid.basics.errors import InputError
from sslgrid.commands import measure_localisation, measure_one_torus
from sslgrid.localiser.step import start as start_localiser
from sslgrid.sic.step import start as start_sic
from sslgrid.training.weights import save_network

FACTS = {"seed": "0", "config_hash": "0123", "code_hash": "4567"}


@pytest.mark.parametrize(
    "stage, kind, start, model, words",
    [
        (measure_localisation, "velocity_rnn", start_sic, MODEL, "expected weights of a localiser"),
        (measure_one_torus, "rate_rnn", start_localiser, LOCALISER, "expected weights of a SIC network"),
    ],
    ids=["localisation", "one_torus"],
)
def test_weights_of_the_other_kind_are_named(stage, kind, start, model, words, tmp_path):
    path: Path = tmp_path / "weights.safetensors"
    save_network(path, start(model, 0).network, {"network": kind, "config": model.to_json(), **FACTS})
    with pytest.raises(InputError, match=rf"weights\.safetensors .*{words}"):
        stage.main(Namespace(weights=path, threads=1))
