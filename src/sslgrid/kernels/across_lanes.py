"""Sums across the lanes of a vector, in a fixed tree: the upper half onto the lower, again and again."""

from llvmlite import ir
from numba import types

from sslgrid.kernels.compiled import intrinsic


@intrinsic
def total(_context, vector):
    """The sum of all lanes: the upper half onto the lower, again and again; so lane 0 + lane 8 comes first of 16."""

    def generate(_context, builder, _signature, arguments):
        value, count = arguments[0], vector.lanes
        add = builder.fadd if isinstance(vector.element, types.Float) else builder.add
        while count > 1:
            count //= 2
            undefined = ir.Constant(value.type, ir.Undefined)
            number = ir.VectorType(ir.IntType(32), count)
            halves = [ir.Constant(number, list(range(start, start + count))) for start in (0, count)]
            value = add(*(builder.shuffle_vector(value, undefined, half) for half in halves))
        return builder.extract_element(value, ir.Constant(ir.IntType(32), 0))

    return vector.element(vector), generate


@intrinsic
def totals(_context, a, b, c, d):
    """`total` of four vectors, with the same bits but fewer instructions: their halves are added side by side."""

    def generate(context, builder, sig, arguments):
        held, width = list(arguments), a.lanes  # how many lanes of each of the four a vector has
        while len(held) > 1:
            width //= 2
            pairs = zip(held[::2], held[1::2], strict=True)
            held = [_fold(builder, left, right, a.lanes, width) for left, right in pairs]
        (value,) = held
        while (width := width // 2) > 0:
            number = ir.VectorType(ir.IntType(32), a.lanes)
            across = ir.Constant(number, [lane ^ width for lane in range(a.lanes)])
            value = builder.fadd(value, builder.shuffle_vector(value, ir.Constant(a.llvm, ir.Undefined), across))
        places = [ir.Constant(ir.IntType(32), k * a.lanes // 4) for k in range(4)]
        found = [builder.extract_element(value, place) for place in places]
        return context.make_tuple(builder, sig.return_type, found)

    return types.UniTuple(a.element, 4)(a, b, c, d), generate


def _fold(builder: ir.IRBuilder, left: ir.Value, right: ir.Value, lanes: int, width: int) -> ir.Value:
    """Of each group of 2 `width` lanes of two vectors, the upper half onto the lower; the results side by side."""
    lower = [lane for lane in range(2 * lanes) if not lane & width]
    number = ir.VectorType(ir.IntType(32), lanes)
    masks = [ir.Constant(number, [lane + upper for lane in lower]) for upper in (0, width)]
    return builder.fadd(*(builder.shuffle_vector(left, right, mask) for mask in masks))


@intrinsic
def count(_context, mask):
    """How many lanes of a mask are true."""

    def generate(_context, builder, _signature, arguments):
        whole = ir.IntType(mask.lanes)
        return builder.zext(builder.ctpop(builder.bitcast(arguments[0], whole)), ir.IntType(64))

    return types.int64(mask), generate
