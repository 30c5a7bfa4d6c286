"""The steps of a schedule: instructions, sums side by side, loops over turns.

Every step has a position: functions are cut where positions pass a multiple of a limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

__all__ = [
    "CAPTURED",
    "CONSTANT",
    "FRAME",
    "UNIFORM",
    "Item",
    "Loop",
    "Operand",
    "Schedule",
    "Step",
    "Turns",
]

CONSTANT, CAPTURED, UNIFORM, FRAME = range(4)
"""Where an operand stands."""


class Loop(NamedTuple):
    """Sums over the same first factors, with second factors at equal distances among captured."""

    shared: tuple[int, ...]
    """The first factors of as many terms as the loop has; what is left of the sums comes after."""
    starts: tuple[int, ...]
    """For each sum, where among what is captured its own factors begin."""
    stride: int


class Step(NamedTuple):
    """One instruction, or several of one row and length computed side by side."""

    position: int
    row: str
    values: tuple[int, ...]
    operands: tuple[Sequence[int], ...]
    """One list of operands for each value."""
    loop: Loop | None


class Operand(NamedTuple):
    """One operand of a body's item: `values` are what it is turn by turn.

    If `item` is one of the body, it is what that item made `back` turns ago.
    """

    sort: int
    values: tuple[int, ...]
    item: int = -1
    back: int = 0


class Item(NamedTuple):
    """One item of a body: `values` are what it makes turn by turn.

    Items of one level do not read one another. `left` says whether others than the last of its
    values are read elsewhere.
    """

    level: int
    row: str
    values: tuple[int, ...]
    operands: tuple[Operand, ...]
    left: bool


class Turns(NamedTuple):
    """A loop over turns, each for all lanes, that computes the items of its body one by one."""

    position: int
    turns: int
    body: tuple[Item, ...]

    @property
    def values(self) -> Iterator[int]:
        """What the loop makes."""
        return (value for item in self.body for value in item.values)


class Schedule(NamedTuple):
    """The steps in order, with the last position at which each value is read."""

    steps: list[Step | Turns]
    last: dict[int, int]
    size: int
    """The position after the last: what compiling costs."""
