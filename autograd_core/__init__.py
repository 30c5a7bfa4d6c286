"""A scalar reverse-mode automatic-differentiation engine.

    >>> from autograd_core import Value
    >>> x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    >>> f = (x + y) * z
    >>> f.backward()
    >>> x.grad, y.grad, z.grad
    (-4.0, -4.0, 3.0)

This is the door: everything public is named here, and nothing is defined.
"""

from autograd_core.custom import primitive
from autograd_core.differentiation import gradients
from autograd_core.errors import (
    AnomalyError,
    AutogradError,
    DataError,
    ExpressionError,
    GradientMismatch,
    GraphError,
    PrimitiveError,
    RecordingError,
    RenderingError,
)
from autograd_core.functional import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from autograd_core.functions import (
    abs, acos, acosh, add, asin, asinh, atan, atan2, atanh, cbrt, ceil, clamp, cos, cosh, div, dot,
    elu, erf, erfc, exp, expm1, floor, floordiv, gaussian, gelu, hypot, leaky_relu, log, log1p, log2,
    log10, logaddexp, maximum, minimum, mod, mul, neg, normal_cdf, normal_pdf, pow, reciprocal, relu,
    rint, sigmoid, sign, silu, sin, sinh, softplus, sqrt, square, sub, sum, tan, tanh, trunc, where,
)  # fmt: skip
from autograd_core.gradcheck import gradcheck, numerical_derivative
from autograd_core.graph import leaves, topological
from autograd_core.modes import detect_anomaly, no_grad
from autograd_core.primitives import PRIMITIVES
from autograd_core.value import Value
