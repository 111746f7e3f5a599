"""What can be said about the GPU engine with and without a GPU; its numbers are tested in test_engine.py."""

import json
import os
import subprocess
import sys
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from examples import MODEL, TRAINING
from sslgrid.sic.step import advance, start
from sslgrid.sic.task import SicTask
from sslgrid.training.loop import restore, state_of

pytest.importorskip("triton")
from sslgrid.sic.engine import cuda

needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
# As the laptop preset takes its steps, and as the paper does: two batches in each, and a rate that falls with the loss.
models = pytest.mark.parametrize(
    "model", [MODEL, replace(MODEL, training=replace(TRAINING, accumulate=2, schedule="plateau"))]
)


@pytest.mark.parametrize("capability", [80, 90])  # A100, H100 and H200
@pytest.mark.parametrize("units", [64, 128])
def test_kernels_compile_and_keep_their_numbers_in_registers(tmp_path, capability, units):
    """Spilled numbers live in slow memory: a kernel with kilobytes of them is right, but many times slower."""
    environment = {name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"}
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("compile_kernels.py"), str(capability), str(units)],
        capture_output=True, text=True, cwd=tmp_path, env=environment | {"TRITON_CACHE_DIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    stacks = json.loads(done.stdout)
    assert max(stacks.values()) <= 128, stacks


@needs_gpu
@models
def test_captured_steps_are_plain_calls_replayed(model):
    eager, captured = (start(model, 0, "cuda") for _ in range(2))
    step = SicTask(model, 0).stepper(captured)
    for _ in range(5):
        assert step() == pytest.approx(advance(eager, model, 0, cuda), rel=1e-4, abs=1e-6)


@needs_gpu
@models
def test_a_capture_goes_on_from_a_checkpoint(model):
    once, twice = (start(model, 0, "cuda") for _ in range(2))
    step, first = (SicTask(model, 0).stepper(each) for each in (once, twice))
    for _ in range(3):
        step()
        first()
    resumed = start(model, 0, "cuda")
    restore(resumed, deepcopy(state_of(twice)))
    second = SicTask(model, 0).stepper(resumed)
    for _ in range(3):
        step()
        second()
    for one, other in zip(once.network.parameters(), resumed.network.parameters(), strict=True):
        assert torch.equal(one, other)
