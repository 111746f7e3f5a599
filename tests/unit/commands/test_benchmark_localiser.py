"""The localisers' benchmark compares like with like."""

import torch

from examples import LOCALISER
from sslgrid.benchmarks.localiser import flops
from sslgrid.commands import benchmark_localiser
from sslgrid.localiser.config import LocaliserConfig


def test_the_naive_step_has_the_engines_gradient():
    assert benchmark_localiser._difference(LOCALISER, torch.device("cpu")) < 1e-5


def test_a_row_says_what_was_measured(monkeypatch, capsys):
    row = benchmark_localiser.measure(LOCALISER, ("small", 8, 20, 6, 1), 2, torch.device("cpu"))
    assert row["engine_milliseconds"] > 0 and row["times_naive"] > 0 and row["paths_share"] > 0
    assert "at most" in capsys.readouterr().out


def test_the_products_are_counted_as_torch_counts_them():
    from torch.utils.flop_counter import FlopCounterMode

    from sslgrid.localiser.objective import objective
    from sslgrid.localiser.paths import sample_paths
    from sslgrid.localiser.step import start

    model: LocaliserConfig = LOCALISER
    network = start(model, 0).network
    with FlopCounterMode(display=False) as counter:
        objective(network, sample_paths(model.trajectories, 0.5, 0, 0), model.losses)[0].backward()
    N, samples = model.network.units, model.trajectories.trials * model.trajectories.steps
    small = 2 * N * samples * (2 * 3 + 3 * 2)  # of three inputs, there and back; of the read-out
    counted = counter.get_total_flops()
    assert abs(counted - flops(model) - small) < 0.1 * counted
