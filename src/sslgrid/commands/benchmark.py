"""Time and memory of a gradient step: `python -m sslgrid.commands.benchmark --model MODEL.json --table engine.csv`.

Every engine takes the same steps in one process with the same number of threads. Naive eager is the step as public
code writes it (a W for every step of every trajectory, all pairs at once); plain torch is the definition, written to
be read. The floor is the dense arithmetic and the memory traffic of a step at rates measured in the same run.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path
from statistics import median, quantiles

import pandas as pd

from sslgrid.benchmarks import machine, scaling
from sslgrid.benchmarks.floor import bytes_moved, flops
from sslgrid.benchmarks.profile import describe, profile
from sslgrid.benchmarks.steps import (
    CPU_ENGINES,
    GPU_ENGINES,
    MOST_BYTES,
    MOST_SECONDS,
    Timed,
    bytes_held,
    device_of,
    make_stepper,
    resize,
    time_steps,
)
from sslgrid.cli import input_argument, inputs_of, run
from sslgrid.datasets.tables import write_table
from sslgrid.machine.device import choose_device
from sslgrid.machine.threads import use_threads
from sslgrid.sic.config import ModelConfig, read_model
from sslgrid.store.facts import summary_provenance

# (case, N, B, T, threads). The first two are the sizes that matter; the rest vary one thing at a time.
SIZES = [("laptop preset", 64, 16, 60, 1), ("paper's size", 128, 130, 60, 2)]
CURVES = [
    *[("trajectories", 64, B, 60, 1) for B in (2, 4, 8, 16, 32, 64, 128)],
    *[("units", N, 16, 60, 1) for N in (16, 32, 64, 128, 256)],
    *[("duration", 64, 16, T, 1) for T in (15, 30, 60, 120, 240)],
]
PROFILE_STEPS, MANY_POINTS = 50, 3000  # of a profile; where a step takes long a tenth
ALONE_STEPS = 300  # of a run that is timed alone and beside another


def measure(model: ModelConfig, case: tuple, repeats: int, seconds: float, gpu: bool) -> list[dict]:
    """One row per engine, of so many steps or as many as so many seconds have room for."""
    name, N, B, T, threads = case
    sized = resize(model, N, B, T)
    use_threads(threads)
    wanted = [*(CPU_ENGINES if case not in CURVES else ("cpu", "naive")), *(GPU_ENGINES if gpu else ())]
    engines = [engine for engine in wanted if bytes_held(engine, sized) <= MOST_BYTES.get(engine, float("inf"))]
    rows = [_row(case, found, sized) for found in time_steps(sized, engines, repeats, seconds)]
    milliseconds = {row["engine"]: row["milliseconds"] for row in rows}
    for row in rows:
        rival = milliseconds.get("naive_cuda" if row["device"] == "cuda" else "naive", float("nan"))
        row["times_naive"] = rival / row["milliseconds"]
        if row["engine"] == "cuda":
            row["joules"] = machine.joules_per_step(make_stepper(sized, "cuda"))
        print(
            f"{name:14} N={N:<3} B={B:<3} T={T:<3} {threads} threads  {row['engine']:10} {row['milliseconds']:9.2f} ms"
            f"  {row['times_naive']:6.1f} x naive  {row['share_of_floor']:5.0%} of the floor"
            f"  {row['peak_megabytes']:7.0f} MB" + (f"  {row['joules']:.2f} J" if "joules" in row else ""),
            flush=True,
        )
    return rows


def _row(case: tuple, timed: Timed, model: ModelConfig) -> dict:
    name, N, B, T, threads = case
    device = device_of(timed.engine)
    low, middle, high = quantiles(timed.milliseconds, n=4)
    rate, bandwidth = machine.rates(device, threads)
    floor = 1e3 * max(flops(model) / rate, bytes_moved(model) / bandwidth)
    return {
        "case": name, "engine": timed.engine, "device": device, "machine": machine.describe(device),
        "threads": threads, "units": N, "batch": B, "steps": T, "repeats": len(timed.milliseconds),
        "milliseconds": middle, "lower_quartile": low, "upper_quartile": high, "peak_megabytes": timed.megabytes,
        "gigaflop": flops(model) / 1e9, "gigabytes": bytes_moved(model) / 1e9, "gigaflop_per_second": rate / 1e9,
        "gigabytes_per_second": bandwidth / 1e9, "floor_milliseconds": floor, "share_of_floor": floor / middle,
    }  # fmt: skip


def profile_of(model: ModelConfig, case: tuple) -> str:
    """The table of where the CPU engine's time goes at one size."""
    _, N, B, T, threads = case
    use_threads(threads)
    repeats = PROFILE_STEPS if B * T < MANY_POINTS else PROFILE_STEPS // 10
    return f"N={N} B={B} T={T} {threads} threads, {describe(profile(resize(model, N, B, T), repeats))}"


def side_by_side(model: Path) -> dict:
    """Two trainings at once, on one thread each, against one alone: steps per second together."""
    command = [sys.executable, "-m", "sslgrid.commands.benchmark", "--model", model, "--alone"]

    def rates(count: int) -> list[float]:
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(count)]
        return [float(process.communicate()[0]) for process in running]

    alone, together = [], []
    for _ in range(3):  # in turn, so that a change in the load meets both
        alone += rates(1)
        together.append(sum(rates(2)))
    gain = median(together) / median(alone)
    print(f"two seeds side by side: {gain:.2f} x the steps per second of one", flush=True)
    return {
        "case": "two seeds", "engine": "cpu", "device": "cpu", "machine": machine.describe("cpu"), "threads": 1,
        "milliseconds": 1e3 / median(together), "throughput": gain,
    }  # fmt: skip


def steps_per_second(model: ModelConfig) -> float:
    """Of one training on one thread."""
    use_threads(1)
    step = make_stepper(model, "cpu")
    step()
    began = time.perf_counter()
    for _ in range(ALONE_STEPS):
        step()
    return ALONE_STEPS / (time.perf_counter() - began)


def main(arguments: argparse.Namespace) -> None:
    """Measure, print and write."""
    model = read_model(arguments.model)
    if arguments.alone:
        print(steps_per_second(model))
        return
    gpu = choose_device("auto").type == "cuda"
    cases = [("chosen size", *arguments.size)] if arguments.size else SIZES + CURVES
    rows = [row for case in cases for row in measure(model, case, arguments.repeats, arguments.seconds, gpu)]
    print("\n".join(filter(None, map(scaling.paper_training, rows))))
    for case in cases[: len(SIZES)]:
        print(profile_of(model, case), flush=True)
    if not arguments.size:
        rows.append(side_by_side(arguments.model))
    table = pd.DataFrame(rows)
    print("\n".join(scaling.describe(table)))
    if arguments.table:
        write_table(arguments.table, table, 6, summary_provenance(__spec__.name, inputs_of(arguments)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "model", help="a condition's config, e.g. results/config/full.json")
    parser.add_argument("--table", type=Path, metavar="FILE", help="csv to write")
    parser.add_argument("--size", type=int, nargs=4, metavar=("N", "B", "T", "THREADS"), help="one size only")
    parser.add_argument("--repeats", type=int, default=60, help="steps to time at most (default 60)")
    parser.add_argument(
        "--seconds",
        type=float,
        default=MOST_SECONDS,
        help="of timed steps per engine and size at most (default 10)",
    )
    parser.add_argument("--alone", action="store_true", help="print the steps per second of one training, no more")
    run(main, parser)
