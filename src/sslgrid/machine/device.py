"""On what a training runs: a run setting, not science."""

import os
import shutil
import sysconfig
from importlib.util import find_spec
from pathlib import Path

import torch

from sslgrid.basics.errors import InputError

DEVICES = ("auto", "cpu", "cuda")


def choose_device(asked: str) -> torch.device:
    """The device that was asked for; "auto" takes a GPU if it can be used, and says why if one is there that cannot.

    Raises InputError if a GPU was asked for and cannot be had: a training that was meant for one would take days.
    """
    trouble = _trouble_with_cuda()
    if asked == "cuda" and trouble:
        raise InputError(f"device is 'cuda', but {trouble}; device 'auto' or 'cpu' trains on the processor")
    if asked == "auto" and trouble and torch.cuda.is_available():
        print(f"the GPU is not used: {trouble}", flush=True)
    return torch.device("cpu" if asked == "cpu" or trouble else "cuda")


def describe(device: torch.device) -> str:
    """The kind of a device, for progress and provenance."""
    return f"cuda ({torch.cuda.get_device_name(device)})" if device.type == "cuda" else device.type


def be_deterministic() -> None:
    """From now on torch computes the same bits from the same numbers, or raises."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # or cuBLAS is not deterministic
    torch.set_deterministic_debug_mode("error")  # as use_deterministic_algorithms, without importing torch's compiler
    # Costs time, and nothing is read before it is written. torch puts an object with this name in the module's place.
    torch.utils.deterministic.fill_uninitialized_memory = False  # pyright: ignore[reportAttributeAccessIssue]


def _trouble_with_cuda() -> str | None:
    if torch.version.cuda is None:
        return f"torch {torch.__version__} is a build without CUDA (install torch's CUDA build)"
    if not torch.cuda.is_available():
        return "torch sees no GPU (is the driver there, and CUDA_VISIBLE_DEVICES right?)"
    if find_spec("triton") is None:
        return "triton is missing (pip install triton; torch's CUDA build brings it)"
    if not (os.environ.get("CC") or shutil.which("gcc") or shutil.which("clang")):
        return "triton needs a C compiler (gcc or clang on PATH, or CC) to start the GPU's kernels"
    if not Path(sysconfig.get_paths()["include"], "Python.h").exists():
        return "triton needs Python.h to start the GPU's kernels (install python3-dev or the like)"
    return None
