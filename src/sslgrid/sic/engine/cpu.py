"""The SIC training step on a CPU: loss and gradient by hand, with the same bits on every processor.

Three things make it cheap. W is evaluated at the T distinct velocities only, and each trajectory looks its matrices
up. Silent units are skipped in both directions of the rollout (`cpu_rollout.py`). And the pairwise losses never hold
all P x P pairs, and compute half of them (`cpu_pairs.py`).

All numbers that decide the weights come from the loops of `sslgrid.kernels` and of this folder, and from numpy's
single operations. Their results do not depend on the processor, on libraries, or on the number of threads. torch holds
the parameters. float32 and float64 run the same code. In float32 a distance |g - g'|^2 is good to about 1e-7, which
small sigma_g magnify.
"""

import math

import numpy as np
import torch
from torch import Tensor

from sslgrid.machine.threads import in_parts, share
from sslgrid.sic.batches import Inputs
from sslgrid.sic.config import LossConfig, ModelConfig
from sslgrid.sic.engine.cpu_adamw import clip, optimiser
from sslgrid.sic.engine.cpu_network import add_initial_gradient, add_matrices_gradient, initial_state, matrices
from sslgrid.sic.engine.cpu_pairs import pair_losses
from sslgrid.sic.engine.cpu_rollout import rollout, rollout_gradient
from sslgrid.sic.engine.cpu_trajectories import (
    centre,
    gather_gradient,
    mean_state,
    measure_steps,
    square_deviations,
    sum_states,
)
from sslgrid.sic.network import VelocityRNN

__all__ = ["add_gradient", "clip", "optimiser"]


def add_gradient(network: VelocityRNN, inputs: Inputs, model: ModelConfig, scale: float) -> tuple[Tensor, Tensor]:
    """Add `scale` times the gradient of a batch's loss to the parameters' gradients.

    Returns the weighted total with its four terms (5,), and where the zero rule was needed (B, T).
    """
    velocities, order, positions, speeds = (tensor.numpy() for tensor in inputs)
    zero_rule = model.network.zero_rule
    W, layers = matrices(network, velocities)
    states, norms = rollout(W, initial_state(network), order, zero_rule)
    found, grad_states = sic_loss(states, positions, speeds, model.losses, scale)
    grad_W, grad_start = rollout_gradient(W, order, states, norms, grad_states, zero_rule)
    add_matrices_gradient(network, layers, grad_W)
    add_initial_gradient(network, grad_start)
    return torch.tensor(found, dtype=torch.float64), torch.from_numpy(norms == 0)


def sic_loss(
    states: np.ndarray, positions: np.ndarray, speeds: np.ndarray, config: LossConfig, scale: float
) -> tuple[list[float], np.ndarray]:
    """As `sslgrid.sic.losses.sic_loss`: the weighted total and its four terms, and `scale` times dL/d(states)."""
    (B, T), N, real = speeds.shape, states.shape[-1], states.dtype.type
    P = B * T

    def of_trajectories(work, *arrays) -> None:
        in_parts(lambda part, parts: work(*arrays[:1], *arrays[1], *share(B, part, parts), *arrays[2]))

    sums, mean = np.empty((B, N), states.dtype), np.empty(N, states.dtype)
    centred, ratios = np.empty((P, N), states.dtype), np.empty((B, T))
    step_sums, step_counts, grad = np.empty(B), np.empty(B, np.int64), np.empty_like(states)
    of_trajectories(sum_states, states, (), (sums,))
    square = mean_state(sums, P, mean)
    of_trajectories(centre, states, (mean,), (centred,))
    x = np.ascontiguousarray(positions[:, 1:].reshape(P, 2).T)
    far, near, row_sums, pulls = pair_losses(centred, x, config)
    of_trajectories(measure_steps, states, (speeds, config.sigma_x), (ratios, step_sums, step_counts))
    steps = max(int(step_counts.sum()), 1)
    ratio_mean = math.fsum(step_sums) / steps
    of_trajectories(square_deviations, ratios, (speeds, config.sigma_x, ratio_mean), (step_sums,))
    of_trajectories(
        gather_gradient,
        states,
        (
            centred, row_sums, pulls, mean, real(-2 * config.capacity / P), speeds, config.sigma_x, ratios, ratio_mean,
            config.conformal_isometry * 2 / steps, real(scale),
        ),
        (grad,),
    )  # fmt: skip
    terms = [far, near, -square, math.fsum(step_sums) / steps]
    weights = [config.separation, config.path_invariance, config.capacity, config.conformal_isometry]
    return [math.fsum(w * term for w, term in zip(weights, terms, strict=True)), *terms], grad
