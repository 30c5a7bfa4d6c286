"""Formulas in plain text, for terminals: `∂f/∂x`, `x²`, `√(x + y)`, `sin(x)`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograd_core.notation.formula import Formula
from autograd_core.notation.spelling import (
    ATOM,
    MODULO,
    POWER,
    PRODUCT,
    RELATION,
    SUM,
    Notation,
    Piece,
)

__all__ = ["TextNotation"]

_PLAIN_NAME = re.compile(r"[\w.#…]+(\[\w+\])*(,[₀-₉]+)?")
_FUNCTIONS = {"sigma": "σ", "varphi": "φ", "Phi": "Φ", "log2": "log₂", "log10": "log₁₀"}
_FENCES = {r"\lfloor": "⌊⌋", r"\lceil": "⌈⌉", r"\lvert": "||"}
_RELATIONS = {r"\le": "≤", r"\gtrsim": "≳"}
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class TextNotation(Notation):
    """Plain text."""

    ellipsis = Piece("…")

    def number(self, number: float) -> Piece:
        text, exact = self.digits(number)
        text = {"inf": "∞", "-inf": "-∞", "nan": "NaN"}.get(text, text)
        level = PRODUCT if text.startswith("-") else POWER if "e" in text else ATOM
        return Piece(text, level, exact, is_number=True)

    def name(self, name: str) -> Piece:
        return Piece(name if _PLAIN_NAME.fullmatch(name) else f"({name})")

    def derivative(self, of: Piece, by: Piece) -> Piece:
        return Piece(f"∂{of.text}/∂{by.text}")

    def enclose(self, text: str) -> str:
        return f"({text})"

    def words(self, text: str) -> str:
        return text

    def function(self, name: str) -> str:
        return _FUNCTIONS.get(name, name)

    def write(self, formula: Formula, parts: Sequence[Piece]) -> Piece:
        kind, sign = formula.kind, formula.sign
        if kind == "symbol":
            return Piece("π" if sign == r"\pi" else sign)
        if kind == "times":
            right = self.within(parts[1], PRODUCT, right=True)
            return Piece(f"{self.within(parts[0], PRODUCT)} · {right}", PRODUCT)
        if kind in ("over", "slash"):
            right = self.within(parts[1], POWER, right=True)
            return Piece(f"{self.within(parts[0], PRODUCT)} / {right}", PRODUCT)
        if kind == "modulo":
            left, right = self.within(parts[0], POWER), self.within(parts[1], POWER)
            return Piece(f"{left} mod {right}", MODULO)
        if kind == "power":
            base, exponent = self.within(parts[0], ATOM), parts[1]
            raised = exponent.text.translate(_SUPERSCRIPTS)
            if not exponent.text.isdigit():
                raised = "^" + self.within(exponent, ATOM)
            return Piece(base + raised, POWER)
        if kind == "root":
            mark = {"2": "√", "3": "∛"}.get(sign) or sign.translate(_SUPERSCRIPTS) + "√"
            return Piece(mark + self.within(parts[0], ATOM), POWER)
        if kind == "fence":
            marks = _FENCES[sign]
            return Piece(marks[0] + parts[0].text + marks[1])
        left, right = self.within(parts[0], RELATION), self.within(parts[1], SUM)
        return Piece(f"{left} {_RELATIONS.get(sign, sign)} {right}", RELATION)
