"""Modules of networks that have none: `python -m sslgrid.commands.calibrate_modules --model CONDITION.json ...`.

After 50 steps of training no unit is a grid cell yet, but maps may fade along the walls, which have the symmetry of a
square lattice. At most 5 % of such networks may have a module.
"""

import argparse
from dataclasses import replace

import numpy as np
import xarray as xr

from sslgrid.basics.streams import stream
from sslgrid.cli import draws_argument, input_argument, inputs_of, output_argument, run, threads_argument
from sslgrid.datasets.module_calibration import MODULE_CALIBRATION
from sslgrid.datasets.walks import open_walks
from sslgrid.machine.threads import use_threads
from sslgrid.modules.tuning import FOUNDING, measure_tuning
from sslgrid.sic.config import ModelConfig, read_model
from sslgrid.sic.task import SicTask
from sslgrid.sic.walking import WalkedSIC
from sslgrid.spatial.ratemap import RateMaps, accumulate
from sslgrid.store.facts import config_hash, provenance
from sslgrid.training.weights import weights
from sslgrid.walks.activity import follow
from sslgrid.walks.config import read_arena

STEPS = 50
WARMUP = 5  # steps: with the laptop preset's 500 the networks would be the untrained ones


def hardly_trained(model: ModelConfig, seed: int) -> WalkedSIC:
    """The network of a seed after `STEPS` steps."""
    task = SicTask(replace(model, training=replace(model.training, steps=STEPS, warmup=WARMUP)), seed)
    training = task.start()
    step = task.stepper(training)
    for _ in range(STEPS):
        step()
    return WalkedSIC(model.network, {name: tensor.numpy() for name, tensor in weights(training.network).items()})


def describe(maps: RateMaps, draws: int, rng: np.random.Generator) -> dict[str, int]:
    """What is found in one network: the variables by network of `MODULE_CALIBRATION`."""
    tuning = measure_tuning(maps, rng, draws)
    return {
        "founders": int((tuning["p_value"].values <= FOUNDING).sum()),
        "significant": int(tuning["significant"].sum()),
        "modules": int(tuning["module"].max()) + 1,
        "tentative_modules": int(tuning["tentative"].max()) + 1,
        "tentative_units": int((tuning["tentative"].values >= 0).sum()),
    }


def summarise(found: xr.Dataset) -> str:
    """One line: the networks with a module, and those with a tentative one."""
    networks, steps = found.sizes["network"], int(found["steps"])
    with_modules, with_tentative = (int((found[name] > 0).sum()) for name in ("modules", "tentative_modules"))
    return (
        f"{with_modules} of {networks} networks of {steps} steps have a module (at most 5 % may); "
        f"{with_tentative} have a tentative one"
    )


def main(arguments: argparse.Namespace) -> None:
    """Train, walk, look for modules, write and summarise."""
    use_threads(arguments.threads)
    model, arena = read_model(arguments.model), read_arena(arguments.arena)
    rows = []
    with open_walks(arguments.walks, arena) as walks:
        for seed in range(arguments.networks):
            maps = accumulate(arena, follow(hardly_trained(model, seed), walks))
            rows.append(describe(maps, arguments.draws, stream(seed, "calibration of modules")))
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]} | {"steps": np.array(STEPS)}
    found = MODULE_CALIBRATION.dataset(columns, {"network": np.arange(arguments.networks)})
    facts = provenance(__spec__.name, inputs_of(arguments), config_hash=config_hash(arguments.arena))
    MODULE_CALIBRATION.write(arguments.measures, found, facts)
    print(f"calibration: {summarise(found)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "model", help="the condition's config")
    input_argument(parser, "arena", help="the arena's config")
    input_argument(parser, "walks", help="walks through that arena")
    output_argument(parser, "measures", help="NetCDF file to write")
    parser.add_argument("--networks", type=int, required=True, help="how many, with seeds from 0")
    draws_argument(parser)
    threads_argument(parser)
    run(main, parser)
