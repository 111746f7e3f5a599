"""Print the arguments with which pip installs torch here: a build for processors, unless there is an NVIDIA GPU.

    python scripts/torch_build.py torch==2.13.0 --build auto --pip-args ''

On Linux the usual package index has torch's CUDA build, which with its libraries is gigabytes to fetch. So on a machine
without an NVIDIA GPU torch's own index of CPU builds is named beside it, unless the user or pip's configuration names
another source whose build is for processors already. What was chosen, and why, goes to stderr.
"""

import argparse
import json
import os
import platform
import re
import shlex
import subprocess
import sys

from sslgrid.machine.programs import has_nvidia_gpu

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
SOURCES = ("index-url", "extra-index-url", "find-links", "no-index")
PATIENCE = 120.0  # s for pip to look torch up


def choose(build: str, has_gpu: bool, system: str, pip_args: str, is_cuda_build: bool) -> tuple[list[str], str]:
    """The further arguments for pip, and the reason in words.

    build: auto, cpu or cuda. pip_args: what the user wants pip to be told. is_cuda_build: whether pip would, without
    further arguments, take a build for CUDA.
    """
    if any(f"--{source}" in pip_args for source in (*SOURCES, "index")) or " -f " in f" {pip_args} ":
        return [], "the build that PIP_ARGS leads to"
    if build == "cuda" or (build == "auto" and has_gpu):
        return [], "the CUDA build: " + ("TORCH_BUILD=cuda" if build == "cuda" else "nvidia-smi lists a GPU")
    why = "TORCH_BUILD=cpu" if build == "cpu" else "no NVIDIA GPU found; TORCH_BUILD=cuda fetches the other"
    needs_index = system == "Linux" and is_cuda_build
    return (["--extra-index-url", CPU_INDEX] if needs_index else []), f"the build for processors: {why}"


def would_be_cuda(torch: str, pip_args: str) -> bool:
    """Whether pip would take a CUDA build. Only sources that someone has configured have to be asked."""
    if not _has_own_sources():
        return True
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--no-deps", "--quiet"]
    command += ["--disable-pip-version-check", "--report", "-", *shlex.split(pip_args), torch]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
        installs = json.loads(done.stdout)["install"]
    except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError):
        return True
    needs = [need for found in installs for need in found["metadata"].get("requires_dist", [])]
    return any(re.match(r"(nvidia|cuda)-", need) and "extra ==" not in need for need in needs)


def _has_own_sources() -> bool:
    """Whether pip is told to look elsewhere than at the usual index."""
    if any(os.environ.get("PIP_" + source.upper().replace("-", "_")) for source in SOURCES):
        return True
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE).stdout
    return any(re.match(rf"[\w-]+\.({'|'.join(SOURCES)})=", line) for line in listed.splitlines())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("torch", help="what pip is to install, for example torch==2.13.0")
    parser.add_argument("--build", choices=("auto", "cpu", "cuda"), default="auto", help="which build (default: auto)")
    parser.add_argument("--pip-args", default="", help="further arguments of pip's that the user gave")
    given = parser.parse_args()
    is_for_cuda = given.build == "cuda"
    has_gpu = given.build == "auto" and has_nvidia_gpu()
    is_cuda_build = not (is_for_cuda or has_gpu) and would_be_cuda(given.torch, given.pip_args)
    arguments, why = choose(given.build, has_gpu, platform.system(), given.pip_args, is_cuda_build)
    print(f"torch: {why}", file=sys.stderr)
    print(shlex.join([*shlex.split(given.pip_args), *arguments, given.torch]))


if __name__ == "__main__":
    main()
