"""One pipeline at a time in a folder; where a file system has no locks, a line says so and the work goes on."""

import errno
import fcntl
import os
from pathlib import Path

import pytest

from sslgrid.basics import locks
from sslgrid.basics.errors import InputError
from sslgrid.store import folder
from sslgrid.training.checkpoint import only_one


def test_a_lock_is_held_by_one(tmp_path):
    with open(tmp_path / "lock", "w") as one, open(tmp_path / "lock", "w") as other:
        assert locks.lock(one, "lock")
        assert not locks.lock(other, "lock")


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.ENOLCK])
def test_a_file_system_without_locks_is_told_in_a_line(tmp_path, monkeypatch, capsys, number):
    def flock(file, operation):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", flock)
    monkeypatch.chdir(tmp_path)
    folder.hold_folder().close()
    with only_one(tmp_path / "checkpoints/lock", "waiting"):
        pass
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2 and all("cannot be locked" in line and "one at a time" in line for line in lines)


def test_other_trouble_with_a_lock_is_raised(tmp_path, monkeypatch):
    def flock(file, operation):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(fcntl, "flock", flock)
    with open(tmp_path / "lock", "w") as file, pytest.raises(OSError, match=os.strerror(errno.EIO)):
        locks.lock(file, "lock")


def test_a_folder_is_worked_in_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    held = folder.hold_folder()
    with pytest.raises(InputError, match="another snakemake is at work in this folder"):
        folder.hold_folder()
    held.close()
    folder.hold_folder().close()


def test_another_users_folder_is_named_with_its_owner(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder.hold_folder().close()
    os.chown(".snakemake/sslgrid.lock", os.getuid(), -1)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    monkeypatch.setattr(folder, "open", _refused, raising=False)
    owner = Path(".snakemake/sslgrid.lock").owner()
    with pytest.raises(InputError) as error:
        folder.hold_folder()
    assert str(error.value) == (
        f".snakemake/sslgrid.lock cannot be written (Permission denied): it belongs to {owner}; "
        "work in a folder of your own: snakemake --directory FOLDER"
    )


def _refused(path, *arguments, **more):
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
