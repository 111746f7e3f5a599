"""The folder that a run of the whole pipeline works in: one run at a time, and results that can be written."""

import os
import pwd
import tempfile
from pathlib import Path
from typing import IO

from sslgrid.basics.errors import InputError
from sslgrid.basics.locks import lock
from sslgrid.store.files import remove_partial_files

LOCK = Path(".snakemake/sslgrid.lock")


def refuse_folder_of_others() -> None:
    """Raise InputError, in one line, if snakemake cannot use the records of the current folder; dry runs need them too.

    Snakemake itself would end in a traceback, before the first job. Its notes about results are readable for their
    owner alone, so two users cannot share a folder, whatever their group may do.
    """
    records = LOCK.parent
    if not os.access(records if records.exists() else records.parent, os.W_OK | os.X_OK):
        raise InputError(f"{records} cannot be written{_owner(records)}; {ELSEWHERE}")
    for note in (records / "metadata").glob("*"):
        if not os.access(note, os.R_OK):
            raise InputError(f"{note} cannot be read{_owner(note)}; {ELSEWHERE}")


def hold_folder() -> IO:
    """Let one pipeline at a time work in the current folder; the returned file holds the lock while it is open.

    Unlike snakemake's own lock, this one dies with its process. Raises InputError, in one line, if another pipeline is
    at work here, if the folder is another user's, or if results cannot be written.
    """
    try:
        LOCK.parent.mkdir(exist_ok=True)
        file = open(LOCK, "w", encoding="utf-8")  # noqa: SIM115 (open while the pipeline runs)
    except OSError as error:
        raise InputError(f"{LOCK} cannot be written ({error.strerror}){_owner(LOCK)}; {ELSEWHERE}") from None
    if not lock(file, str(LOCK)):
        raise InputError("another snakemake is at work in this folder; wait for it to end, or stop it")
    try:
        os.makedirs("results", exist_ok=True)
        remove_partial_files(Path("results"))
        tempfile.TemporaryFile(dir="results").close()
    except OSError as error:
        raise InputError(
            f"results/ cannot be written to: {error.strerror}{_owner(Path('results'))}; {ELSEWHERE}"
        ) from None
    return file


ELSEWHERE = "work in a folder of your own: snakemake --directory FOLDER"


def _owner(path: Path) -> str:
    """Whose file or folder it is, if another user's."""
    while not path.exists():
        path = path.parent
    owner = path.stat().st_uid
    if owner == os.geteuid():
        return ""
    try:
        return f": it belongs to {pwd.getpwuid(owner).pw_name}"
    except KeyError:
        return f": it belongs to user {owner}"
