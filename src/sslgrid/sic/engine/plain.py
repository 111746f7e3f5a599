"""The plain definitions as an engine: slow, and true by reading."""

from torch.nn.utils import clip_grad_norm_ as clip
from torch.optim import AdamW as optimiser

from sslgrid.sic.engine.autograd import gradient_of
from sslgrid.sic.losses import sic_loss
from sslgrid.sic.network import rollout

__all__ = ["add_gradient", "clip", "optimiser", "rollout", "sic_loss"]

add_gradient = gradient_of(rollout, sic_loss)
