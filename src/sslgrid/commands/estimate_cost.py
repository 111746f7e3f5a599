"""What many trainings will cost: `python -m sslgrid.commands.estimate_cost --sizes S.json --cores 2 --table cost.csv`.

Times some gradient steps of each size on this machine, on one thread as the trainings have or on its GPU, and says what
all of them take together, in time and on disk. Walking and scoring a network comes on top: less than a minute each at
the laptop preset.
"""

import argparse
from statistics import median

import pandas as pd

from sslgrid.benchmarks.costs import summarise
from sslgrid.benchmarks.steps import time_steps
from sslgrid.cli import input_argument, inputs_of, output_argument, run
from sslgrid.datasets.tables import write_table
from sslgrid.machine.device import DEVICES, choose_device
from sslgrid.machine.threads import use_threads
from sslgrid.sic.config import ModelConfig
from sslgrid.sic.step import start
from sslgrid.store.facts import summary_provenance
from sslgrid.store.reading import read_config
from sslgrid.training.loop import copies_in_checkpoint, snapshot_steps
from sslgrid.training.weights import bytes_of

REPEATS = 50  # steps that are timed, or as many as ten seconds have room for


def measure(size: dict, device: str = "cpu") -> dict:
    """One row of the table. size: a `model`, and how many `networks` and `steps`, in all, are of its size."""
    model = ModelConfig.from_dict(size["model"])
    (timed,) = time_steps(model, [device], REPEATS)
    milliseconds = median(timed.milliseconds)
    return {
        "units": model.network.units,
        "hidden_units": model.network.hidden_units,
        "batch": model.trajectories.batch,
        "duration": model.trajectories.steps,
        "networks": size["networks"],
        "steps": size["steps"],
        "milliseconds_per_step": milliseconds,
        "hours": size["steps"] * milliseconds / 3.6e6,
        "gigabytes": size["networks"] * bytes_of(start(model, 0).network) * copies(model) / 1e9,
    }


def copies(model: ModelConfig) -> int:
    """How often a network's weights are on disk: with its snapshots, and again in its checkpoint, with two moments."""
    snapshots = len(snapshot_steps(model.training)) + 1
    return (snapshots + 1) + copies_in_checkpoint(model.training)


def main(arguments: argparse.Namespace) -> None:
    """Measure, print and write."""
    use_threads(1)
    device = choose_device(arguments.device).type
    table = pd.DataFrame([measure(size, device) for size in read_config(arguments.sizes, list)])
    places = (arguments.gpus, "GPU") if device == "cuda" else (arguments.cores, "core")
    print(f"{arguments.table.parent.name}: {summarise(table, *places)}", flush=True)
    write_table(arguments.table, table, 4, summary_provenance(__spec__.name, inputs_of(arguments)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(
        parser, "sizes", help="json list of each size: a model, and how many networks and steps it stands for"
    )
    parser.add_argument("--cores", type=int, required=True, help="that the trainings will have")
    parser.add_argument("--gpus", type=int, default=1, help="likewise (default 1)")
    parser.add_argument("--device", choices=DEVICES, default="auto", help="as in `train` (default auto)")
    output_argument(parser, "table", help="csv file to write")
    run(main, parser)
