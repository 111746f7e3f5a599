"""Does this machine's engine compute the plain losses? `python -m sslgrid.commands.check_engine --model FULL.json`.

Compares the loss, its terms and the gradient of one batch with those of the plain definitions in float64 on the
processor; then the weights after a few steps as trainings take them, interrupted by a checkpoint, with those after as
many plain calls. Refuses (exit code 1) if they differ by more than float32 explains.
"""

import argparse
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from sslgrid.basics.errors import InputError
from sslgrid.cli import input_argument, run
from sslgrid.machine.device import DEVICES, be_deterministic, choose_device, describe
from sslgrid.sic.batches import Batch, sample_batch
from sslgrid.sic.config import ModelConfig, read_model
from sslgrid.sic.engine import plain
from sslgrid.sic.step import Engine, SicTraining, advance, descend, engine_for, start
from sslgrid.sic.task import SicTask
from sslgrid.training.checkpoint import load_checkpoint, save_checkpoint
from sslgrid.training.loop import restore, state_of

LOSSES, GRADIENT = 1e-4, 1e-3  # relative: float32 keeps seven digits, of which sums over many pairs and steps cost some
STEPS = 1e-3  # of the change of the weights: the same kernels, called by a graph or one by one
MOST_TRAJECTORIES = 16  # the plain losses hold all pairs of points


def compare(model: ModelConfig, device: torch.device, seed: int = 0) -> tuple[float, float]:
    """The largest relative difference of the loss and its terms, and that of the gradient as a vector.

    At all the units and steps of the model, and at as many trajectories as the plain losses can take.
    """
    few = replace(model.trajectories, batch=min(model.trajectories.batch, MOST_TRAJECTORIES))
    model = replace(model, trajectories=few, training=replace(model.training, clip=float("inf")))
    batch = sample_batch(few, seed, 0)
    network = start(model, seed).network
    truth, gradient = _descend(network.double(), batch, model, plain)
    network = start(model, seed, device).network
    found, own = _descend(network, batch, model, engine_for(device))
    terms = slice(0, -2)  # the loss and its terms
    difference = (found[terms] - truth[terms]).abs() / truth[terms].abs().clamp(min=1e-3)
    return float(difference.max()), float((own - gradient).norm() / gradient.norm())


def compare_steps(model: ModelConfig, device: torch.device, seed: int = 0) -> float:
    """The difference that four steps as a training takes them make to the weights, relative to the change they make.

    On a GPU they are replays of a graph. After two of them the training stops, and goes on from its checkpoint.
    """
    # Without the warm-up, whose steps are too small to tell a wrong one.
    model = replace(model, training=replace(model.training, warmup=0))
    task = SicTask(model, seed, device)
    one_by_one, whole, resumed = task.start(), task.start(), task.start()
    before = _weights(whole)
    for _ in range(4):
        advance(one_by_one, model, seed, engine_for(device))
    step = task.stepper(whole)
    for _ in range(2):
        step()
    with TemporaryDirectory() as folder:
        save_checkpoint(Path(folder, "a.ckpt"), {}, state_of(whole))
        restore(resumed, load_checkpoint(Path(folder, "a.ckpt"), {}))
    step = task.stepper(resumed)
    for _ in range(2):
        step()
    expected, found = _weights(one_by_one), _weights(resumed)
    return float((found - expected).norm() / (expected - before).norm())


def _weights(training: SicTraining) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in training.network.parameters()]).double().cpu()


def _descend(network, batch: Batch, model: ModelConfig, engine: Engine) -> tuple[torch.Tensor, torch.Tensor]:
    values = descend(network, [batch], model, engine)
    gradient = torch.cat([p.grad.flatten() for p in network.parameters() if p.grad is not None])
    return values.detach().double().cpu(), gradient.double().cpu()


def main(arguments: argparse.Namespace) -> None:
    """Compare and say so, or refuse."""
    be_deterministic()
    device = choose_device(arguments.device)
    model = read_model(arguments.model)
    losses, gradient = compare(model, device)
    words = f"the engine on {describe(device)} differs from the plain losses by {losses:.1e} (loss and its terms) and "
    words += f"{gradient:.1e} (gradient)"
    _refuse_unless(losses <= LOSSES and gradient <= GRADIENT, f"{words}; expected at most {LOSSES:g} and {GRADIENT:g}")
    print(words, flush=True)
    steps = compare_steps(model, device)
    words = f"its steps, captured and resumed, differ from plain calls by {steps:.1e} of the change they make"
    _refuse_unless(steps <= STEPS, f"{words}; expected at most {STEPS:g}")
    print(words, flush=True)


def _refuse_unless(agrees: bool, words: str) -> None:
    if not agrees:  # NaN does not
        raise InputError(f"{words}: do not train on it")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "model", help="the condition's config")
    parser.add_argument("--device", choices=DEVICES, default="auto", help="auto: a GPU if there is one (default)")
    run(main, parser)
