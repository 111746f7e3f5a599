"""Train one SIC network: `python -m sslgrid.commands.train --model CONDITION.json --seed 0 --weights W.safetensors
...`.

Interrupted in whatever way, the same command goes on from its last checkpoint and ends with the same weights.
"""

import argparse

from sslgrid.cli import run
from sslgrid.sic.config import read_model
from sslgrid.sic.losses import Terms
from sslgrid.sic.task import SicTask
from sslgrid.training.command import arguments_of_training, run_training
from sslgrid.training.loop import Values


def in_words(values: Values) -> str:
    """The loss and its terms."""
    return f"loss {values['loss']:.4f} = " + ", ".join(f"{name} {values[name]:.3f}" for name in Terms._fields)


def main(arguments: argparse.Namespace) -> None:
    """Train and write."""
    model = read_model(arguments.model)
    run_training(
        arguments, "sslgrid.commands.train", "velocity_rnn", model,
        lambda device: SicTask(model, arguments.seed, device), in_words,
    )  # fmt: skip


if __name__ == "__main__":
    run(main, arguments_of_training(__doc__))
