"""What a sweep will cost: `python -m sslgrid.commands.estimate_cost --sizes S.json --cores 2 --table cost.csv`.

Times some gradient steps of each size on this machine, on one thread as the trainings have, and says what all of them
take together. Walking and scoring a network comes on top: less than a minute each at the laptop preset.
"""

import argparse
from statistics import median

import pandas as pd

from sslgrid.benchmarks.steps import time_steps
from sslgrid.commands.cli import output_argument, path_argument, run, summary_provenance
from sslgrid.config.model import ModelConfig
from sslgrid.config.reading import read_config
from sslgrid.datasets.tables import write_table
from sslgrid.engine.threads import use_threads

REPEATS = 30  # steps that are timed


def measure(size: dict) -> dict:
    """One row of the table. size: a `model`, and how many `networks` and `steps`, in all, are of its size."""
    model = ModelConfig.from_dict(size["model"])
    (timed,) = time_steps(model, ["cpu"], REPEATS)
    milliseconds = median(timed.milliseconds)
    return {
        "units": model.network.units,
        "hidden_units": model.network.hidden_units,
        "batch": model.trajectories.batch,
        "duration": model.trajectories.steps,
        "networks": size["networks"],
        "steps": size["steps"],
        "milliseconds_per_step": milliseconds,
        "cpu_hours": size["steps"] * milliseconds / 3.6e6,
    }


def summarise(table: pd.DataFrame, cores: int) -> str:
    """One line: how many networks, hours and, on so many cores, minutes. A network trains on one core."""
    networks, hours = table["networks"].sum(), table["cpu_hours"].sum()
    minutes = 60 * hours / max(1, min(cores, networks))
    return f"{networks} networks to train, {hours:.2f} CPU-hours, about {minutes:.1f} minutes on {cores} cores"


def main(arguments: argparse.Namespace) -> None:
    """Measure, print and write."""
    use_threads(1)
    table = pd.DataFrame([measure(size) for size in read_config(arguments.sizes, list)])
    print(f"{arguments.table.parent.name}: {summarise(table, arguments.cores)}", flush=True)
    write_table(arguments.table, table, 4, summary_provenance(__spec__.name, arguments))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    path_argument(parser, "sizes", "json list of each size: a model, and how many networks and steps it stands for")
    parser.add_argument("--cores", type=int, required=True, help="that the trainings will have")
    output_argument(parser, "table", "csv file to write")
    run(main, parser)
