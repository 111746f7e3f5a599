"""The least time a gradient step can take on a machine: its arithmetic and its memory traffic, at measured rates."""

import time
from statistics import median

import torch

from sslgrid.config.model import ModelConfig


def flops(model: ModelConfig) -> float:
    """Floating-point operations of the dense products of one gradient step, forward and backward.

    Of W(v) at the T distinct velocities; of the rollout; and of the pairs, half of them for the distances and all of
    them for the gradient. A product of (a, b) and (b, c) counts 2 abc. Exponentials and the like are left out.
    """
    N, width, T = model.network.units, model.network.hidden_units, model.trajectories.steps
    P = model.trajectories.batch * T
    weights = 2 * width + (model.network.hidden_layers - 1) * width**2 + width * N**2
    mlp = 3 * 2 * T * weights  # forward, by input and by weight
    rollout = 3 * 2 * P * N**2
    pairs = 3 * 2 * (P * (P - 1) / 2) * N
    return mlp + rollout + pairs


def bytes_moved(model: ModelConfig) -> float:
    """Bytes of float32 that one gradient step has to move, if caches hold nothing from one part to the next.

    The parameters: read forward and backward, their gradient written and read twice (norm, clip), and AdamW's reading
    and writing of three numbers each. W and its gradient: written and read. States and their gradient, likewise.
    """
    N, width, T = model.network.units, model.network.hidden_units, model.trajectories.steps
    P = model.trajectories.batch * T
    parameters = 3 * width + (model.network.hidden_layers - 1) * width * (width + 1) + (width + 1) * N**2 + N
    return 4 * ((2 + 4 + 6) * parameters + 2 * 2 * T * N**2 + 2 * 2 * P * N)


def machine_rates(device: torch.device, repeats: int = 15) -> tuple[float, float]:
    """FLOP/s of a large float32 product, and bytes/s of a large copy (read and written), with the present threads."""
    n = 8192 if device.type == "cuda" else 1024
    a, b, product = (torch.rand(n, n, device=device) for _ in range(3))
    source = torch.rand(2**28 if device.type == "cuda" else 2**25, device=device)
    target = torch.empty_like(source)
    return (
        2 * n**3 / _seconds(lambda: torch.mm(a, b, out=product), device, repeats),
        8 * source.numel() / _seconds(lambda: target.copy_(source), device, repeats),
    )


def _seconds(work, device: torch.device, repeats: int) -> float:
    times = []
    for _ in range(repeats + 1):
        before = time.perf_counter()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize()
        times.append(time.perf_counter() - before)
    return median(times[1:])
