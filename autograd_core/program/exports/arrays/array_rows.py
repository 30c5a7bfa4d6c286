"""Rows that are one expression of numbers, read from `forward`, as expressions of arrays."""

from __future__ import annotations

import ast
import copy
import functools
import re
from collections.abc import Sequence

from autograd_core.primitives import forward
from autograd_core.primitives.straight import straight
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
    found = straight(row)
    if found is None:
        return None
    lines, value = _lines(row)
    if _in_line(lines, value, found.operands):
        return ast.unparse(_Renamed().visit(copy.deepcopy(value)))
    return f"{row}({', '.join(f'{{{operand}}}' for operand in found.operands)})"


def function(row: str, prefix: str) -> str | None:
    """The source, in a library's words, of the function that `expression` calls, if it calls one.

    >>> print(function("above", "np"))
    def above(x, y):
        \"""1 where x > y, else 0; NaN if either is.\"""
        return np.where(x > y, np.ones_like(x), np.where(x <= y, 0.0 * np.ones_like(x), np.nan))
    """
    found = straight(row)
    if found is None:
        return None
    lines, value = _lines(row)
    if _in_line(lines, value, found.operands):
        return None
    about = (getattr(forward, row).__doc__ or "").split("\n")[0]
    body = [f"{name} = {ast.unparse(part)}" for name, part in lines]
    body = [re.sub(r"\bnp\.", f"{prefix}.", x) for x in [*body, f"return {ast.unparse(value)}"]]
    described = [f'"""{about}"""'] if about else []
    head = f"def {row}({', '.join(found.operands)}):"
    return "\n".join([head, *(wrapped(line) for line in [*described, *body])])


def _in_line(
    lines: Sequence[tuple[str, ast.expr]], value: ast.expr, operands: Sequence[str]
) -> bool:
    """Whether it needs no names and reads no operand often."""
    names = [node.id for node in ast.walk(value) if isinstance(node, ast.Name)]
    return not lines and max(map(names.count, operands)) <= READ_IN_LINE


@functools.cache
def _lines(row: str) -> tuple[list[tuple[str, ast.expr]], ast.expr]:
    """The row's value, and before it what is given to other functions, by name."""
    found = straight(row)
    if found is None:
        raise ValueError(f"{row} is not one expression")
    written = _OnArrays(found.operands[0])
    value: ast.expr = written.visit(copy.deepcopy(found.value))
    for _, part in written.lines:
        ast.fix_missing_locations(part)
    return written.lines, ast.fix_missing_locations(value)


class _Renamed(ast.NodeTransformer):
    """Operands as the places of a template."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return node  # of the library

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(f"{{{node.id}}}", ast.Load())


class _Put(ast.NodeTransformer):
    """What a function is given, in the place of its operands."""

    def __init__(self, given: dict[str, ast.expr]) -> None:
        self.given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return copy.deepcopy(self.given.get(node.id, node))


class _OnArrays(ast.NodeTransformer):
    """A straight expression in the words that NumPy, JAX and PyTorch share.

    What is chosen from numbers alone is an array of the first operand's kind.
    """

    def __init__(self, like: str) -> None:
        self.like = like
        self.lines: list[tuple[str, ast.expr]] = []

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
        if isinstance(node.func, ast.Lambda):
            given = {
                taken.arg: self.named(taken.arg, operand)
                for taken, operand in zip(node.func.args.args, node.args, strict=True)
            }
            inner: ast.expr = _Put(given).visit(copy.deepcopy(node.func.body))
            return self.visit(inner)  # type: ignore[no-any-return]
        self.generic_visit(node)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        return _called(NAMES.get(name, name), *node.args)

    def named(self, operand: str, given: ast.expr) -> ast.expr:
        """What is given for an operand, under a name if it is more than one."""
        value = self.visit(given)
        if isinstance(value, ast.Name | ast.Constant | ast.UnaryOp):
            return value
        self.lines.append((f"{operand}{len(self.lines) + 1}", value))
        return ast.Name(self.lines[-1][0], ast.Load())

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
