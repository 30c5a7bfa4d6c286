"""Every primitive's value and partials at 60 digits, by name: what the tests trust."""

from __future__ import annotations

import math

from tests.primitives.high_precision import (
    FLAT,
    FLAT2,
    INF,
    LN2,
    LN10,
    SLOPE_OF_ERF,
    Reference,
    above,
    at_unit,
    at_zero,
    div,
    dot,
    dot_partials,
    dot_terms,
    erfc,
    floor_quotient,
    gaussian,
    gelu_slope,
    gelu_slope_terms,
    half_step,
    logaddexp,
    logaddexp_terms,
    minus_one,
    mod,
    mp,
    normal_cdf,
    normal_pdf,
    one,
    over,
    power,
    power_bend,
    power_curvature,
    power_curvature_terms,
    power_fourth,
    power_fourth_terms,
    power_log,
    power_log_square,
    power_log_twice,
    power_log_twice_terms,
    power_mixed,
    power_mixed_terms,
    power_mixed_value,
    power_rate,
    power_third,
    power_third_terms,
    power_third_value,
    power_thrice,
    power_thrice_terms,
    power_twice,
    power_twice_each,
    power_twice_each_terms,
    power_twice_terms,
    power_twice_value,
    radius,
    rational,
    reciprocal_slope,
    share_slope,
    sigmoid,
    sign,
    silu_slope,
    silu_slope_terms,
    sinc_slope,
    sinc_slope_terms,
    softplus,
    sum_terms,
    zero,
)

R = Reference
REFERENCES: dict[str, Reference] = {
    "add": R(lambda x, y: x + y, (one, one)),
    "sub": R(lambda x, y: x - y, (one, minus_one)),
    "mul": R(lambda x, y: x * y, (lambda x, y: y, lambda x, y: x)),
    "div": R(div, (lambda x, y: div(mp.one, y), lambda x, y: -div(x, y * y))),
    "mod": R(mod, (one, lambda x, y: -floor_quotient(x, y))),
    "floordiv": R(floor_quotient, FLAT2),
    "pow": R(power, (power_rate, power_log)),
    "neg": R(lambda x: -x, (minus_one,)),
    "abs": R(abs, (sign,)),
    "square": R(lambda x: x * x, (lambda x: 2 * x,)),
    "reciprocal": R(at_zero(INF, lambda x: 1 / x), (reciprocal_slope,)),
    "sqrt": R(mp.sqrt, (at_zero(INF, lambda x: 1 / (2 * mp.sqrt(x))),)),
    "cbrt": R(
        lambda x: mp.sign(x) * mp.cbrt(abs(x)),
        (at_zero(INF, lambda x: 1 / (3 * mp.cbrt(abs(x)) ** 2)),),
    ),
    "hypot": R(radius, (lambda x, y: over(x, x, y, 1), lambda x, y: over(y, x, y, 1))),
    "exp": R(mp.exp, (mp.exp,)),
    # Where the value is infinite, the slope is too, by convention: it may be finite up to 1024.53.
    "exp2": R(lambda x: mp.power(2, x), (lambda x: mp.power(2, x) * LN2 if x < 1024 else None,)),
    "expm1": R(mp.expm1, (mp.exp,)),
    "log": R(at_zero(-INF, mp.log), (at_zero(INF, lambda x: 1 / x),)),
    "log1p": R(
        lambda x: -INF if x == -1 else mp.log1p(x), (lambda x: INF if x == -1 else 1 / (1 + x),)
    ),
    "log2": R(at_zero(-INF, lambda x: mp.log(x) / LN2), (at_zero(INF, lambda x: 1 / (x * LN2)),)),
    "log10": R(
        at_zero(-INF, lambda x: mp.log(x) / LN10), (at_zero(INF, lambda x: 1 / (x * LN10)),)
    ),
    "logaddexp": R(
        logaddexp, (lambda x, y: sigmoid(x - y), lambda x, y: sigmoid(y - x)), logaddexp_terms
    ),
    "sin": R(mp.sin, (mp.cos,)),
    "cos": R(mp.cos, (lambda x: -mp.sin(x),)),
    "tan": R(mp.tan, (lambda x: mp.sec(x) ** 2,)),
    "sinc": R(mp.sinc, (sinc_slope,), None, {0: sinc_slope_terms}),
    "asin": R(mp.asin, (at_unit(INF, lambda x: 1 / mp.sqrt(1 - x * x)),)),
    "acos": R(mp.acos, (at_unit(-INF, lambda x: -1 / mp.sqrt(1 - x * x)),)),
    "atan": R(mp.atan, (lambda x: 1 / (1 + x * x),)),
    "atan2": R(
        lambda y, x: mp.zero if x == 0 and y == 0 else mp.atan2(y, x),
        (lambda y, x: over(x, x, y, 2), lambda y, x: over(-y, x, y, 2)),
    ),
    "sinh": R(mp.sinh, (mp.cosh,)),
    "cosh": R(mp.cosh, (mp.sinh,)),
    "tanh": R(mp.tanh, (lambda x: mp.sech(x) ** 2,)),
    "asinh": R(mp.asinh, (lambda x: 1 / mp.sqrt(1 + x * x),)),
    "acosh": R(mp.acosh, (at_unit(INF, lambda x: 1 / mp.sqrt(x * x - 1)),)),
    "atanh": R(
        lambda x: x * INF if abs(x) == 1 else mp.atanh(x),
        (at_unit(INF, lambda x: 1 / (1 - x * x)),),
    ),
    "erf": R(
        lambda x: sign(x) if abs(x) > 1000 else mp.erf(x), (lambda x: SLOPE_OF_ERF * gaussian(x),)
    ),
    "erfc": R(erfc, (lambda x: -SLOPE_OF_ERF * gaussian(x),)),
    "gaussian": R(gaussian, (lambda x: -2 * x * gaussian(x),)),
    "normal_pdf": R(normal_pdf, (lambda x: -x * normal_pdf(x),)),
    "normal_cdf": R(normal_cdf, (normal_pdf,)),
    "relu": R(lambda x: max(x, mp.zero), (lambda x: above(x, 0),)),
    "leaky_relu": R(
        lambda x, slope: x if x > 0 else slope * x,
        (lambda x, slope: mp.one if x > 0 else slope, lambda x, slope: min(x, mp.zero)),
    ),
    "elu": R(
        lambda x, alpha: x if x > 0 else alpha * mp.expm1(x),
        (
            lambda x, alpha: mp.one if x > 0 else alpha * mp.exp(x),
            lambda x, alpha: mp.expm1(min(x, mp.zero)),
        ),
    ),
    "sigmoid": R(sigmoid, (lambda x: mp.sech(x / 2) ** 2 / 4,)),
    "softplus": R(softplus, (sigmoid,)),
    "log_sigmoid": R(lambda x: -softplus(-x), (lambda x: sigmoid(-x),)),
    "softsign": R(lambda x: x / (1 + abs(x)), (lambda x: 1 / (1 + abs(x)) ** 2,)),
    "silu": R(lambda x: x * sigmoid(x), (silu_slope,), None, {0: silu_slope_terms}),
    "gelu": R(lambda x: x * normal_cdf(x), (gelu_slope,), None, {0: gelu_slope_terms}),
    "sign": R(sign, FLAT),
    "floor": R(mp.floor, FLAT),
    "ceil": R(mp.ceil, FLAT),
    "trunc": R(lambda x: mp.sign(x) * mp.floor(abs(x)), FLAT),
    "rint": R(lambda x: mp.mpf(round(rational(x))), FLAT),
    "maximum": R(max, (half_step, lambda x, y: half_step(y, x))),
    "minimum": R(min, (lambda x, y: half_step(y, x), half_step)),
    "clamp": R(
        lambda x, low, high: min(max(x, low), high),
        (
            lambda x, low, high: mp.mpf(low < x < high),
            lambda x, low, high: above(low, x) if low <= high else mp.zero,
            lambda x, low, high: above(max(x, low), high),
        ),
    ),
    "where": R(
        lambda condition, x, y: x if condition else y,
        (
            zero,
            lambda condition, x, y: mp.mpf(bool(condition)),
            lambda condition, x, y: mp.mpf(not condition),
        ),
    ),
    "sum": R(
        lambda *operands: sum(operands, mp.zero),
        (lambda *operands: [mp.one] * len(operands),),
        sum_terms,
        variadic=True,
    ),
    "dot": R(dot, (dot_partials,), dot_terms, variadic=True),
    "at_least": R(max, (above, lambda x, y: above(y, x))),
    "at_most": R(min, (lambda x, y: above(y, x), above)),
    "above": R(above, FLAT2),
    "less": R(lambda x, y: mp.mpf(x < y), FLAT2),
    "less_equal": R(lambda x, y: mp.mpf(x <= y), FLAT2),
    "held": R(lambda x: x, FLAT),
    "exceeds": R(half_step, FLAT2),
    "strong_product": R(lambda x, y: x * y, (lambda x, y: y, lambda x, y: x)),
    "strong_dot": R(
        lambda *pairs: dot(mp.zero, *pairs),
        (lambda *pairs: dot_partials(mp.zero, *pairs)[1:],),
        lambda *pairs: dot_terms(mp.zero, *pairs),
        variadic=True,
    ),
    "sigmoid_rate": R(
        lambda x: mp.sech(x / 2) ** 2 / 4, (lambda x: -(mp.sech(x / 2) ** 2) * mp.tanh(x / 2) / 4,)
    ),
    "exp_times": R(
        lambda x, factor: factor * mp.exp(x),
        (lambda x, factor: factor * mp.exp(x), lambda x, factor: mp.exp(x)),
    ),
    "sigmoid_rate_times": R(
        lambda x, factor: factor * mp.sech(x / 2) ** 2 / 4,
        (
            lambda x, factor: -factor * (mp.sech(x / 2) ** 2) * mp.tanh(x / 2) / 4,
            lambda x, factor: mp.sech(x / 2) ** 2 / 4,
        ),
    ),
    "gaussian_times": R(
        lambda x, factor: factor * gaussian(x),
        (lambda x, factor: -2 * factor * x * gaussian(x), lambda x, factor: gaussian(x)),
    ),
    "normal_pdf_times": R(
        lambda x, factor: factor * normal_pdf(x),
        (lambda x, factor: -factor * x * normal_pdf(x), lambda x, factor: normal_pdf(x)),
    ),
    "one_minus_square": R(lambda x: (1 - x) * (1 + x), (lambda x: -2 * x,)),
    "log_rate": R(at_zero(INF, lambda x: 1 / x), (reciprocal_slope,)),
    "share": R(lambda x, y: sigmoid(x - y), (share_slope, lambda x, y: -share_slope(x, y))),
    "share_rate": R(
        share_slope,
        (
            lambda x, y: -share_slope(x, y) * mp.tanh((x - y) / 2),
            lambda x, y: share_slope(x, y) * mp.tanh((x - y) / 2),
        ),
    ),
    "cosine": R(
        lambda x, y: over(x, x, y, 1),
        (lambda x, y: over(y * y, x, y, 3), lambda x, y: over(-x * y, x, y, 3)),
    ),
    "bend": R(
        lambda x, y: over(y * y, x, y, 3),
        (
            lambda x, y: over(-3 * x * y * y, x, y, 5),
            lambda x, y: over(y * (2 * x * x - y * y), x, y, 5),
        ),
        None,
        {1: lambda x, y: over(abs(y) * (2 * x * x + y * y), x, y, 5)},
    ),
    "twist": R(
        lambda x, y: over(x * y, x, y, 3),
        (
            lambda x, y: over(y * (y * y - 2 * x * x), x, y, 5),
            lambda x, y: over(x * (x * x - 2 * y * y), x, y, 5),
        ),
        None,
        {
            0: lambda x, y: over(abs(y) * (2 * x * x + y * y), x, y, 5),
            1: lambda x, y: over(abs(x) * (x * x + 2 * y * y), x, y, 5),
        },
    ),
    "angle_rate": R(
        lambda y, x: over(x, x, y, 2),
        (lambda y, x: over(-2 * x * y, x, y, 4), lambda y, x: over((y - x) * (y + x), x, y, 4)),
    ),
    "quotient_rate": R(
        lambda x, y: -div(x, y * y),
        (lambda x, y: -div(mp.one, y * y), lambda x, y: div(2 * x, y**3)),
    ),
    "double_cosine": R(
        lambda y, x: over((x - y) * (x + y), x, y, 4),
        (
            lambda y, x: over(2 * y * (y * y - 3 * x * x), x, y, 6),
            lambda y, x: over(2 * x * (3 * y * y - x * x), x, y, 6),
        ),
        None,
        {
            0: lambda y, x: over(2 * abs(y) * (y * y + 3 * x * x), x, y, 6),
            1: lambda y, x: over(2 * abs(x) * (3 * y * y + x * x), x, y, 6),
        },
    ),
    "double_sine": R(
        lambda y, x: over(2 * x * y, x, y, 4),
        (
            lambda y, x: over(2 * x * (x * x - 3 * y * y), x, y, 6),
            lambda y, x: over(2 * y * (y * y - 3 * x * x), x, y, 6),
        ),
        None,
        {
            0: lambda y, x: over(2 * abs(x) * (x * x + 3 * y * y), x, y, 6),
            1: lambda y, x: over(2 * abs(y) * (y * y + 3 * x * x), x, y, 6),
        },
    ),
    "power_rate": R(
        power_rate,
        (power_curvature, power_mixed),
        None,
        {0: power_curvature_terms, 1: power_mixed_terms},
    ),
    "power_bend": R(
        power_bend,
        (power_third, power_twice),
        None,
        {0: power_third_terms, 1: power_twice_terms},
    ),
    "power_third": R(
        power_third_value,
        (power_fourth, power_thrice),
        None,
        {0: power_fourth_terms, 1: power_thrice_terms},
    ),
    "power_twice": R(
        power_twice_value,
        (power_thrice, power_twice_each),
        power_twice_terms,
        {0: power_thrice_terms, 1: power_twice_each_terms},
    ),
    "power_mixed": R(
        power_mixed_value,
        (power_twice, power_log_twice),
        power_mixed_terms,
        {0: power_twice_terms, 1: power_log_twice_terms},
    ),
    "power_log": R(
        power_log,
        (power_mixed, lambda x, y: None if x == 0 else power_log_square(x, y)),
        None,
        {0: power_mixed_terms},
    ),
    "power_log_square": R(
        power_log_square,
        (power_log_twice, lambda x, y: None if x == 0 else power(x, y) * mp.log(x) ** 3),
        None,
        {0: power_log_twice_terms},
    ),
}

AT_ZERO: dict[str, tuple[float, ...]] = {
    # Kinks and steps: the convention, and nothing of higher order.
    **dict.fromkeys(("relu", "abs", "sign", "floor", "ceil", "trunc", "rint"), (0, 0, 0)),
    "softsign": (1, 0, 0),  # as abs bends at 0
    # Ends of a domain: the limit from inside.
    **dict.fromkeys(("sqrt", "log", "log2", "log10"), (math.inf, -math.inf, math.inf)),
    **dict.fromkeys(("log_rate", "reciprocal"), (-math.inf, math.inf, -math.inf)),
}
"""The first derivatives at 0 of rows of one operand that have no Taylor series there."""
