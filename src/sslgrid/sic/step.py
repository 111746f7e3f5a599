"""One gradient step of the SIC network: batch, rollout, losses, clip, AdamW; and its training as a task."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from sslgrid.basics.streams import WEIGHT_STREAM, generator
from sslgrid.sic.batches import Batch, sample_batch
from sslgrid.sic.config import LossConfig, ModelConfig
from sslgrid.sic.engine import cpu, plain
from sslgrid.sic.losses import names_of
from sslgrid.sic.network import VelocityRNN
from sslgrid.sic.schedule import Schedule, schedule_of
from sslgrid.training.engines import FAST
from sslgrid.training.loop import Kept, Training, Values, check


class Optimiser(Kept, Protocol):
    """What moves the weights along their gradients, as torch's optimisers do."""

    param_groups: list[dict[str, Any]]  # `lr` of the one group is set before each step

    def step(self) -> Any:
        """Take a step along the gradients in the parameters."""
        ...


class Descent(Protocol):
    """What computes the gradient of a network: made anew for each training."""

    def __call__(self, batches: Sequence[Batch], /) -> Tensor | np.ndarray:
        """Leave the clipped gradient of the mean loss in the parameters; returns what `names_reported` names."""
        ...


class Engine(Protocol):
    """What a step asks of a module of `sic/engine/`."""

    @property
    def Descent(self) -> Callable[[VelocityRNN, ModelConfig], Descent]:  # noqa: N802 (a class of the module)
        """Makes what computes the gradient of this network under this model."""
        ...

    @property
    def optimiser(self) -> Callable[..., Optimiser]:
        """Makes the optimiser of a list of parameters with the settings `lr`, `betas` and `weight_decay`."""
        ...


SicTraining = Training[VelocityRNN, Optimiser, Schedule]


def start(model: ModelConfig, seed: int, device: torch.device | str = "cpu") -> SicTraining:
    """A network and optimiser before the first step: a pure function of the config and the seed."""
    network = VelocityRNN(model.network, generator(seed, WEIGHT_STREAM)).to(device)
    parameters = [p for p in network.parameters() if p.requires_grad]
    settings = {"lr": 0.0, "betas": model.training.betas, "weight_decay": model.training.weight_decay}
    return Training(network, engine_of(model, device).optimiser(parameters, **settings), schedule_of(model.training))


def engine_of(model: ModelConfig, device: torch.device | str) -> Engine:
    """What computes on a device: the fast engine of that device, or the plain definitions, as the config says."""
    return engine_for(device) if model.training.engine == FAST else plain


def engine_for(device: torch.device | str) -> Engine:
    """The fast engine of a device."""
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


def descend(network: VelocityRNN, batches: Sequence[Batch], model: ModelConfig, engine: Engine = cpu) -> Tensor:
    """Leave the clipped gradient of the mean loss in the parameters; returns what `names_reported` names."""
    return torch.as_tensor(engine.Descent(network, model)(batches))


def advance(training: SicTraining, model: ModelConfig, seed: int, engine: Engine = cpu) -> Values:
    """Take one gradient step. `engine` brings `Descent` and `optimiser`, as `sslgrid.sic.engine.cpu` does.

    Raises DivergedError before a bad gradient touches the weights.
    """
    return take_step(training, model, seed, engine.Descent(training.network, model))


def take_step(training: SicTraining, model: ModelConfig, seed: int, descent: Descent) -> Values:
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
