"""The plain definitions as an engine: slow, and true by reading."""

from torch.optim import AdamW

from sslgrid.sic.engine.autograd import AutogradDescent
from sslgrid.sic.losses import sic_loss
from sslgrid.sic.network import rollout

__all__ = ["Descent", "optimiser", "rollout", "sic_loss"]

optimiser = AdamW


class Descent(AutogradDescent):
    """The gradient of the plain definitions."""

    rollout, sic_loss = staticmethod(rollout), staticmethod(sic_loss)
