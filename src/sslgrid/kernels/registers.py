"""How many vectors a processor's registers hold, asked of LLVM for the machine that numba compiles for.

Nothing computed depends on it, only the time it takes.
"""

from functools import cache
from typing import NamedTuple

import llvmlite.binding as llvm
from numba.core.registry import cpu_target

_ONE_ADDITION = """
target triple = "{triple}"
define void @add(<16 x float>* %a) {{
  %x = load <16 x float>, <16 x float>* %a
  %y = fadd <16 x float> %x, %x
  store <16 x float> %y, <16 x float>* %a
  ret void
}}
"""


class Tile(NamedTuple):
    """What part of a product stays in registers: so many rows of so many vectors, or of one, where columns are few."""

    rows: int
    vectors: int
    narrow_rows: int


@cache
def tile() -> Tile:
    """The tile for the machine that numba compiles for, be it this one or NUMBA_CPU_NAME's."""
    triple, name, features = cpu_target.target_context.codegen().magic_tuple()
    if triple.split("-")[0] in ("aarch64", "arm64"):  # 32 registers of a quarter of a vector
        return Tile(6, 1, 6)
    machine = llvm.Target.from_triple(triple).create_target_machine(cpu=name, features=features)
    assembly = machine.emit_assembly(llvm.parse_assembly(_ONE_ADDITION.format(triple=triple)))
    if "zmm" in assembly:  # 32 registers of a whole vector
        return Tile(6, 4, 12)
    if "ymm" in assembly:  # 16 registers of half a vector
        return Tile(6, 1, 6)
    return Tile(2, 1, 2)  # 16 registers of a quarter
