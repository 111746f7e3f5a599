"""What other programs and installed packages say about this machine, without waiting for those that hang."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

PATIENCE = 10.0  # s; a healthy nvidia-smi answers within two


def answer_of(*command: str, seconds: float = PATIENCE) -> str | None:
    """What a program prints, or None if it is not installed, fails, or has not answered in time.

    A program that hangs is told in one line on stderr: its silence would otherwise be the user's riddle.
    """
    if shutil.which(command[0]) is None:
        return None
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        print(f"warning: {' '.join(command)} gave no answer in {seconds:g} s and is ignored", file=sys.stderr)
        return None
    except OSError as error:
        print(f"warning: {' '.join(command)} cannot be started: {error.strerror}", file=sys.stderr)
        return None
    return done.stdout if done.returncode == 0 else None


def has_nvidia_gpu() -> bool:
    """Whether nvidia-smi lists a GPU."""
    return "GPU " in (answer_of("nvidia-smi", "-L") or "")


def torch_has_cuda() -> bool:
    """Whether the installed torch is a build for CUDA, from its version file: importing torch takes seconds."""
    torch = importlib.util.find_spec("torch")
    if torch is None or torch.origin is None:
        return False
    version = importlib.util.spec_from_file_location("torch_version", Path(torch.origin).with_name("version.py"))
    if version is None or version.loader is None or not Path(version.origin or "").is_file():
        return False
    module = importlib.util.module_from_spec(version)
    version.loader.exec_module(module)
    return getattr(module, "cuda", None) is not None
