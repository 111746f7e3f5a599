"""The training loop: batch, rollout, losses, clip, AdamW; recorded, checkpointed, guarded against divergence."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from sslgrid.checkpoint import load_checkpoint, save_checkpoint
from sslgrid.config.model import ModelConfig, TrainingConfig
from sslgrid.datasets.training import COLUMNS
from sslgrid.engine import cpu
from sslgrid.errors import InputError
from sslgrid.networks.velocity_rnn import VelocityRNN
from sslgrid.trajectories import WEIGHT_STREAM, generator, sample_batch


class DivergedError(InputError):
    """A loss or a gradient stopped being a number."""


@dataclass
class Training:
    """Where a training stands. `rows` and `row_steps` become training.nc."""

    network: VelocityRNN
    optimiser: torch.optim.Optimizer
    step: int = 0
    seconds: float = 0.0
    silent: float = 0.0  # summed share of silent states since the last row
    row_steps: list[int] = field(default_factory=list)
    rows: list[list[float]] = field(default_factory=list)


def learning_rate(step: int, config: TrainingConfig) -> float:
    """The rate of gradient step `step` (from 0): linear warm-up, then a cosine to `final_fraction` at the last step."""
    if step < config.warmup:
        return config.learning_rate * (step + 1) / config.warmup
    progress = (step - config.warmup) / max(config.steps - 1 - config.warmup, 1)
    cosine = 0.5 * (1 + math.cos(math.pi * min(progress, 1)))
    return config.learning_rate * (config.final_fraction + (1 - config.final_fraction) * cosine)


def start(model: ModelConfig, seed: int) -> Training:
    """A network and optimiser before the first step: a pure function of the config and the seed."""
    rng = torch.Generator().manual_seed(int(generator(seed, WEIGHT_STREAM).integers(2**63)))
    network = VelocityRNN(model.network, rng)
    parameters = [p for p in network.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(
        parameters, lr=0.0, betas=model.training.betas, weight_decay=model.training.weight_decay, fused=True
    )
    return Training(network, optimiser)


def advance(training: Training, model: ModelConfig, seed: int, engine=cpu) -> list[float]:
    """Take one gradient step; returns the total, the four terms, the gradient norm and the learning rate.

    `engine` brings `rollout` and `sic_loss`, as `sslgrid.engine.cpu` does.

    Raises DivergedError, naming the term, before a bad gradient touches the weights.
    """
    network, optimiser = training.network, training.optimiser
    batch = sample_batch(model.trajectories, seed, training.step)
    velocities = torch.from_numpy(batch.velocities).to(network.start.dtype)
    states, silent = engine.rollout(
        network.matrices(velocities),
        network.initial_state(),
        torch.from_numpy(batch.order),
        model.network.zero_rule,
    )
    positions, speeds = torch.from_numpy(batch.positions), torch.from_numpy(batch.speeds)
    total, terms = engine.sic_loss(states, positions, speeds, model.losses)
    optimiser.zero_grad()
    total.backward()
    norm = torch.nn.utils.clip_grad_norm_(network.parameters(), model.training.clip)
    losses = {name: term.item() for name, term in terms._asdict().items()}
    for name, value in (losses | {"gradient": norm.item()}).items():
        if not math.isfinite(value):
            raise DivergedError(
                f"training diverged at step {training.step}: {name} is {value}; try a lower learning_rate"
            )
    rate = learning_rate(training.step, model.training)
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.step()
    training.step += 1
    training.silent += silent.float().mean().item()
    return [total.item(), *losses.values(), norm.item(), rate]


def train(
    model: ModelConfig,
    seed: int,
    checkpoint: Path,
    key: str,
    checkpoint_seconds: float,
    report: Callable[[Training, list[float]], None],
) -> Training:
    """Train to the last step, from the checkpoint if there is one.

    The result is the same to the bit however often the training was interrupted. `report` is called after each
    step with what `advance` returned; `key` must name everything that decides the weights. The checkpoint of the last
    step stays, so that a finished training need not be done again if its results get lost.
    """
    training = start(model, seed)
    _restore(training, load_checkpoint(checkpoint, key))
    clock = saved = time.monotonic()
    before = training.seconds
    while training.step < model.training.steps:
        values = advance(training, model, seed)
        now = time.monotonic()
        training.seconds = before + now - clock
        if training.step % model.training.record_every == 0 or training.step == model.training.steps:
            _record(training, values)
        report(training, values)
        if now - saved >= checkpoint_seconds or training.step == model.training.steps:
            _check_weights(training)
            save_checkpoint(checkpoint, key, _state(training))
            saved = now
    return training


def _check_weights(training: Training) -> None:
    """A checkpoint must be worth going on from."""
    for name, weights in training.network.named_parameters():
        if not weights.isfinite().all():
            raise DivergedError(f"training diverged at step {training.step}: {name} is not finite")


def _record(training: Training, values: list[float]) -> None:
    since = training.step - (training.row_steps[-1] if training.row_steps else 0)
    row = [*values, training.silent / since, training.seconds]
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
    }


def _restore(training: Training, state: dict | None) -> None:
    if state is None:
        return
    training.network.load_state_dict(state["network"])
    training.optimiser.load_state_dict(state["optimiser"])
    training.step, training.seconds, training.silent = state["step"], state["seconds"], state["silent"]
    training.row_steps, training.rows = state["row_steps"].tolist(), state["rows"].tolist()


def recorded(training: Training) -> tuple[np.ndarray, np.ndarray]:
    """What `datasets.training.write_training` takes: steps (row,) and rows (row, column)."""
    return np.array(training.row_steps), np.array(training.rows)
