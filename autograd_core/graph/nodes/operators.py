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
    POWER_BEND, POWER_MIXED, POWER_THIRD, POWER_TWICE, POWER_LOG_SQUARE,
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
    "power_mixed", "power_third", "power_twice", "power_log_square",
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

# The larger or the smaller of a node and a bound, through which nothing flows at a tie.
def at_least(x: Arithmetic, bound: Any, function: str) -> Value: return slabs.binary(AT_LEAST, x, bound, out := forward.at_least(a := slabs.data_of(x), b := making.number_of(bound, function)), rules.at_least_partial_x(a, b, out), rules.at_least_partial_bound(a, b, out))
def at_most(x: Arithmetic, bound: Any, function: str) -> Value: return slabs.binary(AT_MOST, x, bound, out := forward.at_most(a := slabs.data_of(x), b := making.number_of(bound, function)), rules.at_most_partial_x(a, b, out), rules.at_most_partial_bound(a, b, out))
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

    def atan2(self, x: Any) -> Value:         return slabs.binary(ATAN2, self, x, out := forward.atan2(self._data, b := making.number_of(x, "atan2")), rules.atan2_partial_y(self._data, b, out), rules.atan2_partial_x(self._data, b, out))
    def hypot(self, y: Any) -> Value:         return slabs.binary(HYPOT, self, y, out := forward.hypot(self._data, b := making.number_of(y, "hypot")), rules.hypot_partial_x(self._data, b, out), rules.hypot_partial_y(self._data, b, out))
    def logaddexp(self, y: Any) -> Value:     return slabs.binary(LOGADDEXP, self, y, out := forward.logaddexp(self._data, b := making.number_of(y, "logaddexp")), rules.logaddexp_partial_x(self._data, b, out), rules.logaddexp_partial_y(self._data, b, out))
    def leaky_relu(self, slope: Any = 0.01) -> Value: return slabs.binary(LEAKY_RELU, self, slope, out := forward.leaky_relu(self._data, b := making.number_of(slope, "leaky_relu")), rules.leaky_relu_partial_x(self._data, b, out), rules.leaky_relu_partial_slope(self._data, b, out))
    def elu(self, alpha: Any = 1.0) -> Value: return slabs.binary(ELU, self, alpha, out := forward.elu(self._data, b := making.number_of(alpha, "elu")), rules.elu_partial_x(self._data, b, out), rules.elu_partial_alpha(self._data, b, out))

    # What derivatives are made of; not fast, and not needed by users.
    def _log_rate(self) -> Value: return slabs.unary(LOG_RATE, self, out := forward.log_rate(self._data), rules.log_rate_partial_x(self._data, out))
    def _sigmoid_rate(self) -> Value: return slabs.unary(SIGMOID_RATE, self, out := forward.sigmoid_rate(self._data), rules.sigmoid_rate_partial_x(self._data, out))
    def _one_minus_square(self) -> Value: return slabs.unary(ONE_MINUS_SQUARE, self, out := forward.one_minus_square(self._data), rules.one_minus_square_partial_x(self._data, out))
    def _share(self, y: Any) -> Value:          return slabs.binary(SHARE, self, y, out := forward.share(self._data, b := making.number_of(y, "share")), rules.share_partial_x(self._data, b, out), rules.share_partial_y(self._data, b, out))
    def _share_rate(self, y: Any) -> Value:     return slabs.binary(SHARE_RATE, self, y, out := forward.share_rate(self._data, b := making.number_of(y, "share_rate")), rules.share_rate_partial_x(self._data, b, out), rules.share_rate_partial_y(self._data, b, out))
    def _cosine(self, y: Any) -> Value:         return slabs.binary(COSINE, self, y, out := forward.cosine(self._data, b := making.number_of(y, "cosine")), rules.cosine_partial_x(self._data, b, out), rules.cosine_partial_y(self._data, b, out))
    def _bend(self, y: Any) -> Value:           return slabs.binary(BEND, self, y, out := forward.bend(self._data, b := making.number_of(y, "bend")), rules.bend_partial_x(self._data, b, out), rules.bend_partial_y(self._data, b, out))
    def _twist(self, y: Any) -> Value:          return slabs.binary(TWIST, self, y, out := forward.twist(self._data, b := making.number_of(y, "twist")), rules.twist_partial_x(self._data, b, out), rules.twist_partial_y(self._data, b, out))
    def _angle_rate(self, x: Any) -> Value:     return slabs.binary(ANGLE_RATE, self, x, out := forward.angle_rate(self._data, b := making.number_of(x, "angle_rate")), rules.angle_rate_partial_y(self._data, b, out), rules.angle_rate_partial_x(self._data, b, out))
    def _quotient_rate(self, y: Any) -> Value:  return slabs.binary(QUOTIENT_RATE, self, y, out := forward.quotient_rate(self._data, b := making.number_of(y, "quotient_rate")), rules.quotient_rate_partial_x(self._data, b, out), rules.quotient_rate_partial_y(self._data, b, out))
    def _double_cosine(self, x: Any) -> Value:  return slabs.binary(DOUBLE_COSINE, self, x, out := forward.double_cosine(self._data, b := making.number_of(x, "double_cosine")), rules.double_cosine_partial_y(self._data, b, out), rules.double_cosine_partial_x(self._data, b, out))
    def _double_sine(self, x: Any) -> Value:    return slabs.binary(DOUBLE_SINE, self, x, out := forward.double_sine(self._data, b := making.number_of(x, "double_sine")), rules.double_sine_partial_y(self._data, b, out), rules.double_sine_partial_x(self._data, b, out))
    def _power_rate(self, y: Any) -> Value:     return slabs.binary(POWER_RATE, self, y, out := forward.power_rate(self._data, b := making.number_of(y, "power_rate")), rules.power_rate_partial_x(self._data, b, out), rules.power_rate_partial_y(self._data, b, out))
    def _power_bend(self, y: Any) -> Value:     return slabs.binary(POWER_BEND, self, y, out := forward.power_bend(self._data, b := making.number_of(y, "power_bend")), rules.power_bend_partial_x(self._data, b, out), rules.power_bend_partial_y(self._data, b, out))
    def _power_third(self, y: Any) -> Value:    return slabs.binary(POWER_THIRD, self, y, out := forward.power_third(self._data, b := making.number_of(y, "power_third")), rules.power_third_partial_x(self._data, b, out), rules.power_third_partial_y(self._data, b, out))
    def _power_mixed(self, y: Any) -> Value:    return slabs.binary(POWER_MIXED, self, y, out := forward.power_mixed(self._data, b := making.number_of(y, "power_mixed")), rules.power_mixed_partial_x(self._data, b, out), rules.power_mixed_partial_y(self._data, b, out))
    def _power_twice(self, y: Any) -> Value:    return slabs.binary(POWER_TWICE, self, y, out := forward.power_twice(self._data, b := making.number_of(y, "power_twice")), rules.power_twice_partial_x(self._data, b, out), rules.power_twice_partial_y(self._data, b, out))
    def _power_log(self, y: Any) -> Value:      return slabs.binary(POWER_LOG, self, y, out := forward.power_log(self._data, b := making.number_of(y, "power_log")), rules.power_log_partial_x(self._data, b, out), rules.power_log_partial_y(self._data, b, out))
    def _power_log_square(self, y: Any) -> Value: return slabs.binary(POWER_LOG_SQUARE, self, y, out := forward.power_log_square(self._data, b := making.number_of(y, "power_log_square")), rules.power_log_square_partial_x(self._data, b, out), rules.power_log_square_partial_y(self._data, b, out))
    def _exp_times(self, factor: Any) -> Value: return slabs.binary(EXP_TIMES, self, factor, out := forward.exp_times(self._data, b := making.number_of(factor, "exp_times")), rules.exp_times_partial_x(self._data, b, out), rules.exp_times_partial_factor(self._data, b, out))
    def _sigmoid_rate_times(self, factor: Any) -> Value: return slabs.binary(SIGMOID_RATE_TIMES, self, factor, out := forward.sigmoid_rate_times(self._data, b := making.number_of(factor, "sigmoid_rate_times")), rules.sigmoid_rate_times_partial_x(self._data, b, out), rules.sigmoid_rate_times_partial_factor(self._data, b, out))
    def _gaussian_times(self, factor: Any) -> Value: return slabs.binary(GAUSSIAN_TIMES, self, factor, out := forward.gaussian_times(self._data, b := making.number_of(factor, "gaussian_times")), rules.gaussian_times_partial_x(self._data, b, out), rules.gaussian_times_partial_factor(self._data, b, out))
    def _normal_pdf_times(self, factor: Any) -> Value: return slabs.binary(NORMAL_PDF_TIMES, self, factor, out := forward.normal_pdf_times(self._data, b := making.number_of(factor, "normal_pdf_times")), rules.normal_pdf_times_partial_x(self._data, b, out), rules.normal_pdf_times_partial_factor(self._data, b, out))
    def _strong_product(self, y: Any) -> Value: return slabs.binary(STRONG_PRODUCT, self, y, out := forward.strong_product(self._data, b := making.number_of(y, "strong_product")), rules.strong_product_partial_x(self._data, b, out), rules.strong_product_partial_y(self._data, b, out))
    def _above(self, y: Any) -> Value:          return slabs.binary(ABOVE, self, y, forward.above(self._data, making.number_of(y, "above")), 0.0, 0.0)
    def _exceeds(self, y: Any) -> Value:        return slabs.binary(EXCEEDS, self, y, forward.exceeds(self._data, making.number_of(y, "exceeds")), 0.0, 0.0)
    def _at_least(self, bound: Any) -> Value:   return at_least(self, bound, "at_least")
    def _at_most(self, bound: Any) -> Value:   return at_most(self, bound, "at_most")
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
        if self._flags & CONSTANT:
            return at_least(making.operand_of(other, "maximum"), self, "maximum")
        if slabs.flags_of(other) & CONSTANT:
            return at_least(self, other, "maximum")
        return slabs.binary(
            MAXIMUM,
            self,
            other,
            out := forward.maximum(a := self._data, b := slabs.number(other)),
            rules.maximum_partial_x(a, b, out),
            rules.maximum_partial_y(a, b, out),
        )

    def minimum(self, other: Any) -> Value:
        """The smaller of the two. At a tie two Values share the gradient; a constant leaves none."""
        if self._flags & CONSTANT:
            return at_most(making.operand_of(other, "minimum"), self, "minimum")
        if slabs.flags_of(other) & CONSTANT:
            return at_most(self, other, "minimum")
        return slabs.binary(
            MINIMUM,
            self,
            other,
            out := forward.minimum(a := self._data, b := slabs.number(other)),
            rules.minimum_partial_x(a, b, out),
            rules.minimum_partial_y(a, b, out),
        )

    def clamp(self, low: Any, high: Any) -> Value:
        """min(max(self, low), high), so `high` if low > high; no gradient flows at the bounds."""
        y, z = making.operand_of(low, "clamp"), making.operand_of(high, "clamp")
        a, b, c = self._data, y._data, z._data
        out = forward.clamp(a, b, c)
        return making.of_three(
            CLAMP,
            self,
            y,
            z,
            out,
            rules.clamp_partial_x(a, b, c, out),
            rules.clamp_partial_low(a, b, c, out),
            rules.clamp_partial_high(a, b, c, out),
        )

    def where(self, x: Any, y: Any) -> Value:
        """x if this is not 0, else y: how a recorded comparison chooses."""
        x, y = making.operand_of(x, "where"), making.operand_of(y, "where")
        a, b, c = self._data, slabs.data_of(x), slabs.data_of(y)
        out = forward.where(a, b, c)
        return making.of_three(
            WHERE,
            self,
            x,
            y,
            out,
            0.0,
            rules.where_partial_x(a, b, c, out),
            rules.where_partial_y(a, b, c, out),
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
        return negative.where(-(-self % size), self % size)


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
