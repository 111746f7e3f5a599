"""Command lines: what a command reads is named once, and bad input ends in one line."""

import argparse
import subprocess
import sys
from pathlib import Path

import pytest

from sslgrid.cli import input_argument, inputs_of, output_argument


def test_bad_input_ends_a_command_in_one_line(tmp_path):
    command = [
        sys.executable,
        "-m",
        "sslgrid.commands.measure_tuning",
        "--ratemaps",
        tmp_path / "no.nc",
        "--tuning",
        "t.nc",
        "--draws=3",
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("sslgrid: ") and done.stderr.count("\n") == 1
    assert "no.nc is missing" in done.stderr


def test_inputs_are_what_the_parser_calls_so():
    """Not whatever happens to be a path that is there."""
    parser = argparse.ArgumentParser()
    input_argument(parser, "long-walks", help="walks")
    input_argument(parser, "tuning", several=True, help="tuning")
    input_argument(parser, "arenas", several=True, required=False, help="arenas")
    input_argument(parser, "plane", required=False, help="maps")
    output_argument(parser, "table", help="table")
    parser.add_argument("--folder", type=Path)
    given = ["--long-walks", "w.nc", "--tuning", "a.nc", "b.nc", "--table", __file__, "--folder", __file__]
    assert inputs_of(parser.parse_args(given)) == [Path("w.nc"), Path("a.nc"), Path("b.nc")]
    assert inputs_of(parser.parse_args([*given, "--arenas", "c.json"]))[-1] == Path("c.json")
    with pytest.raises(SystemExit):
        parser.parse_args(["--long-walks", "w.nc", "--tuning", "--table", "t.csv"])
