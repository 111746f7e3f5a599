"""Compile the GPU's kernels without a GPU and print, as JSON, the bytes of stack that each needs for what it spills.

Run it without TRITON_INTERPRET: that turns the kernels into plain Python when they are defined.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import triton
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

from sslgrid.sic.engine import cuda_pairs, cuda_rollout

TYPES = {"order": "*i64", "counts": "*i32", "P": "i32", "N": "i32", "T": "i32", "B": "i32"}  # the others: *fp32
TOOLS = Path(triton.__file__).parent / "backends/nvidia/bin"


def stack(kernel, constants: dict, warps: int, stages: int, capability: int) -> int:
    signature = {name: "constexpr" if name in constants else TYPES.get(name, "*fp32") for name in kernel.arg_names}
    places = {(kernel.arg_names.index(name),): value for name, value in constants.items()}
    # As triton specialises for arrays of torch, and for an N that 16 divides.
    even = [k for k, name in enumerate(kernel.arg_names) if signature[name][0] == "*" or name == "N"]
    aligned = {(k,): [["tt.divisibility", 16]] for k in even}
    compiled = triton.compile(
        ASTSource(kernel, signature, places, aligned),
        target=GPUTarget("cuda", capability, 32),
        options={"num_warps": warps, "num_stages": stages},
    )
    with open("kernel.cubin", "wb") as file:
        file.write(compiled.asm["cubin"])
    usage = subprocess.run([TOOLS / "cuobjdump", "-res-usage", file.name], capture_output=True, text=True, check=True)
    return int(re.search(r"STACK:(\d+)", usage.stdout)[1])


def main(capability: int, units: int) -> None:
    rows, warps = cuda_pairs.tile_of(units)
    pairs = {"ROWS": rows, "COLUMNS": rows, "UNITS": units, "SHARES": 4, "PRECISION": cuda_pairs.PRECISION}
    walk = {"KEEP_PREVIOUS": False, "UNITS": units}
    found = {"pairs": stack(cuda_pairs._weigh_pairs, pairs, warps, cuda_pairs.STAGES, capability)}
    for name, kernel in (("forward", cuda_rollout._forward), ("backward", cuda_rollout._backward)):
        found[name] = stack(kernel, walk, cuda_rollout.warps_of(units), 3, capability)
    print(json.dumps(found))


main(*map(int, sys.argv[1:]))
