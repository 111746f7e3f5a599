"""W(v) and g_0 of the SIC network for the CPU engine, and the gradient of its parameters, by hand."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from torch import Tensor

from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.memory import empty
from sslgrid.kernels.products import product
from sslgrid.machine.threads import in_parts, share
from sslgrid.sic.architecture import KEPT, START
from sslgrid.sic.config import NetworkConfig
from sslgrid.sic.layers import ACTIVATIONS, add_columns, hidden_gradient, hidden_layer
from sslgrid.sic.network import VelocityRNN


class Parameters(NamedTuple):
    """A network's parameters, or their gradients, as arrays: weights (fan_out, fan_in) and biases (fan_out,).

    The last layer may have no bias, and g_0 no gradient.
    """

    hidden: list[tuple[np.ndarray, np.ndarray]]
    weight: np.ndarray
    bias: np.ndarray | None
    start: np.ndarray | None


class Layers(NamedTuple):
    """What the MLP found on its way: what goes into each hidden layer (rows, fan_in), and into its activation.

    `features` (T, width) is what the last layer takes.
    """

    inputs: list[np.ndarray]
    drives: list[np.ndarray]
    features: np.ndarray


def weights_of(network: VelocityRNN) -> Parameters:
    """The numbers of the parameters, not copies."""

    def numbers(parameter: Tensor) -> np.ndarray:
        return parameter.detach().numpy()

    return _arrays(network, numbers, numbers(network.start))


def gradients_of(network: VelocityRNN) -> Parameters:
    """The numbers of the gradients, not copies; of zeros where there were none."""

    def gradient(parameter: Tensor) -> np.ndarray:
        if parameter.grad is None:
            parameter.grad = parameter.new_zeros(parameter.shape)
        return parameter.grad.numpy()

    return _arrays(network, gradient, gradient(network.start) if network.start.requires_grad else None)


def _arrays(network: VelocityRNN, array: Callable[[Tensor], np.ndarray], start: np.ndarray | None) -> Parameters:
    *hidden, last = network.linear
    bias = None if last.bias is None else array(last.bias)
    return Parameters([(array(h.weight), array(h.bias)) for h in hidden], array(last.weight), bias, start)


def matrices(config: NetworkConfig, weights: Parameters, velocities: np.ndarray) -> tuple[np.ndarray, Layers]:
    """W(v) (T, N, N) at velocities (T, 2) m per step, and what its gradient needs."""
    N, T, real = config.units, len(velocities), weights.weight.dtype
    activation, kept = ACTIVATIONS[config.activation], config.identity == KEPT
    x = np.zeros((T + kept, 2), real)  # W(0) = I is kept by what the MLP makes of rest, in the last row
    x[:T] = velocities / config.velocity_scale
    inputs, drives = [], []
    for weight, bias in weights.hidden:
        drive, found = empty((2, len(x), len(weight)), real)
        hidden_layer(x, weight, bias, activation, drive, found)
        inputs.append(x)
        drives.append(drive)
        x = found
    features = x[:-1] - x[-1] if kept else x
    W = empty((T, N * N), real)
    bias = np.zeros(N * N, real) if weights.bias is None else weights.bias

    def fill(part: int, parts: int) -> None:
        last_layer(features, weights.weight, bias, not kept, *share(N * N, part, parts), W)

    in_parts(fill)
    W = W.reshape(T, N, N)
    if config.identity in (KEPT, START):
        add_identity(W)
    return W, Layers(inputs, drives, features)


def add_matrices_gradient(
    config: NetworkConfig, weights: Parameters, found: Layers, grad_W: np.ndarray, gradients: Parameters, add: bool
) -> None:
    """What dL/dW (T, N, N) makes of the parameters' gradients: in the place of what they were or, with `add`, added."""
    T, activation = len(grad_W), ACTIVATIONS[config.activation]
    grad_W = grad_W.reshape(T, -1)
    grad = empty(found.drives[-1].shape, grad_W.dtype)  # of what the last hidden layer gives

    def of_last(part: int, parts: int) -> None:
        last_weight_gradient(grad_W, found.features, *share(len(weights.weight), part, parts), gradients.weight, add)
        features_gradient(grad_W, weights.weight, *share(T, part, parts), grad)

    in_parts(of_last)
    if gradients.bias is not None:
        add_columns(grad_W, gradients.bias, add)
    if config.identity == KEPT:  # rest is taken off each row
        add_columns(-grad[:T], grad[T], False)
    numbers = range(len(weights.hidden))
    for number, x, drive in zip(numbers[::-1], found.inputs[::-1], found.drives[::-1], strict=True):
        grad_x = np.empty((len(grad), x.shape[1]), grad.dtype)
        hidden_gradient(x, drive, weights.hidden[number][0], activation, grad, *gradients.hidden[number], grad_x, add)
        grad = grad_x


def initial_state(weights: Parameters) -> np.ndarray:
    """g_0 (N,)."""
    found = np.empty_like(weights.start)
    normalise(weights.start, found)
    return found


def add_initial_gradient(weights: Parameters, grad: np.ndarray, gradients: Parameters, add: bool) -> None:
    """What dL/dg_0 (N,) makes of the gradient of `start`; `add` as in `add_matrices_gradient`."""
    normalise_gradient(weights.start, grad, gradients.start, add)


@compiled
def last_layer(features, weight, bias, with_bias, first, last, W):
    """W (T, N^2) = features weight' + bias, columns first to last - 1."""
    if with_bias:
        for t in range(len(W)):
            W[t, first:last] = bias[first:last]
    product(features, weight[first:last].T, W[:, first:last], with_bias)


@compiled
def add_identity(W):
    """Add 1 to the diagonal of each matrix (T, N, N)."""
    for t in range(len(W)):
        for i in range(W.shape[1]):
            W[t, i, i] += W.dtype.type(1)


@compiled
def last_weight_gradient(grad_W, features, first, last, found, add):
    """Rows first to last - 1 of dL/d(weight) (N^2, width): grad_W' features."""
    product(grad_W[:, first:last].T, features, found[first:last], add)


@compiled
def features_gradient(grad_W, weight, first, last, found):
    """Rows first to last - 1 of dL/d(features) (T, width)."""
    product(grad_W[first:last], weight, found[first:last], False)


@compiled
def normalise(start, found):
    """Norm(ReLU(start)) (N,); the zero vector stays."""
    real = start.dtype.type
    square = real(0)
    for i in range(len(start)):
        found[i] = start[i] if not start[i] < 0 else real(0)
        square += found[i] * found[i]
    if square != 0:
        for i in range(len(start)):
            found[i] /= np.sqrt(square)


@compiled
def normalise_gradient(start, grad, found, add):
    """What dL/d(Norm(ReLU(start))) makes of found (N,); silent units have no part in it."""
    real = start.dtype.type
    square, along = real(0), real(0)
    for i in range(len(start)):
        if start[i] > 0:
            square += start[i] * start[i]
            along += start[i] * grad[i]
    for i in range(len(start)):
        value = (grad[i] - start[i] * (along / square)) / np.sqrt(square) if start[i] > 0 else real(0)
        found[i] = found[i] + value if add else value
