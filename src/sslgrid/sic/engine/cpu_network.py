"""W(v) and g_0 of the SIC network for the CPU engine, and the gradient of its parameters, by hand."""

from typing import NamedTuple

import numpy as np
from torch import Tensor, nn

from sslgrid.kernels.compiled import compiled
from sslgrid.kernels.functions import normal_density, normal_law, tanh
from sslgrid.kernels.memory import load_first, store_first
from sslgrid.kernels.products import product
from sslgrid.kernels.vector_type import lanes
from sslgrid.kernels.vectors import select
from sslgrid.machine.threads import in_parts, share
from sslgrid.sic.network import KEPT, START, VelocityRNN

ACTIVATIONS = {"gelu": 0, "relu": 1, "tanh": 2}


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
        hidden_layer(inputs[-1], values(layer.weight), values(layer.bias), ACTIVATIONS[config.activation], drives[-1], x)
    features = x[:-1] - x[-1] if config.identity == KEPT else x
    W = np.empty((T, N * N), weight.dtype)

    def fill(part: int, parts: int) -> None:
        columns = slice(*share(N * N, part, parts))
        if bias is not None:
            W[:, columns] = bias[columns]
        last_layer(features, weight[columns], bias is not None, W[:, columns])

    in_parts(fill)
    if config.identity in (KEPT, START):
        W[:, :: N + 1] += 1
    return W.reshape(T, N, N), Layers(inputs, drives, features)


def add_matrices_gradient(network: VelocityRNN, found: Layers, grad_W: np.ndarray) -> None:
    """Add to the parameters' gradients what dL/dW (T, N, N) makes of them."""
    config, (*hidden, last) = network.config, list(network.mlp)[::2]
    grad_W = grad_W.reshape(len(grad_W), -1)
    weight, grad_weight = values(last.weight), gradient(last.weight)
    ones = np.ones((1, len(found.inputs[0])), weight.dtype)
    grad_features = np.empty_like(found.features)

    def of_last(part: int, parts: int) -> None:
        rows = slice(*share(len(weight), part, parts))
        product(grad_W[:, rows].T, found.features, grad_weight[rows], True)
        rows = slice(*share(len(grad_W), part, parts))
        product(grad_W[rows], weight, grad_features[rows], False)

    in_parts(of_last)
    if last.bias is not None:
        product(ones[:, : len(grad_W)], grad_W, gradient(last.bias)[None], True)
    grad = np.empty_like(found.drives[-1])
    grad[: len(grad_W)] = grad_features
    if config.identity == KEPT:
        product(-ones[:, :-1], grad_features, grad[-1:], False)
    for layer, x, drive in zip(hidden[::-1], found.inputs[::-1], found.drives[::-1], strict=True):
        scale_by_slope(drive, ACTIVATIONS[config.activation], grad)
        product(grad.T, x, gradient(layer.weight), True)
        product(ones, grad, gradient(layer.bias)[None], True)
        if layer is not hidden[0]:
            before = np.empty((len(grad), config.hidden_units), grad.dtype)
            product(grad, values(layer.weight), before, False)
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
def scale_by_slope(drive, activation, grad):
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


@compiled
def last_layer(features, weight, add, W):
    """W = features weight', or += with `add`."""
    product(features, weight.T, W, add)


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
