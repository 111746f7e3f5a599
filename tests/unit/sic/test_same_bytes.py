"""One config gives the same network, to the byte: on any processor, with any number of threads, compiled or cached."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from train_and_hash import KEPT, STARTED, weights_after

from sslgrid.machine.threads import use_threads

SCRIPT = Path(__file__).with_name("train_and_hash.py")
KNOWN = {
    "kept": "ec7a313cedc65166b8c749a1cc6bfe8bdeb45013cc826a2b0cc0649451f864fd",
    "started": "a1d20612a22a170fa047296fba3503fd25d4fc954664046b768937323d9f43d2",
}
# By numba's names. Where a processor has no fused multiply-add the library's is called: slow, and exact as well.
PROCESSORS = {
    "AVX2": ("haswell", ""),
    "SSE4.2 with FMA": ("nehalem", "+fma"),
    "the first x86-64, without FMA": ("x86-64", ""),
}
# Each compiles all kernels again: `make test` has one, `make test-long` the others.
MARKS = {name: pytest.mark.long for name in PROCESSORS if name != "AVX2"}


@pytest.fixture(autouse=True)
def one_thread_afterwards():
    yield
    use_threads(1)
    torch.set_flush_denormal(False)


@pytest.mark.parametrize("flush", [False, True])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_with_any_number_of_threads(threads, flush):
    """And whether or not numbers below 2^-126 count as 0, which processors do in several ways."""
    use_threads(threads)
    torch.set_flush_denormal(flush)
    assert {"kept": weights_after(KEPT), "started": weights_after(STARTED)} == KNOWN


def train_elsewhere(folder: Path, **environment: str) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, SCRIPT, "2"], capture_output=True, text=True,
        env=os.environ | {"NUMBA_CACHE_DIR": str(folder)} | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(zip(KNOWN, done.stdout.split(), strict=True))


def test_compiled_now_and_from_the_cache(tmp_path):
    assert train_elsewhere(tmp_path) == KNOWN
    files = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nbc")}
    assert files and train_elsewhere(tmp_path) == KNOWN
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nbc")} == files, "it was compiled again"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="LLVM compiles for its own architecture")
@pytest.mark.parametrize("processor", [pytest.param(name, marks=MARKS.get(name, ())) for name in PROCESSORS])
def test_on_lesser_processors(tmp_path, processor):
    name, features = PROCESSORS[processor]
    assert train_elsewhere(tmp_path, NUMBA_CPU_NAME=name, NUMBA_CPU_FEATURES=features) == KNOWN
