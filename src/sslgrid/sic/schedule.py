"""The learning rate of each step: fixed in advance, or lowered whenever the loss no longer falls.

A schedule says the `rate` of a step, is told the loss afterwards (`observe`), and is saved with the training.
"""

from typing import Any, Protocol

import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau

from sslgrid.sic.config import TrainingConfig
from sslgrid.training.loop import Kept, learning_rate


class Schedule(Kept, Protocol):
    """What a training asks before and tells after each step."""

    def rate(self, step: int) -> float:
        """The learning rate of step `step` (from 0)."""
        ...

    def observe(self, loss: float) -> None:
        """The loss of the step that was taken."""
        ...


def schedule_of(config: TrainingConfig) -> Schedule:
    """The one that the config names."""
    return Plateau(config) if config.schedule == "plateau" else Cosine(config)


class Cosine:
    """Linear warm-up, then a cosine: a function of the step alone."""

    def __init__(self, config: TrainingConfig):
        self.config = config

    def rate(self, step: int) -> float:
        """As `sslgrid.training.loop.learning_rate`."""
        return learning_rate(step, self.config)

    def observe(self, loss: float) -> None:
        """It does not look."""

    def state_dict(self) -> dict[str, Any]:
        """Nothing to keep."""
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Nothing to take up."""


class Plateau:
    """Linear warm-up, then torch's ReduceLROnPlateau, which is told the mean loss of each window of steps.

    Single losses differ more from batch to batch than they fall in a thousand steps. A new best is any lower mean:
    torch's default, lower by a share of the best, takes even a higher one for better where losses are negative.
    """

    def __init__(self, config: TrainingConfig):
        self.config = config
        self.holder = torch.optim.SGD([torch.zeros(())], lr=config.learning_rate)  # the scheduler wants an optimiser
        self.scheduler = ReduceLROnPlateau(
            self.holder,
            factor=config.plateau_factor,
            patience=config.plateau_patience,
            threshold=0.0,
            threshold_mode="abs",
        )
        self.total, self.count = 0.0, 0  # of the losses of this window

    def rate(self, step: int) -> float:
        """The rate that is left, and less during warm-up."""
        rate = self.holder.param_groups[0]["lr"]
        return rate * min((step + 1) / max(self.config.warmup, 1), 1)

    def observe(self, loss: float) -> None:
        """Look at the end of each window."""
        self.total, self.count = self.total + loss, self.count + 1
        if self.count == self.config.plateau_window:
            self.scheduler.step(self.total / self.count)
            self.total, self.count = 0.0, 0

    def state_dict(self) -> dict[str, Any]:
        """Tensors and numbers."""
        kept = ("best", "num_bad_epochs", "cooldown_counter", "last_epoch")
        return {
            "rate": self.holder.param_groups[0]["lr"],
            "scheduler": {name: getattr(self.scheduler, name) for name in kept},
            "total": self.total,
            "count": self.count,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from where `state_dict` was taken."""
        self.holder.param_groups[0]["lr"] = state["rate"]
        self.scheduler.load_state_dict(state["scheduler"])
        self.total, self.count = state["total"], state["count"]
