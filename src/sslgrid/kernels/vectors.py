"""Arithmetic of vectors in compiled code: operators, comparisons, `fma`, `select`, kinds of numbers.

A kernel that uses them reads like Python and runs on the widest registers that there are. Each lane is computed by
IEEE's rules, nothing is reordered, and a product is joined with a sum only where `fma` says so. So the result has the
same bits on every processor.

Arithmetic takes vectors of one type, and numbers, which go to all lanes.
"""

import operator

from llvmlite import ir
from numba import types
from numba.core.imputils import lower_builtin
from numba.core.typing.templates import AbstractTemplate, infer_global, signature

from sslgrid.kernels.compiled import intrinsic
from sslgrid.kernels.vector_type import Vector, call, lanes_of, spread


@intrinsic
def broadcast(_context, number):
    """A whole vector with this number in all lanes; its type is that of the number."""
    kind = Vector(number, lanes_of(number))
    return kind(number), lambda _context, builder, _signature, arguments: spread(builder, arguments[0], kind)


@intrinsic
def single(_context, number):
    """A vector of one lane: what `functions` take where there is but one number."""
    kind = Vector(number, 1)
    return kind(number), lambda _context, builder, _signature, arguments: spread(builder, arguments[0], kind)


@intrinsic
def lane(_context, vector, index):
    """The number in one lane."""
    return vector.element(
        vector, types.int32
    ), lambda _context, builder, _signature, arguments: builder.extract_element(*arguments)


@intrinsic
def counting(_context, like):
    """0, 1, 2 ... in the lanes of a vector of integers of the given one's width."""
    kind = like.of(_integer(like.element))

    def generate(_context, _builder, _signature, _arguments):
        return ir.Constant(kind.llvm, list(range(kind.lanes)))

    return kind(like), generate


def _common(kinds: tuple) -> Vector | None:
    """The one vector type among vectors and numbers, if all fit together."""
    vectors = [kind for kind in kinds if isinstance(kind, Vector)]
    fits = all(kind == vectors[0] if isinstance(kind, Vector) else isinstance(kind, types.Number) for kind in kinds[:])
    return vectors[0] if vectors and fits else None


def _wide(kinds: tuple, vector: Vector) -> list[types.Type]:
    """What the arguments are cast to before numbers are spread."""
    return [kind if isinstance(kind, Vector) else vector.element for kind in kinds]


def _spread_all(builder: ir.IRBuilder, sig, arguments, vector: Vector) -> list[ir.Value]:
    return [
        value if isinstance(kind, Vector) else spread(builder, value, vector)
        for kind, value in zip(sig.args, arguments, strict=True)
    ]


def _operator(function, generate, result=lambda vector: vector) -> None:
    """Teach numba a binary operator: generate(builder, vector type, left, right)."""

    @infer_global(function)
    class Template(AbstractTemplate):
        def generic(self, kinds, _keywords):
            vector = _common(kinds)
            return signature(result(vector), *_wide(kinds, vector)) if vector else None

    def lower(_context, builder, sig, arguments):
        vector = _common(sig.args)
        return generate(builder, vector, *_spread_all(builder, sig, arguments, vector))

    for pair in ((Vector, Vector), (Vector, types.Number), (types.Number, Vector)):
        lower_builtin(function, *pair)(lower)


def _by_kind(for_floats: str | None, for_integers: str, for_unsigned: str | None = None):
    """LLVM's instruction for the kind of number."""

    def generate(builder, vector, left, right):
        if isinstance(vector.element, types.Float):
            return getattr(builder, for_floats)(left, right)
        name = for_unsigned if for_unsigned and not vector.element.signed else for_integers
        return getattr(builder, name)(left, right)

    return generate


def _comparison(sign: str):
    def generate(builder, vector, left, right):
        if isinstance(vector.element, types.Float):  # false where either is NaN, but for !=
            compare = builder.fcmp_unordered if sign == "!=" else builder.fcmp_ordered
        else:
            compare = builder.icmp_signed if vector.element.signed else builder.icmp_unsigned
        return compare(sign, left, right)

    return generate


def _bitwise(name: str):
    return lambda builder, _vector, left, right: getattr(builder, name)(left, right)


for _function, _in_place, _generate in (
    (operator.add, operator.iadd, _by_kind("fadd", "add")),
    (operator.sub, operator.isub, _by_kind("fsub", "sub")),
    (operator.mul, operator.imul, _by_kind("fmul", "mul")),
    (operator.and_, operator.iand, _bitwise("and_")),
    (operator.or_, operator.ior, _bitwise("or_")),
    (operator.xor, operator.ixor, _bitwise("xor")),
    (operator.lshift, operator.ilshift, _bitwise("shl")),
    (operator.rshift, operator.irshift, _by_kind(None, "ashr", "lshr")),
    (operator.truediv, operator.itruediv, _by_kind("fdiv", "sdiv")),
):
    _operator(_function, _generate)
    _operator(_in_place, _generate)
for _function, _sign in (
    (operator.lt, "<"), (operator.le, "<="), (operator.gt, ">"), (operator.ge, ">="), (operator.eq, "=="),
    (operator.ne, "!="),
):  # fmt: skip
    _operator(_function, _comparison(_sign), lambda vector: vector.of(types.boolean))


@infer_global(operator.neg)
class _Negative(AbstractTemplate):
    def generic(self, kinds, _keywords):
        return signature(kinds[0], kinds[0]) if isinstance(kinds[0], Vector) else None


@lower_builtin(operator.neg, Vector)
def _negate(_context, builder, sig, arguments):
    return builder.fneg(arguments[0]) if isinstance(sig.args[0].element, types.Float) else builder.neg(arguments[0])


@intrinsic
def fma(_context, a, b, c):
    """a * b + c, rounded once; each a vector or a number."""
    vector = _common((a, b, c))

    def generate(_context, builder, sig, arguments):
        return call(builder, "fma", vector, *_spread_all(builder, sig, arguments, vector))

    return vector(*_wide((a, b, c), vector)), generate


@intrinsic
def select(_context, mask, a, b):
    """a where the mask is true, else b; a and b vectors, or one of them a number."""
    vector = _common((a, b))

    def generate(_context, builder, sig, arguments):
        two = sig.replace(args=sig.args[1:])
        return builder.select(arguments[0], *_spread_all(builder, two, arguments[1:], vector))

    return vector(mask, *_wide((a, b), vector)), generate


def _unary(name: str, words: str):
    @intrinsic
    def function(_context, vector):
        return vector(vector), lambda _context, builder, _signature, arguments: call(builder, name, vector, *arguments)

    function.__doc__ = words
    return function


root = _unary("sqrt", "The square root, rounded correctly.")
size = _unary("fabs", "The absolute value.")


def _integer(element: types.Type) -> types.Type:
    return types.int32 if element.bitwidth == 32 else types.int64


def _float(element: types.Type) -> types.Type:
    return types.float32 if element.bitwidth == 32 else types.float64


@intrinsic
def bits(_context, vector):
    """The bits of floating-point numbers as signed integers of the same width."""
    kind = vector.of(_integer(vector.element))
    return kind(vector), lambda _context, builder, _signature, arguments: builder.bitcast(arguments[0], kind.llvm)


@intrinsic
def from_bits(_context, vector):
    """The floating-point numbers that have these bits."""
    kind = vector.of(_float(vector.element))
    return kind(vector), lambda _context, builder, _signature, arguments: builder.bitcast(arguments[0], kind.llvm)


@intrinsic
def unsigned(_context, vector):
    """The same integers without a sign: >> brings in zeros, and comparisons know no negative numbers."""
    kind = vector.of(types.uint32 if vector.element.bitwidth == 32 else types.uint64)
    return kind(vector), lambda _context, _builder, _signature, arguments: arguments[0]


@intrinsic
def signed(_context, vector):
    """The same integers with a sign."""
    return vector.of(_integer(vector.element))(vector), lambda _context, _builder, _signature, arguments: arguments[0]


@intrinsic
def to_float(_context, vector):
    """Integers as floating-point numbers of the same width, rounded to nearest."""
    kind = vector.of(_float(vector.element))
    name = "sitofp" if vector.element.signed else "uitofp"

    def generate(_context, builder, _signature, arguments):
        return getattr(builder, name)(arguments[0], kind.llvm)

    return kind(vector), generate


@intrinsic
def to_double(_context, vector):
    """As float64: as many lanes."""
    kind = vector.of(types.float64)

    def generate(_context, builder, _signature, arguments):
        return arguments[0] if vector == kind else builder.fpext(arguments[0], kind.llvm)

    return kind(vector), generate


@intrinsic
def high_product(_context, a, b):
    """The upper 32 bits of the product of two vectors of uint32, or of one and a number."""
    vector = _common((a, b))
    wide = vector.of(types.uint64)

    def generate(_context, builder, sig, arguments):
        left, right = (builder.zext(value, wide.llvm) for value in _spread_all(builder, sig, arguments, vector))
        half = ir.Constant(wide.llvm, [32] * wide.lanes)
        return builder.trunc(builder.lshr(builder.mul(left, right), half), vector.llvm)

    return vector(*_wide((a, b), vector)), generate
