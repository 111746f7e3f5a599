"""Where each millisecond of the CPU engine's step goes, part by part."""

import time
from collections.abc import Callable
from statistics import median

from sslgrid.sic.config import ModelConfig
from sslgrid.sic.engine import cpu
from sslgrid.sic.engine.cpu_adamw import clip_arrays
from sslgrid.sic.engine.cpu_network import add_initial_gradient, add_matrices_gradient, initial_state, matrices
from sslgrid.sic.engine.cpu_pairs import pair_losses
from sslgrid.sic.engine.cpu_rollout import rollout, rollout_gradient
from sslgrid.sic.engine.cpu_trajectories import points_of, sic_loss
from sslgrid.sic.step import batches_of, start, take_step

PARTS = ("batch", "W(v)", "rollout", "pairs", "other losses", "rollout back", "W(v) back", "clip", "AdamW", "the rest")


def profile(model: ModelConfig, repeats: int) -> dict[str, float]:
    """Milliseconds, medians: of each part by its name, in the order of a step, and last of what calls them.

    The parts are run one by one on the state and the batch of each step of a training; `pairs` once more than a step
    does, to tell them from the other losses.
    """
    training, config = start(model, 0), model.network
    descent = cpu.Descent(training.network, model)
    weights, gradients = descent.weights, descent.gradients
    times: dict[str, list[float]] = {name: [] for name in (*PARTS, "step")}

    def timed(name: str, work: Callable, *arguments):
        began = time.perf_counter()
        found = work(*arguments)
        times[name].append(1e3 * (time.perf_counter() - began))
        return found

    for step in range(repeats + 1):
        (batch,) = timed("batch", batches_of, model, 0, step)
        W, layers = timed("W(v)", matrices, config, weights, batch.velocities)
        walks = timed("rollout", rollout, W, initial_state(weights), batch.order, config.zero_rule)
        given = walks.states, batch.positions, batch.speeds, model.losses
        _, grad_states = timed("other losses", sic_loss, *given, 1.0)
        timed("pairs", pair_losses, *points_of(walks.states, batch.positions)[:2], model.losses)
        times["other losses"][-1] -= times["pairs"][-1]
        back = timed("rollout back", rollout_gradient, W, batch.order, walks, grad_states, config.zero_rule)
        timed("W(v) back", add_matrices_gradient, config, weights, layers, back[0], gradients, False)
        add_initial_gradient(weights, back[1], gradients, False)
        timed("clip", clip_arrays, descent.arrays, model.training.clip)
        timed("AdamW", training.optimiser.step)
        timed("step", take_step, training, model, 0, descent)
        times["the rest"].append(times["step"][-1] - sum(times[name][-1] for name in PARTS[:-1]))
    return {name: median(found[1:]) for name, found in times.items()}  # the first step compiles


def describe(parts: dict[str, float]) -> str:
    """A table in one line a part: milliseconds, and the share of the step."""
    lines = [f"  {name:14} {parts[name]:9.3f} ms  {parts[name] / parts['step']:4.0%}" for name in (*PARTS, "step")]
    return "\n".join(["where each millisecond of the CPU engine goes:", *lines])
