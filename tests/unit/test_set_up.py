"""How `make setup` chooses torch's build, and what it does not let a machine's habits spoil."""

import importlib.util
import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
spec = importlib.util.spec_from_file_location("torch_build", ROOT / "scripts/torch_build.py")
torch_build = importlib.util.module_from_spec(spec)
spec.loader.exec_module(torch_build)

CPU = ["--extra-index-url", "https://download.pytorch.org/whl/cpu"]


@pytest.mark.parametrize(
    "build, has_gpu, system, pip_args, is_cuda_build, arguments, why",
    [
        ("auto", False, "Linux", "", True, CPU, "no NVIDIA GPU found"),
        ("auto", False, "Linux", "", False, [], "no NVIDIA GPU found"),  # pip's own sources have a CPU build
        ("auto", False, "Darwin", "", True, [], "for processors"),
        ("auto", True, "Linux", "", True, [], "nvidia-smi lists a GPU"),
        ("cpu", True, "Linux", "", True, CPU, "TORCH_BUILD=cpu"),
        ("cuda", False, "Linux", "", True, [], "TORCH_BUILD=cuda"),
        ("auto", False, "Linux", "--index-url https://example.org", True, [], "PIP_ARGS"),
        ("auto", False, "Linux", "--timeout 60", True, CPU, "no NVIDIA GPU found"),
    ],
)
def test_the_build_for_processors_is_the_default(build, has_gpu, system, pip_args, is_cuda_build, arguments, why):
    chosen, reason = torch_build.choose(build, has_gpu, system, pip_args, is_cuda_build)
    assert chosen == arguments and why in reason


@pytest.mark.parametrize(
    "needs, is_cuda",
    [
        (["filelock", "sympy>=1.13"], False),
        (["filelock", 'nvidia-cudnn-cu12==9.1; platform_system == "Linux"'], True),
        (["cuda-bindings==13.0"], True),
        (['nvidia-x; extra == "all"'], False),
    ],
)
def test_a_cuda_build_is_known_by_what_it_needs(monkeypatch, needs, is_cuda):
    report = json.dumps({"install": [{"metadata": {"requires_dist": needs}}]})
    monkeypatch.setenv("PIP_INDEX_URL", "https://example.org/simple")
    monkeypatch.setattr(
        torch_build.subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 0, stdout=report)
    )
    assert torch_build.would_be_cuda("torch==2.13.0", "") is is_cuda


def test_the_usual_index_is_not_asked(monkeypatch):
    """Asking it would fetch the wheel."""
    for source in torch_build.SOURCES:
        monkeypatch.delenv("PIP_" + source.upper().replace("-", "_"), raising=False)

    def run(command, **_):
        assert command[-2:] == ["config", "list"]
        return subprocess.CompletedProcess(command, 0, stdout="global.timeout='60'\n")

    monkeypatch.setattr(torch_build.subprocess, "run", run)
    assert torch_build.would_be_cuda("torch==2.13.0", "")


# What an outer make (`make test`) and a developer's shell hand on to every make: options, values, "Entering directory".
OUTER = {
    "MAKEFLAGS",
    "MFLAGS",
    "MAKELEVEL",
    "MAKEFILES",
    "XDG_CACHE_HOME",
    "TRITON_CACHE_DIR",
    "PYTHON",
    "PIP_ARGS",
    "ARGS",
}


def run_make(*arguments: str, **variables: str) -> subprocess.CompletedProcess:
    surroundings = {name: value for name, value in os.environ.items() if name not in OUTER}
    command = ["make", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=surroundings | variables)


def make(*arguments: str, **variables: str) -> str:
    done = run_make(*arguments, **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_make_says_is_the_same_inside_another_make(monkeypatch):
    """As in `make test`, where a make within names its folder in lines of its own."""
    alone = make("-n", "-o", "setup", "first")
    monkeypatch.setenv("MAKELEVEL", "1")
    monkeypatch.setenv("MAKEFLAGS", "w -- ARGS=--cores\\ 7")
    assert make("-n", "-o", "setup", "first") == alone


def test_set_up_hands_on_what_was_asked_for():
    for build in ("auto", "cuda"):
        said = make("-n", "-W", "pyproject.toml", "setup", TORCH_BUILD=build)
        assert f'scripts/torch_build.py torch==2.13.0 --build "{build}"' in said


def test_habits_of_the_machine_do_not_reach_pip():
    said = make("--eval", "show:; @echo $$PIP_USER-$$PIP_TARGET-$$PYTHONPATH", "show", PIP_USER="1", PIP_TARGET="/x")
    assert said.strip() == "0--"


def test_a_home_that_cannot_be_written_is_not_needed():
    said = make("--eval", "show:; @echo $$XDG_CACHE_HOME $$TRITON_CACHE_DIR", "show", HOME="/nonexistent")
    assert said.split() == [str(ROOT / ".snakemake/cache"), str(ROOT / ".snakemake/triton")]


@pytest.mark.parametrize("target", ["review", "review-paper", "review-localisers", "paper", "first"])
def test_no_line_has_the_folders_path_which_may_have_spaces(target):
    assert str(ROOT) not in make("-n", "-o", "setup", target)


def test_a_python_without_venv_is_told_in_a_line(tmp_path):
    """As on Debian without python3-venv."""
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexit 0\n')
    python.chmod(0o755)
    done = run_make(f"VENV={tmp_path / 'venv'}", f"PYTHON={python}", "setup")
    assert done.returncode != 0 and "apt install python3-venv" in done.stderr
