"""The forward functions that are one expression, read from `forward.py` to be written elsewhere.

What is one `return` of arithmetic, comparisons and choices, with the few functions whose every bit
IEEE 754 says, gives the same bits whether it is computed number by number or in lanes; so NumPy's
arrays, LLVM's vectors and the interpreter's lanes take it from here and write no formula of their
own. A function that calls the C library for more than that, or that has steps, is not straight.
This module writes for nobody: it gives Python's own syntax tree, and imports no more than that.
"""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass
from pathlib import Path

__all__ = ["EXACT", "Straight", "straight"]

SOURCE = Path(__file__).with_name("forward.py")
EXACT = frozenset(("fabs", "sqrt", "floor", "ceil", "trunc", "rint"))
"""The functions of the C library that are correctly rounded everywhere."""


@dataclass(frozen=True)
class Straight:
    """A function's operands and its value, an expression of

    names (operands), constants (doubles), + - * / and the sign, comparisons, `or`, conditional
    expressions, calls of `EXACT` functions by name, and calls of a `lambda`: another such function.
    """

    operands: tuple[str, ...]
    value: ast.expr


@functools.cache
def straight(name: str, source: Path = SOURCE) -> Straight | None:
    """The forward function of that name as one expression; None where it is more, or is not there.

    >>> ast.unparse(straight("at_least").value), straight("exp")
    ('(lambda x, y: x if x >= y or x != x else y)(x, bound)', None)
    """
    functions, constants = _read(source)
    definition = functions.get(name)
    if definition is None or definition.args.vararg is not None:
        return None
    described = ast.get_docstring(definition) is not None
    only, *more = definition.body[described:]
    if more or not isinstance(only, ast.Return) or only.value is None:
        return None
    operands = tuple(operand.arg for operand in definition.args.args)
    try:
        return Straight(operands, _Reader(operands, constants, source).read(only.value))
    except _NotStraightError:
        return None


class _NotStraightError(Exception):
    """An expression holds what is not straight."""


@functools.cache
def _read(source: Path) -> tuple[dict[str, ast.FunctionDef], dict[str, float]]:
    """The functions and the constants of a module."""
    module = ast.parse(source.read_text(encoding="utf-8"))
    functions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    # What the module has the C library compute: it cannot be written as a number.
    constants = {"NAN": float("nan"), "INFINITY": float("inf")}
    for node in module.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            constants[ast.unparse(node.targets[0])] = float(node.value.value)  # type: ignore[arg-type]
    return functions, constants


@dataclass(frozen=True)
class _Reader:
    operands: tuple[str, ...]
    constants: dict[str, float]
    source: Path

    def read(self, node: ast.expr) -> ast.expr:
        match node:
            case ast.Name(id=name) if name in self.operands:
                return node
            case ast.Name(id=name) if name in self.constants:
                return ast.Constant(self.constants[name])
            case ast.Constant(value=int() | float() as number):
                return ast.Constant(float(number))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return ast.Constant(-float(number))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return ast.UnaryOp(ast.USub(), self.read(operand))
            case ast.BinOp(left, ast.Add() | ast.Sub() | ast.Mult() | ast.Div() as operator, right):
                return ast.BinOp(self.read(left), operator, self.read(right))
            case ast.IfExp(test, body, orelse):
                return ast.IfExp(self.condition(test), self.read(body), self.read(orelse))
            case ast.Call(func=ast.Name(id=name), args=given, keywords=[]):
                return self.called(name, given)
            case ast.Call(func=ast.Attribute(ast.Name(id="libm"), name), args=given, keywords=[]):
                if name in EXACT:
                    return ast.Call(ast.Name(name, ast.Load()), [*map(self.read, given)], [])
        raise _NotStraightError

    def condition(self, node: ast.expr) -> ast.expr:
        match node:
            case ast.Compare(left, [operator], [right]):
                return ast.Compare(self.read(left), [operator], [self.read(right)])
            case ast.BoolOp(ast.Or() as operator, parts):
                return ast.BoolOp(operator, [*map(self.condition, parts)])
        raise _NotStraightError

    def called(self, name: str, given: list[ast.expr]) -> ast.expr:
        """Another forward function of some operands."""
        other = straight(name, self.source)
        if other is None:
            raise _NotStraightError
        names = [ast.arg(operand) for operand in other.operands]
        takes = ast.arguments([], names, None, [], [], None, [])
        return ast.Call(ast.Lambda(takes, other.value), [*map(self.read, given)], [])
