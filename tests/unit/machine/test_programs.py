"""Programs that hang, fail or are missing stop nothing, and a hang is told."""

import sys

import pytest

from sslgrid.machine import programs


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Put a program of this name and script first on the PATH."""

    def put(name: str, script: str) -> None:
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)

    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return put


def test_a_program_that_hangs_is_told_and_ignored(fake, capfd):
    fake("nvidia-smi", "exec sleep 60")
    assert programs.answer_of("nvidia-smi", "-L", seconds=0.3) is None
    assert "nvidia-smi -L gave no answer in 0.3 s and is ignored" in capfd.readouterr().err


@pytest.mark.parametrize(
    "script, there",
    [
        ("echo 'GPU 0: NVIDIA H100'", True),
        ("echo 'No devices were found'", False),
        ("echo 'GPU 0: lost'; exit 15", False),
    ],
)
def test_gpus_are_those_that_nvidia_smi_lists(fake, script, there):
    fake("nvidia-smi", script)
    assert programs.has_nvidia_gpu() is there


def test_a_missing_program_gives_no_answer(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert programs.answer_of("nvidia-smi", "-L") is None


@pytest.mark.parametrize("line, built", [("cuda = '12.8'", True), ("cuda: str | None = None", False), ("", False)])
def test_a_torch_without_cuda_is_known_without_importing_it(tmp_path, monkeypatch, line, built):
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch/__init__.py").write_text("raise RuntimeError('imported')")
    (tmp_path / "torch/version.py").write_text(line)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    assert programs.torch_has_cuda() is built
