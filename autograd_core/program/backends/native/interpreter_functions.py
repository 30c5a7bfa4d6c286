"""The C of what the native interpreter computes: functions that it calls, rows that it has in line.

It is written when the package is built, from the Python that computes them eagerly. A build runs
this module by its path: what it needs of `primitives` is imported behind the doors' backs.
"""

from __future__ import annotations

import ast
import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

__all__ = ["forward_functions", "straight_functions", "straight_rows"]

SOURCES = Path(__file__).resolve().parents[3] / "primitives"
MOST = 3  # operands


def _of_primitives(name: str) -> Any:
    """A module of `primitives`; where nobody has opened the package's doors, they stay closed.

    Behind the doors is what the build is about to compile.
    """
    before = set(sys.modules)
    for package, folder in (
        ("autograd_core", SOURCES.parent),
        ("autograd_core.primitives", SOURCES),
    ):
        if package not in sys.modules:
            sys.modules[package] = ModuleType(package)
            sys.modules[package].__path__ = [str(folder)]
    try:
        return importlib.import_module(f"autograd_core.primitives.{name}")
    finally:
        if "autograd_core" not in before:
            for own in set(sys.modules) - before:
                if own.partition(".")[0] == "autograd_core":
                    del sys.modules[own]


def forward_functions(folder: Path = SOURCES) -> str:
    """C99 of every function of forward.py that takes up to three operands, and `functions`.

    >>> forward_functions().splitlines()[-1]
    '    {0, 0, 0, 0, 0}};'
    """
    c_functions = _of_primitives("translation.c_source").c_functions
    module = ast.parse((folder / "forward.py").read_text(encoding="utf-8"))
    operands = {
        statement.name: len(statement.args.args)
        for statement in module.body
        if isinstance(statement, ast.FunctionDef)
        and not statement.args.vararg
        and len(statement.args.args) <= MOST
    }
    lines = [c_functions(operands, folder=folder), "const Function functions[] = {"]
    for name, count in operands.items():
        places = (f"ag_{name}" if count == place else "0" for place in range(1, MOST + 1))
        lines.append(f'    {{"{name}", {count}, {", ".join(places)}}},')
    return "\n".join([*lines, "    {0, 0, 0, 0, 0}};", ""])


ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
COMPARISONS = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip

IN_LANES = {
    "fabs": "MAGNITUDE",
    "sqrt": "ROOT",
    "power_of_two": "POWER_OF_TWO",
    "exponent": "EXPONENT",
    "significand": "SIGNIFICAND",
}
"""Functions that vectors have operations for: the interpreter's macros."""


def straight_rows(folder: Path = SOURCES) -> str:
    """The macros STRAIGHT_UNARY and STRAIGHT_BINARY: the straight rows, as expressions of x and y.

    Those of several steps are functions, `OWN(<name>)`.

    >>> straight_rows().splitlines()[1]
    '    ROW(neg, -x) \\\\'
    """
    rows: dict[int, list[str]] = {1: [], 2: []}
    for name, found in _straight(folder):
        operands = "xy"[: len(found.operands)]
        if _is_function(found):
            text = f"OWN({name})({', '.join(operands)})"
        else:
            names = dict(zip(found.operands, operands, strict=True))
            text = str(_in_lanes(found.value, names))
        rows[len(operands)].append(f"    ROW({name}, {text})")
    return "\n".join(
        " \\\n".join([f"#define STRAIGHT_{title}(ROW)", *rows[operands]]) + "\n"
        for operands, title in ((1, "UNARY"), (2, "BINARY"))
    )


def straight_functions(folder: Path = SOURCES) -> str:
    """The straight rows of several steps as functions of vectors, `NAME(lanes_<name>)`."""
    return "\n".join(
        _function_in_lanes(name, found) for name, found in _straight(folder) if _is_function(found)
    )


def _is_function(found: Any) -> bool:
    return bool(found.steps or found.elsewhere)


def _straight(folder: Path) -> Iterator[tuple[str, Any]]:
    """The straight functions of one or two operands that vectors have operations for."""
    straight = _of_primitives("translation.straight").straight
    module = ast.parse((folder / "forward.py").read_text(encoding="utf-8"))
    named = re.findall(r'^_row\("(\w+)"', (folder / "table.py").read_text(encoding="utf-8"), re.M)
    for statement in module.body:
        if isinstance(statement, ast.FunctionDef) and statement.name in named:
            found = straight(statement.name, folder / "forward.py")
            if found is not None and 1 <= len(found.operands) <= 2:
                names = {name: name for name in [*found.operands, *dict(found.steps)]}
                values = [value for _, value in found.steps]
                if all(_in_lanes(part, names) for part in [*values, *found.elsewhere, found.value]):
                    yield statement.name, found


def _function_in_lanes(name: str, found: Any) -> str:
    taken = _of_primitives("translation.c_source").KEYWORDS
    names = {
        name: f"{name}_" if name in taken else name
        for name in [*found.operands, *dict(found.steps)]
    }
    takes = ", ".join(f"V {names[operand]}" for operand in found.operands)
    chosen, rest = found.by_second_operand()
    lines = [
        f"    if (ALL({_in_lanes(test, names)})) return {_in_lanes(value, names)};"
        for test, value in chosen
    ]
    lines += [
        f"    const V {names[step]} = {_in_lanes(value, names)};" for step, value in rest.steps
    ]
    value = _in_lanes(rest.value, names)
    if rest.elsewhere:
        given = ", ".join(f"LANE({names[operand]})" for operand in rest.operands)
        condition = _in_lanes(ast.BoolOp(ast.Or(), [*rest.elsewhere]), names)
        lines += [
            f"    V in_lanes = {value};",
            f"    ASK({condition}, in_lanes, ag_{name}({given}));",
        ]
        value = "in_lanes"
    lines.append(f"    return {value};")
    return "\n".join([f"static V NAME(lanes_{name})({takes})", "{", *lines, "}\n"])


def _in_lanes(node: ast.expr, names: dict[str, str]) -> str | None:
    """An expression for numbers and for vectors; None where vectors have no such operation."""
    match node:
        case ast.Name(id=operand):
            return names[operand]
        case ast.Constant(value=float() as constant):
            number = "NOT_A_NUMBER" if constant != constant else repr(constant)
            return f"SPLAT({number.replace('inf', 'INFINITY')})"
        case ast.UnaryOp(operand=operand):
            form, parts = "-{}", [operand]
        case ast.BinOp(left, operator, right):
            form, parts = f"{{}} {ARITHMETIC[type(operator)]} {{}}", [left, right]
        case ast.Compare(left, [operator], [right]):
            form, parts = f"{{}} {COMPARISONS[type(operator)]} {{}}", [left, right]
        case ast.BoolOp(values=parts):
            form = " | ".join(["{}"] * len(parts))
        case ast.IfExp(test, body, orelse):
            form, parts = _nearest(node) or ("SELECT({}, {}, {})", [test, body, orelse])
        case ast.Call(func=ast.Name(id=function), args=parts) if function in IN_LANES:
            form = f"{IN_LANES[function]}({{}})"
        case _:  # rounded to whole numbers
            return None
    written = [_in_lanes(part, names) for part in parts]
    if None in written:
        return None
    if "(" not in form:
        compound = ast.BinOp | ast.UnaryOp | ast.Compare
        written = [
            f"({text})" if isinstance(part, compound) else text
            for part, text in zip(parts, written, strict=True)
        ]
    return form.format(*written)


def _nearest(node: ast.IfExp) -> tuple[str, list[ast.expr]] | None:
    """The lesser or the greater of two, of which processors take the second where neither is."""
    match node.test:
        case ast.Compare(left, [ast.Lt() | ast.Gt() as comparison], [right]):
            sides = [*map(ast.unparse, (left, right))]
            chosen = [*map(ast.unparse, (node.body, node.orelse))]
            if chosen in (sides, sides[::-1]):
                lesser = isinstance(comparison, ast.Lt) == (chosen == sides)
                return "LESSER({}, {})" if lesser else "GREATER({}, {})", [node.body, node.orelse]
    return None
