"""The loops of a native executable, so that equal ones are compiled once.

A body is the lane instructions of a loop with whatever differs from loop to loop taken out: slots
are numbered as they are first written, and numbers in memory are parameters, whose values are the
loop's places. This module reads instructions; `loop_text` writes LLVM's language.
"""

from __future__ import annotations

from typing import NamedTuple

from autograd_core.primitives import PRIMITIVES
from autograd_core.program.backends.native.executable import Executable
from autograd_core.program.backends.native.operations import SPECIAL

__all__ = ["Body", "Operand", "Step", "bodies"]

MEMORY = ("load", "store", "give", "running")
LISTED = {"where": (3, 0), "sum": (0, 1), "dot": (1, 2), "strong_dot": (0, 2)}
"""How many operands of a row are listed: so many, and so many for each that it counts."""


class Operand(NamedTuple):
    """A slot, or a parameter."""

    in_memory: bool
    number: int


class Step(NamedTuple):
    """One instruction of a body.

    `load` reads a parameter by steps of `result`'s turn, `store` and `give` write the first operand
    to the second. `running` says of the next `stride` steps that they are run turn by turn. Of each
    value that is carried its operands have where it begins and where it goes in the end, and
    `results` the slots that it has and that what the turn before gave has.
    """

    row: str
    result: int
    operands: tuple[Operand, ...]
    stride: int = 0
    results: tuple[tuple[int, int], ...] = ()


Body = tuple[Step, ...]


def bodies(executable: Executable, numbers: dict[str, int]) -> dict[int, tuple[Body, list[int]]]:
    """For the place of every loop among the instructions, its body and its parameters' values."""
    rows = _rows_by_operation(numbers)
    lists, lanes = executable.lists.tolist(), executable.lane_code
    found = {}
    for place, (operation, _, first, _) in enumerate(executable.uniform_code.tolist()):
        if operation == numbers["loop"]:
            begin, end, _, streams = lists[first : first + 4]
            along = lists[first + 4 : first + 4 + 2 * streams]
            reader = _Reader(lists, list(zip(along[::2], along[1::2], strict=True)), rows)
            steps = [reader.step(*row) for row in lanes[begin:end].tolist()]
            found[place] = tuple(steps), reader.places
    return found


def _rows_by_operation(numbers: dict[str, int]) -> dict[int, str]:
    found = {numbers[name]: name for name in (*SPECIAL, *PRIMITIVES) if name in numbers}
    for name in PRIMITIVES:
        for form in (f"{name}_uniform", f"uniform_{name}"):
            if form in numbers:
                found[numbers[form]] = name
    return found


class _Reader:
    """Reads the instructions of one loop."""

    def __init__(
        self, lists: list[int], streams: list[tuple[int, int]], rows: dict[int, str]
    ) -> None:
        self.places: list[int] = []
        self._lists, self._streams, self._rows = lists, streams, rows
        self._parameters: dict[int, int] = {}
        self._slots: dict[int, int] = {}

    def step(self, operation: int, result: int, first: int, second: int) -> Step:
        row = self._rows[operation]
        if row == "load":
            base, stride = self._streams[first]
            return Step(row, self._slot(result), (self._place(base),), stride)
        if row in ("store", "give"):
            return Step(row, 0, (self._operand(first), self._place(second)))
        if row == "running":
            carried = self._lists[second : second + 4 * result]
            places = (self._place(place) for k in range(2) for place in carried[k::4])
            slots = ((self._slot(slot) for slot in carried[k::4]) for k in (2, 3))
            return Step(row, 0, tuple(places), first, tuple(zip(*slots, strict=True)))
        if row in LISTED:
            fixed, each = LISTED[row]
            listed = self._lists[first : first + fixed + each * second]
        elif PRIMITIVES[row].arity == 3:  # a function's
            listed = self._lists[first : first + 3]
        else:
            listed = [first, second][: PRIMITIVES[row].arity]
        operands = tuple(map(self._operand, listed))  # first: the result may have a slot of theirs
        return Step(row, self._slot(result), operands)

    def _slot(self, number: int) -> int:
        self._slots[number] = len(self._slots) if number not in self._slots else self._slots[number]
        return self._slots[number]

    def _operand(self, number: int) -> Operand:
        return self._place(number) if number < 0 else Operand(False, self._slots[number])

    def _place(self, number: int) -> Operand:
        parameter = self._parameters.setdefault(number, len(self.places))
        if parameter == len(self.places):
            self.places.append(number)
        return Operand(True, parameter)
