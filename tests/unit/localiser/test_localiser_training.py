"""The training of localisers: gradient steps, then Hessian-free steps; interrupted or not, the same weights."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from examples import LOCALISER
from sslgrid.localiser.config import HessianFreeConfig
from sslgrid.localiser.paths import share_at_rest
from sslgrid.localiser.penalties import Penalties
from sslgrid.localiser.task import LocaliserTask, noise_of_step
from sslgrid.training.loop import DivergedError, Keeping, check, recorded, train


class StoppedError(Exception):
    pass


def run(path, model=LOCALISER, seed=0, every=1e9, stop_at=None):
    def report(training, values):
        if training.step == stop_at:
            raise StoppedError

    return train(LocaliserTask(model, seed), Keeping(path, {"seed": "0"}, every), report)


# The recipe of the authors' code, with each of its choices, and noise that grows.
AUTHORS = replace(
    LOCALISER,
    network=replace(
        LOCALISER.network, noise_on="rates", rates="rectified", zero_diagonal=True, output_gain=0.01, bias_mean=0.1,
        bias_deviation=0.01,
    ),
    losses=replace(LOCALISER.losses, rule="adaptive", weights=0.5, rates=0.1),
    trajectories=replace(LOCALISER.trajectories, at_walls="widening"),
    training=replace(LOCALISER.training, recurrent_decay=0.5, noise_start=0.1, noise_hold=2, noise_ramp=6),
    hessian_free=HessianFreeConfig(
        iterations=6, damping=0.1, structural_damping=3000.0, structural_unit="weights", preconditioner="identity",
        restart_every=3, clip=10.0, curvature_trials=2,
    ),
)  # fmt: skip


@pytest.mark.parametrize("recipe", [LOCALISER, AUTHORS])
@pytest.mark.parametrize("first, optimiser", [("gradient", "soap"), ("gradient", "adam"), ("hessian_free", "soap")])
@pytest.mark.parametrize("stop_at", [2, 9, 11])
def test_interrupted_equals_uninterrupted(tmp_path, recipe, first, optimiser, stop_at):
    model = replace(recipe, training=replace(recipe.training, first=first, optimiser=optimiser))
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
        learning_rate=0.01,
    )  # fmt: skip
    hessian_free = replace(LOCALISER.hessian_free, iterations=30)
    paths = replace(LOCALISER.trajectories, trials=20, standstill=0.0, highest_speed=0.05)
    network = replace(LOCALISER.network, noise=0.0, inputs="velocity", units=20)
    model = replace(LOCALISER, training=training, hessian_free=hessian_free, trajectories=paths, network=network)
    _, rows = recorded(run(tmp_path / "a.ckpt", model), LocaliserTask.columns)
    error = rows[:, list(LocaliserTask.columns).index("error")]
    assert error[-1] < 0.5 * error[0]


def test_seeds_differ_and_repeat(tmp_path):
    one, again, other = (LocaliserTask(LOCALISER, seed).start().network.recurrent for seed in (0, 0, 1))
    assert torch.equal(one, again) and not torch.equal(one, other)


def columns_of(training) -> dict[str, np.ndarray]:
    return dict(zip(LocaliserTask.columns, recorded(training, LocaliserTask.columns)[1].T, strict=True))


def test_adaptive_penalties_are_those_of_the_terms_of_every_step(tmp_path):
    """From the terms of each row follow the weights of the next one, by the rule."""
    model = replace(AUTHORS, training=replace(AUTHORS.training, record_every=1))
    columns = columns_of(run(tmp_path / "a.ckpt", model))
    expected = Penalties.first(model.losses)
    for step in range(12):
        assert (columns["weights_penalty"][step], columns["rates_penalty"][step]) == (expected.weights, expected.rates)
        terms = {name: float(columns[name][step]) for name in ("error", "weights", "rates")}
        total = terms["error"] + expected.weights * terms["weights"] + expected.rates * terms["rates"]
        assert columns["loss"][step] == pytest.approx(total, rel=1e-5)
        expected.adapt(model.losses, **terms, steps=step + 1)
    assert expected.weights < 0.5, "the term of the weights is more than a sixth of the error at first"


def test_fixed_penalties_are_recorded_too(tmp_path):
    columns = columns_of(run(tmp_path / "a.ckpt"))
    assert (columns["weights_penalty"] == 0.01).all() and (columns["rates_penalty"] == 0.01).all()


def test_noise_is_low_at_first_and_rises_to_the_whole(tmp_path):
    expected = 0.1 * (0.1 + 0.9 * np.array([0, 0, 1, 2, 3, 4, 5, 6, 6, 6, 6, 6]) / 6)
    np.testing.assert_allclose([noise_of_step(AUTHORS, step) for step in range(12)], expected)
    assert [noise_of_step(LOCALISER, step) for step in (0, 5)] == [LOCALISER.network.noise] * 2
    model = replace(AUTHORS, training=replace(AUTHORS.training, record_every=1))
    trained = run(tmp_path / "a.ckpt", model)
    np.testing.assert_allclose(columns_of(trained)["noise"], expected)
    assert trained.network.step_noise == pytest.approx(0.1)


@pytest.mark.parametrize("optimiser", ["soap", "adam"])
def test_recurrent_weights_decay_by_themselves(optimiser):
    """In a step with a decay W_rec ends where it would without, less the decayed share; the others end there too."""
    after = {}
    for decay in (0.0, 0.5):
        changed = replace(LOCALISER.training, recurrent_decay=decay, optimiser=optimiser, warmup=0, learning_rate=0.1)
        task = LocaliserTask(replace(LOCALISER, training=changed), 0)
        training = task.start()
        before = training.network.recurrent.detach().clone()
        task.stepper(training)()
        after[decay] = training.network
    torch.testing.assert_close(after[0.5].recurrent, after[0.0].recurrent - 0.1 * 0.5 * before)
    assert torch.equal(after[0.5].input, after[0.0].input)


def test_rest_comes_by_and_by():
    model = replace(LOCALISER, training=replace(LOCALISER.training, curriculum=4))
    np.testing.assert_allclose([share_at_rest(model, step) / 0.5 for step in range(6)], [0.25, 0.5, 0.75, 1, 1, 1])
    assert share_at_rest(LOCALISER, 0) == 0.5


def test_a_loss_that_is_no_number_is_named():
    with pytest.raises(DivergedError, match="diverged at step 7: error is nan"):
        check({"loss": float("nan"), "error": float("nan")}, 7)
