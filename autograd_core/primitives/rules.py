"""The derivatives: every partial of every primitive, written once, as a formula.

`<primitive>_partial_<operand>` takes the operands and `out`, the primitive's value, and returns the
derivative of `out` with respect to that operand. The formulas hold for floats, for `Value`s (which
makes derivatives of derivatives) and for recorded symbols; so they use arithmetic and `scalar`
only, and know no graph. Where the package is compiled, a build writes them on doubles too, for the
nodes' local gradients (`building.declarations`).

No formula branches with `if`, which a symbol cannot answer: `where` chooses, and a guard keeps the
derivatives of the branch it guards. Smooth identities are preferred to cancelling ones, so that
every digit holds: tanh' = 4 σ(2x) σ(-2x), not 1 - tanh². For the same reason what is even in a
slope is a primitive of its own (`sigmoid_rate`, `one_minus_square`): what is 0 by symmetry in the
next slope is then a factor of 0 and not a difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from autograd_core.primitives import ieee, scalar

Scalar: TypeAlias = Any
"""A float, a `Value` or a recorded symbol."""

LN2 = 0.6931471805599453
LOG2_E = 1.4426950408889634
LOG10_E = 0.4342944819032518
TWO_OVER_SQRT_PI = 1.1283791670955126
LEAST_NORMAL = 2.2250738585072014e-308
FAR = 18446744073709551616.0  # 2**64
NEAR = 4.909093465297727e-91  # 2**-300
LIFT = 4.149515568880993e180  # 2**600


# Arithmetic.
def add_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return 1.0


def add_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return 1.0


def sub_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return 1.0


def sub_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return -1.0


def mul_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return y


def mul_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return x


def div_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return 1.0 / y


def div_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.quotient_rate(x, y)


def quotient_rate_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    rate = 1.0 / y
    return -(rate * rate)


def quotient_rate_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    # 2 x / y³, of x itself where a subnormal `out` would be divided by less than 1.
    square = y * y
    small = scalar.less(scalar.abs(x), LEAST_NORMAL * square * scalar.less(square, 1.0))
    return -2.0 * (scalar.where(small, -x, out) / scalar.where(small, square * y, y))


def mod_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return 1.0


def mod_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return -scalar.floordiv(x, y)


def pow_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.power_rate(x, y)


def pow_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.power_log(x, y)


def power_rate_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.power_bend(x, y)


def power_rate_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.power_mixed(x, y)


def power_bend_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.power_third(x, y)


def power_bend_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.power_twice(x, y)


def power_third_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    # y (y - 1) (y - 2) (y - 3) x**(y - 4), and 0 for y = 0 without losing how that changes with y.
    return scalar.strong_product(y, scalar.power_third(x, y - 1.0))


def power_third_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    less = y - 1.0
    return scalar.power_bend(x, less) + scalar.strong_product(y, scalar.power_twice(x, less))


def power_mixed_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.power_twice(x, y)


def power_twice_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return power_third_partial_y(x, y, out)


def power_twice_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    # x**(y - 2) (2 + (4 y - 2) log x + y (y - 1) log² x).
    less = y - 1.0
    rate = 2.0 + scalar.strong_product(less, scalar.log(x))
    twice = scalar.strong_product(scalar.power_log(x, less - 1.0), rate)
    return 2.0 * scalar.power_mixed(x, less) + scalar.strong_product(y, twice)


def power_mixed_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    # Not a sum of two products: either may be infinite, of either sign.
    rate = scalar.power_log(x, y - 1.0)
    return scalar.strong_product(rate, 2.0 + scalar.strong_product(y, scalar.log(x)))


def power_log_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.power_mixed(x, y)


def power_log_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.power_log_square(x, y)


def power_log_square_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return power_mixed_partial_y(x, y, out)


def power_log_square_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.strong_product(out, scalar.log(x))


def neg_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return -1.0


def abs_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return scalar.sign(x)


def square_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return 2.0 * x


def reciprocal_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return -(out * out)


def sqrt_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return 0.5 / out


def cbrt_partial_x(x: Scalar, out: Scalar) -> Scalar:
    # Not 1 / (3 out²): of out² nothing would be left at 0 to tell the sign of what comes next.
    rate = 1.0 / out
    return rate * rate / 3.0


def hypot_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.cosine(x, y)


def hypot_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.cosine(y, x)


def cosine_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.bend(x, y)


def cosine_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return -scalar.twist(x, y)


def bend_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    # Not `out` times x / r²: where y is small, `out` holds its square.
    return -3.0 * scalar.strong_product(scalar.twist(x, y), scalar.angle_rate(x, y))


def bend_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    # Those of a point as much farther off are subtracted: at a subnormal radius they are infinite.
    change = 2.0 * scalar.bend(FAR * y, FAR * x) - scalar.bend(FAR * x, FAR * y)
    return scalar.strong_product(scalar.angle_rate(x, y), FAR * change)


def twist_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    change = scalar.bend(FAR * x, FAR * y) - 2.0 * scalar.bend(FAR * y, FAR * x)
    return scalar.strong_product(scalar.angle_rate(x, y), FAR * change)


def twist_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    change = scalar.bend(FAR * y, FAR * x) - 2.0 * scalar.bend(FAR * x, FAR * y)
    return scalar.strong_product(scalar.angle_rate(y, x), FAR * change)


def strong_product_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return y


def strong_product_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return x


# Exponentials and logarithms.
def exp_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return out


def exp_times_partial_x(x: Scalar, factor: Scalar, out: Scalar) -> Scalar:
    return out


def exp_times_partial_factor(x: Scalar, factor: Scalar, out: Scalar) -> Scalar:
    return scalar.exp(x)


def expm1_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return scalar.exp(x)


def exp2_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return LN2 * out


def log_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return scalar.log_rate(x)


def log1p_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return scalar.log_rate(1.0 + x)


def log2_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return scalar.where(scalar.less(x, 0.0), scalar.log_rate(x), LOG2_E / x)


def log10_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return scalar.where(scalar.less(x, 0.0), scalar.log_rate(x), LOG10_E / x)


def log_rate_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return -(out * out)


def logaddexp_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.share(x, y)


def logaddexp_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.share(y, x)


def share_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.share_rate(x, y)


def share_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return -scalar.share_rate(x, y)


def share_rate_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return -scalar.strong_product(out, scalar.tanh(0.5 * (x - y)))


def share_rate_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.strong_product(out, scalar.tanh(0.5 * (x - y)))


# Trigonometric and hyperbolic functions.
def sin_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return scalar.cos(x)


def cos_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return -scalar.sin(x)


def tan_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return 1.0 + out * out


def sinc_partial_x(x: Scalar, out: Scalar) -> Scalar:
    # Near 0, where the difference has no digits left, its series; 14 terms serve ten orders.
    square = scalar.square(x)
    series = 1.0 - square / 868.0
    series = 1.0 - square * series / 754.0
    series = 1.0 - square * series / 648.0
    series = 1.0 - square * series / 550.0
    series = 1.0 - square * series / 460.0
    series = 1.0 - square * series / 378.0
    series = 1.0 - square * series / 304.0
    series = 1.0 - square * series / 238.0
    series = 1.0 - square * series / 180.0
    series = 1.0 - square * series / 130.0
    series = 1.0 - square * series / 88.0
    series = 1.0 - square * series / 54.0
    series = 1.0 - square * series / 28.0
    series = 1.0 - square * series / 10.0
    near = -x / 3.0 * series
    return scalar.where(scalar.less(square, 4.0), near, (scalar.cos(x) - out) / x)


def asin_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return 1.0 / scalar.sqrt(scalar.one_minus_square(x))


def acos_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return -1.0 / scalar.sqrt(scalar.one_minus_square(x))


def one_minus_square_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return -2.0 * x


def atan_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return scalar.angle_rate(x, 1.0)


def atan2_partial_y(y: Scalar, x: Scalar, out: Scalar) -> Scalar:
    return scalar.angle_rate(y, x)


def atan2_partial_x(y: Scalar, x: Scalar, out: Scalar) -> Scalar:
    return -scalar.angle_rate(x, y)


def angle_rate_partial_y(y: Scalar, x: Scalar, out: Scalar) -> Scalar:
    return -scalar.double_sine(y, x)


def angle_rate_partial_x(y: Scalar, x: Scalar, out: Scalar) -> Scalar:
    return -scalar.double_cosine(y, x)


# Cosine and sine of the triple angle over r³: cos θ (cos 2θ - 2 sin² θ), sin θ (cos 2θ + 2 cos² θ).
# What is added up would be infinite near the origin, and is that of a point farther off there.
def double_sine_partial_y(y: Scalar, x: Scalar, out: Scalar) -> Scalar:
    scale = scalar.where(scalar.less(scalar.abs(x) + scalar.abs(y), NEAR), LIFT, 1.0)
    across = scalar.angle_rate(scale * x, scale * y)
    part = scalar.double_cosine(scale * y, scale * x) - 2.0 * (across * across)
    return 2.0 * scalar.strong_product(scalar.angle_rate(y, x), scale * (scale * part))


def double_sine_partial_x(y: Scalar, x: Scalar, out: Scalar) -> Scalar:
    scale = scalar.where(scalar.less(scalar.abs(x) + scalar.abs(y), NEAR), LIFT, 1.0)
    along = scalar.angle_rate(scale * y, scale * x)
    part = scalar.double_cosine(scale * y, scale * x) + 2.0 * (along * along)
    return -2.0 * scalar.strong_product(scalar.angle_rate(x, y), scale * (scale * part))


def double_cosine_partial_y(y: Scalar, x: Scalar, out: Scalar) -> Scalar:
    return double_sine_partial_x(y, x, out)


def double_cosine_partial_x(y: Scalar, x: Scalar, out: Scalar) -> Scalar:
    return -double_sine_partial_y(y, x, out)


def sinh_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return scalar.cosh(x)


def cosh_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return scalar.sinh(x)


def tanh_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return 4.0 * scalar.sigmoid_rate(2.0 * x)


def asinh_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return 1.0 / scalar.hypot(x, 1.0)


def acosh_partial_x(x: Scalar, out: Scalar) -> Scalar:
    # Of either factor all derivatives alternate in sign, so that at 1 no infinities cancel.
    return (1.0 / scalar.sqrt(x - 1.0)) * (1.0 / scalar.sqrt(x + 1.0))


def atanh_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return scalar.log_rate(scalar.one_minus_square(x))


# The error function and the normal distribution.
def erf_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return TWO_OVER_SQRT_PI * scalar.gaussian(x)


def erfc_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return -TWO_OVER_SQRT_PI * scalar.gaussian(x)


def gaussian_partial_x(x: Scalar, out: Scalar) -> Scalar:
    # Not out times -2 x: a subnormal `out` was rounded already.
    return scalar.gaussian_times(x, -2.0 * x)


def gaussian_times_partial_x(x: Scalar, factor: Scalar, out: Scalar) -> Scalar:
    return scalar.gaussian_times(x, -2.0 * scalar.strong_product(factor, x))


def gaussian_times_partial_factor(x: Scalar, factor: Scalar, out: Scalar) -> Scalar:
    return scalar.gaussian(x)


def normal_pdf_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return scalar.normal_pdf_times(x, -x)


def normal_pdf_times_partial_x(x: Scalar, factor: Scalar, out: Scalar) -> Scalar:
    return scalar.normal_pdf_times(x, -scalar.strong_product(factor, x))


def normal_pdf_times_partial_factor(x: Scalar, factor: Scalar, out: Scalar) -> Scalar:
    return scalar.normal_pdf(x)


def normal_cdf_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return scalar.normal_pdf(x)


# Activations.
def relu_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return scalar.above(x, 0.0)


def leaky_relu_partial_x(x: Scalar, slope: Scalar, out: Scalar) -> Scalar:
    return scalar.where(scalar.less_equal(x, 0.0), slope, scalar.above(x, 0.0))


def leaky_relu_partial_slope(x: Scalar, slope: Scalar, out: Scalar) -> Scalar:
    return scalar.at_most(x, 0.0)


def elu_partial_x(x: Scalar, alpha: Scalar, out: Scalar) -> Scalar:
    return scalar.where(scalar.less_equal(x, 0.0), scalar.exp_times(x, alpha), scalar.above(x, 0.0))


def elu_partial_alpha(x: Scalar, alpha: Scalar, out: Scalar) -> Scalar:
    return scalar.expm1(scalar.at_most(x, 0.0))


def sigmoid_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return scalar.sigmoid_rate(x)


def sigmoid_rate_partial_x(x: Scalar, out: Scalar) -> Scalar:
    # Not σ(-x)² σ(x) less σ(x)² σ(-x), of which an infinite cotangent would leave no number at 0.
    return -scalar.strong_product(out, scalar.tanh(0.5 * x))


def sigmoid_rate_times_partial_x(x: Scalar, factor: Scalar, out: Scalar) -> Scalar:
    return scalar.sigmoid_rate_times(x, -scalar.strong_product(factor, scalar.tanh(0.5 * x)))


def sigmoid_rate_times_partial_factor(x: Scalar, factor: Scalar, out: Scalar) -> Scalar:
    return scalar.sigmoid_rate(x)


def softplus_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return scalar.sigmoid(x)


def log_sigmoid_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return scalar.sigmoid(-x)


def softsign_partial_x(x: Scalar, out: Scalar) -> Scalar:
    rate = 1.0 / (1.0 + scalar.abs(x))
    return rate * rate


def silu_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return scalar.sigmoid(x) + scalar.sigmoid_rate_times(x, x)


def gelu_partial_x(x: Scalar, out: Scalar) -> Scalar:
    return scalar.normal_cdf(x) + scalar.normal_pdf_times(x, x)


# Comparisons and steps.
def flat_partial_x(x: Scalar, out: Scalar) -> Scalar:
    """Of every step function: 0 where there is a derivative, by convention where there is none."""
    return 0.0


def flat_partial_xy(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    """The same, for two operands."""
    return 0.0


def maximum_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.exceeds(x, y)


def maximum_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.exceeds(y, x)


def minimum_partial_x(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.exceeds(y, x)


def minimum_partial_y(x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return scalar.exceeds(x, y)


def at_least_partial_x(x: Scalar, bound: Scalar, out: Scalar) -> Scalar:
    return scalar.above(x, bound)


def at_least_partial_bound(x: Scalar, bound: Scalar, out: Scalar) -> Scalar:
    return scalar.above(bound, x)


def at_most_partial_x(x: Scalar, bound: Scalar, out: Scalar) -> Scalar:
    return scalar.above(bound, x)


def at_most_partial_bound(x: Scalar, bound: Scalar, out: Scalar) -> Scalar:
    return scalar.above(x, bound)


def clamp_partial_x(x: Scalar, low: Scalar, high: Scalar, out: Scalar) -> Scalar:
    return scalar.above(x, low) * scalar.above(high, x)


def clamp_partial_low(x: Scalar, low: Scalar, high: Scalar, out: Scalar) -> Scalar:
    return scalar.above(low, x) * (1.0 - scalar.above(low, high))


def clamp_partial_high(x: Scalar, low: Scalar, high: Scalar, out: Scalar) -> Scalar:
    return 1.0 - (1.0 - scalar.above(x, high)) * (1.0 - scalar.above(low, high))


def where_partial_condition(condition: Scalar, x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    return 0.0


def where_partial_x(condition: Scalar, x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    # The names keep the choice symbolic: the compiler would take two literals for doubles.
    nothing, all_of_it = 0.0, 1.0
    return scalar.where(condition, all_of_it, nothing)


def where_partial_y(condition: Scalar, x: Scalar, y: Scalar, out: Scalar) -> Scalar:
    nothing, all_of_it = 0.0, 1.0
    return scalar.where(condition, nothing, all_of_it)


# Sums and dot products are chains of additions and products; their partials are those of the chain.
def sum_partials(operands: Sequence[Scalar], out: Scalar) -> list[Scalar]:
    return [add_partial_x(operand, operand, out) for operand in operands]


def dot_partials(operands: Sequence[Scalar], out: Scalar) -> list[Scalar]:
    """Of start + w₀ x₀ + w₁ x₁ + …, the operands in that order."""
    partials = [add_partial_x(operands[0], operands[0], out)]
    for weight, x in zip(operands[1::2], operands[2::2], strict=True):
        partials += [mul_partial_x(weight, x, out), mul_partial_y(weight, x, out)]
    return partials


def strong_dot_partials(operands: Sequence[Scalar], out: Scalar) -> list[Scalar]:
    """Of c₀ p₀ + c₁ p₁ + …, the operands in that order."""
    partials = []
    for cotangent, partial in zip(operands[::2], operands[1::2], strict=True):
        partials += [
            strong_product_partial_x(cotangent, partial, out),
            strong_product_partial_y(cotangent, partial, out),
        ]
    return partials


ieee.guard(globals())
