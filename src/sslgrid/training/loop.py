"""The training loop of any network: steps, recorded, checkpointed, guarded against divergence."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from sslgrid.basics.errors import InputError, OutOfTimeError
from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.functions import sin_cos
from sslgrid.training.checkpoint import Key, load_checkpoint, save_checkpoint
from sslgrid.training.weights import weights

FINISHED = "finished"
Values = dict[str, float]  # what a step reports, by the names of the task's columns


class DivergedError(InputError):
    """A loss or a gradient stopped being a number."""


class Kept(Protocol):
    """What a checkpoint keeps beside the network: an optimiser, or a schedule of the learning rate."""

    def state_dict(self) -> dict[str, Any]:
        """Tensors and numbers."""
        ...

    def load_state_dict(self, state: dict[str, Any], /) -> None:
        """Go on from where `state_dict` was taken."""
        ...


class Rates(Protocol):
    """How long a training is, and its learning rate: the section `training` of either kind's config."""

    @property
    def steps(self) -> int: ...
    @property
    def learning_rate(self) -> float: ...
    @property
    def warmup(self) -> int: ...
    @property
    def final_fraction(self) -> float: ...


class Marks(Protocol):
    """How long a training is, and how many snapshots it keeps."""

    @property
    def steps(self) -> int: ...
    @property
    def snapshots(self) -> int: ...


OfNetwork = TypeVar("OfNetwork", bound=nn.Module, covariant=True)
OfOptimiser = TypeVar("OfOptimiser", bound=Kept, covariant=True)
OfSchedule = TypeVar("OfSchedule", bound=Kept | None, covariant=True)


@dataclass
class Training(Generic[OfNetwork, OfOptimiser, OfSchedule]):
    """The state of a training. `rows` and `row_steps` become training.nc, `snapshots` becomes snapshots.safetensors."""

    network: OfNetwork
    optimiser: OfOptimiser
    schedule: OfSchedule  # None if the learning rate depends on the step alone
    step: int = 0
    seconds: float = 0.0
    sums: Values = field(default_factory=dict)  # since the last row, of what is averaged
    row_steps: list[int] = field(default_factory=list)
    rows: list[list[float]] = field(default_factory=list)
    snapshots: dict[int, dict[str, Tensor]] = field(default_factory=dict)  # by steps taken
    outcome: str = FINISHED  # or when and how it diverged


AnyTraining = Training[nn.Module, Kept, Kept | None]
OfTraining = TypeVar("OfTraining", bound=AnyTraining)


class Task(Protocol[OfTraining]):
    """Everything that decides the weights: the network, its data, and how a step is taken."""

    columns: Mapping[str, tuple[str, str]]  # of training.nc: all that a step reports, and `seconds`
    averaged: tuple[
        str, ...
    ]  # columns whose rows hold the mean since the last row; rows of the others hold the value of the last step
    steps: int
    record_every: int
    snapshots: int
    engine: str  # what computes gradients: a name of `engines`

    def start(self) -> OfTraining:
        """The network and its optimiser before the first step."""
        ...

    def stepper(self, training: OfTraining) -> Callable[[], Values]:
        """Return a function that takes the next step. It raises DivergedError before bad weights are saved."""
        ...


@dataclass(frozen=True)
class Keeping:
    """Where checkpoints are kept, and how often. `key` must name everything that decides the weights."""

    checkpoint: Path
    key: Key
    seconds: float  # between checkpoints
    is_over: Callable[[], bool] = lambda: False  # whether to stop now, with a checkpoint


def train(
    task: Task[OfTraining],
    keeping: Keeping,
    report: Callable[[AnyTraining, Values], None],
    begin: Callable[[AnyTraining], None] = lambda training: None,
) -> OfTraining:
    """Train to the last step, from the checkpoint if there is one.

    The result is the same to the bit however often the training was interrupted. `begin` is called once the
    checkpoint is read, `report` after each step with what it returned. The checkpoint of the last step stays, so that
    a finished training need not be done again if its results get lost. Raises OutOfTimeError once the time is over,
    after a step at the earliest.

    A training that diverges is a result too: it ends there, `outcome` says how, and its network is the last snapshot.
    """
    training = task.start()
    training.snapshots[0] = weights(training.network)
    restore(training, load_checkpoint(keeping.checkpoint, keeping.key))
    begin(training)
    try:
        _go_on(training, task, keeping, report)
    except DivergedError as error:
        training.outcome = str(error)
        training.network.load_state_dict(training.snapshots[max(training.snapshots)])
    return training


def _go_on(
    training: OfTraining, task: Task[OfTraining], keeping: Keeping, report: Callable[[AnyTraining, Values], None]
) -> None:
    if training.step >= task.steps:
        return
    step = task.stepper(training)
    marks = snapshot_steps(task)
    clock = saved = time.monotonic()
    before = training.seconds
    while training.step < task.steps:
        values = step()
        now = time.monotonic()
        training.seconds = before + now - clock
        for name in task.averaged:
            training.sums[name] = training.sums.get(name, 0.0) + values[name]
        if training.step % task.record_every == 0 or training.step == task.steps:
            _record(training, values, task)
        if training.step in marks:
            _check_weights(training)
            training.snapshots[training.step] = weights(training.network)
        report(training, values)
        out_of_time = training.step < task.steps and keeping.is_over()
        if now - saved >= keeping.seconds or training.step == task.steps or out_of_time:
            _check_weights(training)
            save_checkpoint(keeping.checkpoint, keeping.key, state_of(training))
            saved = now
        if out_of_time:
            raise OutOfTimeError(f"out of time after step {training.step} of {task.steps}: run it again to go on")


def learning_rate(step: int, config: Rates) -> float:
    """The rate of step `step` (from 0): linear warm-up, then a cosine to `final_fraction` at the last step."""
    if step < config.warmup:
        return config.learning_rate * (step + 1) / config.warmup
    progress = (step - config.warmup) / max(config.steps - 1 - config.warmup, 1)
    cosine = 0.5 * (1 + _cosine(math.pi * min(progress, 1.0)))
    return config.learning_rate * (config.final_fraction + (1 - config.final_fraction) * cosine)


@compiled
def _cosine(angle):
    return sin_cos(angle)[1]


def snapshot_steps(schedule: Marks) -> list[int]:
    """Numbers of steps after which a snapshot is kept: at equal distances, up to the last step.

    The initial network is kept as well.
    """
    count = min(schedule.snapshots, schedule.steps)
    return [round(schedule.steps * (k + 1) / count) for k in range(count)]


def copies_in_checkpoint(schedule: Marks) -> int:
    """Copies of the weights in a checkpoint, at most.

    The weights, AdamW's two moments, and one copy per snapshot, the initial one included.
    """
    return 3 + len(snapshot_steps(schedule)) + 1


def check(values: Values, step: int) -> None:
    """Raises DivergedError, naming the first value that is not a number."""
    for name, value in values.items():
        if name != "loss" and not math.isfinite(value):
            raise DivergedError(f"diverged at step {step}: {name} is {value}")


def _check_weights(training: AnyTraining) -> None:
    """Raise DivergedError if a weight is not finite, before a checkpoint or a snapshot is written."""
    for name, tensor in training.network.named_parameters():
        if not tensor.isfinite().all():
            raise DivergedError(f"diverged at step {training.step}: {name} is not finite")


def _record(training: OfTraining, values: Values, task: Task[OfTraining]) -> None:
    since = training.step - (training.row_steps[-1] if training.row_steps else 0)
    means = {name: total / since for name, total in training.sums.items()}
    row = {**values, **means, "seconds": training.seconds}
    training.row_steps.append(training.step)
    training.rows.append([row[name] for name in task.columns])
    training.sums = {}


def state_of(training: AnyTraining) -> dict:
    """What a checkpoint keeps: tensors and numbers."""
    return {
        "network": training.network.state_dict(),
        "optimiser": training.optimiser.state_dict(),
        "schedule": training.schedule.state_dict() if training.schedule else {},
        "step": training.step,
        "seconds": training.seconds,
        "sums": training.sums,
        "row_steps": torch.tensor(training.row_steps, dtype=torch.int64),
        "rows": torch.tensor(training.rows, dtype=torch.float64),
        "snapshots": training.snapshots,
    }


def restore(training: AnyTraining, state: dict | None) -> None:
    """Bring a training that has just started to where `state_of` was taken, if it was."""
    if state is None:
        return
    training.network.load_state_dict(state["network"])
    training.optimiser.load_state_dict(state["optimiser"])
    if training.schedule:
        training.schedule.load_state_dict(state["schedule"])
    training.step, training.seconds, training.sums = state["step"], state["seconds"], state["sums"]
    training.row_steps, training.rows = state["row_steps"].tolist(), state["rows"].tolist()
    training.snapshots = state["snapshots"]


def recorded(training: AnyTraining, columns: Mapping[str, tuple[str, str]]) -> tuple[np.ndarray, np.ndarray]:
    """What `datasets.training.write_training` takes: steps (row,) and rows (row, column)."""
    return np.array(training.row_steps, np.int64), np.array(training.rows).reshape(-1, len(columns))
