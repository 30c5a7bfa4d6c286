"""The forward functions that are straight: steps and one expression, to be written elsewhere.

What is assignments and a value made of arithmetic, comparisons and choices, with the few functions
whose every bit is certain, gives the same bits whether it is computed number by number or in lanes;
so NumPy's arrays, LLVM's vectors and the interpreter's lanes take it from here and write no formula
of their own. A branch that returns is a choice: in lanes both sides are computed, or if one is not
straight the function itself is asked for those lanes, as for the sine of a huge number. A function
that calls the C library for more than that, or that has loops, is not straight. This module writes
for nobody: it gives Python's own syntax tree, and imports no more than that.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["EXACT", "FLOATING", "Straight", "straight"]

SOURCE = Path(__file__).resolve().parents[1] / "forward.py"
EXACT = frozenset(("fabs", "sqrt", "floor", "ceil", "trunc", "rint"))
"""The functions of the C library that are correctly rounded everywhere."""
FLOATING = frozenset(("power_of_two", "exponent", "significand"))
"""Those of `floating`."""


@dataclass(frozen=True)
class Straight:
    """A function's operands, its steps and its value: expressions of

    names (operands and earlier steps), constants (doubles), + - * / and the sign, comparisons,
    `or`, conditional expressions, and calls of `EXACT` and `FLOATING` functions by name. No two
    steps have one name.
    """

    operands: tuple[str, ...]
    steps: tuple[tuple[str, ast.expr], ...]
    value: ast.expr
    elsewhere: tuple[ast.expr, ...] = ()
    """Conditions; where one holds, the value is not the function's, which has to be asked."""

    def by_second_operand(self) -> tuple[list[tuple[ast.expr, ast.expr]], Straight]:
        """What is chosen where the second operand is some number; and the rest, to be asked there.

        Conditions and values of operands alone. An exponent is mostly one for all samples: lanes
        that all have it need no other value.

        >>> chosen, rest = straight("pow").by_second_operand()
        >>> [ast.unparse(condition) for condition, _ in chosen]
        ['y == 2.0', 'y == 0.5', 'y == -1.0']
        """
        chosen: list[tuple[ast.expr, ast.expr]] = []
        left = self.value
        steps = dict(self.steps)
        while isinstance(left, ast.IfExp):
            match left.test:
                case ast.Compare(ast.Name(id=name), [ast.Eq()], [ast.Constant()]) if (
                    name in self.operands[1:] and steps.keys().isdisjoint(_names(left.body))
                ):
                    chosen.append((left.test, left.body))
                    left = left.orelse
                case _:
                    break
        elsewhere = (*dict(chosen), *self.elsewhere)
        return chosen, dataclasses.replace(self, value=left, elsewhere=elsewhere)


def _names(value: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}


@functools.cache
def straight(name: str, source: Path = SOURCE) -> Straight | None:
    """The function of that name in `forward`, or another module; None where it is not straight.

    >>> found = straight("at_least")
    >>> found.steps, ast.unparse(found.value), straight("mod")
    ((), 'x if x >= bound or x != x else bound', None)
    """
    definition = _read(source)[0].get(name)
    if definition is None or definition.args.vararg is not None:
        return None
    reader = _Reader()
    operands = tuple(operand.arg for operand in definition.args.args)
    given = {operand: ast.Name(operand, ast.Load()) for operand in operands}
    reader.taken.update(operands, EXACT, FLOATING)  # what a step hides cannot be called
    try:
        value = reader.function(name, source, given)
    except _NotStraightError:
        return None
    return Straight(operands, tuple(reader.steps), value, tuple(reader.elsewhere))


class _NotStraightError(Exception):
    """A function holds what is not straight."""


@functools.cache
def _read(source: Path) -> tuple[dict[str, ast.FunctionDef], dict[str, float]]:
    """The functions and the constants of a module."""
    module = ast.parse(source.read_text(encoding="utf-8"))
    functions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    # What a module has the C library compute: it cannot be written as a number.
    constants = {"NAN": float("nan"), "INFINITY": float("inf")}
    for node in module.body:
        match node:
            case ast.Assign([target], ast.Constant(value=int() | float() as number)):
                constants[ast.unparse(target)] = float(number)
            case ast.Assign(
                [target], ast.UnaryOp(ast.USub(), ast.Constant(value=int() | float() as number))
            ):
                constants[ast.unparse(target)] = -float(number)
    return functions, constants


class _Reader:
    """The steps of a function and of those that it calls, as they are met."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, ast.expr]] = []
        self.elsewhere: list[ast.expr] = []
        self.taken: set[str] = set()
        self.known: dict[str, ast.expr] = {}
        """By what a step computes: no name ever changes its value."""

    def step(self, name: str, value: ast.expr) -> ast.expr:
        """What stands for a value from here on: a new name, or itself if it is short."""
        if isinstance(value, ast.Name | ast.Constant):
            return value
        text = ast.unparse(value)
        if text in self.known:
            return self.known[text]
        free = (f"{name}_{count}" for count in range(1, 1 + len(self.taken)))
        name = name if name not in self.taken else next(n for n in free if n not in self.taken)
        self.taken.add(name)
        self.steps.append((name, value))
        self.known[text] = ast.Name(name, ast.Load())
        return self.known[text]

    def forget(self, steps: int) -> None:
        """Leave out the steps from that number on: what they were for is not straight."""
        left = {name for name, _ in self.steps[steps:]}
        del self.steps[steps:]
        self.known = {
            text: named for text, named in self.known.items() if ast.unparse(named) not in left
        }

    def function(self, name: str, source: Path, given: Mapping[str, ast.expr]) -> ast.expr:
        """A function's value of what is given."""
        definition = _read(source)[0].get(name)
        if definition is None or definition.args.vararg is not None:
            raise _NotStraightError
        described = ast.get_docstring(definition) is not None
        body = _Body(self, source, dict(given))
        return body.value(definition.body[described:])


@dataclass(frozen=True)
class _Body:
    """One function: what its names stand for."""

    reader: _Reader
    source: Path
    names: dict[str, ast.expr]

    def value(self, statements: Sequence[ast.stmt]) -> ast.expr:
        """What the statements return."""
        for place, statement in enumerate(statements):
            match statement:
                case ast.Assign([ast.Name(id=name)], value):
                    self.names[name] = self.reader.step(name, self.read(value))
                case ast.AugAssign(ast.Name(id=name), operator, value):
                    total = ast.BinOp(ast.Name(name, ast.Load()), operator, value)
                    self.names[name] = self.reader.step(name, self.read(total))
                case ast.If(test, [ast.Return(value=ast.expr() as chosen)], []):
                    condition = self.condition(test)
                    steps, elsewhere = len(self.reader.steps), len(self.reader.elsewhere)
                    try:
                        first = self.read(chosen)
                    except _NotStraightError:
                        self.reader.forget(steps)
                        self.reader.elsewhere[elsewhere:] = [condition]
                        return self.value(statements[place + 1 :])
                    return ast.IfExp(condition, first, self.value(statements[place + 1 :]))
                case ast.Return(value=ast.expr() as value):
                    return self.read(value)
                case _:
                    break
        raise _NotStraightError

    def read(self, node: ast.expr) -> ast.expr:
        match node:
            case ast.Name(id=name) if name in self.names:
                return self.names[name]
            case ast.Name(id=name) if name in _read(self.source)[1]:
                return ast.Constant(_read(self.source)[1][name])
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
            case ast.Call(func=function, args=given, keywords=[]):
                return self.called(function, given)
        raise _NotStraightError

    def condition(self, node: ast.expr) -> ast.expr:
        match node:
            case ast.Compare(left, [operator], [right]):
                return ast.Compare(self.read(left), [operator], [self.read(right)])
            case ast.BoolOp(ast.Or() as operator, parts):
                return ast.BoolOp(operator, [*map(self.condition, parts)])
        raise _NotStraightError

    def called(self, function: ast.expr, given: list[ast.expr]) -> ast.expr:
        """A function of some operands: a certain one, or another straight one, step by step."""
        match function:
            case ast.Attribute(ast.Name(id="libm"), name) if name in EXACT:
                return ast.Call(ast.Name(name, ast.Load()), [*map(self.read, given)], [])
            case ast.Attribute(ast.Name(id="floating"), name) if name in FLOATING:
                return ast.Call(ast.Name(name, ast.Load()), [*map(self.read, given)], [])
            case ast.Attribute(ast.Name(id=module), name):
                source = self.source.with_name(f"{module}.py")
            case ast.Name(id=name):
                source = self.source
            case _:
                raise _NotStraightError
        if not source.exists():
            raise _NotStraightError
        definition = _read(source)[0].get(name)
        if definition is None:
            raise _NotStraightError
        operands = [operand.arg for operand in definition.args.args]
        values = [
            self.reader.step(operand, self.read(value))
            for operand, value in zip(operands, given, strict=True)
        ]
        return self.reader.function(name, source, dict(zip(operands, values, strict=True)))
