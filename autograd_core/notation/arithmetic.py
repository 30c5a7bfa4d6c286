"""The number a formula has at given operands: to tell where a rule follows its formula.

At kinks, ties and poles a primitive's local gradient is a convention and not what the formula gives
there. This module only evaluates, with the table's own forwards, in IEEE arithmetic that raises
nothing; it decides nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

from autograd_core.notation.formula import Formula
from autograd_core.primitives import forward

__all__ = ["evaluate"]

# The primitives that LaTeX calls by the same name, and those by another.
_SAME = ("sin", "cos", "tan", "sinh", "cosh", "tanh", "log", "log2", "log10", "sign", "trunc",
         "erf", "erfc", "atan2")  # fmt: skip
_CALLS: dict[str, Callable[..., float]] = {
    "arcsin": forward.asin,
    "arccos": forward.acos,
    "arctan": forward.atan,
    "arsinh": forward.asinh,
    "arcosh": forward.acosh,
    "artanh": forward.atanh,
    "sigma": forward.sigmoid,
    "varphi": forward.normal_pdf,
    "Phi": forward.normal_cdf,
    "round": forward.rint,
    "max": lambda *numbers: reduce(forward.maximum, numbers),
    "min": lambda *numbers: reduce(forward.minimum, numbers),
    **{name: getattr(forward, name) for name in _SAME},
}
_ROOTS: dict[str, Callable[[float], float]] = {"2": forward.sqrt, "3": forward.cbrt}
_FENCES: dict[str, Callable[[float], float]] = {
    r"\lfloor": forward.floor,
    r"\lceil": forward.ceil,
    r"\lvert": forward.abs,
}
_RELATIONS: dict[str, Callable[[float, float], Any]] = {
    "<": lambda x, y: x < y,
    ">": lambda x, y: x > y,
    r"\le": lambda x, y: x <= y,
    r"\gtrsim": forward.exceeds,
}
_KINDS: dict[str, Callable[..., float]] = {
    "add": forward.add,
    "subtract": forward.sub,
    "negative": forward.neg,
    "times": forward.mul,
    "over": forward.div,
    "slash": forward.div,
    "modulo": forward.mod,
    "power": forward.pow,
}
_E = Formula("symbol", "e")
_EXP: Callable[[float], float] = forward.exp


def evaluate(formula: Formula, operands: Mapping[str, float]) -> float | None:
    """The value of a formula whose slots hold the operands; None for a function not known here.

    >>> from autograd_core.notation.formula import read
    >>> evaluate(read(r"2 {x} + [{x} > 0]"), {"x": 3.0})
    7.0
    """
    kind, parts = formula.kind, formula.parts
    if kind == "slot":
        return operands.get(formula.sign)
    if kind == "number":
        return float(formula.sign)
    if kind == "symbol":
        return math.e if formula.sign == "e" else math.pi
    if kind == "bracket":
        return _holds(parts[0], operands)
    if kind == "phrase":
        return _chosen(formula, operands)
    numbers: list[Any] = [evaluate(part, operands) for part in parts]
    if None in numbers:
        return None
    function: Callable[..., float] | None
    if kind == "power" and parts[0] == _E:
        function, numbers = _EXP, numbers[1:]
    elif kind == "root":
        function = _ROOTS.get(formula.sign)
    else:
        function = _KINDS.get(kind) or _FENCES.get(formula.sign) or _CALLS.get(formula.sign)
    return None if function is None else function(*numbers)


def _holds(condition: Formula, operands: Mapping[str, float]) -> float | None:
    """Iverson's bracket: 1 where a chain of relations holds, or a condition is not 0."""
    chain = []
    while condition.kind == "relation":
        left, right = condition.parts
        chain.append((left.parts[1] if left.kind == "relation" else left, condition.sign, right))
        condition = left
    if not chain:
        number = evaluate(condition, operands)
        return None if number is None else float(number != 0)
    for left, sign, right in chain:
        x, y = evaluate(left, operands), evaluate(right, operands)
        if x is None or y is None:
            return None
        if not _RELATIONS[sign](x, y):
            return 0.0
    return 1.0


def _chosen(phrase: Formula, operands: Mapping[str, float]) -> float | None:
    """`x if condition else y`."""
    first, other = phrase.parts
    if first.kind != "phrase" or (first.sign, phrase.sign) != ("if", "else"):
        return None
    holds = _holds(first.parts[1], operands)
    return None if holds is None else evaluate(first.parts[0] if holds else other, operands)
