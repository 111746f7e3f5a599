"""What every command line shares: one clear line for bad input, and the provenance of what it writes."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from sslgrid.errors import InputError, OutOfTimeError
from sslgrid.provenance import code_hash, text_hash, versions

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


def threads_argument(parser: argparse.ArgumentParser) -> None:
    """How many processor threads torch may use."""
    parser.add_argument("--threads", type=int, default=1, help="processor threads (default 1)")


def check_units(path: Path, found: int, weights: Path, expected: int) -> None:
    """Raise InputError unless a file holds as many units as the network in `weights` has."""
    if found != expected:
        raise InputError(f"{path} holds {found} units; expected the {expected} of {weights}: are both of one network?")


def provenance(module: str, **facts: str) -> dict[str, str]:
    """Global attributes of a result: what made it, from what."""
    return {
        "source": f"python -m {module}",
        "code_hash": code_hash(module),
        "versions": versions(),
        **facts,
    }


def network_provenance(module: str, arena: Path, header: dict[str, str]) -> dict[str, str]:
    """Of what a network did in an arena: `provenance`, and what made the network, from its `header`."""
    return provenance(
        module,
        config_hash=text_hash(arena.read_text()),
        seed=header["seed"],
        network_config_hash=header["config_hash"],
        network_code_hash=header["code_hash"],
    )
