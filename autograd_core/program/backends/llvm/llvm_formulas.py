"""The rows as lines of LLVM's language, over lanes of samples, with the bits of `forward`.

What is `straight` in `forward` is written as vector operations: where it is used, or as a function
if it has many steps. Every other row is a call, lane by lane, to the C function
that all tiers share. No line has a fast-math flag, so LLVM may neither contract nor reorder. This
module owns neither programs nor LLVM itself: it makes text.
"""

from __future__ import annotations

import ast
import functools
import struct
from collections.abc import Mapping
from functools import cache

from autograd_core.primitives import PRIMITIVES
from autograd_core.primitives.translation.straight import Straight, straight

__all__ = [
    "called_function",
    "declared",
    "formula",
    "is_called",
    "literal",
    "mask_type",
    "shared_function",
    "vector_type",
    "written_out",
]

COMPARISONS = {
    ast.Lt: "olt", ast.LtE: "ole", ast.Gt: "ogt", ast.GtE: "oge", ast.Eq: "oeq", ast.NotEq: "une",
}  # fmt: skip
ARITHMETIC = {ast.Add: "fadd", ast.Sub: "fsub", ast.Mult: "fmul", ast.Div: "fdiv"}

FLOATING = {
    "power_of_two": (
        ("fadd {kind}", 6755399441056767.0),  # 3 * 2**51 + 1023
        ("shl {bits}", 52),
    ),
    "exponent": (
        ("lshr {bits}", 52),
        ("or {bits}", 0x4330000000000000),
        ("fsub {kind}", 4503599627371519.0),  # 2**52 + 1023
    ),
    "significand": (
        ("and {bits}", 0x000FFFFFFFFFFFFF),
        ("or {bits}", 0x3FF0000000000000),
    ),
}
"""What the functions of `floating` do to a double, or to its bits, one after another."""

IN_LINE = 4
"""The most steps that are written where they are used."""

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
    if found is not None and not is_called(row):
        return _Lines(lanes).of(found)
    kind = vector_type(lanes)
    takes = ", ".join(f"{kind} {{{place + 1}}}" for place in range(_arity(row)))
    return f"{{0}} = call {kind} @row.{row}({takes})"


@cache
def written_out(row: str, lanes: int) -> str | None:
    """The lines of a function that is straight throughout, as of `formula`, to be no call.

    None of what is no function, and of one that has to be asked somewhere or chooses first.
    """
    found = straight(row) if is_called(row) else None
    if found is None or found.by_second_operand()[1].elsewhere:
        return None
    return _Lines(lanes).of(found)


class _Lines:
    """The lines of one straight expression; what they name within begins with the result's name."""

    def __init__(self, lanes: int) -> None:
        self.lines: list[str] = []
        self.lanes = lanes
        self.kind, self.mask = vector_type(lanes), mask_type(lanes)
        self.bits = self.kind.replace("double", "i64")

    def of(self, found: Straight) -> str:
        named, _ = self.of_all(found)
        return "\n".join(self.lines).replace(f"{named} =", "{0} =")

    def of_all(self, found: Straight) -> tuple[str, str]:
        """The names of its value and, if there is one, of the mask where it has to be asked."""
        names = _operands(found)
        for step, value in found.steps:
            names[step] = self.number(value, names)
        masks = [self.condition(part, names) for part in found.elsewhere]
        elsewhere = functools.reduce(self.either, masks) if masks else ""
        return self.number(found.value, names), elsewhere

    def chosen(self, found: Straight) -> tuple[str, Straight]:
        """Return what all lanes choose by the second operand: the label after it, and the rest."""
        chosen, rest = found.by_second_operand()
        names, label = _operands(found), "start"
        self.lines.append("start:")
        for place, (test, value) in enumerate(chosen):
            every = self.condition(test, names)
            if self.lanes > 1:
                bits = self.line(f"bitcast {self.mask} {every} to i{self.lanes}")
                every = self.line(f"icmp eq i{self.lanes} {bits}, -1")
            label = f"other.{place}"
            self.lines += [f"br i1 {every}, label %all.{place}, label %{label}", f"all.{place}:"]
            self.lines += [f"ret {self.kind} {self.number(value, names)}", f"{label}:"]
        return label, rest

    def either(self, x: str, y: str) -> str:
        return self.line(f"or {self.mask} {x}, {y}")

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
            case ast.Call(func=ast.Name(id=function), args=[operand]):
                value = self.number(operand, names)
                if function in FLOATING:
                    return self.floating(function, value)
                suffix = "f64" if self.lanes == 1 else f"v{self.lanes}f64"
                return self.line(f"call {kind} @llvm.{function}.{suffix}({kind} {value})")
        raise TypeError(f"{ast.unparse(node)} is not straight")

    def floating(self, function: str, value: str) -> str:
        """A function of `floating` of what has a name."""
        bits, kind, is_number = self.bits, self.kind, True
        for operation, operand in FLOATING[function]:
            if is_number != isinstance(operand, float):
                casts = (kind, bits) if is_number else (bits, kind)
                value = self.line(f"bitcast {casts[0]} {value} to {casts[1]}")
                is_number = not is_number
            if isinstance(operand, float):
                second = literal(operand, self.lanes)
            else:
                second = f"{operand}" if self.lanes == 1 else f"splat (i64 {operand})"
            value = self.line(f"{operation.format(kind=kind, bits=bits)} {value}, {second}")
        return value if is_number else self.line(f"bitcast {bits} {value} to {kind}")

    def condition(self, node: ast.expr, names: Mapping[str, str]) -> str:
        """The same, of a comparison: a mask."""
        match node:
            case ast.Compare(left, [operator], [right]):
                x, y = self.number(left, names), self.number(right, names)
                return self.line(f"fcmp {COMPARISONS[type(operator)]} {self.kind} {x}, {y}")
            case ast.BoolOp(values=parts):
                masks = [self.condition(part, names) for part in parts]
                return functools.reduce(self.either, masks)
        raise TypeError(f"{ast.unparse(node)} is no straight condition")


def _operands(found: Straight) -> dict[str, str]:
    return {operand: f"{{{place + 1}}}" for place, operand in enumerate(found.operands)}


@cache
def is_called(row: str) -> bool:
    """Whether a row is a call of a function rather than vector operations where it is used."""
    found = straight(row)
    return row not in WRITTEN_OUT and (
        found is None or len(found.steps) > IN_LINE or bool(found.elsewhere)
    )


def declared(row: str) -> tuple[str, str]:
    """The symbol of the C function of a row that all tiers share, and its declaration."""
    symbol = f"autograd_core_{row}"
    return symbol, f"declare double @{symbol}({', '.join(['double'] * _arity(row))})"


def shared_function(row: str, lanes: int) -> tuple[str, str, str]:
    """The symbol of a row's function for all modules, its declaration, and its definition."""
    kind, symbol = vector_type(lanes), f"autograd_core_{row}_in_{lanes}"
    declaration = f"declare {kind} @{symbol}({', '.join([kind] * _arity(row))}) nounwind"
    definition = called_function(row, lanes).replace("define internal ", "define ", 1)
    return symbol, declaration, definition.replace(f"@row.{row}(", f"@{symbol}(", 1)


def called_function(row: str, lanes: int) -> str:
    """The definition of `@row.<name>`: its steps, or the `declared` function for each lane."""
    kind, arity = vector_type(lanes), _arity(row)
    takes = ", ".join(f"{kind} %x{place}" for place in range(arity))
    lines = [f"define internal {kind} @row.{row}({takes}) noinline nounwind {{"]
    found = straight(row)
    if found is None:
        asked, result = _asked(kind, arity, lanes, row)
        return "\n".join([*lines, *asked, f"ret {kind} {result}", "}"])
    written = _Lines(lanes)
    start, rest = written.chosen(found)
    value, elsewhere = written.of_all(rest)
    lines.append("\n".join(written.lines).format("%y", *(f"%x{place}" for place in range(arity))))
    value, elsewhere = (
        name.format("%y", *(f"%x{p}" for p in range(arity))) for name in (value, elsewhere)
    )
    if not elsewhere:
        return "\n".join([*lines, f"ret {kind} {value}", "}"])
    some = elsewhere
    if lanes > 1:
        some = "%some"
        lines.append(f"%bits = bitcast {mask_type(lanes)} {elsewhere} to i{lanes}")
        lines.append(f"%some = icmp ne i{lanes} %bits, 0")
    asked, result = _asked(kind, arity, lanes, row)
    lines += [f"br i1 {some}, label %asks, label %done", "asks:", *asked]
    if lanes > 1:
        lines.append(
            f"%chosen = select {mask_type(lanes)} {elsewhere}, {kind} {result}, {kind} {value}"
        )
        result = "%chosen"
    lines += ["br label %done", "done:"]
    lines.append(f"%out = phi {kind} [ {value}, %{start} ], [ {result}, %asks ]")
    return "\n".join([*lines, f"ret {kind} %out", "}"])


def _asked(kind: str, arity: int, lanes: int, row: str) -> tuple[list[str], str]:
    """The lines that call the C function of a row for each lane, and the name of the result."""
    symbol, _ = declared(row)
    lines = []
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
        lines.append(f"%y{lane} = call double @{symbol}({operands})")
        if lanes > 1:
            lines.append(f"%r{lane} = insertelement {kind} {result}, double %y{lane}, i64 {lane}")
            result = f"%r{lane}"
        else:
            result = f"%y{lane}"
    return lines, result


def _arity(row: str) -> int:
    arity = PRIMITIVES[row].arity
    if arity is None:
        raise ValueError(f"{row} takes any number of operands: the writer writes its loop")
    return arity
