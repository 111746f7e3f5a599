"""How large a state that `carry` packs can grow: `python -m sslgrid.commands.state_size --model FULL.json`.

A checkpoint holds the network, AdamW's two moments and every snapshot so far. Refuses (exit code 1) what comes to more
than `--most-mib`: at the end of a day is too late to learn that it cannot be carried.
"""

import argparse

from sslgrid.basics.errors import InputError
from sslgrid.cli import input_argument, run
from sslgrid.sic.config import ModelConfig, read_model
from sslgrid.sic.step import start
from sslgrid.training.loop import copies_in_checkpoint
from sslgrid.training.weights import bytes_of


def most_mebibytes(model: ModelConfig) -> float:
    """Of one training's state, which is largest just before its end."""
    return copies_in_checkpoint(model.training) * bytes_of(start(model, 0).network) / 2**20


def main(arguments: argparse.Namespace) -> None:
    """Say it, or refuse."""
    model = read_model(arguments.model)
    each = most_mebibytes(model)
    size = arguments.seeds * each
    words = f"the state grows to {size:.0f} MiB: {arguments.seeds} of {each:.1f}"
    if size > arguments.most_mib:
        raise InputError(
            f"{words}, with {model.training.snapshots} snapshots; expected at most {arguments.most_mib:g}: "
            "choose fewer snapshots in the config, or fewer seeds"
        )
    print(words, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "model", help="the condition's config")
    parser.add_argument("--seeds", type=int, default=1, help="trainings whose state is carried together (default 1)")
    parser.add_argument("--most-mib", type=float, default=float("inf"), metavar="MIB", help="that can be carried")
    run(main, parser)
