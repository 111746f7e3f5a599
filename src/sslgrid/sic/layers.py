"""A hidden layer of the MLP, forward and backward, in loops whose bits are the same on every processor."""

from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.functions import normal_density, normal_law, tanh
from sslgrid.kernels.memory import load_first, store_first
from sslgrid.kernels.products import product
from sslgrid.kernels.vector_type import lanes
from sslgrid.kernels.vectors import select

ACTIVATIONS = {"gelu": 0, "relu": 1, "tanh": 2}


@compiled
def hidden_layer(x, weight, bias, activation, drive, found):
    """drive = x weight' + bias (rows, width), and what the activation makes of it."""
    for row in range(len(drive)):
        drive[row] = bias
    product(x, weight.T, drive, True)
    for row in range(len(drive)):
        for i in range(0, drive.shape[1], lanes(drive.dtype)):
            left = drive.shape[1] - i
            z = load_first(drive, (row, i), left)
            if activation == 0:
                value = z * normal_law(z)
            elif activation == 1:
                value = select(z < 0.0, 0.0, z)
            else:
                value = tanh(z)
            store_first(found, (row, i), value, left)


@compiled
def hidden_gradient(x, drive, weight, activation, grad, grad_weight, grad_bias, grad_x, add):
    """The parameters' gradients and dL/dx from dL/d(what the layer gives) `grad`, which is used up.

    With `add` the first two are added to what was there.
    """
    _scale_by_slope(drive, activation, grad)
    product(grad.T, x, grad_weight, add)
    add_columns(grad, grad_bias, add)
    product(grad, weight, grad_x, False)


@compiled
def add_columns(rows, found, add):
    """Add the rows (count, width), one after the other, to found (width,) or, without `add`, to zeros in its place."""
    if not add:
        found[:] = 0
    for row in range(len(rows)):
        for i in range(len(found)):
            found[i] += rows[row, i]


@compiled
def _scale_by_slope(drive, activation, grad):
    """grad (rows, width) times the slope of the activation at `drive`, in place."""
    for row in range(len(drive)):
        for i in range(0, drive.shape[1], lanes(drive.dtype)):
            left = drive.shape[1] - i
            z, g = load_first(drive, (row, i), left), load_first(grad, (row, i), left)
            if activation == 0:
                slope = normal_law(z) + z * normal_density(z)
            elif activation == 1:
                slope = select(z > 0.0, z * 0.0 + 1.0, z * 0.0)
            else:
                value = tanh(z)
                slope = 1.0 - value * value
            store_first(grad, (row, i), g * slope, left)
