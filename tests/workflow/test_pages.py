"""Every command that the pages show does what it is shown for, as far as a dry run can tell."""

import re
import shlex
import shutil
import subprocess
import sys

import pytest

from checkouts import ROOT, Pipeline

# Lines that a dry run here cannot try, and why.
ELSEWHERE = {
    "kubernetes": "needs an executor and a storage plugin that are not installed",
    "cluster-generic": "needs a scheduler's qsub",
    "snakemake --profile profiles/apptainer": "needs the image",
    "THEIRS/Snakefile": "needs another user's checkout; tests/faults/test_files_of_others.py runs from one",
    "snakemake brain claims": "needs recordings, which do not ship",
    "snakemake phase_diagram --configfile mine.yaml": "is shown with the message that it ends with",
    "snakemake --configfile mine.yaml -- phase_diagram": "needs a study of the reader's own",
    "cw_fields": "needs the localisers' arenas of config.yaml; test_cueva_wei.py runs it",
    "scripts/shear.py": "needs the units of two finished runs",
    "cw_figures": "needs localisers, which the tiny study has not; test_cueva_wei.py runs them",
}
COMMANDS = re.compile(r"(?:\.venv/bin/)?(snakemake|make|python|sslgrid)\b")


def documented_commands() -> list[str]:
    """Every line of the pages' fenced blocks, of whatever language, that starts with one of our commands."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    blocks = [
        block
        for page in pages
        for block in re.findall(r"^ *```[^\n]*\n(.*?)^ *```", page.read_text(), re.MULTILINE | re.DOTALL)
    ]
    lines = [line.split("#")[0].strip().removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return sorted({line for line in lines if COMMANDS.match(line)})


def can_be_tried(command: str) -> bool:
    return not any(words in command for words in ELSEWHERE)


def test_each_exception_is_on_a_page():
    left_out = [command for command in documented_commands() if not can_be_tried(command)]
    assert all(any(words in command for command in left_out) for words in ELSEWHERE)


@pytest.fixture(scope="module")
def checkout(finished, tmp_path_factory) -> Pipeline:
    """One copy for all commands, none of which makes a result."""
    folder = tmp_path_factory.mktemp("pages") / "copy"
    shutil.copytree(finished.folder, folder, symlinks=True)
    return Pipeline(folder)


@pytest.mark.parametrize("command", filter(can_be_tried, documented_commands()))
def test_documented_command(checkout, command):
    """Each command as it stands there, with -n or --help where it would do work; after the README's set-up."""
    program, *arguments = shlex.split(command.removeprefix(".venv/bin/"))
    if program == "snakemake":
        done = checkout.snakemake(*_with_dry_run(arguments))
    else:
        form = {"make": ["make", "-n"], "python": [sys.executable], "sslgrid": [sys.executable, "-m", "sslgrid"]}
        if program == "sslgrid" or re.match(r"python -m sslgrid\.commands\.(benchmark|score)\b", command):
            stage = arguments[:1] if program == "sslgrid" else arguments[:2]
            arguments = stage if stage == ["--help"] else [*stage, "--help"]
        done = subprocess.run(
            [*form[program], *arguments], cwd=checkout.folder, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env=checkout.environment() | {"PYTHONPATH": "src"},
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
        "sslgrid measure_tuning",
    ):
        assert form in commands
