"""The plain definitions as an engine: slow, and true by reading."""

from sslgrid.losses import sic_loss
from sslgrid.networks.velocity_rnn import rollout

__all__ = ["rollout", "sic_loss"]
