"""The training of one SIC network, as the training loop takes it."""

from collections.abc import Callable

import torch

from sslgrid.sic.columns import columns_of
from sslgrid.sic.config import ModelConfig
from sslgrid.sic.engine import cpu
from sslgrid.sic.step import start, take_step
from sslgrid.training.loop import Training, Values


class SicTask:
    """The training of one SIC network, as `sslgrid.training.loop.train` takes it."""

    averaged = ("silent_fraction",)

    def __init__(self, model: ModelConfig, seed: int, device: torch.device | str = "cpu"):
        self.model, self.seed, self.device = model, seed, device
        self.columns = columns_of(model.losses)
        self.steps, self.record_every = model.training.steps, model.training.record_every
        self.snapshots = model.training.snapshots

    def start(self) -> Training:
        """A pure function of the config and the seed."""
        return start(self.model, self.seed, self.device)

    def stepper(self, training: Training) -> Callable[[], Values]:
        """On a GPU one replay of a captured graph, on a CPU plain calls."""
        if training.network.start.is_cuda:
            from sslgrid.sic.captured import CapturedStep  # needs triton

            return CapturedStep(training, self.model, self.seed)
        descent = cpu.Descent(training.network, self.model)
        return lambda: take_step(training, self.model, self.seed, descent)
