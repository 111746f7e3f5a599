"""A released network in place of training one: `python -m sslgrid.commands.take_network --released FOLDER ...`.

Of some networks the rate maps were released in place of the weights.
"""

import argparse
import json
from pathlib import Path

from sslgrid.basics.errors import InputError
from sslgrid.cli import input_argument, output_argument, run
from sslgrid.sic.config import ModelConfig, read_model
from sslgrid.store.records import HISTORY, record_of
from sslgrid.store.released import MAPS, WEIGHTS, copy, network_name, read_manifest, verified


def main(arguments: argparse.Namespace) -> None:
    """Check and copy. Raises InputError if the network was not released, is damaged, or is of another config."""
    folder, name = arguments.released, network_name(arguments.model.stem, arguments.seed)
    networks = read_manifest(folder)["networks"]
    if name not in networks:
        raise InputError(f"{name} is not among the networks of {folder}: expected one of {', '.join(sorted(networks))}")
    released = networks[name]
    wanted = {WEIGHTS: arguments.weights, MAPS: arguments.ratemaps, HISTORY: arguments.history}
    wanted = {file: target for file, target in wanted.items() if target is not None}
    if missing := wanted.keys() - released["files"].keys():
        raise InputError(f"{', '.join(missing)} of {name} was not released: expected {', '.join(released['files'])}")
    files = {file: verified(folder, f"{name}/{file}", released["files"][file]) for file in wanted}
    # Not by its hash: a config that was written before there were some of today's keys is still the same config.
    if ModelConfig.from_dict(json.loads(record_of(files[HISTORY])["config"])) != read_model(arguments.model):
        raise InputError(f"{name} was released with another config than {arguments.model}: undo what was changed there")
    for file, source in files.items():
        copy(source, wanted[file])
    print(f"{name}: as released, trained for {released['steps']} steps in {released['seconds']:.0f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--released", type=Path, required=True, metavar="FOLDER", help="of the released networks")
    input_argument(parser, "model", help="the condition's config")
    parser.add_argument("--seed", type=int, required=True)
    of_network = parser.add_mutually_exclusive_group(required=True)
    of_network.add_argument("--weights", type=Path, metavar="FILE", help="safetensors file to write")
    of_network.add_argument(
        "--ratemaps", type=Path, metavar="FILE", help="NetCDF file to write in place of the weights"
    )
    output_argument(parser, "history", help="NetCDF file to write")
    run(main, parser)
