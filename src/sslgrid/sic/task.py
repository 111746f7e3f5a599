"""The training of one SIC network, as the training loop takes it."""

from collections.abc import Callable, Mapping

import torch

from sslgrid.sic.columns import columns_of
from sslgrid.sic.config import ModelConfig
from sslgrid.sic.step import SicTraining, engine_of, start, take_step
from sslgrid.training.engines import FAST
from sslgrid.training.loop import Values


class SicTask:
    """The training of one SIC network, as `sslgrid.training.loop.train` takes it."""

    averaged: tuple[str, ...] = ("silent_fraction",)

    def __init__(self, model: ModelConfig, seed: int, device: torch.device | str = "cpu"):
        self.model, self.seed, self.device = model, seed, device
        self.columns: Mapping[str, tuple[str, str]] = columns_of(model.losses)
        self.steps, self.record_every = model.training.steps, model.training.record_every
        self.snapshots, self.engine = model.training.snapshots, model.training.engine

    def start(self) -> SicTraining:
        """A pure function of the config and the seed."""
        return start(self.model, self.seed, self.device)

    def stepper(self, training: SicTraining) -> Callable[[], Values]:
        """With the fast engine on a GPU one replay of a captured graph, otherwise a call of the engine."""
        if training.network.start.is_cuda and self.engine == FAST:
            from sslgrid.sic.captured import CapturedStep  # needs triton

            return CapturedStep(training, self.model, self.seed)
        descent = engine_of(self.model, self.device).Descent(training.network, self.model)
        return lambda: take_step(training, self.model, self.seed, descent)
