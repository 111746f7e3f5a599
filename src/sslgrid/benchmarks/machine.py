"""What a machine is, by kind and never by name, and what it can do."""

import ctypes
import platform
import re
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import median

import torch


def describe(device: str) -> str:
    """The kind of processor or GPU."""
    if device == "cuda":
        return torch.cuda.get_device_name()
    return processor()


def processor() -> str:
    """The kind of this machine's processor, never its name; with its vectors, if they are of 512 bits."""
    try:
        told = Path("/proc/cpuinfo").read_text()
    except OSError:  # not Linux
        told = ""
    model = re.search(r"^model name\s*:\s*(.*)", told, re.MULTILINE)
    return (model[1] if model else platform.machine()) + " with AVX-512" * ("avx512f" in told)


@cache
def rates(device: str, threads: int, repeats: int = 15) -> tuple[float, float]:
    """FLOP/s of a large float32 product, and bytes/s of a large copy (read and written), with `threads` in use."""
    n = 8192 if device == "cuda" else 1024
    a, b, product = (torch.rand(n, n, device=device) for _ in range(3))
    source = torch.rand(2**28 if device == "cuda" else 2**25, device=device)
    target = torch.empty_like(source)
    return (
        2 * n**3 / _median_seconds(lambda: torch.mm(a, b, out=product), device, repeats),
        8 * source.numel() / _median_seconds(lambda: target.copy_(source), device, repeats),
    )


def seconds(work: Callable[[], object], device: str) -> float:
    """Seconds that `work` takes, also on a GPU."""
    began = time.perf_counter()
    work()
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - began


def joules_per_step(step: Callable[[], object], seconds: float = 5.0) -> float:
    """What the GPU at hand takes for a step, over so many seconds; NaN where it does not count its energy."""
    count, before, began = 0, joules(), time.perf_counter()
    while before == before and time.perf_counter() - began < seconds:
        step()
        count += 1
    if not count:
        return float("nan")
    torch.cuda.synchronize()
    return (joules() - before) / count


def joules() -> float:
    """What the GPU at hand has taken since its driver was loaded (NVML); NaN without a GPU that counts it."""
    try:
        nvml = ctypes.CDLL("libnvidia-ml.so.1")
        uuid = f"GPU-{torch.cuda.get_device_properties(torch.cuda.current_device()).uuid}"
    except (OSError, RuntimeError, AssertionError):  # no driver; a torch that was built without CUDA asserts
        return float("nan")
    card, millijoules = ctypes.c_void_p(), ctypes.c_ulonglong()
    failed = (
        nvml.nvmlInit_v2()
        or nvml.nvmlDeviceGetHandleByUUID(uuid.encode(), ctypes.byref(card))
        or nvml.nvmlDeviceGetTotalEnergyConsumption(card, ctypes.byref(millijoules))
    )
    return float("nan") if failed else millijoules.value / 1e3


def _median_seconds(work: Callable[[], object], device: str, repeats: int) -> float:
    times = []
    for _ in range(repeats + 1):
        times.append(seconds(work, device))
    return median(times[1:])
