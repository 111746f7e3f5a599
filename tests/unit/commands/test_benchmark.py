"""The benchmark: what it compares with computes the same, and what it counts is what is done."""

import json
import subprocess
import sys
from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from examples import MODEL
from sslgrid.benchmarks import floor, machine, profile, scaling
from sslgrid.benchmarks.steps import largest_difference, resize
from sslgrid.sic.step import start


@pytest.mark.parametrize("size", [(8, 4, 10), (16, 3, 25), (5, 2, 3)])
@pytest.mark.parametrize("zero_rule", ["zero", "previous"])
def test_naive_step_computes_what_the_engine_computes(size, zero_rule):
    network = replace(MODEL.network, zero_rule=zero_rule)
    assert largest_difference(resize(replace(MODEL, network=network), *size)) < 1e-4


def test_flops_of_the_network_are_those_that_torch_counts():
    """Pairs and rollout apart, which no single torch operation is like."""
    model = resize(MODEL, 12, 1, 7)
    network = start(model, 0).network
    with FlopCounterMode(display=False) as counted:
        network.matrices(torch.rand(7, 2)).sum().backward()
    assert floor.mlp_flops(model) == counted.get_total_flops()


def test_a_training_of_the_papers_length():
    """4,000,000 batches of 9 ms are 10 hours; of 1.8 J, 2 kWh."""
    row = {"engine": "cuda", "units": 128, "batch": 130, "steps": 60, "milliseconds": 9.0, "joules": 1.8}
    assert scaling.paper_training(row) == "cuda: the paper's 4,000,000 batches take 10 hours (0.4 days), 2.0 kWh"
    assert scaling.paper_training(row | {"joules": float("nan")}).endswith("(0.4 days)")
    assert scaling.paper_training(row | {"batch": 16}) is None


def test_flops_grow_as_the_paper_says():
    """With the square of the number of points where pairs rule."""
    few, many = (floor.flops(resize(MODEL, 64, B, 60)) for B in (2000, 4000))
    assert many / few == pytest.approx(4, rel=0.01)


@given(st.floats(0.2, 3), st.floats(0.2, 3))
def test_exponents_of_a_bent_power_law_are_found(small, large):
    sizes = np.array([1, 2, 4, 8, 16, 32])
    milliseconds = np.where(sizes <= 4, sizes**small, 4 ** (small - large) * sizes**large)
    rows = pd.DataFrame({"batch": sizes, "milliseconds": milliseconds})
    assert scaling.exponents(rows, "batch") == (pytest.approx(small), pytest.approx(large))


def test_benchmark_writes_its_table(tmp_path):
    (tmp_path / "full.json").write_text(json.dumps(asdict(MODEL)))
    done = subprocess.run(
        [sys.executable, "-m", "sslgrid.commands.benchmark", "--model", tmp_path / "full.json", "--table",
         tmp_path / "engine.csv", "--size", "8", "4", "10", "1", "--repeats", "4"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    table = pd.read_csv(tmp_path / "engine.csv").set_index("engine")
    assert list(table.index[:3]) == ["cpu", "naive", "plain"]
    assert table.loc["naive", "times_naive"] == 1
    ratio = table.loc["naive", "milliseconds"] / table.loc["cpu", "milliseconds"]
    assert table.loc["cpu", "times_naive"] == pytest.approx(ratio, rel=1e-3)
    assert (table["floor_milliseconds"] > 0).all() and (table["share_of_floor"] < 1).all()
    assert f"{ratio:.1f} x naive" in done.stdout and "where each millisecond of the CPU engine goes" in done.stdout


def test_energy_is_that_of_the_card_or_unknown():
    step = torch.cuda.synchronize if torch.cuda.is_available() else lambda: pytest.fail("nothing counts, so no step")
    spent = machine.joules_per_step(step, seconds=0.5)
    assert spent >= 0 if torch.cuda.is_available() else np.isnan(spent)


def test_a_profile_tells_where_a_step_goes():
    parts = profile.profile(resize(MODEL, 16, 8, 20), 5)
    assert set(parts) == {*profile.PARTS, "step"}
    measured = [name for name in profile.PARTS if name not in ("other losses", "the rest")]  # two are differences
    assert all(parts[name] > 0 for name in [*measured, "step"])
    assert sum(parts[name] for name in profile.PARTS) == pytest.approx(parts["step"])
    lines = profile.describe(parts).splitlines()
    assert len(lines) == 2 + len(profile.PARTS) and lines[-1].endswith("100%")
