"""What differs between the languages that forward functions are written in.

The restricted Python of `forward` knows doubles, whole numbers of 32 bits, truth, and tables of
doubles; operators, choices, loops and calls of functions look alike in the languages here, and what
does not is a method of `Language`.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

__all__ = ["Language", "Signature", "Term", "signatures"]

# How tightly operators bind, loosest first.
CHOICE, OR, AND, EQUAL, ORDERED, SUM, PRODUCT, SIGN, WHOLE = range(9)

Signature = tuple[str, tuple[str, ...]]
"""The type that a function gives, and those that it takes."""


@dataclass(frozen=True)
class Term:
    """An expression, its type and its binding; a whole literal may be of either number type."""

    text: str
    type: str  # double, int, bool, whole (a literal), or table
    binding: int = WHOLE

    def bound(self, binding: int) -> str:
        """Its text, in parentheses if it binds less tightly than that."""
        return self.text if self.binding >= binding else f"({self.text})"


class Language:
    """One language; what is written here is what C and its heirs have in common."""

    name: str
    teaches: str
    """Which module one would teach to translate more."""
    keywords: frozenset[str]
    comparisons: ClassVar[Mapping[type[ast.cmpop], tuple[str, int]]] = {
        ast.Lt: ("<", ORDERED),
        ast.LtE: ("<=", ORDERED),
        ast.Gt: (">", ORDERED),
        ast.GtE: (">=", ORDERED),
        ast.Eq: ("==", EQUAL),
        ast.NotEq: ("!=", EQUAL),
    }

    def number(self, number: float) -> str:
        """A double, to the last bit."""
        raise NotImplementedError

    def double_of(self, term: Term) -> Term:
        """A whole number as a double."""
        raise NotImplementedError

    def whole_of(self, term: Term) -> Term:
        """A double without what stands behind its point."""
        raise NotImplementedError

    def declared(self, kind: str) -> str:
        """The words before the name of a new variable."""
        raise NotImplementedError

    def constant(self, name: str, value: float) -> str:
        """The definition of a constant."""
        raise NotImplementedError

    def table(self, name: str, rows: Sequence[Sequence[float]]) -> str:
        """The definition of a table."""
        raise NotImplementedError

    def function(
        self, name: str, gives: str, takes: Sequence[str], about: str, lines: Sequence[str]
    ) -> str:
        """The definition of a function of doubles: `about` describes it, the lines are its body."""
        raise NotImplementedError

    def of_the_library(self, name: str) -> str:
        """What a function of libm is called."""
        raise NotImplementedError

    def lacking(self, name: str) -> tuple[str, Sequence[tuple[str, str]]] | None:
        """Of a function of libm that the language lacks, its source and what that calls.

        What it calls stands as (module, name); that of the module libm may be lacking too.
        """
        return None

    def floating(self, name: str, spelled: str) -> tuple[str, Sequence[str]]:
        """The source of a function of `floating`, and what of libm it calls."""
        raise NotImplementedError


@functools.cache
def signatures(declarations: Path) -> dict[str, Signature]:
    """The C library's functions as a .pxd declares them: what each gives, and what it takes."""
    text = declarations.read_text(encoding="utf-8")
    found = re.findall(r"^ +(double|int|bint) (\w+)\(([\w, ]+)\)$", text, re.MULTILINE)
    return {
        name: ("bool" if gives == "bint" else gives, tuple(takes.split(", ")))
        for gives, name, takes in found
    }
