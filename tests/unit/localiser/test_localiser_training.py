"""The training of localisers: gradient steps, then Hessian-free steps; interrupted or not, the same weights."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from examples import LOCALISER
from sslgrid.localiser.paths import share_at_rest
from sslgrid.localiser.task import LocaliserTask
from sslgrid.training.loop import DivergedError, Keeping, check, recorded, train


class StoppedError(Exception):
    pass


def run(path, model=LOCALISER, seed=0, every=1e9, stop_at=None):
    def report(training, values):
        if training.step == stop_at:
            raise StoppedError

    return train(LocaliserTask(model, seed), Keeping(path, {"seed": "0"}, every), report)


@pytest.mark.parametrize("first, optimiser", [("gradient", "soap"), ("gradient", "adam"), ("hessian_free", "soap")])
@pytest.mark.parametrize("stop_at", [2, 9, 11])
def test_interrupted_equals_uninterrupted(tmp_path, first, optimiser, stop_at):
    model = replace(LOCALISER, training=replace(LOCALISER.training, first=first, optimiser=optimiser))
    with pytest.raises(StoppedError):
        run(tmp_path / "a.ckpt", model, every=0, stop_at=stop_at)
    resumed, alone = run(tmp_path / "a.ckpt", model), run(tmp_path / "b.ckpt", model)
    assert resumed.step == alone.step == 12
    for one, other in zip(resumed.network.parameters(), alone.network.parameters(), strict=True):
        assert torch.equal(one, other)
    (steps, rows), (other_steps, other_rows) = (recorded(each, LocaliserTask.columns) for each in (resumed, alone))
    assert (steps == other_steps).all() and (rows[:, :-1] == other_rows[:, :-1]).all()  # the last column is time


def test_both_optimisers_take_their_steps_and_say_so(tmp_path):
    steps, rows = recorded(run(tmp_path / "a.ckpt"), LocaliserTask.columns)
    columns = dict(zip(LocaliserTask.columns, rows.T, strict=True))
    gradient = steps <= 8
    assert (columns["learning_rate"][gradient] > 0).all() and (columns["learning_rate"][~gradient] == 0).all()
    assert (columns["damping"][gradient] == 0).all() and (columns["damping"][~gradient] > 0).all()
    assert (columns["iterations"][~gradient] >= 1).all() and (columns["iterations"] <= 6).all()


@pytest.mark.parametrize("optimiser, steps, hessian_free_steps", [("soap", 60, 0), ("adam", 150, 0), ("soap", 0, 12)])
def test_each_optimiser_learns(tmp_path, optimiser, steps, hessian_free_steps):
    """The error falls below half of what the answer "at the centre" makes."""
    training = replace(
        LOCALISER.training, optimiser=optimiser, steps=steps, hessian_free_steps=hessian_free_steps,
        learning_rate=0.01, iterations=30,
    )  # fmt: skip
    paths = replace(LOCALISER.trajectories, trials=20, standstill=0.0, highest_speed=0.05)
    network = replace(LOCALISER.network, noise=0.0, inputs="velocity", units=20)
    model = replace(LOCALISER, training=training, trajectories=paths, network=network)
    _, rows = recorded(run(tmp_path / "a.ckpt", model), LocaliserTask.columns)
    error = rows[:, list(LocaliserTask.columns).index("error")]
    assert error[-1] < 0.5 * error[0]


def test_seeds_differ_and_repeat(tmp_path):
    one, again, other = (LocaliserTask(LOCALISER, seed).start().network.recurrent for seed in (0, 0, 1))
    assert torch.equal(one, again) and not torch.equal(one, other)


def test_rest_comes_by_and_by():
    model = replace(LOCALISER, training=replace(LOCALISER.training, curriculum=4))
    np.testing.assert_allclose([share_at_rest(model, step) / 0.5 for step in range(6)], [0.25, 0.5, 0.75, 1, 1, 1])
    assert share_at_rest(LOCALISER, 0) == 0.5


def test_a_loss_that_is_no_number_is_named():
    with pytest.raises(DivergedError, match="diverged at step 7: error is nan"):
        check({"loss": float("nan"), "error": float("nan")}, 7)
