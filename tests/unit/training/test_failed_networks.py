"""Networks that training left constant, silent, untrained or exploded go through every stage, and show."""

import json
from argparse import Namespace
from dataclasses import asdict, replace
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from examples import ARENA, MODEL
from sslgrid.commands import map_rates, measure_modules, measure_tuning, sample_walks
from sslgrid.datasets.modules import read_modules
from sslgrid.datasets.tuning import read_tuning
from sslgrid.figures import fig2, fig5_ablations, supp_ratemaps
from sslgrid.figures.networks import read_networks
from sslgrid.sic.columns import SIC_COLUMNS
from sslgrid.sic.step import start
from sslgrid.training.loop import FINISHED
from sslgrid.training.weights import save_network
from written import write_training

WITH_BIAS = replace(MODEL, network=replace(MODEL.network, identity="start"))  # of the last layer
DIVERGED = "diverged at step 3: separation is nan"
# What becomes of the last layer's weights and biases.
NETWORKS = {
    "untrained": lambda weight, bias: None,
    "constant": lambda weight, bias: (weight.zero_(), bias.zero_()),
    "silent": lambda weight, bias: (weight.zero_(), bias.fill_(-2)),
    "exploded": lambda weight, bias: (weight.mul_(1e6), bias.mul_(1e6)),
    "overflowing": lambda weight, bias: (weight.fill_(1e38), bias.fill_(3e38)),
}


@pytest.fixture(scope="module")
def arena(tmp_path_factory) -> Namespace:
    folder = tmp_path_factory.mktemp("arena")
    paths = Namespace(
        arena=folder / "box.json", walks=folder / "box.nc", threads=1, draws=100, steps=0, inputs=("arena",)
    )
    paths.arena.write_text(json.dumps(asdict(replace(ARENA, bin=0.1, smoothing=0.1))))
    sample_walks.main(paths)
    return paths


def follow(folder: Path, arena: Namespace, name: str) -> Namespace:
    """Every stage from a network's weights to its modules; the files, as a figure takes them."""
    stages = ("networks", "ratemaps", "tuning", "modules")
    weights, ratemaps, tuning, modules = (folder / stage / name / "seed0/box.nc" for stage in stages)
    network = start(WITH_BIAS, 0).network
    with torch.no_grad():
        NETWORKS[name](network.mlp[-1].weight, network.mlp[-1].bias)
    facts = {
        "network": "velocity_rnn",
        "config": WITH_BIAS.to_json(),
        "seed": "0",
        "config_hash": "1",
        "code_hash": "2",
    }
    save_network(weights, network, facts)
    history = weights.with_name("training.nc")
    outcome = FINISHED if name == "constant" else DIVERGED
    write_training(
        history, np.zeros(0, int), np.zeros((0, len(SIC_COLUMNS))), SIC_COLUMNS, facts | {"outcome": outcome}
    )
    files = Namespace(**vars(arena), weights=weights, ratemaps=ratemaps, tuning=tuning, modules=modules, test=[])
    for stage in (map_rates, measure_tuning, measure_modules):
        stage.main(files)
    return Namespace(ratemaps=[ratemaps], tuning=[tuning], modules=[modules], histories=[history])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", NETWORKS)
def test_a_failed_network_is_measured_and_drawn(name, arena, tmp_path):
    files = follow(tmp_path, arena, name)
    tuning = read_tuning(files.tuning[0])
    assert read_modules(files.modules[0]).sizes["module"] == 0
    assert tuning["significant"].sum() == 0
    if name in ("silent", "overflowing"):
        assert tuning["live"].sum() == 0
    if name == "constant":
        assert tuning["live"].sum() > 0 and np.isnan(tuning["gridness60"]).all()
    networks = read_networks(files)
    assert [(each.condition, each.seed) for each in networks] == [(name, 0)]
    supp = supp_ratemaps.draw(networks)
    words = supp.axes[0].texts[0].get_text()
    assert words.startswith(f"seed 0: {int(tuning['live'].sum())} live of 8 units")
    assert (DIVERGED in words) == (name != "constant")
    conditions = [fig5_ablations.Condition(name, "losses.capacity 0", networks * seeds) for seeds in (1, 3)]
    fig5 = fig5_ablations.draw(conditions)
    said = [text.get_text() for axes in fig5.subfigs[0].get_axes() for text in axes.texts]
    assert said.count("seed 0 diverged at step 3") == (0 if name == "constant" else 4)
    for figure in (supp, fig5, fig2.draw(networks)):
        figure.savefig(tmp_path / "figure.png", dpi=60)
        plt.close(figure)
