"""The plain definitions as an engine: slow, and true by reading."""

from torch.nn.utils import clip_grad_norm_ as clip

from sslgrid.sic.losses import sic_loss
from sslgrid.sic.network import rollout

__all__ = ["clip", "rollout", "sic_loss"]
