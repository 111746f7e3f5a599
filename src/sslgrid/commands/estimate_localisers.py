"""What training the localisers will cost: `python -m sslgrid.commands.estimate_localisers --sizes S.json ...`.

Times some steps of each kind of each condition on this machine, on one thread as the trainings have, and says what all
of them take together: of Hessian-free steps at most, with every iteration that a step may take. Walking and scoring a
network comes on top: some minutes each.
"""

import argparse
from dataclasses import replace
from statistics import median

import pandas as pd
import torch

from sslgrid.benchmarks import machine
from sslgrid.benchmarks.costs import summarise
from sslgrid.cli import input_argument, inputs_of, output_argument, run
from sslgrid.datasets.tables import write_table
from sslgrid.localiser.config import LocaliserConfig
from sslgrid.localiser.task import LocaliserTask
from sslgrid.machine.device import choose_device
from sslgrid.machine.threads import use_threads
from sslgrid.store.facts import summary_provenance
from sslgrid.store.reading import read_config

REPEATS = 3  # steps that are timed, after one for warming up


def measure(size: dict, device: torch.device) -> dict:
    """One row of the table. size: the `model` of a `condition`, and how many `networks` it has."""
    model = LocaliserConfig.from_dict(size["model"])
    config, networks = model.training, size["networks"]
    gradient = seconds_per_step(model, device, steps=REPEATS + 1) if config.steps else 0.0
    hessian_free = seconds_per_step(model, device, hessian_free_steps=2) if config.hessian_free_steps else 0.0
    of_one = config.steps * gradient + config.hessian_free_steps * hessian_free
    return {
        "condition": size["condition"],
        "networks": networks,
        "steps": config.steps,
        "seconds_per_step": gradient,
        "hessian_free_steps": config.hessian_free_steps,
        "seconds_per_hessian_free_step": hessian_free,
        "minutes_per_network": of_one / 60,
        "hours": networks * of_one / 3600,
    }


def seconds_per_step(
    model: LocaliserConfig, device: torch.device, steps: int = 0, hessian_free_steps: int = 0
) -> float:
    """Of one kind of step; a Hessian-free one as if it took all the iterations it may."""
    few = replace(model.training, steps=steps, hessian_free_steps=hessian_free_steps, warmup=0)
    task = LocaliserTask(replace(model, training=few), 0, device)
    training = task.start()
    step = task.stepper(training)
    times = []
    for _ in range(steps + hessian_free_steps):
        taken = {}
        seconds = machine.seconds(lambda taken=taken: taken.update(step()), device.type)
        most = model.hessian_free.iterations
        times.append(seconds * (most / max(taken["iterations"], 1) if hessian_free_steps else 1))
    return median(times[1:])


def main(arguments: argparse.Namespace) -> None:
    """Measure, print and write."""
    use_threads(1)
    device = choose_device(arguments.device)
    table = pd.DataFrame([measure(size, device) for size in read_config(arguments.sizes, list)])
    print(f"localisers: {summarise(table, arguments.cores)}, on {device.type}", flush=True)
    write_table(arguments.table, table, 4, summary_provenance(__spec__.name, inputs_of(arguments)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "sizes", help="json list of conditions: a name, a model, and how many networks")
    parser.add_argument("--cores", type=int, required=True, help="that the trainings will have")
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"), help="where they will train")
    output_argument(parser, "table", help="csv file to write")
    run(main, parser)
