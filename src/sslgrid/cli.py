"""What every command line shares: arguments, and one clear line for bad input. It knows nothing of files' contents."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from sslgrid.basics.errors import InputError, OutOfTimeError

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


def input_argument(
    parser: argparse.ArgumentParser, name: str, *, help: str, several: bool = False, required: bool = True
) -> None:
    """A file that the command reads, or `several` of them: results say that they were made from it (`inputs_of`)."""
    more = {"nargs": "*" if not required else "+", "default": []} if several else {}
    parser.add_argument(f"--{name}", type=Path, required=required, metavar="FILE", help=help, **more)
    named = parser.get_default("inputs") or ()
    parser.set_defaults(inputs=(*named, name.replace("-", "_")))


def output_argument(parser: argparse.ArgumentParser, name: str, *, help: str) -> None:
    """A file that the command writes."""
    parser.add_argument(f"--{name}", type=Path, required=True, metavar="FILE", help=help)


def network_arguments(parser: argparse.ArgumentParser) -> None:
    """What a command that trains reads and writes: the config and the seed of a network, and its files."""
    input_argument(parser, "model", help="the condition's config")
    parser.add_argument("--seed", type=int, required=True)
    output_argument(parser, "weights", help="safetensors file to write")
    output_argument(parser, "history", help="NetCDF file to write")
    output_argument(parser, "snapshots", help="safetensors file to write, of the networks along the way")


def inputs_of(arguments: argparse.Namespace) -> list[Path]:
    """The files that were given for the arguments that the parser calls inputs."""
    given = [getattr(arguments, name) for name in arguments.inputs]
    return [path for each in given if each is not None for path in (each if isinstance(each, list) else [each])]


def threads_argument(parser: argparse.ArgumentParser) -> None:
    """How many processor threads torch may use."""
    parser.add_argument("--threads", type=int, default=1, help="processor threads (default 1)")


def draws_argument(parser: argparse.ArgumentParser) -> None:
    """How many draws a null distribution has: `measures` of the config says it."""
    parser.add_argument("--draws", type=int, required=True, help="of the null: the smallest p-value is one in one more")
