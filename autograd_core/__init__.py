"""A scalar reverse-mode automatic-differentiation engine.

    >>> from autograd_core import Value
    >>> x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    >>> f = (x + y) * z
    >>> f.backward()
    >>> x.grad, y.grad, z.grad
    (-4.0, -4.0, 3.0)

This is the door: everything public is named here, and nothing is defined.
"""

from autograd_core import plain

plain.prefer_sources_if_asked()  # before anything that may be compiled is imported

from autograd_core.custom import primitive
from autograd_core.differentiation import gradients
from autograd_core.drawing import Animation, Drawing, animate, draw
from autograd_core.errors import (
    AnomalyError,
    AutogradError,
    BackendError,
    DataError,
    ExpressionError,
    GradientMismatch,
    GraphError,
    GraphTooLarge,
    ImageFileError,
    LayoutTimeout,
    PrimitiveError,
    ProgramError,
    RecordingError,
    RendererNotFound,
    RenderingError,
    TrainingError,
)
from autograd_core.explaining import Explanation, explain
from autograd_core.forms import (
    from_json,
    print_tree,
    to_json,
    to_latex,
    to_mermaid,
    to_networkx,
    tree,
)
from autograd_core.functional import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from autograd_core.functions import (
    abs as abs,
    acos, acosh, add, asin, asinh, atan, atan2, atanh, cbrt, ceil, clamp, cos, cosh, div, dot,
    elu, erf, erfc, exp, expm1, floor, floordiv, gaussian, gelu, hypot, leaky_relu, log, log1p,
    log2, log10, logaddexp, maximum, minimum, mod, mul, neg, normal_cdf, normal_pdf, pow as pow,
    reciprocal, relu, rint, sigmoid, sign, silu, sin, sinh, softplus, sqrt, square, sub,
    sum as sum, tan,
    tanh, trunc, where,
)  # fmt: skip
from autograd_core.gradcheck import gradcheck, numerical_derivative
from autograd_core.graph import leaves, topological
from autograd_core.modes import detect_anomaly, no_grad
from autograd_core.primitives import PRIMITIVES, Primitive
from autograd_core.program import Program, Summed, record, record_closure, record_graph
from autograd_core.value import Value
from autograd_core import value as _value

compiled: bool = plain.is_compiled(_value)
"""Whether the engine runs compiled; AUTOGRAD_CORE_PLAIN=1 in the environment turns that off."""

# Without abs, pow and sum: a star import must not replace Python's own.
__all__ = [
    "Animation", "AnomalyError", "AutogradError", "BackendError", "DataError", "Drawing",
    "Explanation", "ExpressionError", "GradientMismatch", "GraphError", "GraphTooLarge",
    "ImageFileError", "LayoutTimeout", "PRIMITIVES", "Primitive", "PrimitiveError", "Program",
    "ProgramError", "RecordingError", "RendererNotFound", "RenderingError", "Summed",
    "TrainingError", "Value", "acos", "acosh", "add", "animate", "asin", "asinh", "atan",
    "atan2", "atanh", "cbrt", "ceil", "clamp", "compiled", "cos", "cosh", "detect_anomaly",
    "div", "dot", "draw", "elu", "erf", "erfc", "exp", "explain", "expm1", "floor", "floordiv",
    "from_json", "gaussian", "gelu", "grad", "gradcheck", "gradients", "hessian", "hvp",
    "hypot", "jacobian", "jvp", "leaky_relu", "leaves", "log", "log10", "log1p", "log2",
    "logaddexp", "maximum", "minimum", "mod", "mul", "neg", "no_grad", "normal_cdf",
    "normal_pdf", "numerical_derivative", "primitive", "print_tree", "reciprocal", "record",
    "record_closure", "record_graph", "relu", "rint", "sigmoid", "sign", "silu", "sin", "sinh",
    "softplus", "sqrt", "square", "sub", "tan", "tanh", "to_json", "to_latex", "to_mermaid",
    "to_networkx", "topological", "tree", "trunc", "value_and_grad", "vjp", "where",
]  # fmt: skip
