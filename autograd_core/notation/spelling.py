"""How formulas, names and numbers are written: in plain text, or in LaTeX.

A `Notation` puts operands into the slots of a `Formula` and writes the result with the fewest
parentheses that keep its meaning. Names and numbers are `text_marks`' and `latex_marks`', which
are built on this module; it owns precedence only.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from autograd_core.notation.formula import Formula

__all__ = [
    "ATOM",
    "MODULO",
    "POWER",
    "PRODUCT",
    "RELATION",
    "SUM",
    "Notation",
    "Piece",
]

PHRASE, RELATION, MODULO, SUM, PRODUCT, POWER, ATOM = range(7)


@dataclass(frozen=True, slots=True)
class Piece:
    """Something written: how tightly it binds, and whether its numbers are shown to the last bit.

    What begins with a minus binds like a product, and no further operator may stand before it.
    """

    text: str
    level: int = ATOM
    exact: bool = True
    is_number: bool = False


class Notation(ABC):
    """A way of writing; `number_format` gives the digits of a float."""

    ellipsis: Piece
    equals = ("=", "≈")

    def __init__(self, number_format: Callable[[float], str]) -> None:
        self.number_format = number_format

    def digits(self, number: float) -> tuple[str, bool]:
        """The number as its format has it, and whether that is all of it."""
        text = self.number_format(number)
        try:
            exact = float(text) == number or number != number
        except ValueError:
            exact = False
        return text, exact

    @abstractmethod
    def number(self, number: float) -> Piece:
        """A float."""

    @abstractmethod
    def name(self, name: str) -> Piece:
        """The name of a node."""

    @abstractmethod
    def derivative(self, of: Piece, by: Piece) -> Piece:
        """∂of/∂by."""

    @abstractmethod
    def enclose(self, text: str) -> str:
        """`text` in parentheses."""

    @abstractmethod
    def words(self, text: str) -> str:
        """Plain words among formulas."""

    @abstractmethod
    def function(self, name: str) -> str:
        """The name of a function."""

    @abstractmethod
    def write(self, formula: Formula, parts: Sequence[Piece]) -> Piece:
        """What the two notations write differently; `parts` are the formula's, written."""

    def fill(self, formula: Formula, operands: Mapping[str, Piece]) -> Piece:
        """The formula with the operands in its slots."""
        kind = formula.kind
        if kind == "slot":
            return operands[formula.sign]
        if kind == "number":
            return Piece(formula.sign, PRODUCT if formula.sign.startswith("-") else ATOM)
        parts = [self.fill(part, operands) for part in formula.parts]
        written = self._arrange(formula, parts)
        return replace(written, exact=all(part.exact for part in parts))

    def _arrange(self, formula: Formula, parts: Sequence[Piece]) -> Piece:
        kind = formula.kind
        if kind == "add":
            left, right = self.within(parts[0], SUM), self.within(parts[1], SUM, right=True)
            return Piece(f"{left} + {right}", SUM)
        if kind == "subtract":
            left, right = self.within(parts[0], SUM), self.within(parts[1], PRODUCT, right=True)
            return Piece(f"{left} - {right}", SUM)
        if kind == "negative":
            if parts[0].is_number and parts[0].text.startswith("-"):
                text = parts[0].text[1:]
                level = PRODUCT if " " in text else POWER if "e" in text else ATOM
                return Piece(text, level, is_number=True)  # not -(-6) but 6
            return Piece("-" + self.within(parts[0], PRODUCT, right=True), PRODUCT)
        if kind == "bracket":
            return Piece(f"[{parts[0].text}]")
        if kind == "call":
            listed = ", ".join(part.text for part in parts)
            return Piece(self.function(formula.sign) + self.enclose(listed))
        if kind == "phrase":
            chained = formula.parts[0].kind == "phrase"
            left = parts[0].text if chained else self.within(parts[0], RELATION)
            right = self.within(parts[1], RELATION)
            return Piece(f"{left}{self.words(f' {formula.sign} ')}{right}", PHRASE)
        return self.write(formula, parts)

    def within(self, piece: Piece, level: int, right: bool = False) -> str:
        """The piece where at least `level` is needed; `right` of an operator no minus may begin."""
        if piece.level < level or (right and piece.text.startswith("-")):
            return self.enclose(piece.text)
        return piece.text

    def product(self, left: Piece, right: Piece) -> Piece:
        """left · right."""
        return self.fill(
            Formula("times", r"\cdot", (Formula("slot", "l"), Formula("slot", "r"))),
            {"l": left, "r": right},
        )

    def total(self, terms: Sequence[Piece]) -> Piece:
        """The sum of the terms."""
        first, *others = terms
        text = self.within(first, SUM)
        for term in others:
            text += " + " + self.within(term, SUM, right=True)
        exact = all(term.exact for term in terms)
        return Piece(text, SUM, exact) if others else first

    def equalities(self, left: Piece, members: Sequence[Piece]) -> list[str]:
        """["= member", …]; ≈ from the first number that was rounded on. Repeated members go."""
        found, exact, last = [], left.exact, left.text
        for member in members:
            exact = exact and member.exact
            if member.text != last:
                found.append(f"{self.equals[not exact]} {member.text}")
                last = member.text
        return found
