"""A scalar reverse-mode automatic-differentiation engine.

    >>> from autograd_core import Value
    >>> x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    >>> f = (x + y) * z
    >>> f.backward()
    >>> x.grad, y.grad, z.grad
    (-4.0, -4.0, 3.0)

This is the door: everything public is named here, and nothing is defined. What computes with a
`Value` is at hand at once; every other module is opened when a name of it is first asked for, so
that whoever wants a `Value` waits for neither NumPy nor drawings nor programs.
"""

from typing import TYPE_CHECKING

from autograd_core import plain

__version__ = "0.2.0"

plain.prefer_sources_if_asked()  # before anything that may be compiled is imported

try:
    from autograd_core.graph.value import Value
    from autograd_core.graph import value as _value
except (AttributeError, ImportError, TypeError, ValueError) as error:
    plain.explain_stale(error)
    raise

if TYPE_CHECKING:
    from autograd_core.console import run_command as run_command
    from autograd_core.graph.custom import primitive
    from autograd_core.derivatives.differences import numerical_derivative
    from autograd_core.derivatives.differentiation import gradients
    from autograd_core.drawing import Animation, Drawing, animate, draw
    from autograd_core.errors import (
        AnomalyError,
        AutogradError,
        BackendError,
        DataError,
        ExpressionError,
        GradientMismatch,
        GradientUndecided,
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
    from autograd_core.exercises import Exercise, Verdict, Worksheet, worksheet
    from autograd_core.exploring import LivePage, explore, explore_descent, explore_expression
    from autograd_core.explaining import Explanation, explain
    from autograd_core.file_writer import check_target as check_target, write_file as write_file
    from autograd_core.given import (
        check_takes as check_takes,
        checked_function as checked_function,
        checked_limit as checked_limit,
        choice as choice,
        file_path as file_path,
        flag as flag,
        got as got,
        listed as listed,
        not_entered as not_entered,
        real as real,
        shown as shown,
        too_deep as too_deep,
        whole as whole,
    )
    from autograd_core.forms import from_json, to_json, to_latex, to_mermaid, to_networkx
    from autograd_core.forms.tree import print_tree, tree
    from autograd_core.derivatives.functional import (
        grad,
        hessian,
        hvp,
        jacobian,
        jvp,
        value_and_grad,
        vjp,
    )
    from autograd_core.graph.functions import (
        abs as abs,
        acos, acosh, add, asin, asinh, atan, atan2, atanh, cbrt, ceil, clamp, cos, cosh, div, dot,
        elu, erf, erfc, exp, exp2, expm1, floor, floordiv, gaussian, gelu, hypot, leaky_relu, log,
        log1p, log2, log10, log_sigmoid, logaddexp, maximum, minimum, mod, mul, neg, normal_cdf,
        normal_pdf, pow as pow, reciprocal, relu, rint, sigmoid, sign, silu, sin, sinc, sinh,
        softplus, softsign, sqrt, square, sub, sum as sum, tan, tanh, trunc, where,
    )  # fmt: skip
    from autograd_core.derivatives.gradcheck import gradcheck
    from autograd_core.graph.traversal import leaves, topological
    from autograd_core.graph.modes import detect_anomaly, no_grad
    from autograd_core.graph.sums import distinct_leaves as distinct_leaves, dots as dots
    from autograd_core.primitives import PRIMITIVES, Primitive
    from autograd_core.program import Program, Summed, record, record_closure, record_graph
    from autograd_core.program.updates.updating import Update as Update
    from autograd_core.shuffling import shuffled as shuffled
    from autograd_core.lazy_door import lazy_names as lazy_names
    from autograd_core.strict_json import StrictReader as StrictReader, json_number as json_number

compiled: bool = plain.is_compiled(_value)
"""Whether the engine runs compiled; AUTOGRAD_CORE_PLAIN=1 in the environment turns that off."""

# Without abs, pow and sum: a star import must not replace Python's own; and without what serves
# packages that stand on this one: run_command, check_target, write_file, StrictReader, json_number,
# distinct_leaves, dots, lazy_names, shuffled, Update, and the checks of what a user gives.
__all__ = [
    "Animation", "AnomalyError", "AutogradError", "BackendError", "DataError", "Drawing",
    "Exercise", "Explanation", "ExpressionError", "GradientMismatch", "GradientUndecided",
    "GraphError", "GraphTooLarge", "ImageFileError", "LayoutTimeout", "LivePage", "PRIMITIVES",
    "Primitive", "PrimitiveError", "Program", "ProgramError", "RecordingError",
    "RendererNotFound", "RenderingError", "Summed", "TrainingError", "Value", "Verdict",
    "Worksheet", "acos", "acosh", "add", "animate", "asin", "asinh", "atan", "atan2", "atanh",
    "cbrt", "ceil", "clamp", "compiled", "cos", "cosh", "detect_anomaly", "div", "dot", "draw",
    "elu", "erf", "erfc", "exp", "exp2", "explain", "explore", "explore_descent",
    "explore_expression", "expm1", "floor", "floordiv", "from_json", "gaussian", "gelu", "grad",
    "gradcheck", "gradients",
    "hessian", "hvp", "hypot", "jacobian", "jvp", "leaky_relu", "leaves", "log", "log10",
    "log1p", "log2", "log_sigmoid", "logaddexp", "maximum", "minimum", "mod", "mul", "neg",
    "no_grad", "normal_cdf", "normal_pdf", "numerical_derivative", "primitive", "print_tree",
    "reciprocal", "record", "record_closure", "record_graph", "relu", "rint", "sigmoid", "sign",
    "silu", "sin", "sinc", "sinh", "softplus", "softsign", "sqrt", "square", "sub", "tan",
    "tanh", "to_json", "to_latex", "to_mermaid", "to_networkx", "topological", "tree", "trunc",
    "value_and_grad", "vjp", "where", "worksheet",
]  # fmt: skip

if not TYPE_CHECKING:  # a checker that saw this would believe every name
    from functools import cache
    from importlib import import_module

    from autograd_core.lazy_door import lazy_names

    # Where the names are at home that are no functions of Values.
    _HOMES = {
        "console": "run_command",
        "graph.custom": "primitive",
        "derivatives.differences": "numerical_derivative",
        "derivatives.differentiation": "gradients",
        "drawing": "Animation Drawing animate draw",
        "errors": "AnomalyError AutogradError BackendError DataError ExpressionError "
        "GradientMismatch GradientUndecided GraphError GraphTooLarge ImageFileError LayoutTimeout "
        "PrimitiveError ProgramError RecordingError RendererNotFound RenderingError TrainingError",
        "exercises": "Exercise Verdict Worksheet worksheet",
        "exploring": "LivePage explore explore_descent explore_expression",
        "explaining": "Explanation explain",
        "file_writer": "check_target write_file",
        "forms": "from_json print_tree to_json to_latex to_mermaid to_networkx tree",
        "derivatives.functional": "grad hessian hvp jacobian jvp value_and_grad vjp",
        "derivatives.gradcheck": "gradcheck",
        "graph.traversal": "leaves topological",
        "given": "check_takes checked_function checked_limit choice file_path flag got listed "
        "not_entered real shown too_deep whole",
        "graph.modes": "detect_anomaly no_grad",
        "graph.sums": "distinct_leaves dots",
        "primitives": "PRIMITIVES Primitive",
        "program": "Program Summed record record_closure record_graph",
        "program.updates.updating": "Update",
        "shuffling": "shuffled",
        "strict_json": "StrictReader json_number",
    }
    _elsewhere = {name for names in _HOMES.values() for name in names.split()}
    _HOMES["graph.functions"] = " ".join({*__all__, "abs", "pow", "sum"} - _elsewhere)
    __getattr__, __dir__ = lazy_names(globals(), _HOMES)
    _value.open_module = cache(lambda module: import_module(f"{__name__}.{module}"))
