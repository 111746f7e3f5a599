"""The least a gradient step can cost: its arithmetic and its memory traffic."""

from sslgrid.sic.architecture import KEPT
from sslgrid.sic.config import ModelConfig


def flops(model: ModelConfig) -> float:
    """Floating-point operations of the dense products of one gradient step, forward and backward.

    Of W(v) at the T distinct velocities; of the rollout; and of the pairs, half of them for the distances and all of
    them for the gradient. A product of (a, b) and (b, c) counts 2 abc. Exponentials and the like are left out.
    """
    N, P = model.network.units, model.trajectories.batch * model.trajectories.steps
    return mlp_flops(model) + 3 * 2 * P * N**2 + 3 * 2 * (P * (P - 1) / 2) * N


def mlp_flops(model: ModelConfig) -> float:
    """Arithmetic of W(v) at T velocities: forward, gradient by weight, and by input (not of the first layer)."""
    N, width, T = model.network.units, model.network.hidden_units, model.trajectories.steps
    hidden = 2 * width + (model.network.hidden_layers - 1) * width**2
    rows = T + (model.network.identity == KEPT)  # W(0) = I takes the hidden layers at rest, too
    return 2 * (rows * (3 * hidden - 2 * width) + T * 3 * width * N**2)


def bytes_moved(model: ModelConfig) -> float:
    """Bytes of float32 that one gradient step has to move, if caches hold nothing from one part to the next.

    The parameters: read forward and backward, their gradient written and read twice (norm, clip), and AdamW's reading
    and writing of three numbers each. W and its gradient: written and read. States and their gradient, likewise.
    """
    N, width, T = model.network.units, model.network.hidden_units, model.trajectories.steps
    P = model.trajectories.batch * T
    last = (width + (model.network.identity != KEPT)) * N**2
    parameters = 3 * width + (model.network.hidden_layers - 1) * width * (width + 1) + last + N
    return 4 * ((2 + 4 + 6) * parameters + 2 * 2 * T * N**2 + 2 * 2 * P * N)
