"""What every command line shares: one clear line for bad input, and the provenance of what it writes."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from sslgrid.errors import InputError, OutOfTimeError
from sslgrid.store.provenance import code_hash, text_hash, versions
from sslgrid.store.records import content_hash, mixed, summary_of

TRY_AGAIN = 75  # exit code of a command whose time was up: EX_TEMPFAIL of sysexits.h


def run(main: Callable[[argparse.Namespace], None], parser: argparse.ArgumentParser) -> None:
    """Parse the arguments and run; bad input or a failing disk ends in one line and exit code 1, lack of time in 75."""
    try:
        main(parser.parse_args())
    except (InputError, OSError) as error:
        sys.exit(f"sslgrid: {error}")
    except OutOfTimeError as error:
        print(f"sslgrid: {error}", file=sys.stderr)
        sys.exit(TRY_AGAIN)


def path_argument(parser: argparse.ArgumentParser, name: str, words: str) -> None:
    """A required file argument."""
    parser.add_argument(f"--{name}", type=Path, required=True, metavar="FILE", help=words)


def output_argument(parser: argparse.ArgumentParser, name: str, words: str) -> None:
    """A required argument for a file to write."""
    path_argument(parser, name, words)
    parser.set_defaults(outputs=(*(parser.get_default("outputs") or ()), name))


def threads_argument(parser: argparse.ArgumentParser) -> None:
    """How many processor threads torch may use."""
    parser.add_argument("--threads", type=int, default=1, help="processor threads (default 1)")


def draws_argument(parser: argparse.ArgumentParser) -> None:
    """How many draws a null distribution has: `measures` of the config says it."""
    parser.add_argument("--draws", type=int, required=True, help="of the null: the smallest p-value is one in one more")


def check_units(path: Path, found: int, weights: Path, expected: int) -> None:
    """Raise InputError unless a file holds as many units as the network in `weights` has."""
    if found != expected:
        raise InputError(f"{path} holds {found} units; expected the {expected} of {weights}: are both of one network?")


def files_read(arguments: argparse.Namespace) -> list[Path]:
    """The files named on the command line that are there, but for those that the command writes."""
    written = {name.replace("-", "_") for name in getattr(arguments, "outputs", None) or ()}
    held = [value for name, value in sorted(vars(arguments).items()) if name not in written]
    paths = [path for value in held for path in (value if isinstance(value, list) else [value])]
    return [path for path in dict.fromkeys(paths) if isinstance(path, Path) and path.is_file()]


def made_by(module: str) -> dict[str, str]:
    """What every result says: the command, the code that it depends on and the versions of libraries."""
    return {"source": f"python -m {module}", "code_hash": code_hash(module), "versions": versions()}


def provenance(module: str, arguments: argparse.Namespace, **facts: str) -> dict[str, str]:
    """Global attributes of a result: what made it, from what. Paths that are not relative count by their names."""
    read = {path.name if path.is_absolute() else path.as_posix(): content_hash(path) for path in files_read(arguments)}
    return {**made_by(module), "inputs": json.dumps(read, sort_keys=True), **facts}


def summary_provenance(module: str, arguments: argparse.Namespace) -> dict[str, str]:
    """Of a figure or a table of many files: `provenance`, and the seeds, configs and code of what it was made from.

    Says so if files by different versions of the code are mixed.
    """
    record = provenance(module, arguments, **summary_of(files_read(arguments)))
    for source in mixed(record):
        print(f"{module}: its inputs by `{source}` are of different versions of the code: run snakemake to renew them")
    return record


def network_provenance(module: str, arguments: argparse.Namespace, header: dict[str, str]) -> dict[str, str]:
    """Of what a network did in `arguments.arena`: `provenance`, and what made the network, from its `header`."""
    return provenance(
        module,
        arguments,
        config_hash=text_hash(arguments.arena.read_text()),
        seed=header["seed"],
        network_config_hash=header["config_hash"],
        network_code_hash=header["code_hash"],
    )
