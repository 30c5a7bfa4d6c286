"""The functions that formulas call on a scalar, whatever it is made of: a float or a `Value`.

A rule writes `scalar.cos(x)` and works on numbers, on nodes of a graph and on recorded symbols
alike: a float goes to `forward`, anything else is asked for its method, which has an underscore in
its name where only derivatives need it. Where the package is compiled, a node's local gradient is a
rule on doubles, in which that choice is already made (`building.declarations`). Nothing is computed
here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_core.primitives import forward


def _unary(name: str, method: str | None = None) -> Callable[[Any], Any]:
    function = getattr(forward, name)
    method = method or name

    def choose(x: Any) -> Any:
        # type(x), not float: inside `ieee` a rule runs on float64 and must stay there.
        return type(x)(function(x)) if isinstance(x, float) else getattr(x, method)()

    return choose


def _binary(name: str, method: str | None = None) -> Callable[[Any, Any], Any]:
    function = getattr(forward, name)
    method = method or name

    def choose(x: Any, y: Any) -> Any:
        if isinstance(x, float) and isinstance(y, float):
            return type(x)(function(x, y))
        return getattr(x, method)(y)

    return choose


abs = _unary("abs")
sign = _unary("sign")
exp = _unary("exp")
expm1 = _unary("expm1")
log = _unary("log")
log_rate = _unary("log_rate", "_log_rate")
one_minus_square = _unary("one_minus_square", "_one_minus_square")
sqrt = _unary("sqrt")
square = _unary("square")
sin = _unary("sin")
cos = _unary("cos")
sinh = _unary("sinh")
cosh = _unary("cosh")
tanh = _unary("tanh")
sigmoid = _unary("sigmoid")
sigmoid_rate = _unary("sigmoid_rate", "_sigmoid_rate")
gaussian = _unary("gaussian")
normal_cdf = _unary("normal_cdf")
normal_pdf = _unary("normal_pdf")

pow = _binary("pow")
floordiv = _binary("floordiv")
hypot = _binary("hypot")
share = _binary("share", "_share")
share_rate = _binary("share_rate", "_share_rate")
cosine = _binary("cosine", "_cosine")
bend = _binary("bend", "_bend")
twist = _binary("twist", "_twist")
angle_rate = _binary("angle_rate", "_angle_rate")
quotient_rate = _binary("quotient_rate", "_quotient_rate")
double_cosine = _binary("double_cosine", "_double_cosine")
double_sine = _binary("double_sine", "_double_sine")
power_rate = _binary("power_rate", "_power_rate")
power_bend = _binary("power_bend", "_power_bend")
power_third = _binary("power_third", "_power_third")
power_mixed = _binary("power_mixed", "_power_mixed")
power_twice = _binary("power_twice", "_power_twice")
power_log = _binary("power_log", "_power_log")
power_log_square = _binary("power_log_square", "_power_log_square")
exp_times = _binary("exp_times", "_exp_times")
sigmoid_rate_times = _binary("sigmoid_rate_times", "_sigmoid_rate_times")
gaussian_times = _binary("gaussian_times", "_gaussian_times")
normal_pdf_times = _binary("normal_pdf_times", "_normal_pdf_times")
strong_product = _binary("strong_product", "_strong_product")
above = _binary("above", "_above")
less = _binary("less", "_less")
less_equal = _binary("less_equal", "_less_equal")
exceeds = _binary("exceeds", "_exceeds")
at_most = _binary("at_most", "_at_most")


def where(condition: Any, x: Any, y: Any) -> Any:
    """x where the condition is not 0, else y; chosen now if it is a number."""
    if isinstance(condition, float):
        return x if condition != 0 else y
    return condition.where(x, y)
