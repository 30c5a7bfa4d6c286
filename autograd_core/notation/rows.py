"""What a row of the table says of one node: its value and its partials, operand by operand.

The slots of the formulas given here are the operands' places, "0", "1" and so on, also where the
row takes any number of operands. This module joins the table with `formula`; it writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from autograd_core.notation.formula import Formula, UnreadableFormula, read
from autograd_core.primitives import Primitive

__all__ = ["ELLIPSIS", "MOST_TERMS", "partial_formula", "settled", "value_formula"]

MOST_TERMS = 8
"""A sum of more terms is shown by its first and last ones."""
FIRST_TERMS = 3
ELLIPSIS = "…"
"""The slot for terms left out."""


@lru_cache(maxsize=1024)
def value_formula(row: Primitive, count: int, skip_start: bool = False) -> Formula:
    """The value at `count` operands; a row whose LaTeX cannot be read is a call by its name."""
    places = [Formula("slot", str(place)) for place in range(count)]
    call = Formula("call", row.name, tuple(places))
    try:
        formula = read(row.latex)
    except UnreadableFormula:
        return call
    if row.arity is not None:
        return _numbered(formula, {name: str(place) for place, name in enumerate(row.operands)})
    if formula.kind != "series":
        return call
    group = _group(row)
    start = len(row.operands) - 1 - len(group)
    terms = [] if skip_start else places[:start]
    bodies = range(start, count, len(group))
    chosen: list[int | None] = list(bodies)
    if len(bodies) > MOST_TERMS:
        chosen = [*bodies[:FIRST_TERMS], None, bodies[-1]]
    for first in chosen:
        if first is None:
            terms.append(Formula("slot", ELLIPSIS))
        else:
            slots = {name: str(first + offset) for offset, name in enumerate(group)}
            terms.append(_numbered(formula.parts[0], slots))
    if not terms:
        return Formula("number", "0")
    total = terms[0]
    for term in terms[1:]:
        total = Formula("add", "", (total, term))
    return total


@lru_cache(maxsize=4096)
def partial_formula(row: Primitive, place: int, count: int) -> Formula | None:
    """The partial with respect to the operand at `place`; None where the row has none to read."""
    try:
        partials = [_as_taught(read(latex)) for latex in row.partials_latex]
        series = row.arity is not None or read(row.latex).kind == "series"
    except UnreadableFormula:
        return None
    if not series:
        return None
    if row.arity is not None:
        slots = {name: str(position) for position, name in enumerate(row.operands)}
        return _numbered(partials[place], slots)
    group = _group(row)
    start = len(row.operands) - 1 - len(group)
    if place < start:
        return Formula("number", "1")
    offset = (place - start) % len(group)
    slots = {name: str(place - offset + position) for position, name in enumerate(group)}
    return _numbered(partials[offset], slots)


def settled(formula: Formula, constants: Mapping[str, float]) -> Formula:
    """The formula with constant exponents worked out: 2 · x^(2 - 1) is 2 · x."""
    if not constants:
        return formula
    parts = tuple(settled(part, constants) for part in formula.parts)
    if formula.kind == "power" and parts[1].kind == "subtract":
        minuend, subtrahend = parts[1].parts
        if minuend.sign in constants and subtrahend.kind == "number":
            exponent = constants[minuend.sign] - float(subtrahend.sign)
            if exponent == 1:
                return parts[0]
            if float(f"{exponent:g}") == exponent:
                parts = (parts[0], Formula("number", f"{exponent:g}"))
    return Formula(formula.kind, formula.sign, parts)


def _as_taught(formula: Formula) -> Formula:
    """The formula with σ(-x) as textbooks write it: 1 - σ(x)."""
    parts = tuple(_as_taught(part) for part in formula.parts)
    if formula.kind == "call" and formula.sign == "sigma" and parts[0].kind == "negative":
        sigma = Formula("call", "sigma", parts[0].parts)
        return Formula("subtract", "", (Formula("number", "1"), sigma))
    return Formula(formula.kind, formula.sign, parts)


def _group(row: Primitive) -> tuple[str, ...]:
    """The operands that are repeated, those with partials of their own: (w, x) of a dot product."""
    return row.operands[:-1][-len(row.partials_latex) :]


def _numbered(formula: Formula, slots: dict[str, str]) -> Formula:
    if formula.kind == "slot":
        return Formula("slot", slots[formula.sign])
    parts = tuple(_numbered(part, slots) for part in formula.parts)
    return Formula(formula.kind, formula.sign, parts)
