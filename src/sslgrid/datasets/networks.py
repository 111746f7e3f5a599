"""Which network a file is about: results lie in <stage>/<condition>/seed<k>/... or <stage>/<condition>/seed<k>.nc"""

import re
from collections.abc import Iterable
from pathlib import Path

from sslgrid.basics.errors import InputError


def network_of(path: Path) -> tuple[str, int]:
    """Condition and seed. Raises InputError if the path names none."""
    found = re.search(r"([^/]+)/seed(\d+)(/|\.)", Path(path).as_posix())
    if found is None:
        raise InputError(
            f"{path}: expected a file of one network, in .../<condition>/seed<k>/... or .../<condition>/seed<k>.nc"
        )
    return found.group(1), int(found.group(2))


def seeds_of(paths: Iterable[Path]) -> list[int]:
    """The seed of each file, in order. Errors: `network_of`."""
    return [network_of(path)[1] for path in paths]
