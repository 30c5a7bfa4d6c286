"""The words of JavaScript for a program's lines, and which functions a file must hold for them."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from autograd_core.primitives.translation.javascript_source import (
    PREFIX,
    javascript_expression,
    js_number,
)
from autograd_core.program.exports.scalars.scalar_lines import listed
from autograd_core.program.exports.scalars.scalar_words import Words

__all__ = ["JavaScriptWords"]

NUMBERS = re.compile(r"-?(\d[\d.e+-]*|Infinity)|NaN")


class JavaScriptWords(Words):
    """The words for one file."""

    value, total, counter = "const", "let", "let"

    def __init__(self) -> None:
        self.needed: dict[str, None] = {}
        """The forward functions that were called."""
        self.tables: list[str] = []
        """What stands outside the functions, so that it is made once."""

    def number(self, number: float) -> str:
        return js_number(number)

    def template(self, name: str, count: int) -> tuple[str | None, bool]:
        return _expression(name, count), False  # an engine computes constants as it computes

    def called(self, name: str) -> str:
        self.needed[name] = None
        return f"{PREFIX}{name}"

    def table(self, name: str, texts: Sequence[str], whole: bool) -> list[str]:
        lines = listed(f"const {name}", texts, "[", "]")
        if not all(map(NUMBERS.fullmatch, texts)):
            return lines  # of what the function is given
        self.tables.append("\n".join(lines))
        return []


@functools.cache
def _expression(name: str, count: int) -> str | None:
    return javascript_expression(name, [f"{{{index}}}" for index in range(count)])
