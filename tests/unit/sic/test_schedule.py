"""The plateau schedule is torch's, and a training with it goes on exactly; accumulated batches are one larger batch."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from examples import MODEL, TRAINING
from sslgrid.basics.errors import OutOfTimeError
from sslgrid.sic.engine import plain
from sslgrid.sic.schedule import Plateau
from sslgrid.sic.step import advance, batches_of, descend, start
from sslgrid.sic.task import SicTask
from sslgrid.training.loop import Keeping, train

PLATEAU = replace(TRAINING, schedule="plateau", plateau_window=3, plateau_patience=1, plateau_factor=0.5, warmup=0)


@given(st.lists(st.floats(-1, 1), min_size=30, max_size=90))
def test_rates_are_those_of_torch_told_the_mean_of_each_window(losses):
    schedule = Plateau(PLATEAU)
    optimiser = torch.optim.SGD([torch.zeros(())], lr=PLATEAU.learning_rate)
    reference = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimiser, factor=0.5, patience=1, threshold=0, threshold_mode="abs"
    )
    for step, loss in enumerate(losses):
        assert schedule.rate(step) == optimiser.param_groups[0]["lr"]
        schedule.observe(loss)
        if step % 3 == 2:
            reference.step(sum(losses[step - 2 : step + 1]) / 3)


@given(st.lists(st.floats(-1, 1), min_size=30, max_size=60), st.integers(1, 29))
def test_a_saved_schedule_goes_on_exactly(losses, cut):
    whole, first = Plateau(PLATEAU), Plateau(PLATEAU)
    for loss in losses:
        whole.observe(loss)
    for loss in losses[:cut]:
        first.observe(loss)
    second = Plateau(PLATEAU)
    second.load_state_dict(first.state_dict())
    for loss in losses[cut:]:
        second.observe(loss)
    assert second.state_dict() == whole.state_dict()


@pytest.mark.parametrize("level", [-0.18, 0.0, 0.18])
def test_a_loss_that_no_longer_falls_lowers_the_rate_whatever_its_sign(level):
    schedule = Plateau(PLATEAU)
    for _ in range(3 * 7):  # windows: the first is the best, then every second one lowers the rate
        schedule.observe(level)
    assert schedule.rate(0) == PLATEAU.learning_rate * 0.5**3


def test_warm_up_comes_first():
    schedule = Plateau(replace(PLATEAU, warmup=4, learning_rate=1.0))
    assert [schedule.rate(step) for step in range(6)] == [0.25, 0.5, 0.75, 1, 1, 1]


def test_the_rate_falls_where_the_loss_does_not(tmp_path):
    """A training in pieces of one step each gives the bits of a training in one, rates included."""
    model = replace(MODEL, training=replace(PLATEAU, steps=40, plateau_patience=0, learning_rate=1e-6))
    task = SicTask(model, 0)
    whole = train(task, Keeping(tmp_path / "whole.ckpt", {"seed": "0"}, 0), lambda *_: None)
    pieces = None
    while pieces is None:
        try:
            pieces = train(task, Keeping(tmp_path / "pieces.ckpt", {"seed": "0"}, 0, lambda: True), lambda *_: None)
        except OutOfTimeError:
            continue
    rates = [row[list(task.columns).index("learning_rate")] for row in whole.rows]
    assert rates[0] > rates[-1], "steps this small lower nothing"
    assert [row[:-1] for row in whole.rows] == [row[:-1] for row in pieces.rows], "but for the seconds"
    for name, tensor in whole.network.state_dict().items():
        assert torch.equal(tensor, pieces.network.state_dict()[name])


def test_accumulated_gradients_are_those_of_the_mean_loss():
    model = replace(MODEL, training=replace(TRAINING, accumulate=3, clip=1e9))
    network = start(model, 0).network.double()
    batches = batches_of(model, 0, 5)
    found = descend(network, batches, model, plain)
    mean = [parameter.grad.clone() for parameter in network.parameters()]
    single = []
    for batch in batches:
        single.append(descend(network, [batch], model, plain)[0])
        for total, parameter in zip(mean, network.parameters(), strict=True):
            total -= parameter.grad / 3
    assert found[0].item() == pytest.approx(torch.stack(single).mean().item(), rel=1e-12)
    assert max(rest.abs().max().item() for rest in mean) < 1e-12


def test_no_two_steps_share_a_batch():
    model = replace(MODEL, training=replace(TRAINING, accumulate=2))
    drawn = [batch.velocities.tobytes() for step in range(5) for batch in batches_of(model, 0, step)]
    assert len(set(drawn)) == 10
    alone = replace(MODEL, training=replace(TRAINING, accumulate=1))
    assert batches_of(alone, 0, 3)[0].velocities.tobytes() == drawn[3]


def test_every_step_is_told_to_the_schedule():
    training = start(replace(MODEL, training=PLATEAU), 0)
    losses = [advance(training, replace(MODEL, training=PLATEAU), 0)["loss"] for _ in range(2)]
    assert training.schedule.total == sum(losses)
