"""Doors of the Makefile, and scripts, in a folder whose name has an apostrophe, an umlaut and a blank.

The programs that they call are stand-ins that note their folder and their arguments. What they get must be what they
get in a plainly named folder: no path is cut at a blank, and no quote is left open.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STRANGE = "it's Müller's (ü) grid"
DOORS = (
    "first", "figures", "paper", "paper_fast", "test", "test-long", "test-browser", "test-cluster", "test-container",
    "test-faults", "lint", "docs", "bench", "review", "review-paper", "review-localisers",
    "image", "setup", "clean",
)  # fmt: skip
READ = ("Makefile", "pyproject.toml", "requirements.lock", "requirements-docs.lock", "scripts")  # by some door
BIN = ("python", "snakemake", "ruff", "basedpyright", "snakefmt", "codespell", "mdformat", "mkdocs")  # of .venv
NOBODY = 65534
NOTING = """#!/bin/sh
printf '%s\\n' "${0##*/} in $PWD" "$@" >>"$NOTES"
while [ $# -gt 0 ]; do [ "$1" != --checkpoints ] || mkdir -p "$2"; shift; done # a training would leave it there
cat >/dev/null
"""
# What an outer make and a developer's shell hand on: they would say which programs a door calls.
OUTER = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEFILES", "PYTHON", "PIP_ARGS", "ARGS", "TORCH_BUILD", "VARIANT"}


def noting(path: Path) -> None:
    """Put a stand-in there that notes how it was called."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(NOTING)
    path.chmod(0o755)


def checkout(folder: Path) -> Path:
    """What the doors read, with a set-up environment of stand-ins."""
    folder.mkdir()
    for name in READ:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    for name in BIN:
        noting(folder / ".venv/bin" / name)
    for name in ("docker", "python3", "uv"):
        noting(folder / "programs" / name)
    (folder / "review/results").mkdir(parents=True)
    (folder / "review/results/review.md").touch()
    (folder / "src").mkdir()
    return folder


def calls_of(folder: Path, *command: str) -> str:
    """How a command calls its programs, with the names of the folder and of temporary files left out."""
    notes = folder / "notes"
    notes.write_text("")
    environment = {name: value for name, value in os.environ.items() if name not in OUTER}
    environment |= {"NOTES": str(notes), "PATH": f"{folder / 'programs'}:{os.environ['PATH']}", "TMPDIR": str(folder)}
    environment["PYTHON"] = str(folder / "programs/python3")
    done = subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    return re.sub(r"tmp\.\w+", "TEMPORARY", notes.read_text(encoding="utf-8").replace(str(folder), "FOLDER"))


def test_the_doors_are_all_there():
    (names,) = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(names.split()) == set(DOORS)


@pytest.fixture(scope="module")
def checkouts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("doors")
    return checkout(folder / "plain"), checkout(folder / STRANGE)


@pytest.mark.parametrize("door", DOORS)
def test_a_door_calls_the_same_in_any_folder(door, checkouts):
    plain, strange = (calls_of(folder, "make", "--always-make", door) for folder in checkouts)
    assert plain == strange and (plain or door == "clean")


def test_a_piece_calls_the_same_in_any_folder(checkouts):
    """Also where the state, the config and the interpreter are in such a folder."""
    calls = []
    for folder in checkouts:
        for name in ("a state/0.part", "my condition.json"):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text("{}")
        given = [str(folder / "a state"), "0", str(folder / "my condition.json"), "0"]
        calls.append(calls_of(folder, "bash", str(folder / "scripts/piece.sh"), *given))
    assert calls[0] == calls[1] and calls[0].count("python3 in FOLDER\n") == 5


def test_the_lock_is_made_the_same_in_any_folder(checkouts):
    plain, strange = (calls_of(folder, "bash", str(folder / "scripts/lock.sh")) for folder in checkouts)
    assert plain == strange and plain.count("uv in FOLDER\n") == 2


@pytest.mark.parametrize("owner", ["own", "another user's"])
def test_an_image_knows_its_commit(owner, tmp_path):
    """Git refuses to read a checkout that belongs to another user, unless it is told that this one is safe."""
    folder = checkout(tmp_path / STRANGE)
    for command in ("init --quiet", "add Makefile", "commit --quiet --message first"):
        who = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
        subprocess.run(["git", *who, *command.split()], cwd=folder, check=True)
    commit = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=folder, text=True).strip()
    if owner != "own":
        if os.geteuid():
            pytest.skip("giving a folder away takes root")
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        refused = subprocess.run(["git", "describe", "--always"], cwd=folder, capture_output=True, text=True)
        assert "dubious ownership" in refused.stderr
    assert f"COMMIT={commit}" in calls_of(folder, "make", "image")
