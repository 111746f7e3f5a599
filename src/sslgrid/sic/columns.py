"""What the training of a SIC network records: the columns of training.nc, with units and meanings, in this order."""

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
