"""What the training of a SIC network records: the columns of training.nc, with units and meanings, in this order."""

from sslgrid.sic.config import LossConfig
from sslgrid.sic.losses import EXTRA_TERMS, extra_names

SIC_COLUMNS = {
    "loss": ("1", "weighted total loss"),
    "separation": ("1", "separation loss"),
    "path_invariance": ("1", "path invariance loss"),
    "capacity": ("1", "capacity loss"),
    "conformal_isometry": ("m-2", "conformal isometry loss"),
    "gradient_norm": ("1", "norm of the gradient before clipping"),
    "learning_rate": ("1", "learning rate"),
    "silent_fraction": ("1", "share of states, since the last row, that the zero-vector rule replaced"),
    "seconds": ("s", "training time so far, over all sessions"),
}


def columns_of(config: LossConfig) -> dict[str, tuple[str, str]]:
    """`SIC_COLUMNS`, and a column for each extra term that has a weight."""
    extra = {name: (EXTRA_TERMS[name].unit, f"{name.replace('_', ' ')} loss") for name in extra_names(config)}
    return SIC_COLUMNS | extra
