"""JSON read strictly: everything that is not just as it was written is refused, by its place.

Python's own reader takes the last of two members of one name, words that JSON does not have, and
numbers that no double holds. This module knows no document; which error to raise is its caller's.
"""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

__all__ = ["SPECIAL", "StrictReader", "json_number"]

SPECIAL = {"Infinity": math.inf, "-Infinity": -math.inf, "NaN": math.nan}


def json_number(number: float) -> float | str:
    """A float as JSON can hold it."""
    if math.isfinite(number):
        return number
    return "NaN" if number != number else "Infinity" if number > 0 else "-Infinity"


class StrictReader:
    """Reads and checks JSON; refuses by raising one kind of error."""

    def __init__(self, error: type[Exception]) -> None:
        self.error = error

    def document(self, text: str | bytes) -> Any:
        """What a text holds."""
        try:
            return json.loads(
                text, object_pairs_hook=self._once, parse_constant=self._refuse_constant
            )
        except self.error:
            raise
        except (ValueError, RecursionError, TypeError) as error:
            raise self.error(f"this is no JSON: {str(error) or type(error).__name__}") from None

    def members(self, thing: Any, names: tuple[str, ...], where: str) -> None:
        """Hold a thing to be an object with just these members."""
        if not isinstance(thing, dict):
            raise self.error(f"{where} must be an object, not {type(thing).__name__}")
        for name in names:
            if name not in thing:
                raise self.error(f"{where} has no {name!r}")
        for name in thing:
            if name not in names:
                raise self.error(f"{where} has {name!r:.60}, which is no member of it")

    def number(self, number: Any, where: str) -> float:
        """A double: a number, or the string that stands for one that JSON does not have."""
        if type(number) is int or type(number) is float:
            try:
                converted = float(number)
            except OverflowError:
                converted = math.inf
            if math.isfinite(converted):
                return converted
        elif isinstance(number, str) and number in SPECIAL:
            return SPECIAL[number]
        raise self.error(
            f"{where}: {number!r:.60} is no double; write {', '.join(SPECIAL)} as strings"
        )

    def _once(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for name, member in pairs:
            if name in members:
                raise self.error(f"an object has {name!r:.60} twice")
            members[name] = member
        return members

    def _refuse_constant(self, word: str) -> NoReturn:
        raise self.error(f"{word} is no number in JSON; write it as the string {word!r}")
