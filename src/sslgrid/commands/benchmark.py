"""Time of one training step, plain torch against the fast engine: `python -m sslgrid.commands.benchmark`.

Both take the same steps in one process with the same number of threads; medians, and their ratio. Plain torch here is
the definition (`losses.py` and the rollout), written to be read, not to be fast.
"""

import argparse
import time
from dataclasses import replace
from statistics import median

from sslgrid.commands.cli import path_argument, run, threads_argument
from sslgrid.config.model import ModelConfig, read_model
from sslgrid.descent import advance, start
from sslgrid.engine import cpu, plain
from sslgrid.engine.threads import use_threads

ENGINES = {"plain torch": plain, "cpu engine": cpu}
MOST_BYTES = 2e9  # that the plain definitions may hold for one array of all pairs
WARM_UP = 3  # steps that compile and fill caches


def step_times(model: ModelConfig, engine, repeats: int) -> list[float]:
    """Seconds of each whole step: batch, forward, backward, optimiser."""
    training, times = start(model, seed=0), []
    for _ in range(WARM_UP + repeats):
        before = time.perf_counter()
        advance(training, model, 0, engine)
        times.append(time.perf_counter() - before)
    return times[WARM_UP:]


def main(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    use_threads(arguments.threads)
    model = read_model(arguments.model)
    network = replace(model.network, units=arguments.units or model.network.units)
    trajectories = replace(model.trajectories, batch=arguments.batch or model.trajectories.batch)
    model = replace(model, network=network, trajectories=trajectories)
    points = trajectories.batch * trajectories.steps
    plain_bytes = 4 * points**2 * network.units
    engines = ENGINES if plain_bytes <= MOST_BYTES else {"cpu engine": cpu}
    times = {name: 1e3 * median(step_times(model, engine, arguments.repeats)) for name, engine in engines.items()}
    print(
        f"N={network.units} B={trajectories.batch} T={trajectories.steps}, {arguments.threads} threads, "
        f"median of {arguments.repeats} steps:"
    )
    for name, milliseconds in times.items():
        ratio = f", {times['plain torch'] / milliseconds:.1f}x plain torch" if "plain torch" in times else ""
        print(f"  {name:12} {milliseconds:8.1f} ms a step{ratio}")
    if "plain torch" not in times:
        print(f"  plain torch would hold {plain_bytes / 1e9:.0f} GB for all pairs of points: left out")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    path_argument(parser, "model", "a condition's config, e.g. results/config/full.json")
    parser.add_argument("--units", type=int, help="another N than the config's")
    parser.add_argument("--batch", type=int, help="another B than the config's")
    parser.add_argument("--repeats", type=int, default=30, help="steps to time (default 30)")
    threads_argument(parser)
    run(main, parser)
