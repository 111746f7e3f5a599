"""Train one SIC network: `python -m sslgrid.commands.train --model CONDITION.json --seed 0 --weights W.safetensors
...`.

Interrupted in whatever way, the same command goes on from its last checkpoint and ends with the same weights.
"""

import argparse

from sslgrid.cli import network_arguments, run, threads_argument
from sslgrid.sic.config import LossConfig, read_model
from sslgrid.sic.losses import extra_names, names_of
from sslgrid.sic.task import SicTask
from sslgrid.training.command import run_training, training_arguments
from sslgrid.training.engines import FAST
from sslgrid.training.loop import Values


def in_words(values: Values, config: LossConfig) -> str:
    """The loss and its terms."""
    return f"loss {values['loss']:.4f} = " + ", ".join(f"{name} {values[name]:.3f}" for name in names_of(config))


def slow_terms(config: LossConfig) -> list[str]:
    """A line for each term of the loss of which the fast engine has no gradient."""
    words = "has no fast gradient: autograd computes it, and the weights may differ between processors"
    return [f"losses.{name} {words}" for name in extra_names(config)]


def main(arguments: argparse.Namespace) -> None:
    """Train and write."""
    model = read_model(arguments.model)
    for line in slow_terms(model.losses) if model.training.engine == FAST else ():
        print(f"{arguments.model.stem} seed{arguments.seed}: {line}", flush=True)
    run_training(
        arguments, "sslgrid.commands.train", "velocity_rnn", model,
        lambda device: SicTask(model, arguments.seed, device), lambda values: in_words(values, model.losses),
    )  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    network_arguments(parser)
    training_arguments(parser)
    threads_argument(parser)
    run(main, parser)
