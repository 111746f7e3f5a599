"""A released network in place of training one: `python -m sslgrid.commands.take_network --released FOLDER ...`.

Some networks were released as rate maps, without weights. Localisers also come with their development, which takes
snapshots to measure.
"""

import argparse
import json
from pathlib import Path

from sslgrid.basics.errors import InputError
from sslgrid.cli import input_argument, run
from sslgrid.localiser.config import LocaliserConfig, read_localiser
from sslgrid.sic.config import ModelConfig, read_model
from sslgrid.store.facts import config_hash
from sslgrid.store.records import HISTORY, record_of
from sslgrid.store.released import DEVELOPMENT, MAPS, WEIGHTS, copy, network_name, read_manifest, verified

CONFIGS = {"velocity_rnn": (ModelConfig, read_model), "rate_rnn": (LocaliserConfig, read_localiser)}  # by the network
FILES = {WEIGHTS: "weights", MAPS: "ratemaps", HISTORY: "history", DEVELOPMENT: "development"}


def main(arguments: argparse.Namespace) -> None:
    """Check and copy. Raises InputError if the network was not released, is damaged, or is of another config."""
    folder, name = arguments.released, network_name(arguments.model.stem, arguments.seed)
    networks = read_manifest(folder)["networks"]
    if name not in networks:
        raise InputError(f"{name} is not among the networks of {folder}: expected one of {', '.join(sorted(networks))}")
    released = networks[name]
    wanted = {file: target for file, flag in FILES.items() if (target := getattr(arguments, flag)) is not None}
    if not wanted:
        raise InputError(
            f"nothing to take of {name}: expected one of {', '.join(f'--{flag}' for flag in FILES.values())}"
        )
    if missing := wanted.keys() - released["files"].keys():
        raise InputError(f"{', '.join(missing)} of {name} was not released: expected {', '.join(released['files'])}")
    files = {file: verified(folder, f"{name}/{file}", released["files"][file]) for file in (*wanted, HISTORY)}
    header = record_of(files[HISTORY])
    config, read_config = CONFIGS[header["network"]]
    # Not by its hash: a config that was written before there were some of today's keys is still the same config.
    if config.from_dict(json.loads(header["config"])) != read_config(arguments.model):
        raise InputError(f"{name} was released with another config than {arguments.model}: undo what was changed there")
    for file in wanted.keys() & {MAPS, DEVELOPMENT}:  # which were measured in an arena
        if arguments.arena is not None and record_of(files[file])["config_hash"] != config_hash(arguments.arena):
            raise InputError(f"{files[file]} is of another arena than {arguments.arena}: undo what was changed there")
    for file, target in wanted.items():
        copy(files[file], target)
    print(f"{name}: as released, trained for {released['steps']} steps in {released['seconds']:.0f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--released", type=Path, required=True, metavar="FOLDER", help="of the released networks")
    input_argument(parser, "model", help="the condition's config")
    parser.add_argument("--seed", type=int, required=True)
    input_argument(
        parser, "arena", required=False, help="the arena's config, in which maps and development were measured"
    )
    for file, flag in FILES.items():
        parser.add_argument(f"--{flag}", type=Path, metavar="FILE", help=f"where to put {file}")
    run(main, parser)
