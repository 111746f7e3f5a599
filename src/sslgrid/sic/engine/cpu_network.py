"""W(v) and g_0 of the SIC network for the CPU engine, and the gradient of its parameters, by hand."""

from typing import NamedTuple

import numpy as np
from torch import Tensor, nn

from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.products import product
from sslgrid.machine.threads import in_parts, share
from sslgrid.sic.layers import ACTIVATIONS, add_columns, add_hidden_gradient, hidden_layer
from sslgrid.sic.network import KEPT, START, VelocityRNN


class Layers(NamedTuple):
    """What the MLP found on its way: of each hidden layer what goes in (rows, fan_in), and what its activation is given.

    `features` (T, width) is what the last layer takes.
    """

    inputs: list[np.ndarray]
    drives: list[np.ndarray]
    features: np.ndarray


def matrices(network: VelocityRNN, velocities: np.ndarray) -> tuple[np.ndarray, Layers]:
    """W(v) (T, N, N) at velocities (T, 2) m per step, and what its gradient needs."""
    config, (*hidden, last) = network.config, list(network.mlp)[::2]
    N, T = config.units, len(velocities)
    weight, bias = values(last.weight), None if last.bias is None else values(last.bias)
    rest = np.zeros((int(config.identity == KEPT), 2))  # W(0) = I is kept by what the MLP makes of rest
    x = (np.concatenate([velocities, rest]) / config.velocity_scale).astype(weight.dtype)
    inputs, drives = [], []
    for layer in hidden:
        inputs.append(x)
        drives.append(np.empty((len(x), config.hidden_units), weight.dtype))
        x = np.empty_like(drives[-1])
        hidden_layer(
            inputs[-1], values(layer.weight), values(layer.bias), ACTIVATIONS[config.activation], drives[-1], x
        )
    features = x[:-1] - x[-1] if config.identity == KEPT else x
    W = np.empty((T, N * N), weight.dtype)

    def fill(part: int, parts: int) -> None:
        columns = share(N * N, part, parts)
        if bias is not None:
            W[:, slice(*columns)] = bias[slice(*columns)]
        last_layer(features, weight, bias is not None, *columns, W)

    in_parts(fill)
    if config.identity in (KEPT, START):
        W[:, :: N + 1] += 1
    return W.reshape(T, N, N), Layers(inputs, drives, features)


def add_matrices_gradient(network: VelocityRNN, found: Layers, grad_W: np.ndarray) -> None:
    """Add to the parameters' gradients what dL/dW (T, N, N) makes of them."""
    config, (*hidden, last) = network.config, list(network.mlp)[::2]
    grad_W = grad_W.reshape(len(grad_W), -1)
    weight, grad_weight = values(last.weight), gradient(last.weight)
    grad_features = np.empty_like(found.features)

    def of_last(part: int, parts: int) -> None:
        last_weight_gradient(grad_W, found.features, *share(len(weight), part, parts), grad_weight)
        features_gradient(grad_W, weight, *share(len(grad_W), part, parts), grad_features)

    in_parts(of_last)
    if last.bias is not None:
        add_columns(grad_W, gradient(last.bias))
    grad = np.empty_like(found.drives[-1])
    grad[: len(grad_W)] = grad_features
    if config.identity == KEPT:
        grad[-1] = 0
        add_columns(-grad_features, grad[-1])
    for layer, x, drive in zip(hidden[::-1], found.inputs[::-1], found.drives[::-1], strict=True):
        before = np.empty((len(grad), x.shape[1]), grad.dtype)
        add_hidden_gradient(
            x, drive, values(layer.weight), ACTIVATIONS[config.activation], grad, gradient(layer.weight),
            gradient(layer.bias), before,
        )  # fmt: skip
        grad = before


def initial_state(network: VelocityRNN) -> np.ndarray:
    """g_0 (N,)."""
    start = values(network.start)
    found = np.empty_like(start)
    normalise(start, found)
    return found


def add_initial_gradient(network: VelocityRNN, grad: np.ndarray) -> None:
    """Add to the gradient of `start` what dL/dg_0 (N,) makes of it, where it is learned."""
    if network.start.requires_grad:
        add_normalise_gradient(values(network.start), grad, gradient(network.start))


def values(tensor: Tensor) -> np.ndarray:
    """The numbers of a tensor, not a copy."""
    return tensor.detach().numpy()


def gradient(parameter: nn.Parameter) -> np.ndarray:
    """The gradient of a parameter, not a copy; of zeros if there was none."""
    if parameter.grad is None:
        parameter.grad = parameter.new_zeros(parameter.shape)
    return parameter.grad.numpy()


@compiled
def last_layer(features, weight, add, first, last, W):
    """W (T, N^2) = features weight', or += with `add`, columns first to last - 1."""
    product(features, weight[first:last].T, W[:, first:last], add)


@compiled
def last_weight_gradient(grad_W, features, first, last, found):
    """Add to rows first to last - 1 of dL/d(weight) (N^2, width) the product grad_W' features."""
    product(grad_W[:, first:last].T, features, found[first:last], True)


@compiled
def features_gradient(grad_W, weight, first, last, found):
    """Rows first to last - 1 of dL/d(features) (T, width)."""
    product(grad_W[first:last], weight, found[first:last], False)


@compiled
def normalise(start, found):
    """Norm(ReLU(start)) (N,); the zero vector stays."""
    square = start.dtype.type(0)
    for i in range(len(start)):
        found[i] = start[i] if not start[i] < 0 else start.dtype.type(0)
        square += found[i] * found[i]
    if square > 0:
        for i in range(len(start)):
            found[i] /= np.sqrt(square)


@compiled
def add_normalise_gradient(start, grad, found):
    """Add to found (N,) what dL/d(Norm(ReLU(start))) makes of it."""
    real = start.dtype.type
    square, along = real(0), real(0)
    for i in range(len(start)):
        if start[i] > 0:
            square += start[i] * start[i]
            along += start[i] * grad[i]
    for i in range(len(start)):
        if start[i] > 0:
            found[i] += (grad[i] - start[i] * (along / square)) / np.sqrt(square)
