"""Release networks, with numbers made from them: `python -m sslgrid.commands.release --weights W ... --folder F`."""

import argparse
import json
from pathlib import Path

from sslgrid.basics.errors import InputError
from sslgrid.benchmarks.machine import processor
from sslgrid.cli import run
from sslgrid.datasets import netcdf
from sslgrid.datasets.networks import network_of
from sslgrid.store.facts import made_by
from sslgrid.store.files import sha256_of, whole_file
from sslgrid.store.records import HISTORY, record_of
from sslgrid.store.released import FILES, MANIFEST, copy, network_name, read_manifest

MOST = 25 * 2**20  # bytes that a repository should hold of them


def describe(weights: Path) -> dict:
    """What the manifest says of a network. Raises InputError if its history is not beside it."""
    header, history = record_of(weights), netcdf.read(weights.with_name(HISTORY), "seconds")
    return {
        "files": {name: sha256_of(weights.with_name(name)) for name in FILES},
        "steps": int(history["step"].values[-1]) if history.sizes["step"] else 0,
        "seconds": float(history["seconds"].values[-1]) if history.sizes["step"] else 0.0,
        **{name: header[name] for name in ("seed", "config_hash", "code_hash", "versions", "device", "outcome")},
    }


def main(arguments: argparse.Namespace) -> None:
    """Copy the files and write the manifest last. Raises InputError if they are too large for a repository."""
    files = [path for weights in arguments.weights for path in map(weights.with_name, FILES)]
    size = sum(path.stat().st_size for path in [*files, *arguments.tables])
    if size > MOST:
        raise InputError(f"the networks take {size / 2**20:.1f} MiB; expected at most {MOST // 2**20}: release fewer")
    former = read_manifest(arguments.folder)["networks"] if (arguments.folder / MANIFEST).exists() else {}
    networks = {}
    for weights in arguments.weights:
        name = network_name(*network_of(weights))
        networks[name] = describe(weights)
        for file in FILES:
            copy(weights.with_name(file), arguments.folder / name / file)
    for table in arguments.tables:
        copy(table, arguments.folder / table.name)
    manifest = {
        **made_by("sslgrid.commands.release"),
        "preset": arguments.preset,
        "processor": processor(),
        "networks": networks,
        "numbers": {"files": {table.name: sha256_of(table) for table in arguments.tables}},
    }
    with whole_file(arguments.folder / MANIFEST) as temporary:
        temporary.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    for name in former.keys() - networks.keys():  # no longer released: gone once the manifest does not name them
        for file in FILES:
            (arguments.folder / name / file).unlink(missing_ok=True)
    print(f"{len(networks)} networks, {size / 2**20:.1f} MiB, in {arguments.folder}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, nargs="+", required=True, metavar="FILE", help="of each network")
    parser.add_argument(
        "--tables", type=Path, nargs="+", required=True, metavar="FILE", help="csv files made from them"
    )
    parser.add_argument("--preset", required=True, help="which the networks are of")
    parser.add_argument("--folder", type=Path, required=True, help="where to put them")
    run(main, parser)
