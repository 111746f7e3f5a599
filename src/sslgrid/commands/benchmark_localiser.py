"""Time of a localiser's gradient step: `python -m sslgrid.commands.benchmark_localiser --model M.json --table T.csv`.

The engine, and autograd through a loop over the steps as public code has it, in turn in one process with the same
number of threads, on the same paths. The floor is the dense arithmetic of a step at a rate measured in the same run.
"""

import argparse
from dataclasses import replace
from statistics import median, quantiles

import pandas as pd
import torch
from torch.nn.utils import parameters_to_vector

from sslgrid.benchmarks import localiser, machine
from sslgrid.cli import input_argument, inputs_of, output_argument, run
from sslgrid.datasets.tables import write_table
from sslgrid.localiser.config import LocaliserConfig, read_localiser
from sslgrid.localiser.engine import curvature_of, descent_of
from sslgrid.localiser.paths import sample_paths
from sslgrid.localiser.step import start
from sslgrid.machine.device import choose_device
from sslgrid.machine.threads import use_threads
from sslgrid.store.facts import summary_provenance
from sslgrid.training.weights import gradients

SIZES = [("laptop preset", 100, 500, 100, 1), ("paper's size", 100, 500, 500, 2)]  # N, T, M and threads
PRODUCT_TRIALS = 100  # of the batch, that the Gauss-Newton matrix is taken from
DIFFERENCE = 1e-3  # of the gradients, relative: a comparison of unlike things is none


def measure(model: LocaliserConfig, case: tuple, repeats: int, device: torch.device) -> dict:
    """One row: milliseconds of either, of the paths' making, and the ratio."""
    name, N, T, M, threads = case
    use_threads(threads)
    sized = replace(
        model, network=replace(model.network, units=N), trajectories=replace(model.trajectories, trials=M, steps=T)
    )
    network = start(sized, 0, device).network
    descent = descent_of(network, sized.losses)

    def paths(step: int):
        return sample_paths(sized.trajectories, sized.trajectories.standstill, 0, step).to(network.bias)

    difference = _difference(sized, device)
    if difference > DIFFERENCE:
        raise RuntimeError(f"the engine's gradient differs from autograd's by {difference:.1e}")
    batch = paths(0)
    part = batch.first(PRODUCT_TRIALS)
    curvature, change = curvature_of(network, part, sized.losses), parameters_to_vector(network.parameters()).detach()
    tasks = {
        "paths": lambda: paths(1),
        "product": lambda: curvature.product(change),
        "engine": lambda: descent(batch),
        "naive": lambda: localiser.descend(network, batch, sized),
    }
    times: dict[str, list[float]] = {task: [] for task in tasks}
    for turn in range(repeats + 1):  # the first is for warming up
        for task, work in tasks.items():
            seconds = machine.seconds(work, "cuda" if device.type == "cuda" else "cpu")
            times[task] += [1e3 * seconds] * (turn > 0)
    rate, _ = machine.rates(device.type, threads)
    middle = {task: median(of_task) for task, of_task in times.items()}
    low, _, high = quantiles([slow / fast for slow, fast in zip(times["naive"], times["engine"], strict=True)], n=4)
    floor = 1e3 * localiser.flops(sized) / rate
    row = {
        "case": name, "device": device.type, "machine": machine.describe(device.type), "threads": threads, "units": N,
        "steps": T, "trials": M, "repeats": repeats, "engine_milliseconds": middle["engine"],
        "naive_milliseconds": middle["naive"], "times_naive": middle["naive"] / middle["engine"], "ratio_low": low,
        "ratio_high": high, "paths_share": middle["paths"] / middle["engine"], "floor_milliseconds": floor,
        "most_times_naive": middle["naive"] / floor,
        "product_milliseconds": middle["product"] / part.speeds.shape[1],
    }  # fmt: skip
    print(
        f"{name:14} N={N} T={T} M={M} {threads} threads  engine {middle['engine']:7.1f} ms, naive "
        f"{middle['naive']:7.1f} ms: {row['times_naive']:.2f} x [{low:.2f}, {high:.2f}], at most "
        f"{row['most_times_naive']:.1f} x by the products alone ({floor:.1f} ms); paths {row['paths_share']:.1%}; a "
        f"Gauss-Newton product {row['product_milliseconds']:.2f} ms a path",
        flush=True,
    )
    return row


def _difference(model: LocaliserConfig, device: torch.device) -> float:
    """Relative difference of the two gradients, without noise, which the two draw in different orders."""
    silent = replace(model, network=replace(model.network, noise=0.0), trajectories=replace(
        model.trajectories, trials=20, steps=50))  # fmt: skip
    network = start(silent, 0, device).network
    batch = sample_paths(silent.trajectories, 0.0, 0, 0).to(network.bias)
    with torch.no_grad():
        network.output.normal_(0, 0.1, generator=torch.Generator(device).manual_seed(0))
    localiser.descend(network, batch, silent)
    naive = parameters_to_vector(gradients(network))
    descent_of(network, silent.losses)(batch)
    ours = parameters_to_vector(gradients(network))
    return float((ours - naive).norm() / naive.norm())


def main(arguments: argparse.Namespace) -> None:
    """Measure, print and write."""
    model, device = read_localiser(arguments.model), choose_device("auto")
    rows = [measure(model, case, arguments.repeats, device) for case in SIZES]
    write_table(arguments.table, pd.DataFrame(rows), 6, summary_provenance(__spec__.name, inputs_of(arguments)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "model", help="a localiser's config, e.g. results/config/cw_proper.json")
    output_argument(parser, "table", help="csv to write")
    parser.add_argument("--repeats", type=int, default=7, help="steps to time (default 7)")
    run(main, parser)
