"""Does this machine's engine compute the plain losses? `python -m sslgrid.commands.check_engine --model FULL.json`.

Compares the loss, its terms and the gradient of one batch with those of the plain definitions in float64 on the
processor, and refuses (exit code 1) if they differ by more than float32 explains.
"""

import argparse
from dataclasses import replace
from types import ModuleType

import torch

from sslgrid.commands.cli import path_argument, run
from sslgrid.config.model import ModelConfig, read_model
from sslgrid.descent import Inputs, descend, start, to_tensors
from sslgrid.engine import cpu, plain
from sslgrid.engine.device import DEVICES, choose_device, describe
from sslgrid.errors import InputError
from sslgrid.trajectories import sample_batch

LOSSES, GRADIENT = 1e-4, 1e-3  # relative: float32 keeps seven digits, of which sums over many pairs and steps cost some
MOST_TRAJECTORIES = 16  # the plain losses hold all pairs of points


def compare(model: ModelConfig, device: torch.device, seed: int = 0) -> tuple[float, float]:
    """The largest relative difference of the loss and its terms, and that of the gradient as a vector.

    At all the units and steps of the model, and at as many trajectories as the plain losses can take.
    """
    few = replace(model.trajectories, batch=min(model.trajectories.batch, MOST_TRAJECTORIES))
    model = replace(model, trajectories=few, training=replace(model.training, clip=float("inf")))
    batch = sample_batch(few, seed, 0)
    network = start(model, seed).network
    truth, gradient = _descend(network.double(), to_tensors(batch, network.start.double()), model, plain)
    network = start(model, seed, device).network
    found, own = _descend(network, to_tensors(batch, network.start), model, _engine(device))
    terms = slice(0, 5)  # the loss and its terms
    difference = (found[terms] - truth[terms]).abs() / truth[terms].abs().clamp(min=1e-3)
    return float(difference.max()), float((own - gradient).norm() / gradient.norm())


def _engine(device: torch.device) -> ModuleType:
    if device.type != "cuda":
        return cpu
    from sslgrid.engine import cuda  # needs triton

    return cuda


def _descend(network, inputs: Inputs, model: ModelConfig, engine: ModuleType) -> tuple[torch.Tensor, torch.Tensor]:
    values = descend(network, [inputs], model, engine)
    gradient = torch.cat([p.grad.flatten() for p in network.parameters() if p.grad is not None])
    return values.detach().double().cpu(), gradient.double().cpu()


def main(arguments: argparse.Namespace) -> None:
    """Compare and say so, or refuse."""
    device = choose_device(arguments.device)
    losses, gradient = compare(read_model(arguments.model), device)
    words = f"the engine on {describe(device)} differs from the plain losses by {losses:.1e} (loss and its terms) and "
    words += f"{gradient:.1e} (gradient)"
    if not (losses <= LOSSES and gradient <= GRADIENT):  # NaN must not pass
        raise InputError(f"{words}; expected at most {LOSSES:g} and {GRADIENT:g}: do not train on it")
    print(words, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    path_argument(parser, "model", "the condition's config")
    parser.add_argument("--device", choices=DEVICES, default="auto", help="auto: a GPU if there is one (default)")
    run(main, parser)
