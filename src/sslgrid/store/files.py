"""Files appear whole or not at all, and tell if they are no longer what was written."""

import hashlib
import os
import re
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HOST = re.sub(r"\W", "_", socket.gethostname())  # a folder may be shared by the nodes of a cluster
SEAL = b"sslgrid-sha256:"  # before the hash at the end of a sealed file
DIGEST = hashlib.sha256().digest_size
BLOCK = 1 << 24  # bytes that are hashed at once
PROBE = 1 << 24  # bytes that must fit on a disk, or a library's error while it writes is for lack of space
ABANDONED = 24 * 3600  # s after which nobody writes any more what a process of another host began


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Write to the temporary name that this yields; it is moved to `path` once everything is on disk.

    If anything fails, the temporary file goes and whatever stood at `path` stays. Raises OSError if the disk is full or
    may not be written to, whatever the library that wrote calls that.
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
    except Exception as error:
        trouble = _trouble_with(path.parent)
        if trouble is None:
            raise
        raise OSError(trouble.errno, trouble.strerror, str(path)) from error
    finally:
        temporary.unlink(missing_ok=True)


def _trouble_with(folder: Path) -> OSError | None:
    """Why no file can be written to a folder, if so: libraries have words of their own for that, and wrong ones.

    (NetCDF calls a full disk "Permission denied".)
    """
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(PROBE))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error
    return None


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def seal(path: Path) -> None:
    """Append the SHA-256 of a file to it; for formats that allow for bytes after their own end, as HDF5 does."""
    digest = bytes.fromhex(sha256_of(path))
    with open(path, "ab") as file:
        file.write(SEAL + digest)


def is_sealed(path: Path) -> bool:
    """Whether a file is, to the bit, what was sealed: disks and copies lose bits, and formats do not notice."""
    size = os.path.getsize(path) - len(SEAL) - DIGEST
    if size < 0:
        return False
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for start in range(0, size, BLOCK):
            digest.update(file.read(min(BLOCK, size - start)))
        return file.read() == SEAL + digest.digest()


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
