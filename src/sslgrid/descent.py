"""One gradient step: batch, rollout, losses, clip, AdamW; guarded against divergence."""

import math
from dataclasses import dataclass, field
from types import ModuleType
from typing import NamedTuple

import torch
from torch import Tensor

from sslgrid.config.model import ModelConfig, TrainingConfig
from sslgrid.engine import cpu
from sslgrid.engine.cpu_adamw import AdamW
from sslgrid.errors import InputError
from sslgrid.networks.velocity_rnn import VelocityRNN
from sslgrid.trajectories import WEIGHT_STREAM, Batch, generator, sample_batch

FINISHED = "finished"


class DivergedError(InputError):
    """A loss or a gradient stopped being a number."""


@dataclass
class Training:
    """Where a training stands. `rows` and `row_steps` become training.nc, `snapshots` snapshots.safetensors."""

    network: VelocityRNN
    optimiser: torch.optim.Optimizer
    step: int = 0
    seconds: float = 0.0
    silent: float = 0.0  # summed share of silent states since the last row
    row_steps: list[int] = field(default_factory=list)
    rows: list[list[float]] = field(default_factory=list)
    snapshots: dict[int, dict[str, Tensor]] = field(default_factory=dict)  # by steps taken
    outcome: str = FINISHED  # or when and how it diverged


class Inputs(NamedTuple):
    """A batch as tensors on the network's device: (T, 2) as the weights' type, (B, T), (B, T + 1, 2), (B, T)."""

    velocities: Tensor
    order: Tensor
    positions: Tensor
    speeds: Tensor


class Values(NamedTuple):
    """What a gradient step reports."""

    total: float
    separation: float
    path_invariance: float
    capacity: float
    conformal_isometry: float
    gradient: float  # norm before clipping
    silent: float  # share of silent states


def learning_rate(step: int, config: TrainingConfig) -> float:
    """The rate of gradient step `step` (from 0): linear warm-up, then a cosine to `final_fraction` at the last step."""
    if step < config.warmup:
        return config.learning_rate * (step + 1) / config.warmup
    progress = (step - config.warmup) / max(config.steps - 1 - config.warmup, 1)
    cosine = 0.5 * (1 + math.cos(math.pi * min(progress, 1)))
    return config.learning_rate * (config.final_fraction + (1 - config.final_fraction) * cosine)


def start(model: ModelConfig, seed: int, device: torch.device | str = "cpu") -> Training:
    """A network and optimiser before the first step: a pure function of the config and the seed."""
    rng = torch.Generator().manual_seed(int(generator(seed, WEIGHT_STREAM).integers(2**63)))
    network = VelocityRNN(model.network, rng).to(device)
    parameters = [p for p in network.parameters() if p.requires_grad]
    settings = {"lr": 0.0, "betas": model.training.betas, "weight_decay": model.training.weight_decay}
    if network.start.is_cuda:
        return Training(network, torch.optim.AdamW(parameters, **settings, fused=True))
    return Training(network, AdamW(parameters, **settings))


def to_tensors(batch: Batch, like: Tensor) -> Inputs:
    """The batch as tensors; velocities get the type of `like`, and all its device."""
    velocities = torch.from_numpy(batch.velocities).to(like)
    rest = (torch.from_numpy(array).to(like.device) for array in (batch.order, batch.positions, batch.speeds))
    return Inputs(velocities, *rest)


def descend(network: VelocityRNN, inputs: Inputs, model: ModelConfig, engine: ModuleType = cpu) -> Tensor:
    """Leave the clipped gradient of the loss in the parameters; returns `Values` as a tensor (7,).

    `engine` brings `rollout`, `sic_loss` and `clip`, as `sslgrid.engine.cpu` does.
    """
    states, silent = engine.rollout(
        network.matrices(inputs.velocities), network.initial_state(), inputs.order, model.network.zero_rule
    )
    total, terms = engine.sic_loss(states, inputs.positions, inputs.speeds, model.losses)
    network.zero_grad()
    total.backward()
    norm = engine.clip(network.parameters(), model.training.clip)
    return torch.stack([total.detach(), *terms, norm, silent.to(total.dtype).mean()])


def check(values: Values, step: int) -> None:
    """Raises DivergedError, naming the first term that is not a number."""
    for name, value in values._asdict().items():
        if name != "total" and not math.isfinite(value):
            raise DivergedError(f"diverged at step {step}: {name} is {value}")


def advance(training: Training, model: ModelConfig, seed: int, engine: ModuleType = cpu) -> Values:
    """Take one gradient step.

    Raises DivergedError before a bad gradient touches the weights.
    """
    inputs = to_tensors(sample_batch(model.trajectories, seed, training.step), training.network.start)
    values = Values(*descend(training.network, inputs, model, engine).tolist())
    check(values, training.step)
    for group in training.optimiser.param_groups:
        group["lr"] = learning_rate(training.step, model.training)
    training.optimiser.step()
    training.step += 1
    return values
