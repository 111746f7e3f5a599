"""Files appear whole or not at all."""

import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HOST = re.sub(r"\W", "_", socket.gethostname())  # a folder may be shared by the nodes of a cluster
ABANDONED = 24 * 3600  # s after which nobody writes any more what a process of another host began


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Write to the temporary name that this yields; it is moved to `path` once everything is on disk.

    If anything fails, the temporary file goes and whatever stood at `path` stays.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".partial-{HOST}-{os.getpid()}-{path.name}")
    try:
        yield temporary
        with open(temporary, "rb") as file:
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)  # safetensors would keep its files from everyone but their owner
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def remove_partial_files(folder: Path) -> None:
    """Remove what killed processes left in a folder and below; what a living process writes stays."""
    for partial in Path(folder).rglob(".partial-*"):
        if not _is_written(partial):
            partial.unlink(missing_ok=True)


def _is_written(partial: Path) -> bool:
    _, host, process, *_ = [*partial.name.split("-"), "", ""]
    if host == HOST:
        return process.isdigit() and _is_alive(int(process))
    with suppress(FileNotFoundError):  # another host's process cannot be seen from here
        return time.time() - partial.stat().st_mtime < ABANDONED
    return False


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
