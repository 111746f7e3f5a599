"""Both kinds of network train with the plain definitions as with the fast engine, and say which it was."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import yaml
from torch.nn.utils import parameters_to_vector

from examples import LOCALISER, MODEL
from sslgrid.basics.errors import InputError
from sslgrid.config.study import resolve_study
from sslgrid.localiser import plain as plain_localiser
from sslgrid.localiser.engine import curvature_of, descent_of
from sslgrid.localiser.task import LocaliserTask
from sslgrid.networks import load_network
from sslgrid.sic.config import ModelConfig
from sslgrid.sic.engine import plain as plain_sic
from sslgrid.sic.step import engine_of
from sslgrid.sic.task import SicTask
from sslgrid.training.engines import FAST, PLAIN

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "workflow/schemas/config.schema.yaml"
STEPS = 5
# With a read-out and biases, which the paper begins without, and Adam: SOAP magnifies directions that are but rounding.
GRADIENT = replace(
    LOCALISER,
    network=replace(LOCALISER.network, output_gain=1.0, bias_deviation=1.0),
    training=replace(LOCALISER.training, optimiser="adam"),
)
HESSIAN_FREE = replace(GRADIENT, training=replace(GRADIENT.training, first="hessian_free"))
CASES = {
    "sic": (SicTask, MODEL), "gradient": (LocaliserTask, GRADIENT), "hessian_free": (LocaliserTask, HESSIAN_FREE),
}  # fmt: skip
CONDITIONS = {"full": {}, "cw": {"model": "localiser", "arena": "box2m"}}


def with_engine(model, engine):
    return replace(model, training=replace(model.training, engine=engine))


def trained(kind, model, engine) -> tuple[torch.Tensor, torch.Tensor]:
    """The losses of the first steps (step,), and the change of the weights (P,)."""
    task = kind(with_engine(model, engine), 0)
    training = task.start()
    before = parameters_to_vector(training.network.parameters()).detach()
    step = task.stepper(training)
    losses = torch.tensor([step()["loss"] for _ in range(STEPS)])
    return losses, parameters_to_vector(training.network.parameters()).detach() - before


@pytest.mark.parametrize("case", CASES)
def test_five_steps_with_each_engine_have_the_same_losses_and_lead_to_the_same_weights(case):
    (fast, change), (plain, other) = (trained(*CASES[case], engine) for engine in (FAST, PLAIN))
    torch.testing.assert_close(plain, fast, rtol=2e-4, atol=0)
    assert (other - change).norm() < 5e-4 * change.norm()


def test_the_config_chooses_the_engine():
    assert engine_of(with_engine(MODEL, PLAIN), "cpu") is plain_sic
    assert engine_of(MODEL, "cpu") is not plain_sic
    network = LocaliserTask(LOCALISER, 0).start().network
    assert isinstance(descent_of(network, LOCALISER.losses, PLAIN), plain_localiser.Descent)
    assert not isinstance(descent_of(network, LOCALISER.losses), plain_localiser.Descent)
    paths = torch.zeros(2, 1), torch.zeros(2, 1), torch.zeros(2, 1, 2)
    paths = plain_localiser.Paths(*paths, noise_seed=0)
    assert isinstance(curvature_of(network, paths, LOCALISER.losses, PLAIN), plain_localiser.Curvature)
    assert not isinstance(curvature_of(network, paths, LOCALISER.losses), plain_localiser.Curvature)


@pytest.mark.parametrize("given", [FAST, PLAIN, None])
def test_engine_of_the_study_is_that_of_all_conditions_that_name_none(given):
    told = {"training": {"engine": PLAIN}}
    conditions = CONDITIONS | {"own": told, "own_cw": CONDITIONS["cw"] | told}
    study = resolve_study({"conditions": conditions} | ({"engine": given} if given else {}), SCHEMA)
    found = {name: model["training"]["engine"] for name, model in study.models.items()}
    assert (found["full"], found["cw"]) == (given or FAST,) * 2
    assert (found["own"], found["own_cw"]) == (PLAIN,) * 2


def test_an_engine_that_is_not_there_is_named():
    with pytest.raises(InputError, match="engine is 'slow'; expected one of: fast, plain"):
        resolve_study({"engine": "slow"}, SCHEMA)


def test_a_released_network_was_trained_with_the_fast_engine_and_is_still_the_studys():
    """Its header is older than the key."""
    header = load_network(ROOT / "released/full/seed0/weights.safetensors").config
    study = resolve_study(yaml.safe_load((ROOT / "config.yaml").read_text()), SCHEMA)
    assert ModelConfig.from_dict(header).training.engine == FAST
    assert ModelConfig.from_dict(header) == ModelConfig.from_dict(study.conditions["full"])
    assert json.loads(with_engine(MODEL, PLAIN).to_json())["training"]["engine"] == PLAIN
