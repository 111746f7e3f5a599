"""What the training of a localiser records: the columns of training.nc, with units and meanings, in this order."""

LOCALISER_COLUMNS = {
    "loss": ("1", "weighted total loss"),
    "error": ("m2", "mean squared error of the position, of each coordinate"),
    "weights": ("1", "mean square of W_in plus that of W_out"),
    "rates": ("1", "mean square of the rates"),
    "weights_penalty": ("1", "weight of `weights` in the loss"),
    "rates_penalty": ("1", "weight of `rates` in the loss"),
    "noise": ("1", "standard deviation of the noise, as `network.noise`"),
    "gradient_norm": ("1", "norm of the gradient before clipping"),
    "learning_rate": ("1", "learning rate of Adam; 0 in Hessian-free steps"),
    "damping": ("1", "damping of Hessian-free steps; 0 in steps of Adam"),
    "iterations": ("1", "iterations of conjugate gradients in a step"),
    "seconds": ("s", "training time so far, over all sessions"),
}
