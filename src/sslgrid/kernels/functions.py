"""Exponentials, logarithm, tanh, the normal law and angles for compiled code, of vectors and of single numbers.

Each is a polynomial evaluated by `fma`, so that it has the same bits on every machine and in every lane; the libraries'
functions do not. Coefficients are Taylor's, or Chebyshev fits found in 40 digits. float32 and float64 have their own.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import overload

from sslgrid.kernels.compiled import intrinsic
from sslgrid.kernels.vector_type import Vector, call
from sslgrid.kernels.vectors import bits, fma, from_bits, lane, select, single, size, to_float


def constant(for_single: float, for_double: float | None = None):
    """A compiled function of a vector: the number for its type."""
    for_double = for_single if for_double is None else for_double

    @intrinsic
    def number(_context, vector):
        element = vector.element
        value = for_double if element in (types.float64, types.int64) else for_single

        def generate(context, builder, _signature, _arguments):
            return context.get_constant(element, value)

        return element(vector), generate

    return number


def polynomial(for_single: tuple[float, ...], for_double: tuple[float, ...]):
    """A compiled function of a vector: the polynomial with these coefficients, that of the highest power first."""

    @intrinsic
    def value(_context, x):
        coefficients = for_single if x.element == types.float32 else for_double

        def generate(_context, builder, _signature, arguments):
            wide = [ir.Constant(x.llvm, [coefficient] * x.lanes) for coefficient in coefficients]
            result = wide[0]
            for coefficient in wide[1:]:
                result = call(builder, "fma", x, result, arguments[0], coefficient)
            return result

        return x(x), generate

    return value


def _function(of_vector):
    """Make a compiled function of vectors one of single numbers, too."""

    def function(x):
        raise TypeError(f"{of_vector.__name__} is for compiled code")

    function.__name__, function.__doc__ = of_vector.__name__, of_vector.__doc__

    @overload(function, strict=False)
    def _implementation(x):
        if isinstance(x, Vector):
            return of_vector
        if isinstance(x, types.Float):
            return lambda x: lane(function(single(x)), 0)
        return None

    return function


_LOG2_E = constant(1.4426950408889634)
_LN2_HIGH = constant(0.6931471824645996, 0.6931471805599453)  # as its type has it,
_LN2_LOW = constant(-1.9046542121259336e-09, 2.3190468138462996e-17)  # and what is lost by that
_WHOLE = constant(1.5 * 2**23, 1.5 * 2**52)  # numbers of this size have no digits after the point
_BIAS = constant(127, 1023)
_SHIFT = constant(23, 52)
_LEAST = constant(-126.0, -1022.0)
_MOST = constant(127.0, 1023.0)


@_function
def whole(x):
    """The nearest whole number, for |x| below 2^22 (float64: 2^51)."""
    return x + _WHOLE(x) - _WHOLE(x)


@_function
def power_of_two(k):
    """2^k for a whole number k within the range of exponents: written into the bits."""
    number = bits(k + _WHOLE(k))  # its last bits are those of k
    return from_bits((number + _BIAS(number)) << _SHIFT(number))


_EXP2 = polynomial(  # (2^f - 1) / f, |f| <= 1/2
    (0.00015461447463636978, 0.001339086735129477, 0.009618056669885655, 0.055503571042531626, 0.2402265092234274,
     0.6931471880293425),
    (1.3691488853904128e-12, 2.5678435993488206e-11, 4.4455382718708116e-10, 7.054911620801123e-09,
     1.01780860092397e-07, 1.321548679014431e-06, 1.5252733804059841e-05, 0.0001540353039338161, 0.0013333558146428443,
     0.009618129107628477, 0.05550410866482158, 0.24022650695910072, 0.6931471805599453),
)  # fmt: skip


@_function
def exp2_within(x):
    """2^x for -126 <= x <= 127 (float64: -1022, 1023), and NaN."""
    k = whole(x)
    f = x - k
    return fma(_EXP2(f), f, 1.0) * power_of_two(k)


@_function
def exp2(x):
    """2^x; below 2^-126 (float64: 2^-1022) and above 2^127 (2^1023) it stays there. NaN gives NaN."""
    return exp2_within(select(x < _LEAST(x), _LEAST(x), select(x > _MOST(x), _MOST(x), x)))


_EXPM1 = polynomial(  # (e^r - 1 - r) / r^2, |r| <= log(2) / 2
    (0.00019899285086719804, 0.0013933650353997057, 0.008333298469708159, 0.04166646491458123, 0.16666666719031697,
     0.5000000013468379),
    (1.3785102000467701e-09, 2.5228616432970053e-08, 2.757654254912482e-07, 2.755695900245677e-06, 2.48015693243532e-05,
     0.0001984127010838230, 0.0013888888895640036, 0.008333333333259385, 0.04166666666665798, 0.1666666666666672, 0.5),
)  # fmt: skip
_SIGN = constant(-(2**31), -(2**63))


@_function
def tanh(x):
    """The hyperbolic tangent, e / (e + 2) with e = exp(2|x|) - 1, which keeps the digits of small x."""
    u = size(x) * 2.0
    u = select(u > 60.0, 60.0, u)
    k = whole(u * _LOG2_E(u))
    r = fma(k, -_LN2_LOW(u), fma(k, -_LN2_HIGH(u), u))
    power = power_of_two(k)
    e = fma(power, fma(r * r, _EXPM1(r), r), power - 1.0)
    return from_bits(bits(e / (e + 2.0)) | (bits(x) & _SIGN(bits(x))))


_ROOT_OF_HALF = constant(0x3F3504F3, 0x3FE6A09E667F3BCD)  # its bits
_LOG = polynomial(  # (log(m) / s - 2) / s^2 in s^2, s = (m - 1) / (m + 1), m from 1 / sqrt(2) to sqrt(2)
    (0.23331865136214802, 0.2855076279077514, 0.4000012243915675, 0.6666666655358556),
    (0.15303986936446198, 0.13023906536199822, 0.15397056124272862, 0.18181552320141198, 0.22222225323029648,
     0.2857142855267579, 0.40000000000050306, 0.6666666666666663),
)  # fmt: skip


@_function
def log(x):
    """The natural logarithm of positive numbers from 2^-126 (float64: 2^-1022) on; others give nonsense."""
    number = bits(x)
    exponent = (number - _ROOT_OF_HALF(number)) >> _SHIFT(number)
    m = from_bits(number - (exponent << _SHIFT(number)))
    k = to_float(exponent)
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    return fma(k, _LN2_HIGH(x), fma(k, _LN2_LOW(x), fma(s * z, _LOG(z), s * 2.0)))


_SIN = polynomial(  # (sin(r) / r - 1) / r^2 in r^2, |r| <= pi / 4
    (2.724965799357027e-06, -0.00019840084727593572, 0.008333331871154504, -0.16666666663846838),
    (1.5910583265168383e-10, -2.5051004136332284e-08, 2.7557315316604425e-06, -0.00019841269834642393,
     0.008333333333328623, -0.16666666666666657),
)  # fmt: skip
_COS = polynomial(  # (cos(r) - 1 + r^2 / 2) / r^4 in r^2
    (-2.7300731117514393e-07, 2.4800598659118755e-05, -0.0013888887668951054, 0.04166666666431381),
    (-1.1364014075558511e-11, 2.087583039575065e-09, -2.755731532299895e-07, 2.480158729350585e-05,
     -0.0013888888888881604, 0.04166666666666665),
)  # fmt: skip
_TWO_OVER_PI = constant(0.6366197723675814)
_QUARTER_HIGH = constant(1.5707963705062866, 1.5707963267948966)  # pi / 2 as its type has it,
_QUARTER_MIDDLE = constant(-4.371138828673793e-08, 6.123233995736766e-17)  # what is lost by that, twice
_QUARTER_LOW = constant(-1.7151245100058819e-15, -1.4973849048591698e-33)


def sin_cos(angle: Any) -> Any:
    """The sine and the cosine of an angle of up to some thousand turns; a pair."""
    raise TypeError("sin_cos is for compiled code")


@overload(sin_cos, strict=False)
def _sin_cos(angle):
    def of_vector(angle):
        quarters = whole(angle * _TWO_OVER_PI(angle))
        r = fma(quarters, -_QUARTER_HIGH(angle), angle)
        r = fma(quarters, -_QUARTER_LOW(angle), fma(quarters, -_QUARTER_MIDDLE(angle), r))
        z = r * r
        sine = fma(r * z, _SIN(z), r)
        cosine = fma(z * z, _COS(z), fma(z, -0.5, 1.0))
        quadrant = bits(quarters + _WHOLE(angle))
        odd = (quadrant & 1) == 1
        one, other = select(odd, cosine, sine), select(odd, sine, cosine)
        return select((quadrant & 2) == 2, -one, one), select(((quadrant + 1) & 2) == 2, -other, other)

    def of_number(angle):
        sine, cosine = sin_cos(single(angle))
        return lane(sine, 0), lane(cosine, 0)

    return of_vector if isinstance(angle, Vector) else of_number


_TAIL = polynomial(  # exp(z^2) erfc(z) / t in u = (2 - z) / (2 + z), t = 2 / (2 + z)
    (4.2161197196387805e-05, -3.6601876943794854e-05, -0.0002993827120715645, 0.00043067048843585943,
     0.001529157160763692, -0.0032434519180997083, -0.010751626186584588, 0.018221669428387856, 0.13973573352192914,
     0.34358031871096484, 0.5107913569159452),
    (-1.911173728607894e-09, 6.597367302900275e-09, 6.52043461440154e-09, -5.145629434357736e-08,
     3.6000845292079935e-08, 1.497143526022312e-07, -3.262460935296672e-07, 1.5720540066794157e-08,
     1.0305699215291105e-06, -1.835078540898153e-06, -5.776423611511427e-07, 8.06710621122023e-06,
     -1.084298532996441e-05, -1.7076638145079572e-05, 7.223418829504806e-05, -1.71852541704069e-05,
     -0.0003315365766901461,
     0.0004186479710660508, 0.0015453060141013286, -0.0032395925295271534, -0.010755330944036532, 0.01822111575329492,
     0.13973604627801475, 0.3435803422069067, 0.5107913526210115),
)  # fmt: skip
_ROOT_HALF = constant(0.7071067811865476)
_MINUS_HALF_LOG2_E = constant(-0.7213475204444817)
_DENSITY = constant(0.3989422804014327)  # of the normal law at 0


@_function
def normal_density(x):
    """The density of the standard normal law."""
    return exp2(x * x * _MINUS_HALF_LOG2_E(x)) * _DENSITY(x)


@_function
def normal_law(x):
    """The standard normal law's share below x, (1 + erf(x / sqrt(2))) / 2; GELU is x times it."""
    z = size(x) * _ROOT_HALF(x)
    t = 2.0 / (z + 2.0)
    tail = exp2(x * x * _MINUS_HALF_LOG2_E(x)) * (t * 0.5) * _TAIL((2.0 - z) / (z + 2.0))
    return select(x > 0.0, 1.0 - tail, tail)
