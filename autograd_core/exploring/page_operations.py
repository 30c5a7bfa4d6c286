"""The operations that a page computes by itself: each primitive's value and partials in JavaScript.

A page on which one types has no recorded program; it has these, each exported from a program of one
instruction and its rules. What several of them need stands once.
"""

from __future__ import annotations

import functools
import inspect
from typing import Any

from autograd_core.graph import functions
from autograd_core.graph.nodes.making import apply
from autograd_core.graph.value import Value
from autograd_core.primitives import PRIMITIVES, Primitive, kind_of
from autograd_core.program import record

__all__ = ["callable_functions", "glyphs", "operations"]

FUNCTIONS = [name for name in functions.__all__ if name not in ("sum", "dot")]
"""What an expression may call."""
BOUNDED = ("at_least", "at_most")
"""What the engine makes of `maximum` and `minimum` where one of the two is a constant."""


@functools.cache  # the package's own rows, which do not change
def operations() -> str:
    """An expression in JavaScript: an object that has `name(...operands)` for every operation.

    Each gives `{data, local}`, its value and its partials.

    >>> "tanh" in operations()
    True
    """
    parts: dict[str, None] = {}
    for name in _rows():
        source = _program(PRIMITIVES[name]).to_javascript(f"of_{name}").source
        _, *own = source.replace("export function", "function").strip().split("\n\n")
        parts |= dict.fromkeys(own)
    pairs = ", ".join(f"{name}: of_{name}" for name in _rows())
    return "\n\n".join(["(() => {", *parts, f"return {{ {pairs} }};\n}})()"])


def callable_functions() -> dict[str, dict[str, Any]]:
    """Of each function that may be called, how many operands it takes, and its defaults."""
    found = {}
    for name in FUNCTIONS:
        parameters = inspect.signature(getattr(functions, name)).parameters.values()
        given = [float(one.default) for one in parameters if one.default is not one.empty]
        operands = PRIMITIVES[name].operands
        found[name] = {
            "least": len(operands) - len(given),
            "most": len(operands),
            "given": given,
            "operands": ", ".join(operands),
        }
    return found


def glyphs() -> dict[str, str]:
    """What stands in each operation's circle."""
    return {name: PRIMITIVES[name].glyph for name in _rows()}


def _rows() -> list[str]:
    return [*FUNCTIONS, *BOUNDED]


def _program(row: Primitive) -> Any:
    def computed(*operands: Value) -> dict[str, Any]:
        out = apply(kind_of(row), operands)
        return {"data": out, "local": row.partials_at(operands, out)}

    return record(computed, *[0.5] * len(row.operands))
