"""A released network in place of training one: `python -m sslgrid.commands.take_network --released FOLDER ...`."""

import argparse
import json
from pathlib import Path

from sslgrid.basics.errors import InputError
from sslgrid.cli import input_argument, output_argument, run
from sslgrid.sic.config import ModelConfig, read_model
from sslgrid.store.records import record_of
from sslgrid.store.released import FILES, copy, network_name, read_manifest, verified


def main(arguments: argparse.Namespace) -> None:
    """Check and copy. Raises InputError if the network was not released, is damaged, or is of another config."""
    folder, name = arguments.released, network_name(arguments.model.stem, arguments.seed)
    networks = read_manifest(folder)["networks"]
    if name not in networks:
        raise InputError(f"{name} is not among the networks of {folder}: expected one of {', '.join(sorted(networks))}")
    released = networks[name]
    weights, history = (verified(folder, f"{name}/{file}", released["files"][file]) for file in FILES)
    # Not by its hash: a config that was written before there were some of today's keys is still the same config.
    if ModelConfig.from_dict(json.loads(record_of(weights)["config"])) != read_model(arguments.model):
        raise InputError(f"{name} was released with another config than {arguments.model}: undo what was changed there")
    copy(history, arguments.history)
    copy(weights, arguments.weights)
    print(f"{name}: as released, trained for {released['steps']} steps in {released['seconds']:.0f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--released", type=Path, required=True, metavar="FOLDER", help="of the released networks")
    input_argument(parser, "model", help="the condition's config")
    parser.add_argument("--seed", type=int, required=True)
    output_argument(parser, "weights", help="safetensors file to write")
    output_argument(parser, "history", help="NetCDF file to write")
    run(main, parser)
