"""How each primitive is written in NumPy, JAX and PyTorch, and with which functions.

What is one expression in `forward` is read from there (`array_rows`). A row that is more than that
is a function of its name, in `array_functions`, `array_polar`, `array_powers` or the library's own,
or an expression here: of the library's functions, or because the library's own derivative at a kink
would be another one than the engine's. A test holds every row of the table against its forward.
"""

from __future__ import annotations

import ast
import builtins
import re
from functools import cache

from autograd_core.primitives import PRIMITIVES, Primitive, forward
from autograd_core.program.exports.arrays import array_rows
from autograd_core.program.exports.arrays.array_functions import FUNCTIONS
from autograd_core.program.exports.arrays.array_library import Library
from autograd_core.program.exports.arrays.array_polar import POLAR
from autograd_core.program.exports.arrays.array_powers import POWERS

__all__ = ["builtins_in", "functions", "missing", "spellings"]

COMMON = {
    "pow": "np.pow({x}, {y})",
    "exp2": "np.pow(2.0, {x})",
    "log_sigmoid": "-softplus(-{x})",
    "gelu": "strong_product(normal_cdf({x}), {x})",
    "silu": "strong_product(sigmoid({x}), {x})",
    "atan2": "np.atan2({y}, {x})",
    # With the slopes that are promised where there is none.
    "sign": "np.sign({x})",
    "maximum": "np.maximum({x}, {y})",
    "minimum": "np.minimum({x}, {y})",
    "clamp": "at_most(at_least({x}, {low}), {high})",
}
OF_ONE = (
    "exp expm1 log log1p log2 log10 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh"
)
COMMON |= {name: f"np.{name}({{x}})" for name in OF_ONE.split()}
COMMON |= {"logaddexp": "np.logaddexp({x}, {y})"}


def spellings(library: Library) -> dict[str, str]:
    """Each row's expression in a library, with `{x}` and so on for operands."""
    known = functions(library)
    found = {}
    for name, row in PRIMITIVES.items():
        if row.arity is None or row.forward is not getattr(forward, name, None):
            continue
        text = library.spellings.get(name)
        if text is None and name in known:
            text = f"{name}({_places(row)})"
        text = text or COMMON.get(name) or array_rows.expression(name)
        if text is not None:
            found[name] = _in_words_of(library, text)
    return found


def missing(row: Primitive) -> str:
    """What to add for a row that has no spelling."""
    return (
        f"it is more than one expression in primitives/forward.py, so add its function to "
        f"program/exports/arrays/array_functions.py: def {row.name}({', '.join(row.operands)}): "
        f"..., in np.'s words; or, if the libraries have it, its expression of {_places(row)} to "
        f"COMMON in program/exports/arrays/array_spelling.py"
    )


def _places(row: Primitive) -> str:
    return ", ".join("{" + operand + "}" for operand in row.operands)


def _in_words_of(library: Library, text: str) -> str:
    """Source in which `np.` is the name of the library."""
    return re.sub(r"\bnp\.", f"{library.prefix}.", text)


@cache
def functions(library: Library) -> dict[str, str]:
    """The functions that the expressions use, by name, each with its source."""
    found: dict[str, str] = {}
    for text in (library.functions, FUNCTIONS, POLAR, POWERS):
        for source in text.strip().split("\n\n\n"):
            name = source[len("def ") : source.index("(")]
            found.setdefault(name, _in_words_of(library, source))
    for name in PRIMITIVES:
        read = array_rows.function(name, library.prefix)
        if read is not None and name not in COMMON:
            found.setdefault(name, read)
    return found


@cache
def builtins_in(library: Library) -> frozenset[str]:
    """Python's own names that the functions use, which none of a file's may take from them."""
    tree = ast.parse("\n\n\n".join(functions(library).values()))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return frozenset(names.intersection(dir(builtins)))
