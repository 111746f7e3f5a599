"""List, and on request remove, files that the study needs no more: `python -m sslgrid.commands.prune --study S.json`.

Nothing is removed without `--remove`. Of what is removed, everything can be made again.
"""

import argparse
from collections import defaultdict
from pathlib import Path

from sslgrid.cli import input_argument, run
from sslgrid.store.pruning import checkpoints_of_finished, remove, unneeded
from sslgrid.store.reading import read_config


def listed(files: list[Path], root: Path) -> list[str]:
    """A line for each folder: how many files, and their size."""
    folders = defaultdict(list)
    for path in files:
        folders[path.parent.relative_to(root)].append(path.stat().st_size)
    return [f"{folder}: {len(sizes)} files, {sum(sizes) / 1e6:.1f} MB" for folder, sizes in folders.items()]


def main(arguments: argparse.Namespace) -> None:
    """List the files; remove them if asked to."""
    root = Path()
    if arguments.checkpoints:
        files, words = checkpoints_of_finished(root), "checkpoints of finished trainings"
    else:
        study = read_config(arguments.study, dict)
        files, words = unneeded(root, study["networks"], study["arenas"]), "files that no condition needs"
    size = sum(path.stat().st_size for path in files) / 1e6
    for line in listed(files, root):
        print(line)
    if arguments.remove:
        remove(files)
    end = "removed" if arguments.remove else f"nothing is removed; to remove them, add {arguments.how}"
    print(f"{len(files)} {words}, {size:.1f} MB: {end}" if files else f"there are no {words}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    input_argument(parser, "study", help="json: `networks`, the seeds of each condition, and `arenas`")
    parser.add_argument("--checkpoints", action="store_true", help="only checkpoints, of trainings that have ended")
    parser.add_argument("--remove", action="store_true", help="remove what is listed")
    parser.add_argument("--how", default="--remove", help="what the reader adds to remove them (default --remove)")
    run(main, parser)
