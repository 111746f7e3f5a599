"""Train one SIC network: `python -m sslgrid.commands.train --model CONDITION.json --seed 0 --weights W.safetensors
...`.

Interrupted in whatever way, the same command goes on from its last checkpoint and ends with the same weights.
"""

import argparse

from sslgrid.cli import network_arguments, run, threads_argument
from sslgrid.sic.config import read_model
from sslgrid.sic.losses import Terms
from sslgrid.sic.task import SicTask
from sslgrid.training.command import run_training, training_arguments
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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    network_arguments(parser)
    training_arguments(parser)
    threads_argument(parser)
    run(main, parser)
