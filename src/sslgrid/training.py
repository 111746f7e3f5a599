"""The training loop: gradient steps, recorded, checkpointed, guarded against divergence."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from sslgrid.checkpoint import load_checkpoint, save_checkpoint
from sslgrid.config.model import ModelConfig, TrainingConfig
from sslgrid.datasets.training import COLUMNS
from sslgrid.descent import DivergedError, Training, Values, advance, learning_rate, start
from sslgrid.weights import weights


def train(
    model: ModelConfig,
    seed: int,
    checkpoint: Path,
    key: str,
    checkpoint_seconds: float,
    report: Callable[[Training, Values], None],
    device: torch.device | str = "cpu",
) -> Training:
    """Train to the last step, from the checkpoint if there is one.

    The result is the same to the bit however often the training was interrupted. `report` is called after each
    step with what it returned; `key` must name everything that decides the weights. The checkpoint of the last
    step stays, so that a finished training need not be done again if its results get lost.

    A training that diverges is a result too: it ends there, `outcome` says how, and its network is the last snapshot.
    """
    training = start(model, seed, device)
    training.snapshots[0] = weights(training.network)
    _restore(training, load_checkpoint(checkpoint, key))
    try:
        _go_on(training, model, seed, checkpoint, key, checkpoint_seconds, report)
    except DivergedError as error:
        training.outcome = str(error)
        training.network.load_state_dict(training.snapshots[max(training.snapshots)])
    return training


def _go_on(
    training: Training,
    model: ModelConfig,
    seed: int,
    checkpoint: Path,
    key: str,
    checkpoint_seconds: float,
    report: Callable[[Training, Values], None],
) -> None:
    if training.step < model.training.steps:
        step = stepper(training, model, seed)
    marks = snapshot_steps(model.training)
    clock = saved = time.monotonic()
    before = training.seconds
    while training.step < model.training.steps:
        values = step()
        now = time.monotonic()
        training.seconds = before + now - clock
        training.silent += values.silent
        if training.step % model.training.record_every == 0 or training.step == model.training.steps:
            _record(training, values, learning_rate(training.step - 1, model.training))
        if training.step in marks:
            _check_weights(training)
            training.snapshots[training.step] = weights(training.network)
        report(training, values)
        if now - saved >= checkpoint_seconds or training.step == model.training.steps:
            _check_weights(training)
            save_checkpoint(checkpoint, key, _state(training))
            saved = now


def stepper(training: Training, model: ModelConfig, seed: int) -> Callable[[], Values]:
    """What takes the next gradient step: on a GPU one replay of a captured graph, on a CPU plain calls."""
    if training.network.start.is_cuda:
        from sslgrid.engine.cuda_graph import CapturedStep  # needs triton

        return CapturedStep(training, model, seed)
    return lambda: advance(training, model, seed)


def snapshot_steps(config: TrainingConfig) -> list[int]:
    """After how many steps a snapshot is kept, besides the first network: at equal distances, to the last step."""
    count = min(config.snapshots, config.steps)
    return [round(config.steps * (k + 1) / count) for k in range(count)]


def _check_weights(training: Training) -> None:
    """A checkpoint must be worth going on from, a snapshot worth keeping."""
    for name, tensor in training.network.named_parameters():
        if not tensor.isfinite().all():
            raise DivergedError(f"diverged at step {training.step}: {name} is not finite")


def _record(training: Training, values: Values, rate: float) -> None:
    since = training.step - (training.row_steps[-1] if training.row_steps else 0)
    row = [*values[:-1], rate, training.silent / since, training.seconds]
    assert len(row) == len(COLUMNS)
    training.row_steps.append(training.step)
    training.rows.append(row)
    training.silent = 0.0


def _state(training: Training) -> dict:
    return {
        "network": training.network.state_dict(),
        "optimiser": training.optimiser.state_dict(),
        "step": training.step,
        "seconds": training.seconds,
        "silent": training.silent,
        "row_steps": torch.tensor(training.row_steps, dtype=torch.int64),
        "rows": torch.tensor(training.rows, dtype=torch.float64),
        "snapshots": training.snapshots,
    }


def _restore(training: Training, state: dict | None) -> None:
    if state is None:
        return
    training.network.load_state_dict(state["network"])
    training.optimiser.load_state_dict(state["optimiser"])
    training.step, training.seconds, training.silent = state["step"], state["seconds"], state["silent"]
    training.row_steps, training.rows = state["row_steps"].tolist(), state["rows"].tolist()
    training.snapshots = state["snapshots"]


def recorded(training: Training) -> tuple[np.ndarray, np.ndarray]:
    """What `datasets.training.write_training` takes: steps (row,) and rows (row, column)."""
    return np.array(training.row_steps, np.int64), np.array(training.rows).reshape(-1, len(COLUMNS))
