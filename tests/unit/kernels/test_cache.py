"""numba's cache: damaged files and places that cannot be written cost a compilation, and change no result."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sslgrid.kernels import compiled as module
from triple import DAMAGES, make_triple

RACERS = 8
# Children of one process, which has loaded numba already; each waits until all are there.
RACE = """
import os, sys
from pathlib import Path
from triple import make_triple

folder, racers = Path(sys.argv[1]), int(sys.argv[2])
ready, start = os.pipe(), os.pipe()
for _ in range(racers):
    if os.fork() == 0:
        os.close(start[1])
        os.write(ready[1], b".")
        os.read(start[0], 1)  # until the parent closes its end
        os._exit(make_triple(folder)(2.0) != 6.0)
for _ in range(racers):
    os.read(ready[0], 1)
os.close(start[1])
sys.exit(any(os.wait()[1] for _ in range(racers)))
"""
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
ENVIRONMENT["PYTHONPATH"] = os.pathsep.join(("../../src", "."))


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder with a function in it whose code is cached there."""
    monkeypatch.setattr(module, "_TOLD", set())
    monkeypatch.setattr(module.caching.config, "CACHE_DIR", "")
    assert make_triple(tmp_path)(2.0) == 6.0
    fresh = make_triple(tmp_path)
    assert fresh(2.0) == 6.0 and sum(fresh.stats.cache_hits.values()) == 1
    return tmp_path


@pytest.mark.parametrize("damage", ["empty", "one bit"])
@pytest.mark.parametrize("kind", ["nbi", "nbc"])
def test_a_damaged_cache_is_made_anew_with_a_line(home, kind, damage, capfd):
    (file,) = home.rglob(f"*.{kind}")
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    again = make_triple(home)
    assert again(2.0) == 6.0 and sum(again.stats.cache_misses.values()) == 1
    said = capfd.readouterr().err.splitlines()
    assert len(said) == 1 and f"{file.name} is damaged" in said[0]
    healed = make_triple(home)
    assert healed(2.0) == 6.0 and sum(healed.stats.cache_hits.values()) == 1


@pytest.mark.parametrize("before", ["empty", "damaged"])
def test_processes_that_compile_at_once_leave_a_whole_cache(home, before):
    """As the first jobs of a run do; each gets the right value, and code that is whole is there soon.

    The index of one process may stand beside the code of another; the seal tells, and the next process makes it anew.
    """
    for file in home.rglob("*.nb?"):
        file.unlink() if before == "empty" else file.write_bytes(b"half")
    command = [sys.executable, "-c", RACE, str(home), str(RACERS)]
    raced = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, env=ENVIRONMENT)
    assert raced.returncode == 0, raced.stderr
    told = raced.stderr.count("is made anew")
    assert told == 0 if before == "empty" else 1 <= told <= RACERS, raced.stderr
    assert make_triple(home)(2.0) == 6.0
    afterwards = make_triple(home)
    assert afterwards(2.0) == 6.0 and sum(afterwards.stats.cache_hits.values()) == 1
    assert {file.suffix for file in home.rglob("*.nb*")} == {".nbi", ".nbc"}, "no file is left half written"


def test_a_place_for_temporary_files_is_the_last(tmp_path, monkeypatch):
    """As with a read-only source and a home that is not there; the folder is this user's alone."""
    monkeypatch.setattr(module.caching.InTreeCacheLocator, "ensure_cache_path", only_temporary)
    monkeypatch.setattr(module.caching.UserWideCacheLocator, "ensure_cache_path", refuse)
    monkeypatch.setattr(module.caching.config, "CACHE_DIR", "")
    monkeypatch.setattr(module.tempfile, "tempdir", str(tmp_path))
    assert make_triple(tmp_path)(2.0) == 6.0
    (folder,) = tmp_path.glob("sslgrid-numba-*")
    assert list(folder.rglob("*.nbc")) and folder.stat().st_mode & 0o077 == 0


def test_without_any_place_each_process_compiles(tmp_path, monkeypatch):
    monkeypatch.setattr(module.caching._CacheLocator, "ensure_cache_path", refuse)
    monkeypatch.setattr(module._TemporaryLocator, "ensure_cache_path", refuse)
    assert make_triple(tmp_path)(2.0) == 6.0
    assert not list(tmp_path.rglob("*.nb?"))


def test_code_in_a_folder_that_others_may_write_is_not_run(tmp_path, monkeypatch):
    monkeypatch.setattr(module.tempfile, "tempdir", str(tmp_path))
    (tmp_path / f"sslgrid-numba-{os.getuid()}").mkdir()
    (tmp_path / f"sslgrid-numba-{os.getuid()}").chmod(0o777)
    locator = module._TemporaryLocator(refuse, __file__)
    with pytest.raises(PermissionError, match="another user"):
        locator.ensure_cache_path()


def only_temporary(locator):
    if not isinstance(locator, module._TemporaryLocator):
        refuse()
    module.caching._CacheLocator.ensure_cache_path(locator)


def refuse(*_):
    raise PermissionError("read-only")
