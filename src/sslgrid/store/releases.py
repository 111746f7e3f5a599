"""Which releases of sslgrid made the results that are there. Only the Snakefile uses this."""

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from sslgrid.basics.errors import InputError
from sslgrid.store.records import record_of


def releases_of(files: Iterable[Path]) -> list[str]:
    """The releases of sslgrid that made files, sorted; a file without a record that can be read tells of none."""
    found: set[str] = set()
    for path in files:
        with suppress(InputError):
            found |= set(re.findall(r"sslgrid (\S+)", record_of(path).get("versions", "")))
    return sorted(found)
