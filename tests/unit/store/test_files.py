"""Files appear whole or not at all."""

import errno
import os
import subprocess

import pytest

from sslgrid.store import files
from sslgrid.store.files import HOST, remove_partial_files, whole_file


def test_a_failed_write_leaves_what_was_there(tmp_path):
    path = tmp_path / "file.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError), whole_file(path) as temporary:
        temporary.write_text("half of the n")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_called_so_whatever_the_library_says(tmp_path, monkeypatch):
    """NetCDF says "Permission denied" or "HDF error"; with room on the disk an error stays what it is."""

    def fail():
        with whole_file(tmp_path / "a.nc") as temporary:
            temporary.write_text("half")
            raise PermissionError("Permission denied")

    def no_room(dir):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(PermissionError):
        fail()
    monkeypatch.setattr(files.tempfile, "TemporaryFile", no_room)
    with pytest.raises(OSError, match=r"No space left on device: .*a\.nc"):
        fail()
    assert not list(tmp_path.iterdir())


def test_partial_files_of_the_dead_are_removed(tmp_path):
    dead = subprocess.Popen(["true"])
    dead.wait()
    (tmp_path / "deep").mkdir()
    left = tmp_path / "deep" / f".partial-{HOST}-{dead.pid}-a.nc"
    living = tmp_path / f".partial-{HOST}-{os.getpid()}-b.nc"
    elsewhere, abandoned = (tmp_path / f".partial-another_host-{dead.pid}-{name}.nc" for name in "cd")
    for path in (left, living, elsewhere, abandoned):
        path.touch()
    os.utime(abandoned, (0, 0))
    remove_partial_files(tmp_path)
    assert not left.exists() and living.exists()
    assert elsewhere.exists() and not abandoned.exists(), "whether another host's process lives cannot be seen"
