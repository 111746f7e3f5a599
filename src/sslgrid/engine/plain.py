"""The plain definitions as an engine: slow, and true by reading."""

from torch.nn.utils import clip_grad_norm_ as clip

from sslgrid.losses import sic_loss
from sslgrid.networks.velocity_rnn import rollout

__all__ = ["clip", "rollout", "sic_loss"]
