"""The vector type that compiled code uses, and what its intrinsics are made of.

A vector has 64 bytes on every machine, 16 lanes of float32 or 8 of float64, because sums across lanes depend on it.
LLVM splits it where registers are narrower.
"""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import models, overload, register_model

BYTES = 64


class Vector(types.Type):
    """`lanes` numbers of a numba type `element`; a mask has booleans."""

    def __init__(self, element: types.Type, lanes: int):
        self.element, self.lanes = element, lanes
        super().__init__(name=f"vector({element}, {lanes})")

    def of(self, element: types.Type) -> "Vector":
        """As many lanes of another type."""
        return Vector(element, self.lanes)

    @property
    def llvm(self) -> ir.VectorType:
        """The type in LLVM."""
        return ir.VectorType(llvm_element(self.element), self.lanes)


@register_model(Vector)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager, kind):
        super().__init__(manager, kind, kind.llvm)


def llvm_element(element: types.Type) -> ir.Type:
    """The LLVM type of one lane."""
    if element == types.boolean:
        return ir.IntType(1)
    if isinstance(element, types.Float):
        return ir.FloatType() if element == types.float32 else ir.DoubleType()
    return ir.IntType(element.bitwidth)


def lanes_of(element: types.Type) -> int:
    """How many numbers of this type a whole vector holds."""
    return BYTES * 8 // element.bitwidth


def lanes(dtype) -> int:
    """How many numbers of this numpy type a whole vector holds; in compiled code a constant."""
    return BYTES // dtype.itemsize


@overload(lanes)
def _lanes(dtype):
    held = lanes_of(dtype.dtype)
    return lambda dtype: held


def spread(builder: ir.IRBuilder, value: ir.Value, kind: Vector) -> ir.Value:
    """One number in all lanes."""
    undefined = ir.Constant(kind.llvm, ir.Undefined)
    index = ir.IntType(32)
    first = builder.insert_element(undefined, value, ir.Constant(index, 0))
    return builder.shuffle_vector(first, undefined, ir.Constant(ir.VectorType(index, kind.lanes), [0] * kind.lanes))


def call(builder: ir.IRBuilder, name: str, kind: Vector, *arguments: ir.Value, result: ir.Type | None = None):
    """Call one of LLVM's own functions, whose name ends in the vector's type."""
    letter = "f" if isinstance(kind.element, types.Float) else "i"
    name = f"llvm.{name}.v{kind.lanes}{letter}{llvm_bits(kind)}"
    function_type = ir.FunctionType(result or kind.llvm, [argument.type for argument in arguments])
    return builder.call(cgutils.get_or_insert_function(builder.module, function_type, name), arguments)


def llvm_bits(kind: Vector) -> int:
    """How many bits a lane has."""
    return 1 if kind.element == types.boolean else kind.element.bitwidth


def first_lanes(builder: ir.IRBuilder, count: ir.Value, kind: Vector) -> ir.Value:
    """The mask of the first `count` lanes; count is an intp of any size."""
    most = ir.Constant(count.type, kind.lanes)
    count = builder.select(builder.icmp_signed("<", count, most), count, most)
    numbers = Vector(types.int32, kind.lanes)
    limit = spread(builder, builder.trunc(count, ir.IntType(32)), numbers)
    return builder.icmp_signed("<", ir.Constant(numbers.llvm, list(range(kind.lanes))), limit)


def pointer(context, builder: ir.IRBuilder, array_type: types.Array, array: ir.Value, index_type, index: ir.Value):
    """Where `array[index]` is; index: an integer or a tuple of them."""
    array = context.make_array(array_type)(context, builder, array)
    if isinstance(index_type, types.BaseTuple):
        kinds, parts = list(index_type), cgutils.unpack_tuple(builder, index)
    else:
        kinds, parts = [index_type], [index]
    parts = [context.cast(builder, part, kind, types.intp) for part, kind in zip(parts, kinds, strict=True)]
    return cgutils.get_item_pointer(context, builder, array_type, array, parts, wraparound=False)


def read(builder: ir.IRBuilder, place: ir.Value, kind: Vector) -> ir.Value:
    """The vector at an address."""
    return builder.load(builder.bitcast(place, kind.llvm.as_pointer()), align=kind.element.bitwidth // 8)


def write(builder: ir.IRBuilder, value: ir.Value, place: ir.Value, kind: Vector) -> None:
    """Put a vector at an address."""
    builder.store(value, builder.bitcast(place, kind.llvm.as_pointer()), align=kind.element.bitwidth // 8)


def read_masked(builder: ir.IRBuilder, place: ir.Value, mask: ir.Value, kind: Vector) -> ir.Value:
    """The lanes of the mask at an address, and 0 in the others, which are not touched."""
    alignment = ir.Constant(ir.IntType(32), kind.element.bitwidth // 8)
    function_type = ir.FunctionType(kind.llvm, [place.type, alignment.type, mask.type, kind.llvm])
    name = f"llvm.masked.load.v{kind.lanes}f{kind.element.bitwidth}.p0"
    function = cgutils.get_or_insert_function(builder.module, function_type, name)
    return builder.call(function, [place, alignment, mask, ir.Constant(kind.llvm, None)])


def write_masked(builder: ir.IRBuilder, value: ir.Value, place: ir.Value, mask: ir.Value, kind: Vector) -> None:
    """Put the lanes of the mask at an address; the others are not touched."""
    alignment = ir.Constant(ir.IntType(32), kind.element.bitwidth // 8)
    function_type = ir.FunctionType(ir.VoidType(), [kind.llvm, place.type, alignment.type, mask.type])
    name = f"llvm.masked.store.v{kind.lanes}f{kind.element.bitwidth}.p0"
    function = cgutils.get_or_insert_function(builder.module, function_type, name)
    builder.call(function, [value, place, alignment, mask])
