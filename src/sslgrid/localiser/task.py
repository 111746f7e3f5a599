"""The training of one localiser, as the training loop takes it."""

from collections.abc import Callable, Mapping

import torch

from sslgrid.localiser.columns import LOCALISER_COLUMNS
from sslgrid.localiser.config import LocaliserConfig
from sslgrid.localiser.engine import Descent, descent_of
from sslgrid.localiser.paths import sample_paths, share_at_rest
from sslgrid.localiser.step import LocaliserTraining, gradient_step, hessian_free_step, start
from sslgrid.training.loop import Values, learning_rate


class LocaliserTask:
    """The training of one localiser, as `sslgrid.training.loop.train` takes it."""

    columns: Mapping[str, tuple[str, str]] = LOCALISER_COLUMNS
    averaged: tuple[str, ...] = ("loss", "error", "rates")  # batches differ more than steps do

    def __init__(self, model: LocaliserConfig, seed: int, device: torch.device | str = "cpu"):
        self.model, self.seed, self.device = model, seed, device
        self.steps = model.training.steps + model.training.hessian_free_steps
        self.engine = model.training.engine
        self.record_every, self.snapshots = model.training.record_every, model.training.snapshots

    def start(self) -> LocaliserTraining:
        """A pure function of the config and the seed."""
        return start(self.model, self.seed, self.device)

    def stepper(self, training: LocaliserTraining) -> Callable[[], Values]:
        """A gradient step or a Hessian-free one, by the number of steps taken."""
        descend = descent_of(training.network, training.optimiser.penalties, self.engine)
        return lambda: self._advance(training, descend)

    def _advance(self, training: LocaliserTraining, descend: Descent) -> Values:
        config, step = self.model.training, training.step
        first = config.steps if config.first == "gradient" else config.hessian_free_steps
        by_gradient = (step < first) == (config.first == "gradient")
        own_step = step if step < first else step - first
        rest = share_at_rest(self.model, step)
        paths = sample_paths(self.model.trajectories, rest, self.seed, step).to(training.network.bias)
        network, penalties = training.network, training.optimiser.penalties
        network.noise = noise_of_step(self.model, step)
        values = {"noise": network.noise, "weights_penalty": penalties.weights, "rates_penalty": penalties.rates}
        if by_gradient:
            values |= gradient_step(training, paths, descend, learning_rate(own_step, config), config)
            penalties.adapt(self.model.losses, values["error"], values["weights"], values["rates"], step + 1)
        else:
            values |= hessian_free_step(
                training, paths, descend, self.model.hessian_free, self.model.losses, self.engine
            )  # fmt: skip
        training.step += 1
        return values


def noise_of_step(config: LocaliserConfig, step: int) -> float:
    """The network's noise in step `step` (from 0): a share of the whole at first, then rising linearly to it."""
    training = config.training
    if step < training.noise_hold:
        risen = 0.0
    else:
        ramp = training.noise_ramp
        risen = min(1.0, (step + 1 - training.noise_hold) / ramp) if ramp else 1.0
    return config.network.noise * (training.noise_start + (1 - training.noise_start) * risen)
