"""Train one localiser: `python -m sslgrid.commands.train_localiser --model CONDITION.json --seed 0 --weights
W.safetensors ...`.

Interrupted in whatever way, the same command goes on from its last checkpoint and ends with the same weights.
"""

import argparse

from sslgrid.cli import network_arguments, run, threads_argument
from sslgrid.localiser.config import read_localiser
from sslgrid.localiser.task import LocaliserTask
from sslgrid.training.command import run_training, training_arguments
from sslgrid.training.loop import Values


def in_words(values: Values) -> str:
    """The loss, and the position's error, root mean square over both coordinates."""
    words = f"loss {values['loss']:.4f}, error {(2 * values['error']) ** 0.5:.3f} m, rates {values['rates']:.3f}"
    return words + f", damping {values['damping']:.2g}, {values['iterations']:.0f} iterations" * (values["damping"] > 0)


def main(arguments: argparse.Namespace) -> None:
    """Train and write."""
    model = read_localiser(arguments.model)
    run_training(
        arguments, "sslgrid.commands.train_localiser", "rate_rnn", model,
        lambda device: LocaliserTask(model, arguments.seed, device), in_words,
    )  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    network_arguments(parser)
    training_arguments(parser)
    threads_argument(parser)
    run(main, parser)
