"""Train one network: `python -m sslgrid.commands.train --model CONDITION.json --seed 0 --weights OUT.safetensors ...`.

Interrupted in whatever way, the same command goes on from its last checkpoint and ends with the same weights.
"""

import argparse
import json
import time
from pathlib import Path

import torch

from sslgrid.checkpoint import only_one
from sslgrid.commands.cli import path_argument, provenance, run, threads_argument
from sslgrid.config.model import ModelConfig, read_model
from sslgrid.datasets.training import write_training
from sslgrid.provenance import text_hash
from sslgrid.training import Training, recorded, train
from sslgrid.weights import read_header, save_network

MODULE = "sslgrid.commands.train"


def main(arguments: argparse.Namespace) -> None:
    """Train, or wait for the process that already trains this network."""
    torch.set_num_threads(arguments.threads)
    torch.use_deterministic_algorithms(True)
    model = read_model(arguments.model)
    facts = provenance(
        MODULE,
        config=model.to_json(),
        config_hash=text_hash(model.to_json()),
        seed=str(arguments.seed),
        threads=str(arguments.threads),
    )
    key = text_hash(json.dumps(facts, sort_keys=True))
    checkpoint = arguments.checkpoints / f"{key}.ckpt"
    name = f"{arguments.model.stem} seed{arguments.seed}"
    busy = f"{name}: another process trains this network; waiting for it to end"
    with only_one(checkpoint.with_suffix(".lock"), busy) as waited:
        if waited and _made_by(arguments.weights, facts) and arguments.history.exists():
            return
        report = Progress(name, model)
        training = train(model, arguments.seed, checkpoint, key, arguments.checkpoint_seconds, report)
        write_training(arguments.history, *recorded(training), facts)
        save_network(arguments.weights, training.network, facts)
        checkpoint.unlink(missing_ok=True)


def _made_by(weights: Path, facts: dict[str, str]) -> bool:
    return weights.exists() and read_header(weights) == facts


class Progress:
    """Prints a line about the training every ten seconds: where it is, how fast, how long yet."""

    SECONDS = 10

    def __init__(self, name: str, model: ModelConfig):
        self.name = name
        self.steps = model.training.steps
        self.first: tuple[int, float] | None = None
        self.due = 0.0

    def __call__(self, training: Training) -> None:
        """Print if a line is due, and at the end."""
        now = time.monotonic()
        self.first = self.first or (training.step, now)
        if now < self.due and training.step < self.steps:
            return
        self.due = now + self.SECONDS
        loss, separation, invariance, capacity, conformal, *_ = training.rows[-1]
        step, clock = self.first
        rate = (training.step - step) / (now - clock) if now > clock else 0.0
        left = f"{(self.steps - training.step) / rate:.0f} s left" if rate else "time left unknown"
        print(
            f"{self.name}  step {training.step}/{self.steps}  loss {loss:.4f} = separation {separation:.3f}, "
            f"invariance {invariance:.3f}, capacity {capacity:.3f}, conformal {conformal:.3f}  "
            f"{rate:.0f} steps/s, {left}",
            flush=True,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    path_argument(parser, "model", "the condition's config")
    parser.add_argument("--seed", type=int, required=True)
    path_argument(parser, "weights", "safetensors file to write")
    path_argument(parser, "history", "NetCDF file to write")
    parser.add_argument("--checkpoints", type=Path, required=True, metavar="FOLDER", help="where to keep checkpoints")
    parser.add_argument("--checkpoint-seconds", type=float, default=30, help="time between checkpoints (default 30)")
    threads_argument(parser)
    run(main, parser)
