"""Every command that the pages show does what it is shown for, as far as a dry run can tell."""

import re
import shlex
import subprocess
import sys

import pytest

from checkouts import ROOT


def documented_commands() -> list[str]:
    """Every line of the pages' shell blocks that starts with snakemake, make or python."""
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    blocks = [
        block
        for page in pages
        for block in re.findall(r"^```(?:sh|bash|console)\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    ]
    lines = [line.split("#")[0].strip().removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return sorted({line for line in lines if re.match(r"(\.venv/bin/)?(snakemake|make|python)\b", line)})


@pytest.mark.parametrize("command", documented_commands())
def test_documented_command(checkout, command):
    """Each command as it stands there, with -n where it would do work; after the set-up that the README describes."""
    program, *arguments = shlex.split(command.removeprefix(".venv/bin/"))
    if program == "snakemake":
        done = checkout.snakemake(*_with_dry_run(arguments))
    else:
        command = {"make": ["make", "-n"], "python": [sys.executable]}[program]
        done = subprocess.run(
            [*command, *arguments], cwd=checkout.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=checkout.environment() | {"PYTHONPATH": "src"},
        )  # fmt: skip
    assert done.returncode == 0, done.stdout


def _with_dry_run(arguments: list[str]) -> list[str]:
    return arguments if "--report" in arguments else ["-n", *arguments]


def test_pages_have_commands():
    commands = " ".join(documented_commands())
    for form in (
        "make figures",
        "make test",
        "snakemake fig2",
        "snakemake figures --cores all --resources gpu=1",
        "make review",
        "python -m sslgrid.commands.provenance",
    ):
        assert form in commands
