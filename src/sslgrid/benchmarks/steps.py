"""Time and memory of whole gradient steps, several engines in turn in one process."""

import ctypes
import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from sslgrid.benchmarks import machine, naive
from sslgrid.sic.batches import sample_batch
from sslgrid.sic.config import ModelConfig
from sslgrid.sic.engine import plain
from sslgrid.sic.inputs import to_tensors
from sslgrid.sic.step import SicTraining, advance, descend, start
from sslgrid.sic.task import SicTask
from sslgrid.training.loop import learning_rate
from sslgrid.training.weights import gradients

CPU_ENGINES = ("cpu", "naive", "plain")  # in the order of the memory they need
GPU_ENGINES = ("cuda", "naive_cuda")
MOST_SECONDS = 10.0  # of timed steps per engine and size
MOST_BYTES = {"naive": 12e9, "naive_cuda": 12e9, "plain": 3e9}  # beyond this an engine is left out


@dataclass
class Timed:
    """What was measured of one engine."""

    engine: str
    milliseconds: list[float]
    megabytes: float  # growth of the resident memory from before the first step to its peak; NaN if unknown


def resize(model: ModelConfig, units: int, batch: int, steps: int) -> ModelConfig:
    """The model with another N, B and T, and one batch in each step."""
    return replace(
        model,
        network=replace(model.network, units=units),
        trajectories=replace(model.trajectories, batch=batch, steps=steps),
        training=replace(model.training, accumulate=1),
    )


def bytes_held(engine: str, model: ModelConfig) -> float:
    """About what an engine's largest arrays hold at once."""
    N, T, P = model.network.units, model.trajectories.steps, model.trajectories.batch * model.trajectories.steps
    if engine.startswith("naive"):
        return 4 * (4 * P * N**2 + 8 * P**2)
    if engine == "plain":
        return 4 * 3 * P**2 * N
    return 4 * (4 * T * N**2 + 10 * P * N)


def time_steps(model: ModelConfig, engines: list[str], repeats: int, most_seconds: float = MOST_SECONDS) -> list[Timed]:
    """Let each engine take `repeats` steps, a few at a time in turn: a change in the load meets all.

    An engine that is too slow for `most_seconds` takes fewer, but at least three.
    """
    steppers, found, counts = {}, {}, {}
    for engine in engines:
        make_stepper(resize(model, 4, 2, 2), engine)()  # compiles, which takes memory of its own
        before = _reset_peak_memory()
        steppers[engine] = make_stepper(model, engine)
        warm = [machine.seconds(steppers[engine], device_of(engine)) for _ in range(2)]
        counts[engine] = max(3, min(repeats, int(most_seconds / min(warm))))
        found[engine] = Timed(engine, [], _peak_memory() - before)
    turns = 3
    for turn in range(turns):
        for engine in engines:
            for _ in range(turn, counts[engine], turns):
                found[engine].milliseconds.append(1e3 * machine.seconds(steppers[engine], device_of(engine)))
    return list(found.values())


def device_of(engine: str) -> str:
    """The device on which an engine computes."""
    return "cuda" if engine in GPU_ENGINES else "cpu"


def make_stepper(model: ModelConfig, engine: str) -> Callable[[], object]:
    """What takes the next step: "naive", "plain", "cpu", "cuda" or "naive_cuda"."""
    if engine == "cuda":
        from sslgrid.sic.captured import CapturedStep

        return CapturedStep(start(model, 0, "cuda"), model, 0)
    training = start(model, 0, device_of(engine))
    if engine.startswith("naive"):
        return lambda: _advance_naively(training, model)
    if engine == "plain":
        return lambda: advance(training, model, 0, plain)
    return SicTask(model, 0).stepper(training)


def _advance_naively(training: SicTraining, model: ModelConfig) -> None:
    inputs = to_tensors(sample_batch(model.trajectories, 0, training.step), training.network.start)
    naive.descend(training.network, inputs, model).tolist()
    for group in training.optimiser.param_groups:
        group["lr"] = learning_rate(training.step, model.training)
    training.optimiser.step()
    training.step += 1


def largest_difference(model: ModelConfig) -> float:
    """Between the naive step's loss and gradient and the engine's, relative: a comparison of unlike things is none."""
    trainings = [start(model, 0) for _ in range(2)]
    batch = sample_batch(model.trajectories, 0, 0)
    naive.descend(trainings[0].network, to_tensors(batch, trainings[0].network.start), model)
    descend(trainings[1].network, [batch], model)
    theirs, ours = (torch.cat([each.flatten() for each in gradients(t.network)]) for t in trainings)
    return float((theirs - ours).norm() / theirs.norm())


def _status() -> Iterator[tuple[str, str]]:
    path = Path("/proc/self/status")
    if path.exists():
        for line in path.read_text().splitlines():
            key, _, value = line.partition(":")
            yield key, value


def _memory(key: str) -> float:
    return next((float(value.split()[0]) / 1024 for name, value in _status() if name == key), float("nan"))


def _reset_peak_memory() -> float:
    """Give freed memory back and start a new peak (Linux with glibc only); returns the resident memory now, MB."""
    gc.collect()
    try:
        ctypes.CDLL(None).malloc_trim(0)  # else an engine's growth would go into what the one before it left
        Path("/proc/self/clear_refs").write_text("5")
    except (OSError, AttributeError):
        return float("nan")
    return _memory("VmRSS")


def _peak_memory() -> float:
    return _memory("VmHWM")
