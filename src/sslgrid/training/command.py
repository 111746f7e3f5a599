"""What the commands that train have in common: locks, checkpoints, provenance, progress and what is written."""

import argparse
import json
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import torch

from sslgrid.basics.errors import InputError
from sslgrid.datasets.training import training_schema
from sslgrid.machine.device import DEVICES, be_deterministic, choose_device, describe
from sslgrid.machine.gpus import one_of_the_gpus
from sslgrid.machine.threads import use_threads
from sslgrid.store.facts import made_by
from sslgrid.store.files import remove_partial_files
from sslgrid.store.provenance import DECISIVE, LIBRARIES, text_hash, versions
from sslgrid.training.checkpoint import Key, only_one, what_differs
from sslgrid.training.engines import FAST
from sslgrid.training.loop import FINISHED, AnyTraining, Keeping, OfTraining, Task, Values, recorded, train
from sslgrid.training.time_budget import TimeBudget
from sslgrid.training.watching import watch
from sslgrid.training.weights import save_network, save_snapshots


def training_arguments(parser: argparse.ArgumentParser) -> None:
    """How to train: where to keep checkpoints, for how long, and on what."""
    parser.add_argument("--checkpoints", type=Path, required=True, metavar="FOLDER", help="where to keep checkpoints")
    parser.add_argument("--checkpoint-seconds", type=float, default=30, help="time between checkpoints (default 30)")
    parser.add_argument(
        "--time-budget-min",
        type=float,
        default=0,
        metavar="MINUTES",
        help="stop before so long has passed (or at SIGTERM), with exit code 75 and a checkpoint, for the same command "
        "to go on (default 0: no limit)",
    )
    parser.add_argument(
        "--must-resume", action="store_true", help="refuse where a checkpoint is of another config, code or machine"
    )
    parser.add_argument("--device", choices=DEVICES, default="auto", help="auto: a GPU if there is one (default)")
    parser.add_argument(
        "--per-gpu", type=int, default=1, metavar="TRAININGS", help="that share a GPU at once (default 1)"
    )


class Model(Protocol):
    """The config of a network of any kind: everything that decides its weights, but for the seed."""

    def to_json(self) -> str:
        """Canonical text: equal configs give equal text."""
        ...


def run_training(
    arguments: argparse.Namespace,
    module: str,
    network: str,
    model: Model,
    task_of: Callable[[torch.device], Task[OfTraining]],
    in_words: Callable[[Values], str],
) -> None:
    """Train from the first step or the last checkpoint, and write the network.

    network: its kind, a name of `networks.KINDS`; model: its config; in_words: what a step's values
    are to a reader.
    """
    budget = TimeBudget(arguments.time_budget_min)
    use_threads(arguments.threads)
    torch.set_flush_denormal(True)  # slow to compute with, and what AdamW's moments of silent units end as
    be_deterministic()
    name = f"{arguments.model.stem} seed{arguments.seed}"
    with one_of_the_gpus(choose_device(arguments.device), name, arguments.per_gpu) as device:
        facts = {
            **made_by(module),
            "network": network,
            "config": model.to_json(),
            "config_hash": text_hash(model.to_json()),
            "seed": str(arguments.seed),
            "threads": str(arguments.threads),
            "device": describe(device),
        }
        decisive = (*DECISIVE, *(["triton"] if device.type == "cuda" else []))
        facts["versions"] = versions(dict.fromkeys((*LIBRARIES, *decisive)))
        task = task_of(device)
        facts["engine"] = task.engine
        key = facts | {"versions": versions(decisive)}
        _train_and_write(arguments, name, facts, key, task, in_words, budget)


def _train_and_write(
    arguments: argparse.Namespace,
    name: str,
    facts: dict[str, str],
    key: Key,
    task: Task[OfTraining],
    in_words: Callable[[Values], str],
    budget: TimeBudget,
) -> None:
    checkpoint = arguments.checkpoints / f"{text_hash(json.dumps(key, sort_keys=True))}.ckpt"
    with only_one(arguments.checkpoints / "lock", f"{name}: waiting for another process that trains this network"):
        remove_partial_files(arguments.checkpoints)
        others = [path for path in arguments.checkpoints.glob("*.ckpt") if path != checkpoint]
        if others and not checkpoint.exists():
            newest = max(others, key=lambda path: path.stat().st_mtime)
            words = f"{name}: the checkpoint found is of another training ({what_differs(newest, key)})"
            if arguments.must_resume:
                raise InputError(f"{words}: go on with what it was made with, or start over in another folder")
            print(f"{words}; starting from the first step", flush=True)
        slowly = "" if task.engine == FAST else ", by autograd on the plain definitions, which is slow"
        print(f"{name}: training on {facts['device']}{slowly}", flush=True)
        keeping = Keeping(checkpoint, key, arguments.checkpoint_seconds, budget.is_over)
        progress = Progress(name, task.steps, in_words)
        watching = watch(arguments.checkpoints, f"{arguments.model.stem}/seed{arguments.seed}", task.columns)

        def begin(training: AnyTraining) -> None:
            progress.begin(training)
            watching.begin(training)

        def report(training: AnyTraining, values: Values) -> None:
            watching.after_step(training)
            progress(training, values)

        training = train(task, keeping, report, begin)
        facts["outcome"] = training.outcome
        if training.outcome != FINISHED:
            kept = max(training.snapshots)
            print(
                f"{name}: {training.outcome}; its network is that of step {kept}. Try a lower learning_rate", flush=True
            )
        history = training_schema(task.columns)
        steps, rows = recorded(training, task.columns)
        values = dict(zip(task.columns, rows.T, strict=True))
        history.write(arguments.history, history.dataset(values, {"step": steps}), facts)
        save_network(arguments.weights, training.network, facts)
        save_snapshots(arguments.snapshots, training.snapshots, facts)
        for other in others:
            other.unlink(missing_ok=True)


class Progress:
    """Prints a line about the training every ten seconds: where it is, how fast, how long yet."""

    SECONDS = 10

    def __init__(self, name: str, steps: int, in_words: Callable[[Values], str]):
        self.name, self.steps, self.in_words = name, steps, in_words
        self.first: tuple[int, float] | None = None
        self.printed = 0.0

    def begin(self, training: AnyTraining) -> None:
        """Say so if there is nothing to train."""
        if training.step >= self.steps > 0:
            print(
                f"{self.name}: is trained already, to step {training.step}; its files are written from its checkpoint",
                flush=True,
            )

    def __call__(self, training: AnyTraining, values: Values) -> None:
        """Print if a line is due, and at the end."""
        now = time.monotonic()
        if self.first is None:
            self.first = training.step, now
            self.printed = now
            print(f"{self.name}: training from step {training.step} to {self.steps}", flush=True)
        if now < self.printed + self.SECONDS and training.step < self.steps:
            return
        self.printed = now
        step, clock = self.first
        rate = max(training.step - step, 1) / max(now - clock, 1e-9)
        left = timedelta(seconds=round((self.steps - training.step) / rate))
        print(
            f"{self.name}: step {training.step}/{self.steps}, {self.in_words(values)}; "
            f"{rate:.{0 if rate >= 10 else 2}f} steps/s, {left} left",
            flush=True,
        )
