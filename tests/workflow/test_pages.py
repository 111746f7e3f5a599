"""Every command that the pages show does what it is shown for, as far as a dry run can tell."""

import os
import re
import shlex
import subprocess
import sys

import pytest

from checkouts import ROOT


def documented_commands() -> list[str]:
    """Every line of the pages' shell blocks that starts with snakemake, make or python.

    Not lines with a word in capitals, which stands for what the reader has.
    """
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    blocks = [block for page in pages for block in shell_blocks(page.read_text())]
    lines = [line.split("#")[0].strip().removeprefix("$ ") for block in blocks for line in block.splitlines()]
    whole = [line for line in lines if not re.search(r"(?<!\S)[A-Z]{4,}(?!\S)", line)]
    return sorted({line for line in whole if re.match(r"(\.venv/bin/)?(snakemake|make|python)\b", line)})


def shell_blocks(page: str) -> list[str]:
    """What stands between fences that say sh, or nothing; a line that ends in a backslash goes on in the next."""
    blocks: list[str] = []
    language = None  # of the fence that is open
    for line in page.replace("\\\n", " ").splitlines():
        if not line.startswith("```"):
            if language in ("", "sh", "bash", "console"):
                blocks[-1] += f"{line}\n"
        elif language is None:
            language = line.removeprefix("```").strip()
            blocks.append("")
        else:
            language = None
    return blocks


def test_commands_in_bare_fences_are_found():
    page = "```python\npython x\n```\nmake no\n```\nmake \\\n  yes\n```\n```sh\nsnakemake\n```\n"
    assert [block.split() for block in shell_blocks(page)] == [[], ["make", "yes"], ["snakemake"]]


@pytest.mark.parametrize("command", documented_commands())
def test_documented_command(checkout, command, monkeypatch):
    """Each command as it stands there, with -n where it would do work; after the set-up that the README describes."""
    if "apptainer" in command:  # a stand-in, which a dry run asks for its version alone
        monkeypatch.setenv("PATH", str(ROOT / "tests/container"), prepend=os.pathsep)
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
