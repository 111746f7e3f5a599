"""Where a training runs: what was asked for, or an error."""

import json
import re
import subprocess
import sys
from dataclasses import asdict, replace

import pytest
import torch

from examples import MODEL
from sslgrid.basics.errors import InputError
from sslgrid.machine import device
from sslgrid.sic.step import start


def pretend(monkeypatch, cuda_build=True, gpu=True, triton=True, compiler=True, header=True):
    monkeypatch.setattr(torch.version, "cuda", "12.9" if cuda_build else None)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: gpu)
    monkeypatch.setattr(device, "find_spec", lambda name: object() if triton else None)
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(device.shutil, "which", lambda name: f"/usr/bin/{name}" if compiler else None)
    monkeypatch.setattr(device.Path, "exists", lambda path: header)


@pytest.mark.parametrize(("asked", "chosen"), [("auto", "cuda"), ("cuda", "cuda"), ("cpu", "cpu")])
def test_a_gpu_that_is_there_is_taken_unless_the_processor_is_asked_for(monkeypatch, asked, chosen):
    pretend(monkeypatch)
    assert device.choose_device(asked).type == chosen


@pytest.mark.parametrize(
    ("lacking", "reason"),
    [
        ("cuda_build", "is a build without CUDA"),
        ("gpu", "torch sees no GPU"),
        ("triton", "triton is missing"),
        ("compiler", "triton needs a C compiler"),
        ("header", "triton needs Python.h"),
    ],
)
def test_a_gpu_that_cannot_be_had_is_an_error_if_it_was_asked_for(monkeypatch, capsys, lacking, reason):
    pretend(monkeypatch, **{lacking: False})
    assert device.choose_device("auto").type == "cpu"
    assert (lacking == "gpu") != bool(re.search(f"^the GPU is not used: .*{reason}", capsys.readouterr().out))
    with pytest.raises(InputError, match=f"device is 'cuda', but .*{reason}"):
        device.choose_device("cuda")


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_training_stops_with_one_line_without_the_gpu_it_was_promised(tmp_path):
    (tmp_path / "full.json").write_text(json.dumps(asdict(MODEL)))
    outputs = [f"--{name}={tmp_path / name}" for name in ("weights", "history", "snapshots", "checkpoints")]
    done = subprocess.run(
        [sys.executable, "-m", "sslgrid.commands.train", "--model", tmp_path / "full.json", "--seed", "0", *outputs,
         "--device", "cuda"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("sslgrid: device is 'cuda', but ") and done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["full.json"]


def test_a_network_too_large_for_the_kernels_is_refused():
    captured = pytest.importorskip("sslgrid.sic.captured")
    model = replace(MODEL, network=replace(MODEL.network, units=257))
    with pytest.raises(InputError, match="units is 257; on a GPU at most 256"):
        captured.CapturedStep(start(model, 0), model, 0)
