"""A training of 50 steps gives the same bytes on every processor, for any number of threads, compiled now or before."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from training_bytes import digest

from sslgrid.machine.threads import use_threads

KNOWN = "414b2f739293071693025b22116026e03aaa562528967a05b782a0e225ae3b5f"
HERE = Path(__file__).parent
PATH = os.pathsep.join(map(str, (HERE.parents[2] / "src", HERE.parent, HERE)))
# Processors that numba compiles for instead of this one. The last has no fused multiply-add: LLVM then calls the C
# library's, which rounds once, too. Each compiles all kernels again: `make test` has one, `make test-long` the others.
LONG = pytest.mark.long
OTHERS = [pytest.param("haswell", marks=LONG), "sandybridge", pytest.param("generic", marks=LONG)]
# What makes the libraries, too, do without this processor's vector units.
LIBRARIES = {
    "ATEN_CPU_CAPABILITY": "default", "MKL_ENABLE_INSTRUCTIONS": "SSE4_2", "OPENBLAS_CORETYPE": "Nehalem",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4",
}  # fmt: skip


def digest_elsewhere(cache: Path, threads: int, **environment: str) -> str:
    """In a process of its own, with a folder for what numba compiles."""
    environment = os.environ | {"PYTHONPATH": PATH, "NUMBA_CACHE_DIR": str(cache)} | environment
    command = [sys.executable, HERE / "training_bytes.py", str(threads)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_change_nothing(threads):
    before = torch.get_num_threads()
    try:
        use_threads(threads)
        assert digest() == KNOWN
    finally:
        use_threads(before)


def test_denormal_numbers_decide_nothing():
    """The command that trains lets the processor take them for 0, because they are slow."""
    try:
        assert torch.set_flush_denormal(True)
        assert digest() == KNOWN
    finally:
        torch.set_flush_denormal(False)


@LONG
def test_compiled_now_and_from_the_cache(tmp_path):
    assert digest_elsewhere(tmp_path, 2) == KNOWN
    compiled = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nbc")}
    assert compiled
    assert digest_elsewhere(tmp_path, 1) == KNOWN
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nbc")} == compiled


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="names of x86 processors")
@pytest.mark.parametrize("processor", OTHERS)
def test_other_processors(tmp_path, processor):
    assert digest_elsewhere(tmp_path, 1, NUMBA_CPU_NAME=processor, NUMBA_CPU_FEATURES="", **LIBRARIES) == KNOWN
