"""The words of C for a program's lines, and which functions a file must hold for them."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from autograd_core.primitives.translation.c_source import c_expression, c_functions, c_number
from autograd_core.program.exports.scalars.scalar_lines import listed
from autograd_core.program.exports.scalars.scalar_words import Words

__all__ = ["CWords"]

CORRECTLY_ROUNDED = frozenset({"ceil", "copysign", "fabs", "floor", "fmod", "ilogb", "isinf"}) | {
    "isnan",
    "ldexp",
    "rint",
    "sqrt",
    "trunc",
}
"""The C library's functions that have one right answer, whoever computes it."""


class CWords(Words):
    """The words for one file, whose functions begin with its name."""

    value, total, counter = "const double", "double", "int"

    def __init__(self, name: str) -> None:
        self.name = name
        self.needed: dict[str, None] = {}
        """The forward functions that were called."""
        self.keeps = False
        """Whether a constant was hidden from the compiler."""

    def number(self, number: float) -> str:
        return c_number(number)

    def template(self, name: str, count: int) -> tuple[str | None, bool]:
        return _template(name, count)

    def called(self, name: str) -> str:
        self.needed[name] = None
        return f"{self.name}_{name}"

    def hidden(self, text: str) -> str:
        self.keeps = True
        return f"{self.name}_kept({text})"

    def table(self, name: str, texts: Sequence[str], whole: bool) -> list[str]:
        kind = "int" if whole else "double"
        return listed(f"static const {kind} {name}[{len(texts)}]", texts, "{", "}")


@functools.cache
def _template(name: str, count: int) -> tuple[str | None, bool]:
    calls = set(re.findall(r"\b([a-z]\w*)\(", c_functions([name], prefix="AG_")))
    expression = c_expression(name, [f"{{{index}}}" for index in range(count)])
    return expression, bool(calls - CORRECTLY_ROUNDED - {"if", "while"})
