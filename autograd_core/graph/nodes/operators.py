"""Arithmetic on nodes: operators and methods, one line a primitive of the table.

A line says a primitive's value, `forward`'s, and its partials, `rules`'. Names that NumPy, Python's
numbers and the lecture have for the same are here as well. A subclass computes nothing: `Value`
adds what a number and a graph can do besides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from autograd_core import primitives
from autograd_core.graph import numbers
from autograd_core.graph.nodes import making, slabs, switches
from autograd_core.graph.nodes import node as fields
from autograd_core.graph.nodes.node import Node
from autograd_core.primitives import forward, rules

if TYPE_CHECKING:
    from autograd_core.graph.value import Value

__all__ = ["Arithmetic", "adopt"]

# The kinds of nodes, one a row of the table; the compiler makes C integers of them.
# fmt: off
(
    ADD, SUB, MUL, DIV, MOD, FLOORDIV, POW, NEG, ABS, SQUARE, RECIPROCAL, SQRT, CBRT, EXP, EXPM1,
    EXP2, LOG, LOG1P, LOG2, LOG10, SIN, COS, TAN, SINC, ASIN, ACOS, ATAN, SINH, COSH, TANH, ASINH,
    ACOSH, ATANH, ERF, ERFC, GAUSSIAN, NORMAL_PDF, NORMAL_CDF, RELU, SIGMOID, SOFTPLUS,
    LOG_SIGMOID, SOFTSIGN, SILU, GELU, SIGMOID_RATE, ONE_MINUS_SQUARE, LOG_RATE, SIGN, FLOOR, CEIL,
    TRUNC, RINT, ATAN2, HYPOT, LOGADDEXP, LEAKY_RELU, ELU, SHARE, COSINE, ANGLE_RATE, POWER_RATE,
    POWER_LOG, STRONG_PRODUCT, ABOVE, EXCEEDS, AT_LEAST, AT_MOST, CLAMP, WHERE, MAXIMUM, MINIMUM,
    LESS, LESS_EQUAL, HELD, EXP_TIMES, SIGMOID_RATE_TIMES, GAUSSIAN_TIMES, NORMAL_PDF_TIMES,
    QUOTIENT_RATE, SHARE_RATE, BEND, TWIST, DOUBLE_COSINE, DOUBLE_SINE,
    POWER_BEND, POWER_MIXED,
) = map(primitives.kind_of, (
    "add", "sub", "mul", "div", "mod", "floordiv", "pow", "neg", "abs", "square", "reciprocal",
    "sqrt", "cbrt", "exp", "expm1", "exp2", "log", "log1p", "log2", "log10", "sin", "cos", "tan",
    "sinc", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf",
    "erfc", "gaussian", "normal_pdf", "normal_cdf", "relu", "sigmoid", "softplus", "log_sigmoid",
    "softsign", "silu", "gelu", "sigmoid_rate", "one_minus_square", "log_rate", "sign", "floor",
    "ceil", "trunc", "rint", "atan2", "hypot", "logaddexp", "leaky_relu", "elu", "share", "cosine",
    "angle_rate", "power_rate", "power_log", "strong_product", "above", "exceeds", "at_least",
    "at_most", "clamp", "where", "maximum", "minimum", "less", "less_equal", "held",
    "exp_times", "sigmoid_rate_times", "gaussian_times", "normal_pdf_times", "quotient_rate",
    "share_rate", "bend", "twist", "double_cosine", "double_sine", "power_bend",
    "power_mixed",
))
# fmt: on

CONSTANT = fields.CONSTANT
LN2 = forward.log(2.0)
DEGREE = 0.017453292519943295  # in radians
RADIAN = 57.29577951308232  # in degrees

slabs.join(fields.state)


# Python's + - * / of a node and anything. The operators call these; compiled, Python does at once
# where the node is on the left.
# fmt: off
def plus(x: Arithmetic, other: Any) -> Value: return NotImplemented if not slabs.takes(other) else slabs.binary(ADD, x, other, out := forward.add(a := slabs.data_of(x), b := slabs.number(other)), rules.add_partial_x(a, b, out), rules.add_partial_y(a, b, out))
def minus(x: Arithmetic, other: Any) -> Value: return NotImplemented if not slabs.takes(other) else slabs.binary(SUB, x, other, out := forward.sub(a := slabs.data_of(x), b := slabs.number(other)), rules.sub_partial_x(a, b, out), rules.sub_partial_y(a, b, out))
def times(x: Arithmetic, other: Any) -> Value: return NotImplemented if not slabs.takes(other) else slabs.binary(MUL, x, other, out := forward.mul(a := slabs.data_of(x), b := slabs.number(other)), rules.mul_partial_x(a, b, out), rules.mul_partial_y(a, b, out))
def over(x: Arithmetic, other: Any) -> Value: return NotImplemented if not slabs.takes(other) else slabs.binary(DIV, x, other, out := forward.div(a := slabs.data_of(x), b := slabs.number(other)), rules.div_partial_x(a, b, out), rules.div_partial_y(a, b, out))
# fmt: on


class Arithmetic(Node):
    """A node that is computed with."""

    __slots__ = ()

    # fmt: off
    def __add__(self, other: Any) -> Value: return plus(self, other)
    def __sub__(self, other: Any) -> Value: return minus(self, other)
    def __mul__(self, other: Any) -> Value: return times(self, other)
    def __truediv__(self, other: Any) -> Value: return over(self, other)
    def __mod__(self, other: Any) -> Value: return NotImplemented if not slabs.takes(other) else slabs.binary(MOD, self, other, out := forward.mod(self._data, y := slabs.number(other)), rules.mod_partial_x(self._data, y, out), rules.mod_partial_y(self._data, y, out))
    def __floordiv__(self, other: Any) -> Value: return NotImplemented if not slabs.takes(other) else slabs.binary(FLOORDIV, self, other, forward.floordiv(self._data, slabs.number(other)), 0.0, 0.0)

    def __pow__(self, other: Any, modulo: None = None) -> Value:
        if modulo is not None or not slabs.takes(other): return NotImplemented
        # A constant exponent is the common case, and the logarithm the costly half.
        return slabs.binary(POW, self, other, out := forward.pow(self._data, y := slabs.number(other)), rules.pow_partial_x(self._data, y, out), 0.0 if slabs.flags_of(other) & CONSTANT else rules.pow_partial_y(self._data, y, out))

    def __radd__(self, other: Any) -> Value: return NotImplemented if not slabs.takes(other) else slabs.reflected(ADD, x := slabs.number(other), self, out := forward.add(x, self._data), rules.add_partial_y(x, self._data, out))
    def __rsub__(self, other: Any) -> Value: return NotImplemented if not slabs.takes(other) else slabs.reflected(SUB, x := slabs.number(other), self, out := forward.sub(x, self._data), rules.sub_partial_y(x, self._data, out))
    def __rmul__(self, other: Any) -> Value: return NotImplemented if not slabs.takes(other) else slabs.reflected(MUL, x := slabs.number(other), self, out := forward.mul(x, self._data), rules.mul_partial_y(x, self._data, out))
    def __rtruediv__(self, other: Any) -> Value: return NotImplemented if not slabs.takes(other) else slabs.reflected(DIV, x := slabs.number(other), self, out := forward.div(x, self._data), rules.div_partial_y(x, self._data, out))
    def __rmod__(self, other: Any) -> Value: return NotImplemented if not slabs.takes(other) else slabs.reflected(MOD, x := slabs.number(other), self, out := forward.mod(x, self._data), rules.mod_partial_y(x, self._data, out))
    def __rfloordiv__(self, other: Any) -> Value: return NotImplemented if not slabs.takes(other) else slabs.reflected(FLOORDIV, x := slabs.number(other), self, forward.floordiv(x, self._data), 0.0)
    def __divmod__(self, other: Any) -> tuple[Value, Value]:  return NotImplemented if not slabs.takes(other) else (self // other, self % other)
    def __rdivmod__(self, other: Any) -> tuple[Value, Value]: return NotImplemented if not slabs.takes(other) else (other // self, other % self)
    def __rpow__(self, other: Any, modulo: None = None) -> Value: return NotImplemented if modulo is not None or not slabs.takes(other) else slabs.reflected(POW, x := slabs.number(other), self, out := forward.pow(x, self._data), rules.pow_partial_y(x, self._data, out))

    def __pos__(self) -> Self:      return self
    def __neg__(self) -> Value:      return slabs.unary(NEG, self, out := forward.neg(self._data), rules.neg_partial_x(self._data, out))
    def __abs__(self) -> Value:      return slabs.unary(ABS, self, out := forward.abs(self._data), rules.abs_partial_x(self._data, out))
    def neg(self) -> Value:          return -self
    def abs(self) -> Value:          return abs(self)
    def pow(self, exponent: Any) -> Value:      return self ** exponent  # type: ignore[no-any-return]
    def floordiv(self, divisor: Any) -> Value:  return self // divisor  # type: ignore[no-any-return]

    def square(self) -> Value:       return slabs.unary(SQUARE,      self, out := forward.square(self._data), rules.square_partial_x(self._data, out))
    def reciprocal(self) -> Value:   return slabs.unary(RECIPROCAL,  self, out := forward.reciprocal(self._data), rules.reciprocal_partial_x(self._data, out))
    def sqrt(self) -> Value:         return slabs.unary(SQRT,        self, out := forward.sqrt(self._data), rules.sqrt_partial_x(self._data, out))
    def cbrt(self) -> Value:         return slabs.unary(CBRT,        self, out := forward.cbrt(self._data), rules.cbrt_partial_x(self._data, out))
    def exp(self) -> Value:          return slabs.unary(EXP,         self, out := forward.exp(self._data), rules.exp_partial_x(self._data, out))
    def expm1(self) -> Value:        return slabs.unary(EXPM1,       self, out := forward.expm1(self._data), rules.expm1_partial_x(self._data, out))
    def exp2(self) -> Value:         return slabs.unary(EXP2,        self, out := forward.exp2(self._data), rules.exp2_partial_x(self._data, out))
    def log(self) -> Value:          return slabs.unary(LOG,         self, out := forward.log(self._data), rules.log_partial_x(self._data, out))
    def log1p(self) -> Value:        return slabs.unary(LOG1P,       self, out := forward.log1p(self._data), rules.log1p_partial_x(self._data, out))
    def log2(self) -> Value:         return slabs.unary(LOG2,        self, out := forward.log2(self._data), rules.log2_partial_x(self._data, out))
    def log10(self) -> Value:        return slabs.unary(LOG10,       self, out := forward.log10(self._data), rules.log10_partial_x(self._data, out))
    def sin(self) -> Value:          return slabs.unary(SIN,         self, out := forward.sin(self._data), rules.sin_partial_x(self._data, out))
    def cos(self) -> Value:          return slabs.unary(COS,         self, out := forward.cos(self._data), rules.cos_partial_x(self._data, out))
    def tan(self) -> Value:          return slabs.unary(TAN,         self, out := forward.tan(self._data), rules.tan_partial_x(self._data, out))
    def sinc(self) -> Value:         return slabs.unary(SINC,        self, out := forward.sinc(self._data), rules.sinc_partial_x(self._data, out))
    def asin(self) -> Value:         return slabs.unary(ASIN,        self, out := forward.asin(self._data), rules.asin_partial_x(self._data, out))
    def acos(self) -> Value:         return slabs.unary(ACOS,        self, out := forward.acos(self._data), rules.acos_partial_x(self._data, out))
    def atan(self) -> Value:         return slabs.unary(ATAN,        self, out := forward.atan(self._data), rules.atan_partial_x(self._data, out))
    def sinh(self) -> Value:         return slabs.unary(SINH,        self, out := forward.sinh(self._data), rules.sinh_partial_x(self._data, out))
    def cosh(self) -> Value:         return slabs.unary(COSH,        self, out := forward.cosh(self._data), rules.cosh_partial_x(self._data, out))
    def tanh(self) -> Value:         return slabs.unary(TANH,        self, out := forward.tanh(self._data), rules.tanh_partial_x(self._data, out))
    def asinh(self) -> Value:        return slabs.unary(ASINH,       self, out := forward.asinh(self._data), rules.asinh_partial_x(self._data, out))
    def acosh(self) -> Value:        return slabs.unary(ACOSH,       self, out := forward.acosh(self._data), rules.acosh_partial_x(self._data, out))
    def atanh(self) -> Value:        return slabs.unary(ATANH,       self, out := forward.atanh(self._data), rules.atanh_partial_x(self._data, out))
    def erf(self) -> Value:          return slabs.unary(ERF,         self, out := forward.erf(self._data), rules.erf_partial_x(self._data, out))
    def erfc(self) -> Value:         return slabs.unary(ERFC,        self, out := forward.erfc(self._data), rules.erfc_partial_x(self._data, out))
    def gaussian(self) -> Value:     return slabs.unary(GAUSSIAN,    self, out := forward.gaussian(self._data), rules.gaussian_partial_x(self._data, out))
    def normal_pdf(self) -> Value:   return slabs.unary(NORMAL_PDF,  self, out := forward.normal_pdf(self._data), rules.normal_pdf_partial_x(self._data, out))
    def normal_cdf(self) -> Value:   return slabs.unary(NORMAL_CDF,  self, out := forward.normal_cdf(self._data), rules.normal_cdf_partial_x(self._data, out))
    def relu(self) -> Value:         return slabs.unary(RELU,        self, out := forward.relu(self._data), rules.relu_partial_x(self._data, out))
    def sigmoid(self) -> Value:      return slabs.unary(SIGMOID,     self, out := forward.sigmoid(self._data), rules.sigmoid_partial_x(self._data, out))
    def softplus(self) -> Value:     return slabs.unary(SOFTPLUS,    self, out := forward.softplus(self._data), rules.softplus_partial_x(self._data, out))
    def log_sigmoid(self) -> Value:  return slabs.unary(LOG_SIGMOID, self, out := forward.log_sigmoid(self._data), rules.log_sigmoid_partial_x(self._data, out))
    def softsign(self) -> Value:     return slabs.unary(SOFTSIGN,    self, out := forward.softsign(self._data), rules.softsign_partial_x(self._data, out))
    def silu(self) -> Value:         return slabs.unary(SILU,        self, out := forward.silu(self._data), rules.silu_partial_x(self._data, out))
    def gelu(self) -> Value:         return slabs.unary(GELU,        self, out := forward.gelu(self._data), rules.gelu_partial_x(self._data, out))
    def sign(self) -> Value:         return slabs.unary(SIGN,        self, out := forward.sign(self._data), rules.flat_partial_x(self._data, out))
    def floor(self) -> Value:        return slabs.unary(FLOOR,       self, out := forward.floor(self._data), rules.flat_partial_x(self._data, out))
    def ceil(self) -> Value:         return slabs.unary(CEIL,        self, out := forward.ceil(self._data), rules.flat_partial_x(self._data, out))
    def trunc(self) -> Value:        return slabs.unary(TRUNC,       self, out := forward.trunc(self._data), rules.flat_partial_x(self._data, out))
    def rint(self) -> Value:         return slabs.unary(RINT,        self, out := forward.rint(self._data), rules.flat_partial_x(self._data, out))

    def atan2(self, x: Any) -> Value:         return slabs.binary(ATAN2, self, v := making.operand_of(x, "atan2"), out := forward.atan2(self._data, v._data), rules.atan2_partial_y(self._data, v._data, out), rules.atan2_partial_x(self._data, v._data, out))
    def hypot(self, y: Any) -> Value:         return slabs.binary(HYPOT, self, v := making.operand_of(y, "hypot"), out := forward.hypot(self._data, v._data), rules.hypot_partial_x(self._data, v._data, out), rules.hypot_partial_y(self._data, v._data, out))
    def logaddexp(self, y: Any) -> Value:     return slabs.binary(LOGADDEXP, self, v := making.operand_of(y, "logaddexp"), out := forward.logaddexp(self._data, v._data), rules.logaddexp_partial_x(self._data, v._data, out), rules.logaddexp_partial_y(self._data, v._data, out))
    def leaky_relu(self, slope: Any = 0.01) -> Value: return slabs.binary(LEAKY_RELU, self, v := making.operand_of(slope, "leaky_relu"), out := forward.leaky_relu(self._data, v._data), rules.leaky_relu_partial_x(self._data, v._data, out), rules.leaky_relu_partial_slope(self._data, v._data, out))
    def elu(self, alpha: Any = 1.0) -> Value: return slabs.binary(ELU, self, v := making.operand_of(alpha, "elu"), out := forward.elu(self._data, v._data), rules.elu_partial_x(self._data, v._data, out), rules.elu_partial_alpha(self._data, v._data, out))

    # What derivatives are made of; not fast, and not needed by users.
    def _log_rate(self) -> Value: return slabs.unary(LOG_RATE, self, out := forward.log_rate(self._data), rules.log_rate_partial_x(self._data, out))
    def _sigmoid_rate(self) -> Value: return slabs.unary(SIGMOID_RATE, self, out := forward.sigmoid_rate(self._data), rules.sigmoid_rate_partial_x(self._data, out))
    def _one_minus_square(self) -> Value: return slabs.unary(ONE_MINUS_SQUARE, self, out := forward.one_minus_square(self._data), rules.one_minus_square_partial_x(self._data, out))
    def _share(self, y: Any) -> Value:          return making.apply(SHARE, (self, making.operand_of(y, "share")))
    def _share_rate(self, y: Any) -> Value:     return making.apply(SHARE_RATE, (self, making.operand_of(y, "share_rate")))
    def _cosine(self, y: Any) -> Value:         return making.apply(COSINE, (self, making.operand_of(y, "cosine")))
    def _bend(self, y: Any) -> Value:           return making.apply(BEND, (self, making.operand_of(y, "bend")))
    def _twist(self, y: Any) -> Value:          return making.apply(TWIST, (self, making.operand_of(y, "twist")))
    def _angle_rate(self, x: Any) -> Value:     return making.apply(ANGLE_RATE, (self, making.operand_of(x, "angle_rate")))
    def _quotient_rate(self, y: Any) -> Value:  return making.apply(QUOTIENT_RATE, (self, making.operand_of(y, "quotient_rate")))
    def _double_cosine(self, x: Any) -> Value:  return making.apply(DOUBLE_COSINE, (self, making.operand_of(x, "double_cosine")))
    def _double_sine(self, x: Any) -> Value:    return making.apply(DOUBLE_SINE, (self, making.operand_of(x, "double_sine")))
    def _power_rate(self, y: Any) -> Value:     return making.apply(POWER_RATE, (self, making.operand_of(y, "power_rate")))
    def _power_bend(self, y: Any) -> Value:     return making.apply(POWER_BEND, (self, making.operand_of(y, "power_bend")))
    def _power_mixed(self, y: Any) -> Value:    return making.apply(POWER_MIXED, (self, making.operand_of(y, "power_mixed")))
    def _power_log(self, y: Any) -> Value:      return making.apply(POWER_LOG, (self, making.operand_of(y, "power_log")))
    def _exp_times(self, factor: Any) -> Value: return making.apply(EXP_TIMES, (self, making.operand_of(factor, "exp_times")))
    def _sigmoid_rate_times(self, factor: Any) -> Value: return making.apply(SIGMOID_RATE_TIMES, (self, making.operand_of(factor, "sigmoid_rate_times")))
    def _gaussian_times(self, factor: Any) -> Value: return making.apply(GAUSSIAN_TIMES, (self, making.operand_of(factor, "gaussian_times")))
    def _normal_pdf_times(self, factor: Any) -> Value: return making.apply(NORMAL_PDF_TIMES, (self, making.operand_of(factor, "normal_pdf_times")))
    def _strong_product(self, y: Any) -> Value: return making.apply(STRONG_PRODUCT, (self, making.operand_of(y, "strong_product")))
    def _above(self, y: Any) -> Value:          return making.apply(ABOVE, (self, making.operand_of(y, "above")))
    def _exceeds(self, y: Any) -> Value:        return making.apply(EXCEEDS, (self, making.operand_of(y, "exceeds")))
    def _at_least(self, bound: Any) -> Value:   return making.apply(AT_LEAST, (self, making.operand_of(bound, "at_least")))
    def _at_most(self, bound: Any) -> Value:    return making.apply(AT_MOST, (self, making.operand_of(bound, "at_most")))
    def _less(self, y: Any) -> Value:           return making.compared_node(LESS, self, making.operand_of(y, "less"))
    def _less_equal(self, y: Any) -> Value:     return making.compared_node(LESS_EQUAL, self, making.operand_of(y, "less_equal"))
    def _held(self) -> Value:                   return making.holding(self)

    # NumPy's ufuncs look for their own names on the elements of an object array.
    def arcsin(self) -> Value:  return self.asin()
    def arccos(self) -> Value:  return self.acos()
    def arctan(self) -> Value:  return self.atan()
    def arcsinh(self) -> Value: return self.asinh()
    def arccosh(self) -> Value: return self.acosh()
    def arctanh(self) -> Value: return self.atanh()
    def fabs(self) -> Value:    return abs(self)
    def arctan2(self, x: Any) -> Value: return self.atan2(x)
    def conjugate(self) -> Self: return self
    def deg2rad(self) -> Value: return self * DEGREE
    def rad2deg(self) -> Value: return self * RADIAN
    def radians(self) -> Value: return self * DEGREE
    def degrees(self) -> Value: return self * RADIAN
    def logaddexp2(self, y: Any) -> Value: return (self * LN2).logaddexp(making.operand_of(y, "logaddexp2") * LN2) / LN2
    # fmt: on

    def maximum(self, other: Any) -> Value:
        """The larger of the two. At a tie two Values share the gradient; a constant leaves none."""
        y = making.operand_of(other, "maximum")
        bounded = (self._flags | y._flags) & CONSTANT
        return making.apply(
            AT_LEAST if bounded else MAXIMUM, (y, self) if self.constant else (self, y)
        )

    def minimum(self, other: Any) -> Value:
        """The smaller of the two. At a tie two Values share the gradient; a constant leaves none."""
        y = making.operand_of(other, "minimum")
        bounded = (self._flags | y._flags) & CONSTANT
        return making.apply(
            AT_MOST if bounded else MINIMUM, (y, self) if self.constant else (self, y)
        )

    def clamp(self, low: Any, high: Any) -> Value:
        """min(max(self, low), high), so `high` if low > high; no gradient flows at the bounds."""
        return making.apply(
            CLAMP, (self, making.operand_of(low, "clamp"), making.operand_of(high, "clamp"))
        )

    def where(self, x: Any, y: Any) -> Value:
        """x if this is not 0, else y: how a recorded comparison chooses."""
        return making.apply(
            WHERE, (self, making.operand_of(x, "where"), making.operand_of(y, "where"))
        )

    def clip(self, min: Any = None, max: Any = None, out: Any = None) -> Any:
        """`clamp` by the name and with the arguments of NumPy's."""
        if out is not None:
            out[...] = self.clip(min, max)
            return out
        if min is None:
            return self if max is None else self.minimum(max)
        return self.maximum(min) if max is None else self.clamp(min, max)

    def fmod(self, y: Any) -> Value:
        """The remainder with the sign of this, as C and NumPy have it; `%` has the sign of y."""
        size = abs(making.operand_of(y, "fmod"))
        negative = making.operand_of(making.compared(LESS, self, making.constant_of(0.0)), "fmod")
        return making.apply(WHERE, (negative, -(-self % size), self % size))


def adopt(kind: type) -> None:
    """Have the nodes be of this type, a subclass of the above."""
    slabs.adopt(
        kind,
        numbers.foreign,
        making.finished,
        slabs.address_of(switches.modes_on),
        plus,
        minus,
        times,
        over,
    )
