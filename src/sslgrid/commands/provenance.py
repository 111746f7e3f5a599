"""From a result back to the seed: `python -m sslgrid.commands.provenance results/figures/fig2.png`.

Prints what made each file, from which files, down to the networks with their seeds, and whether those files and the
code are still the same. Exit code 1 if any is not: `snakemake` then makes what depends on it again. Exit code 2 if a
file that was named has no record. With `--page` it is written to a file, for the report, whatever it says.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from sslgrid.cli import run
from sslgrid.store.files import whole_file
from sslgrid.store.provenance import code_hash
from sslgrid.store.records import Record, content_hash, inputs_of, record_of

NO_RECORD = 2  # exit code
SAME, CHANGED, MISSING = "unchanged", "CHANGED SINCE", "MISSING"
SHOWN = ("seed", "seeds", "config_hash", "network_config_hash", "config_hashes", "engine", "device", "outcome")


def chain(path: Path, seen: set[Path], state: str = "", depth: int = 0) -> Iterator[str]:
    """Lines on a file and, below it, on each file it was made from; files that were `seen` are only named.

    Raises InputError for a file that does not say how it was made.
    """
    indent = "  " * depth
    known = path in seen
    seen.add(path)
    yield f"{indent}{path}{f': {state}' if state else ''}{' (see above)' if known else ''}"
    if known or state == MISSING:
        return
    record = record_of(path)
    if "source" not in record:
        return
    yield f"{indent}  {record['source']}, code {record['code_hash']}{code_state(record)}"
    yield f"{indent}  " + ", ".join(f"{name} {record[name]}" for name in SHOWN if record.get(name))
    if not depth:
        yield f"{indent}  {record['versions']}"
    for name, digest in inputs_of(record).items():
        yield from chain(Path(name), seen, state_of(Path(name), digest), depth + 1)


def state_of(path: Path, digest: str) -> str:
    """Whether a file is what it was when something was made from it."""
    if not path.exists():
        return MISSING
    return SAME if content_hash(path) == digest else CHANGED


def code_state(record: Record) -> str:
    """Empty if this checkout's code would make the file."""
    return "" if code_hash(record["source"].removeprefix("python -m ")) == record["code_hash"] else " (NOW ANOTHER)"


def main(arguments: argparse.Namespace) -> None:
    """Print the chain of each file."""
    seen: set[Path] = set()
    lines = [line for path in arguments.files for line in chain(path, seen)]
    if arguments.page:
        with whole_file(arguments.page) as temporary:
            temporary.write_text("\n".join([*lines, ""]))
        return
    silent = [path for path in arguments.files if "source" not in record_of(path)]
    try:
        print("\n".join(lines), flush=True)
    except BrokenPipeError:  # as by `| head`, which has read all that it wants
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if silent:
        print(f"{', '.join(map(str, silent))}: no record of how it was made", file=sys.stderr)
        sys.exit(NO_RECORD)
    if any(word in line for line in lines for word in (CHANGED, MISSING, "NOW ANOTHER")):
        sys.exit(1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="figures, tables, NetCDF files, networks")
    parser.add_argument("--page", type=Path, metavar="FILE", help="text file to write instead of printing")
    run(main, parser)
