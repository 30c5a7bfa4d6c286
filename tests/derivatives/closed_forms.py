"""Second and third derivatives of every public row in closed form, in mpmath at 60 digits.

Nothing here comes from `autograd_core`. Each is a product or a sum in which nothing cancels but at
a zero of its own, so that it holds for operands of any size: those of 60 digits are too few for
differences of values there. By how often each operand is taken: `(2, 1)` is ∂³/∂x²∂y.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tests.primitives.high_precision import (
    LN2,
    LN10,
    SLOPE_OF_ERF,
    Formula,
    gaussian,
    mp,
    normal_pdf,
    over,
    power,
    zero,
)

Orders = tuple[int, ...]


def slope(x: Any) -> Any:
    """σ'(x)."""
    return mp.sech(x / 2) ** 2 / 4


def bend(x: Any) -> Any:
    """σ''(x)."""
    return -slope(x) * mp.tanh(x / 2)


def change(x: Any) -> Any:
    """σ'''(x)."""
    return slope(x) * (1 - 6 * slope(x))


def sinc(order: int) -> Formula:
    """Its Taylor series near 0; elsewhere sin x / x, term by term."""

    def derivative(x: Any) -> Any:
        if abs(x) < 0.001:
            powers = range(order + order % 2, 24, 2)
            return sum(
                (-1) ** (k // 2) * mp.ff(k, order) * x ** (k - order) / mp.factorial(k + 1)
                for k in powers
            )
        return sum(
            math.comb(order, k)
            * (mp.sin, mp.cos)[(order - k) % 2](x)
            * (-1) ** (k + (order - k) // 2)
            * mp.factorial(k)
            / x ** (k + 1)
            for k in range(order + 1)
        )

    return derivative


def angle(y_times: int, x_times: int) -> Formula:
    """Of atan2: the imaginary part of a derivative of log(x + iy)."""
    order = y_times + x_times

    def derivative(y: Any, x: Any) -> Any:
        turned = mp.mpc(0, 1) ** y_times * mp.mpc(x, -y)
        for _ in range(order - 1):
            turned *= mp.mpc(x, -y)
        sign = (-1) ** (order - 1)
        return sign * mp.factorial(order - 1) * over(turned.imag, x, y, 2 * order)

    return derivative


# (y)(y - 1)... of n factors and its derivatives.
FALLING: dict[int, list[Formula]] = {
    0: [lambda y: 1, zero, zero, zero],
    1: [lambda y: y, lambda y: 1, zero, zero],
    2: [lambda y: y * (y - 1), lambda y: 2 * y - 1, lambda y: 2, zero],
    3: [
        lambda y: y * (y - 1) * (y - 2),
        lambda y: 3 * y * y - 6 * y + 2,
        lambda y: 6 * y - 6,
        lambda y: 6,
    ],
}


def powers(x_times: int, y_times: int) -> Formula:
    def derivative(x: Any, y: Any) -> Any:
        log = mp.log(x) if y_times else mp.zero
        factor = sum(
            math.comb(y_times, k) * FALLING[x_times][k](y) * log ** (y_times - k)
            for k in range(y_times + 1)
        )
        return factor * power(x, y - x_times)

    return derivative


def cubes(one: Callable[[int], Formula]) -> dict[Orders, Formula]:
    """All derivatives by two operands, of a formula of how often each is taken."""
    orders = ((n - k, k) for n in (2, 3) for k in range(n + 1))
    return {pair: one(pair) for pair in orders}  # type: ignore[arg-type]


def given(**named: Formula) -> dict[Orders, Formula]:
    """The derivatives by two operands that are not 0 everywhere: `by12` is ∂³/∂x∂y²."""
    return cubes(lambda pair: named.get("by{}{}".format(*pair), zero))


def unary(second: Formula, third: Formula) -> dict[Orders, Formula]:
    return {(2,): second, (3,): third}


FLAT = unary(zero, zero)
CLOSED_FORMS: dict[str, dict[Orders, Formula]] = {
    **dict.fromkeys(("neg", "abs", "relu", "sign", "floor", "ceil", "trunc", "rint"), FLAT),
    **dict.fromkeys(("add", "sub", "mod", "floordiv", "maximum", "minimum"), given()),
    "mul": given(by11=lambda x, y: mp.one),
    "div": given(
        by11=lambda x, y: -1 / y**2,
        by02=lambda x, y: 2 * x / y**3,
        by12=lambda x, y: 2 / y**3,
        by03=lambda x, y: -6 * x / y**4,
    ),
    "pow": cubes(lambda pair: powers(*pair)),
    "square": unary(lambda x: mp.mpf(2), zero),
    "reciprocal": unary(lambda x: 2 / x**3, lambda x: -6 / x**4),
    "sqrt": unary(lambda x: -1 / (4 * x * mp.sqrt(x)), lambda x: 3 / (8 * x**2 * mp.sqrt(x))),
    "cbrt": unary(
        lambda x: -2 * mp.sign(x) / (9 * mp.cbrt(abs(x)) ** 5),
        lambda x: 10 / (27 * mp.cbrt(abs(x)) ** 8),
    ),
    "hypot": given(
        by20=lambda x, y: over(y * y, x, y, 3),
        by11=lambda x, y: over(-x * y, x, y, 3),
        by02=lambda x, y: over(x * x, x, y, 3),
        by30=lambda x, y: over(-3 * x * y * y, x, y, 5),
        by21=lambda x, y: over(y * (2 * x * x - y * y), x, y, 5),
        by12=lambda x, y: over(x * (2 * y * y - x * x), x, y, 5),
        by03=lambda x, y: over(-3 * x * x * y, x, y, 5),
    ),
    "exp": unary(mp.exp, mp.exp),
    "expm1": unary(mp.exp, mp.exp),
    "exp2": unary(lambda x: mp.power(2, x) * LN2**2, lambda x: mp.power(2, x) * LN2**3),
    "log": unary(lambda x: -1 / x**2, lambda x: 2 / x**3),
    "log1p": unary(lambda x: -1 / (1 + x) ** 2, lambda x: 2 / (1 + x) ** 3),
    "log2": unary(lambda x: -1 / (LN2 * x**2), lambda x: 2 / (LN2 * x**3)),
    "log10": unary(lambda x: -1 / (LN10 * x**2), lambda x: 2 / (LN10 * x**3)),
    "logaddexp": cubes(
        lambda pair: lambda x, y: (-1) ** pair[1] * (slope, bend)[sum(pair) - 2](x - y)
    ),
    "sin": unary(lambda x: -mp.sin(x), lambda x: -mp.cos(x)),
    "cos": unary(lambda x: -mp.cos(x), mp.sin),
    "tan": unary(
        lambda x: 2 * mp.tan(x) * mp.sec(x) ** 2,
        lambda x: 2 * mp.sec(x) ** 2 * (1 + 3 * mp.tan(x) ** 2),
    ),
    "sinc": unary(sinc(2), sinc(3)),
    "asin": unary(
        lambda x: x / mp.sqrt(1 - x * x) ** 3, lambda x: (1 + 2 * x * x) / mp.sqrt(1 - x * x) ** 5
    ),
    "acos": unary(
        lambda x: -x / mp.sqrt(1 - x * x) ** 3,
        lambda x: -(1 + 2 * x * x) / mp.sqrt(1 - x * x) ** 5,
    ),
    "atan": unary(
        lambda x: -2 * x / (1 + x * x) ** 2, lambda x: (6 * x * x - 2) / (1 + x * x) ** 3
    ),
    "atan2": cubes(lambda pair: angle(*pair)),
    "sinh": unary(mp.sinh, mp.cosh),
    "cosh": unary(mp.cosh, mp.sinh),
    "tanh": unary(
        lambda x: -2 * mp.tanh(x) * mp.sech(x) ** 2,
        lambda x: mp.sech(x) ** 2 * (4 * mp.tanh(x) ** 2 - 2 * mp.sech(x) ** 2),
    ),
    "asinh": unary(
        lambda x: -x / mp.sqrt(1 + x * x) ** 3, lambda x: (2 * x * x - 1) / mp.sqrt(1 + x * x) ** 5
    ),
    "acosh": unary(
        lambda x: -x / mp.sqrt(x * x - 1) ** 3, lambda x: (2 * x * x + 1) / mp.sqrt(x * x - 1) ** 5
    ),
    "atanh": unary(
        lambda x: 2 * x / (1 - x * x) ** 2, lambda x: (2 + 6 * x * x) / (1 - x * x) ** 3
    ),
    "erf": unary(
        lambda x: -2 * x * SLOPE_OF_ERF * gaussian(x),
        lambda x: (4 * x * x - 2) * SLOPE_OF_ERF * gaussian(x),
    ),
    "erfc": unary(
        lambda x: 2 * x * SLOPE_OF_ERF * gaussian(x),
        lambda x: (2 - 4 * x * x) * SLOPE_OF_ERF * gaussian(x),
    ),
    "gaussian": unary(
        lambda x: (4 * x * x - 2) * gaussian(x), lambda x: x * (12 - 8 * x * x) * gaussian(x)
    ),
    "normal_pdf": unary(
        lambda x: (x * x - 1) * normal_pdf(x), lambda x: x * (3 - x * x) * normal_pdf(x)
    ),
    "normal_cdf": unary(lambda x: -x * normal_pdf(x), lambda x: (x * x - 1) * normal_pdf(x)),
    "leaky_relu": given(by11=lambda x, factor: mp.mpf(x <= 0)),
    "elu": given(
        by20=lambda x, alpha: mp.zero if x > 0 else alpha * mp.exp(x),
        by11=lambda x, alpha: mp.zero if x > 0 else mp.exp(x),
        by30=lambda x, alpha: mp.zero if x > 0 else alpha * mp.exp(x),
        by21=lambda x, alpha: mp.zero if x > 0 else mp.exp(x),
    ),
    "sigmoid": unary(bend, change),
    "softplus": unary(slope, bend),
    "log_sigmoid": unary(lambda x: -slope(x), lambda x: -bend(x)),
    "softsign": unary(
        lambda x: -2 * mp.sign(x) / (1 + abs(x)) ** 3, lambda x: 6 / (1 + abs(x)) ** 4
    ),
    "silu": unary(lambda x: 2 * slope(x) + x * bend(x), lambda x: 3 * bend(x) + x * change(x)),
    "gelu": unary(lambda x: (2 - x * x) * normal_pdf(x), lambda x: x * (x * x - 4) * normal_pdf(x)),
}
"""Where there are such derivatives: kinks, poles and logarithms of negative bases are left out."""
