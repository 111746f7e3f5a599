"""`sslgrid STAGE ...`: every stage is listed and runs; help is quick, because it imports no stage."""

import os
import subprocess
import sys

import pytest

from sslgrid.__main__ import COMMANDS, STAGES, usage


def sslgrid(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "sslgrid", *arguments], capture_output=True, text=True)


def test_every_stage_is_listed_once_with_what_it_does():
    listed = [name for group in STAGES.values() for name in group]
    assert sorted(listed) == sorted(path.stem for path in COMMANDS.glob("*.py") if path.stem != "__init__")
    lines = usage().splitlines()
    for name in listed:
        (line,) = [line for line in lines if line.split()[:1] == [name]]
        assert len(line.split()) > 2
        assert len(line) <= 120


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_help_imports_no_stage(arguments):
    done = sslgrid(*arguments)
    assert done.returncode == 0
    assert done.stdout.strip() == usage()
    light = "import sys, sslgrid.__main__ as main; main.usage(); assert not {'torch', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", light], check=True)


def test_help_for_a_reader_that_has_had_enough_is_no_error():
    """As of `sslgrid --help | head -1`: the pipe is closed before anything is written."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "sslgrid", "--help"], stdout=writing, stderr=subprocess.PIPE, text=True
    )
    os.close(writing)
    assert done.stderr == ""


def test_a_stage_runs_by_its_name():
    done = sslgrid("map_rates", "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("usage: sslgrid map_rates")
    done = sslgrid("map_rates", "--no-such-argument")
    assert done.returncode == 2


@pytest.mark.parametrize("name", ["no_stage", "../train", "train.py"])
def test_no_stage(name):
    done = sslgrid(name)
    assert done.returncode == 1
    assert done.stderr == f"sslgrid: no stage is called {name!r}; `sslgrid --help` lists the stages\n"
