"""The first weights of a SIC network: a function of the config and of numpy's generator, the same on every processor.

PyTorch's default law for linear layers, uniform within 1 / sqrt(fan_in), and |normal| for g_0.
"""

import math

import numpy as np

from sslgrid.kernels.draws import normal, uniform
from sslgrid.kernels.products import product
from sslgrid.sic.architecture import KEPT, START, NetworkConfig
from sslgrid.sic.layers import ACTIVATIONS, hidden_layer


def first_weights(config: NetworkConfig, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """By the names of `VelocityRNN`'s parameters, float32; drawn layer by layer."""
    width, found = config.hidden_units, {}
    fans = [(2, width)] + [(width, width)] * (config.hidden_layers - 1) + [(width, config.units**2)]
    for number, (fan_in, fan_out) in enumerate(fans):
        bound, last = 1 / math.sqrt(fan_in), number == config.hidden_layers
        scale = config.output_scale if last else 1.0
        found[f"mlp.{2 * number}.weight"] = uniform(rng, -bound, bound, (fan_out, fan_in)) * scale
        if not (last and config.identity == KEPT):  # the last bias would cancel
            found[f"mlp.{2 * number}.bias"] = uniform(rng, -bound, bound, fan_out) * scale
    found["start"] = np.abs(normal(rng, config.units))
    found = {name: array.astype(np.float32) for name, array in found.items()}
    if config.identity == START:  # W(0) = I
        found[f"mlp.{2 * config.hidden_layers}.bias"] -= _at_rest(config, found)
    return found


def _at_rest(config: NetworkConfig, weights: dict[str, np.ndarray]) -> np.ndarray:
    """What the MLP makes of no velocity (N^2,)."""
    x = np.zeros((1, 2), np.float32)
    for number in range(config.hidden_layers):
        weight, bias = weights[f"mlp.{2 * number}.weight"], weights[f"mlp.{2 * number}.bias"]
        drive, found = np.empty((2, 1, config.hidden_units), np.float32)
        hidden_layer(x, weight, bias, ACTIVATIONS[config.activation], drive, found)
        x = found
    found = weights[f"mlp.{2 * config.hidden_layers}.bias"][None].copy()
    product(x, weights[f"mlp.{2 * config.hidden_layers}.weight"].T, found, True)
    return found[0]
