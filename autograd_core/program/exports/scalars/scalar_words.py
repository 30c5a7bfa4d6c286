"""What differs between the languages that a program is written in number by number."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["Words"]


class Words:
    """What differs between the languages; of each exporter, one that notes what it was asked."""

    value: str
    """The words before the name of a new value."""
    total: str
    """Those before a number that changes."""
    counter: str
    """Those before a whole number that changes."""

    def number(self, number: float) -> str:
        """A double, to the last bit."""
        raise NotImplementedError

    def template(self, name: str, count: int) -> tuple[str | None, bool]:
        """A primitive as an expression of `{0}` and so on, if it is one; and whether a compiler
        that knows an operand may find other bits than when the program runs.
        """
        raise NotImplementedError

    def called(self, name: str) -> str:
        """What the function of a primitive is called."""
        raise NotImplementedError

    def hidden(self, text: str) -> str:
        """A constant that the compiler does not know."""
        raise NotImplementedError

    def table(self, name: str, texts: Sequence[str], whole: bool) -> list[str]:
        """The definition, here, of a table of numbers, or of whole ones."""
        raise NotImplementedError
