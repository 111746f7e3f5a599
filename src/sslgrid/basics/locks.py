"""Locks on files that die with their process, also where a file system has none."""

import errno
import fcntl
import sys
from typing import IO

# A network file system without flock (or without its lock daemon) says one of these.
NO_LOCKS_HERE = {errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP}


def lock(file: IO | int, name: str, wait: bool = False) -> bool:
    """Take the lock of an open file; return False if another process has it.

    Where the file system has no locks, print one line to stderr and return True: the work goes on unprotected.

    file: an open file or its descriptor. name: of the file, for that line. wait: until the other process ends.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in NO_LOCKS_HERE:
            raise
        print(
            f"warning: {name} cannot be locked ({error.strerror}): nothing here stops a second run from writing the "
            "same files; start one at a time",
            file=sys.stderr,
            flush=True,
        )
    return True
