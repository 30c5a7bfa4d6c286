"""The rows as lines of LLVM's language, over lanes of samples, with the bits of `forward`.

What is `straight` in `forward` is written as vector operations; every other row is a call, lane
by lane, to the C function that all tiers share. No line has a fast-math flag, so LLVM may neither
contract nor reorder. This module owns neither programs nor LLVM itself: it makes text.
"""

from __future__ import annotations

import ast
import functools
import struct
from collections.abc import Mapping
from functools import cache

from autograd_core.primitives import PRIMITIVES
from autograd_core.primitives.straight import Straight, straight

__all__ = ["called_function", "formula", "is_called", "literal", "mask_type", "vector_type"]

COMPARISONS = {
    ast.Lt: "olt", ast.LtE: "ole", ast.Gt: "ogt", ast.GtE: "oge", ast.Eq: "oeq", ast.NotEq: "une",
}  # fmt: skip
ARITHMETIC = {ast.Add: "fadd", ast.Sub: "fsub", ast.Mult: "fmul", ast.Div: "fdiv"}

WRITTEN_OUT = frozenset(("sum", "dot", "strong_product", "strong_dot", "held"))
"""The rows that the writer writes: loops over operands, strong products, or nothing at all."""


def vector_type(lanes: int) -> str:
    """The type of a value in so many lanes."""
    return "double" if lanes == 1 else f"<{lanes} x double>"


def mask_type(lanes: int) -> str:
    """The type of a comparison in so many lanes."""
    return "i1" if lanes == 1 else f"<{lanes} x i1>"


def literal(number: float, lanes: int) -> str:
    """A constant in every lane, by its bits.

    >>> literal(1.0, 1), literal(1.0, 8)
    ('0x3FF0000000000000', 'splat (double 0x3FF0000000000000)')
    """
    bits = f"0x{struct.unpack('>Q', struct.pack('>d', number))[0]:016X}"
    return bits if lanes == 1 else f"splat (double {bits})"


@cache
def formula(row: str, lanes: int) -> str:
    """The lines that compute a row, with {0} for the result and {1}, {2}, … for the operands.

    >>> formula("mul", 1)
    '{0} = fmul double {1}, {2}'
    """
    found = straight(row)
    if found is not None:
        return _Lines(lanes).of(found)
    kind = vector_type(lanes)
    takes = ", ".join(f"{kind} {{{place + 1}}}" for place in range(_arity(row)))
    return f"{{0}} = call {kind} @row.{row}({takes})"


class _Lines:
    """The lines of one straight expression; what they name within begins with the result's name."""

    def __init__(self, lanes: int) -> None:
        self.lines: list[str] = []
        self.lanes = lanes
        self.kind, self.mask = vector_type(lanes), mask_type(lanes)

    def of(self, found: Straight) -> str:
        places = {operand: f"{{{place + 1}}}" for place, operand in enumerate(found.operands)}
        named = self.number(found.value, places)
        return "\n".join(self.lines).replace(f"{named} =", "{0} =")

    def line(self, text: str) -> str:
        name = f"{{0}}.{len(self.lines)}"
        self.lines.append(f"{name} = {text}")
        return name

    def number(self, node: ast.expr, names: Mapping[str, str]) -> str:
        """The name or the literal of an expression's value; its lines are written."""
        kind = self.kind
        match node:
            case ast.Name(id=operand):
                return names[operand]
            case ast.Constant(value=float() as constant):
                return literal(constant, self.lanes)
            case ast.UnaryOp(operand=operand):
                return self.line(f"fneg {kind} {self.number(operand, names)}")
            case ast.BinOp(left, operator, right):
                x, y = self.number(left, names), self.number(right, names)
                return self.line(f"{ARITHMETIC[type(operator)]} {kind} {x}, {y}")
            case ast.IfExp(test, body, orelse):
                mask = self.condition(test, names)
                x, y = self.number(body, names), self.number(orelse, names)
                return self.line(f"select {self.mask} {mask}, {kind} {x}, {kind} {y}")
            case ast.Call(func=ast.Lambda(args=takes, body=body), args=given):
                values = [self.number(operand, names) for operand in given]
                inner = dict(zip((taken.arg for taken in takes.args), values, strict=True))
                return self.number(body, inner)
            case ast.Call(func=ast.Name(id=function), args=[operand]):
                suffix = "f64" if self.lanes == 1 else f"v{self.lanes}f64"
                value = self.number(operand, names)
                return self.line(f"call {kind} @llvm.{function}.{suffix}({kind} {value})")
        raise TypeError(f"{ast.unparse(node)} is not straight")

    def condition(self, node: ast.expr, names: Mapping[str, str]) -> str:
        """The same, of a comparison: a mask."""
        match node:
            case ast.Compare(left, [operator], [right]):
                x, y = self.number(left, names), self.number(right, names)
                return self.line(f"fcmp {COMPARISONS[type(operator)]} {self.kind} {x}, {y}")
            case ast.BoolOp(values=parts):
                masks = [self.condition(part, names) for part in parts]
                return functools.reduce(lambda x, y: self.line(f"or {self.mask} {x}, {y}"), masks)
        raise TypeError(f"{ast.unparse(node)} is no straight condition")


@cache
def is_called(row: str) -> bool:
    """Whether a row is a call to the shared function rather than vector operations."""
    return row not in WRITTEN_OUT and straight(row) is None


def called_function(row: str, lanes: int, address: int) -> str:
    """The definition of `@row.<name>`: the function at an address, for each lane."""
    kind, arity = vector_type(lanes), _arity(row)
    takes = ", ".join(f"{kind} %x{place}" for place in range(arity))
    lines = [f"define internal {kind} @row.{row}({takes}) noinline nounwind {{"]
    result = "poison"
    for lane in range(lanes):
        given = [f"%x{place}" for place in range(arity)]
        if lanes > 1:
            lines += [
                f"%x{place}.{lane} = extractelement {kind} %x{place}, i64 {lane}"
                for place in range(arity)
            ]
            given = [f"%x{place}.{lane}" for place in range(arity)]
        operands = ", ".join(f"double {name}" for name in given)
        lines.append(f"%y{lane} = call double inttoptr (i64 {address} to ptr)({operands})")
        if lanes > 1:
            lines.append(f"%r{lane} = insertelement {kind} {result}, double %y{lane}, i64 {lane}")
            result = f"%r{lane}"
        else:
            result = f"%y{lane}"
    return "\n".join([*lines, f"ret {kind} {result}", "}"])


def _arity(row: str) -> int:
    arity = PRIMITIVES[row].arity
    if arity is None:
        raise ValueError(f"{row} takes any number of operands: the writer writes its loop")
    return arity
