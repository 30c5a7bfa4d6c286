"""Rows that are one expression of numbers, read from `forward`, as expressions of arrays."""

from __future__ import annotations

import ast
import copy
import functools
import re

from autograd_core.primitives import forward
from autograd_core.primitives.translation.straight import FLOATING, Straight, straight
from autograd_core.program.exports.arrays.array_text import wrapped

__all__ = ["expression", "function"]

READ_IN_LINE = 2
"""Times that an expression may read one operand; what reads it more often is a function."""

NAMES = {"fabs": "abs", "rint": "round"}
"""What the libraries call functions of the C library, where that is not the same."""


def expression(row: str) -> str | None:
    """The row as an expression with `{x}` and so on for operands, `np.` for the library; or None.

    >>> expression("one_minus_square"), expression("relu"), expression("above")
    ('(1.0 - {x}) * (1.0 + {x})', 'np.where({x} <= 0.0, 0.0, {x})', 'above({x}, {y})')
    """
    found = _read(row)
    if found is None:
        return None
    if _in_line(found):
        return ast.unparse(_Renamed().visit(copy.deepcopy(found.value)))
    return f"{row}({', '.join(f'{{{operand}}}' for operand in found.operands)})"


def function(row: str, prefix: str) -> str | None:
    """The source, in a library's words, of the function that `expression` calls, if it calls one.

    >>> print(function("above", "np"))
    def above(x, y):
        \"""1 where x > y, else 0; NaN if either is.\"""
        return np.where(x > y, np.ones_like(x), np.where(x <= y, 0.0 * np.ones_like(x), np.nan))
    """
    found = _read(row)
    if found is None or _in_line(found):
        return None
    about = (getattr(forward, row).__doc__ or "").split("\n")[0]
    body = [f"{name} = {ast.unparse(value)}" for name, value in found.steps]
    body.append(f"return {ast.unparse(found.value)}")
    described = [f'"""{about}"""'] if about else []
    lines = [*described, *(re.sub(r"\bnp\.", f"{prefix}.", line) for line in body)]
    head = f"def {row}({', '.join(found.operands)}):"
    return "\n".join([head, *map(wrapped, lines)])


def _in_line(found: Straight) -> bool:
    """Whether it has no steps and reads no operand often."""
    names = [node.id for node in ast.walk(found.value) if isinstance(node, ast.Name)]
    return not found.steps and max(map(names.count, found.operands)) <= READ_IN_LINE


@functools.cache
def _read(row: str) -> Straight | None:
    """The row in the words that the libraries share; None where they have none for it."""
    found = straight(row)
    if found is None or found.elsewhere:
        return None
    called = [
        node.func.id
        for part in (found.value, *(value for _, value in found.steps))
        for node in ast.walk(part)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    if FLOATING.intersection(called):  # the bits of numbers
        return None
    words = _OnArrays(found.operands[0])
    steps = [(name, words.of(value)) for name, value in found.steps]
    return Straight(found.operands, tuple(steps), words.of(found.value))


class _Renamed(ast.NodeTransformer):
    """Operands as the places of a template."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return node  # of the library

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(f"{{{node.id}}}", ast.Load())


class _OnArrays(ast.NodeTransformer):
    """A straight expression in the words that NumPy, JAX and PyTorch share.

    What is chosen from numbers alone is an array of the first operand's kind.
    """

    def __init__(self, like: str) -> None:
        self.like = like

    def of(self, value: ast.expr) -> ast.expr:
        """An expression in these words; the tree that it is made of stays as it is."""
        made: ast.expr = self.visit(copy.deepcopy(value))
        return ast.fix_missing_locations(made)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        numbers = _is_number(node)
        self.generic_visit(node)
        body = node.body
        if numbers and isinstance(body, ast.Constant):
            ones = _called("ones_like", ast.Name(self.like, ast.Load()))
            body = ones if body.value == 1.0 else ast.BinOp(body, ast.Mult(), ones)
        return _called("where", node.test, body, node.orelse)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        return functools.reduce(lambda x, y: ast.BinOp(x, ast.BitOr(), y), node.values)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        return _called(NAMES.get(name, name), *node.args)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        number = node.value
        if isinstance(number, float) and number - number != 0:
            return _of_library("nan" if number != number else "inf")
        return node


def _is_number(node: ast.expr) -> bool:
    """Whether it is a number whatever the operands are, or chosen from such."""
    if isinstance(node, ast.IfExp):
        return _is_number(node.body) and _is_number(node.orelse)
    return isinstance(node, ast.Constant)


def _called(name: str, *given: ast.expr) -> ast.expr:
    return ast.Call(_of_library(name), list(given), [])


def _of_library(name: str) -> ast.expr:
    return ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load())
