"""One gradient step of the SIC network: batch, rollout, losses, clip, AdamW; and its training as a task."""

from collections.abc import Callable, Sequence
from types import ModuleType

import numpy as np
import torch
from torch import Tensor

from sslgrid.basics.streams import WEIGHT_STREAM, generator
from sslgrid.sic.batches import Batch, sample_batch
from sslgrid.sic.config import LossConfig, ModelConfig
from sslgrid.sic.engine import cpu
from sslgrid.sic.losses import names_of
from sslgrid.sic.network import VelocityRNN
from sslgrid.sic.schedule import schedule_of
from sslgrid.training.loop import Training, Values, check


def start(model: ModelConfig, seed: int, device: torch.device | str = "cpu") -> Training:
    """A network and optimiser before the first step: a pure function of the config and the seed."""
    network = VelocityRNN(model.network, generator(seed, WEIGHT_STREAM)).to(device)
    parameters = [p for p in network.parameters() if p.requires_grad]
    settings = {"lr": 0.0, "betas": model.training.betas, "weight_decay": model.training.weight_decay}
    return Training(network, engine_for(device).optimiser(parameters, **settings), schedule_of(model.training))


def engine_for(device: torch.device | str) -> ModuleType:
    """What computes on a device."""
    if torch.device(device).type != "cuda":
        return cpu
    from sslgrid.sic.engine import cuda  # needs triton

    return cuda


def batches_of(model: ModelConfig, seed: int, step: int) -> list[Batch]:
    """The batches whose gradients a step averages: no two steps share one."""
    count = model.training.accumulate
    return [sample_batch(model.trajectories, seed, step * count + number) for number in range(count)]


def names_reported(config: LossConfig) -> tuple[str, ...]:
    """The columns of training.nc that `descend` returns, in its order."""
    return ("loss", *names_of(config), "silent_fraction", "gradient_norm")


def descend(network: VelocityRNN, batches: Sequence[Batch], model: ModelConfig, engine: ModuleType = cpu) -> Tensor:
    """Leave the clipped gradient of the mean loss in the parameters; returns what `names_reported` names."""
    return torch.as_tensor(engine.Descent(network, model)(batches))


def advance(training: Training, model: ModelConfig, seed: int, engine: ModuleType = cpu) -> Values:
    """Take one gradient step. `engine` brings `Descent` and `optimiser`, as `sslgrid.sic.engine.cpu` does.

    Raises DivergedError before a bad gradient touches the weights.
    """
    return take_step(training, model, seed, engine.Descent(training.network, model))


def take_step(training: Training, model: ModelConfig, seed: int, descent: Callable) -> Values:
    """As `advance`, with an engine's `Descent` of the network."""
    rate = training.schedule.rate(training.step)
    values = reported(descent(batches_of(model, seed, training.step)), rate, model.losses)
    check(values, training.step)
    for group in training.optimiser.param_groups:
        group["lr"] = rate
    training.optimiser.step()
    training.schedule.observe(values["loss"])
    training.step += 1
    return values


def reported(values: Tensor | np.ndarray, rate: float, config: LossConfig) -> Values:
    """By name, what `descend` returned; and the learning rate."""
    return dict(zip(names_reported(config), values.tolist(), strict=True)) | {"learning_rate": rate}
