"""Release networks, with numbers made from them: `python -m sslgrid.commands.release --weights W ... --folder F`.

Networks whose weights would take too much room are released as rate maps.
"""

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
from sslgrid.store.released import DEVELOPMENT, MANIFEST, MAPS, WEIGHTS, copy, network_name, read_manifest

MOST = 25 * 2**20  # bytes that a repository should hold of them


def describe(files: dict[str, Path]) -> dict:
    """What the manifest says of a network; files: by their names there. Raises InputError without a history."""
    history = netcdf.read(files[HISTORY], "seconds")
    header, steps = record_of(files[HISTORY]), history.sizes["step"]
    return {
        "files": {name: sha256_of(path) for name, path in files.items()},
        "steps": int(history["step"].values[-1]) if steps else 0,
        "seconds": float(history["seconds"].values[-1]) if steps else 0.0,
        **{name: header[name] for name in ("seed", "config_hash", "code_hash", "versions", "device", "outcome")},
    }


def files_of(arguments: argparse.Namespace) -> dict[str, dict[str, Path]]:
    """The files of each network, by its name. Raises InputError if a condition comes with weights and with maps."""
    found = {
        network_name(*network_of(path)): {WEIGHTS: path, HISTORY: path.with_name(HISTORY)} for path in arguments.weights
    }
    whole = {name.split("/")[0] for name in found}
    for path in arguments.ratemaps:
        name = network_name(*network_of(path))
        if name.split("/")[0] in whole:
            raise InputError(f"{path} is of a condition whose weights are released: expected one or the other")
        found[name] = {MAPS: path, HISTORY: arguments.networks / name / HISTORY}
    for path in arguments.developments:
        name = network_name(*network_of(path))
        if name not in found:
            raise InputError(f"{path} comes without the weights of {name}: release those too")
        found[name][DEVELOPMENT] = path
    return found


def main(arguments: argparse.Namespace) -> None:
    """Copy the files and write the manifest last. Raises InputError if they are too large for a repository."""
    released = files_of(arguments)
    copied = [path for files in released.values() for path in files.values()]
    size = sum(path.stat().st_size for path in [*copied, *arguments.tables])
    if size > MOST:
        raise InputError(f"the networks take {size / 2**20:.1f} MiB; expected at most {MOST // 2**20}: release fewer")
    former = read_manifest(arguments.folder)["networks"] if (arguments.folder / MANIFEST).exists() else {}
    networks = {}
    for name, files in released.items():
        networks[name] = describe(files)
        for file, path in files.items():
            copy(path, arguments.folder / name / file)
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
    for name, network in former.items():  # what is no longer released goes once the manifest does not name it
        for file in network["files"].keys() - networks.get(name, {"files": {}})["files"].keys():
            (arguments.folder / name / file).unlink(missing_ok=True)
    print(f"{len(networks)} networks, {size / 2**20:.1f} MiB, in {arguments.folder}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, nargs="+", required=True, metavar="FILE", help="weights of networks")
    parser.add_argument(
        "--developments", type=Path, nargs="*", default=[], metavar="FILE", help="development of localisers"
    )
    parser.add_argument(
        "--ratemaps", type=Path, nargs="*", default=[], metavar="FILE", help="rate maps of other networks"
    )
    parser.add_argument(
        "--networks",
        type=Path,
        default=Path("results/networks"),
        help="folder of the networks whose maps are released (default: %(default)s)",
    )
    parser.add_argument(
        "--tables", type=Path, nargs="+", required=True, metavar="FILE", help="csv files made from them"
    )
    parser.add_argument("--preset", required=True, help="preset of the networks")
    parser.add_argument("--folder", type=Path, required=True, help="where to put them")
    run(main, parser)
