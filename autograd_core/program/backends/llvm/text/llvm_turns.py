"""A loop over turns, each for all lanes: one function of a part.

What is the same in every turn is loaded before the loop, and what a turn reads of the ones before
stays in registers. Memory is read and written turn by turn: places that are evenly apart along a
pointer that moves with the turns; others, and constants, by a table. What is read elsewhere is left
in the frame, a slot for every turn; only the last turn's value is handed on as any other is.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, groupby, pairwise, zip_longest
from typing import NamedTuple

from autograd_core.program.backends.llvm.llvm_formulas import literal, written_out
from autograd_core.program.backends.llvm.plan.llvm_steps import (
    CAPTURED,
    CONSTANT,
    FRAME,
    Item,
    Operand,
    Turns,
)
from autograd_core.program.backends.llvm.text.llvm_lines import NUMBER
from autograd_core.program.backends.llvm.text.llvm_values import PartLines

__all__ = ["TurnsLines"]


class TurnsLines(PartLines):
    """Writes loops over turns."""

    _loop: _Loop

    def _write_turns(self, step: Turns) -> None:
        """The loop, and what is left of it."""
        loop = self._loop = _Loop(self._new()[1:], self._block)
        label, body = loop.label, step.body
        for item in body:
            for operand in item.operands:
                self._before(operand)
        left = list(map(self._left, body))
        self._emit(f"br label %{label}")
        self._begin_block(label)
        at = len(self._lines)
        if doubtful := any(item.values[0] in self._asked for item in body):
            self._doubt = f"%{label}.doubt"
        place = 0
        for _, group in groupby(body, key=lambda item: (item.level, item.row)):
            items = list(group)
            loop.names += self._compute_abreast(items)
            for item in items:
                self._leave(item, loop.names[place], left[place])
                place += 1
        if doubtful:
            loop.phis.append((self._mask, f"%{label}.doubt", "zeroinitializer", self._doubt))
        self._emit(
            f"%{label}.next = add i64 %{label}.t, 1\n"
            f"%{label}.more = icmp ult i64 %{label}.next, {step.turns}\n"
            f"br i1 %{label}.more, label %{label}, label %{label}.end"
        )
        self._lines[at:at] = loop.head(self._type)
        self._begin_block(f"{label}.end")
        for item, name, of in zip(body, loop.names, left, strict=True):
            self._put_after(item, name, of)

    # What is read.

    def _before(self, operand: Operand) -> None:
        """Load before the loop what is the same in all turns, and what the first turns read."""
        loop, values = self._loop, operand.values
        if operand.item < 0 and len(set(values)) == 1:
            loop.same[values] = self._value(values[0])
        for back in range(operand.back, 0, -1):
            if (operand.item, back) not in loop.carried:
                begins = self._value(values[operand.back - back])
                loop.carried[operand.item, back] = self._new(), begins

    def _operand(self, operand: Operand) -> str:
        """The name of an operand in a turn."""
        loop = self._loop
        if operand.item >= 0 and operand.back:
            return loop.carried[operand.item, operand.back][0]
        if operand.item >= 0:
            return loop.names[operand.item]
        if operand.values not in loop.same:
            if operand.values not in loop.loaded:
                loop.loaded[operand.values] = self._turn_by_turn(operand.sort, operand.values)
            return loop.loaded[operand.values]
        return loop.same[operand.values]

    def _turn_by_turn(self, sort: int, values: Sequence[int]) -> str:
        """The name of what stands elsewhere in every turn."""
        if sort == CONSTANT:
            numbers = [literal(self._constants[-1 - value], 1) for value in values]
            return self._spread(self._in_table("double", numbers), 0)
        if sort == FRAME:
            slots = [self.frame.slots[value] * self._width for value in values]
            return self._load(*self._along("%frame", slots))
        if sort == CAPTURED:
            leaves = [(value - self._inputs) * NUMBER for value in values]
            return self._spread(*self._along("%captured", leaves))
        return self._spread(*self._along("%uniform", [self._uniform[v] * NUMBER for v in values]))

    def _along(self, base: str, offsets: Sequence[int]) -> tuple[str, int]:
        """A pointer that moves with the turns, and how far from it in every turn a place is."""
        apart = offsets[1] - offsets[0]
        if all(other - one == apart for one, other in pairwise(offsets)):
            return self._loop.pointer(base, apart), offsets[0]
        address, offset, place = self._in_table("i64", offsets), self._new(), self._new()
        self._emit(
            f"{offset} = load i64, ptr {address}, align {NUMBER}\n"
            f"{place} = getelementptr i8, ptr {base}, i64 {offset}"
        )
        return place, 0

    def _in_table(self, kind: str, numbers: Sequence[object]) -> str:
        """The address of a turn's number in a table."""
        table = f"@table{len(self.functions)}.{len(self._tables)}"
        listed = ", ".join(f"{kind} {number}" for number in numbers)
        self._tables.append(
            f"{table} = private unnamed_addr constant [{len(numbers)} x {kind}] [{listed}], "
            f"align {NUMBER}"
        )
        address = self._new()
        self._emit(f"{address} = getelementptr {kind}, ptr {table}, i64 %{self._loop.label}.t")
        return address

    # What is computed.

    def _compute_abreast(self, items: Sequence[Item]) -> list[str]:
        """Items of one row that do not read one another, line by line in turn.

        So the processor meets early what need not wait. Their doubts are joined behind all of them:
        lines of one may not stand before what they read of another.
        """
        names, texts, doubts = [], [], []
        before = self._doubt
        for item in items:
            operands = list(map(self._operand, item.operands))
            begin, self._doubt = len(self._lines), ""
            names.append(self._compute_in_line(item, operands))
            doubts.append(self._doubt)
            texts.append("\n".join(self._lines[begin:]).splitlines())
            del self._lines[begin:]
        self._lines += filter(None, chain.from_iterable(zip_longest(*texts)))
        self._doubt = before
        for own in filter(None, doubts):
            joined, self._doubt = self._doubt, self._new()
            self._emit(f"{self._doubt} = or {self._mask} {joined}, {own}")
        return names

    def _compute_in_line(self, item: Item, operands: Sequence[str]) -> str:
        """A value; a function that is straight throughout is written where it is."""
        if (lines := written_out(item.row, self._lanes)) is None:
            return self._compute(item.row, item.values[0], operands)
        name = f"%v{item.values[0]}"
        self._emit(lines.format(name, *operands))
        return name

    # What is left.

    def _left(self, item: Item) -> _Left:
        """Where what an item makes is stored and added up turn by turn."""
        values, exports, sums = item.values, self.frame.exports, self._sums
        stored: list[Sequence[int]] = []
        added: list[Sequence[int]] = []
        rest = False
        if not (exports.keys().isdisjoint(values) and sums.keys().isdisjoint(values)):
            slots, places = zip(*map(self._wanted, values), strict=True)
            stored += [[own[k] for own in slots] for k in range(min(map(len, slots)))]
            added += [[own[k] for own in places] for k in range(min(map(len, places)))]
            rest = any(len(own) > len(stored) for own in slots[:-1])
            rest = rest or any(len(own) > len(added) for own in places[:-1])
        each = len(stored)
        if not each and (item.left or rest or self.frame.are_pinned(values[:-1])):
            stored.append(self.frame.row(len(values)))
        if stored:
            self.frame.slots.update(zip(values, stored[0], strict=True))
        return _Left(stored, added, each, rest)

    def _leave(self, item: Item, name: str, left: _Left) -> None:
        """Store a turn's value, and add it to its sums."""
        masked = left.slots and not self.frame.masked.isdisjoint(item.values)
        if self._lanes > 1 and (left.sums or masked):
            name = self._without_spare_lanes(name)
        for slots in left.slots:
            self._store(name, *self._along("%frame", [slot * self._width for slot in slots]))
        for places in left.sums:
            offsets = [place * self._sum_width for place in places]
            self._add_to_sum(name, *self._along("%sums", offsets))

    def _put_after(self, item: Item, name: str, left: _Left) -> None:
        """Hand on what is not left turn by turn."""
        each, added = left.each, len(left.sums)
        if left.rest:
            for value in item.values[:-1]:
                slots, sums = self._wanted(value)
                if len(slots) > each or len(sums) > added:
                    self._put(value, self._value(value), slots[each:], sums[added:])
        value = item.values[-1]
        self._local[value] = name
        slots, sums = self._wanted(value)
        if not left.slots:
            slots = self.frame.home(value, len(self.functions))
        self._put(value, name, slots[each:], sums[added:])

    def _wanted(self, value: int) -> tuple[Sequence[int], Sequence[int]]:
        """The slots to which a value is exported, and the sums that it is added to."""
        return self.frame.exports.get(value, ()), self._sums.get(value, ())


class _Left(NamedTuple):
    """Rows of slots and of sums, and whether some turns have more of either."""

    slots: list[Sequence[int]]
    sums: list[Sequence[int]]
    each: int
    """To how many slots every turn is exported."""
    rest: bool


class _Loop:
    """The names of a loop: what it loads and makes, and what it carries from turn to turn."""

    def __init__(self, label: str, before: str) -> None:
        self.label = label
        self.names: list[str] = []
        self.same: dict[Sequence[int], str] = {}
        self.loaded: dict[Sequence[int], str] = {}
        self.carried: dict[tuple[int, int], tuple[str, str]] = {}
        """By item and turns back, a name, and that of the first turn's."""
        self.phis: list[tuple[str, str, str, str]] = []
        self._before = before
        self._pointers: dict[tuple[str, int], str] = {}

    def pointer(self, base: str, apart: int) -> str:
        """A pointer that begins at a base and moves on."""
        return self._pointers.setdefault((base, apart), f"%{self.label}.p{len(self._pointers)}")

    def head(self, kind: str) -> list[str]:
        """The lines at the head of the loop, once its body is written."""
        phis = [("i64", f"%{self.label}.t", "0", f"%{self.label}.next"), *self.phis]
        for (item, back), (name, begins) in self.carried.items():
            ends = self.names[item] if back == 1 else self.carried[item, back - 1][0]
            phis.append((kind, name, begins, ends))
        moves = []
        for (base, apart), name in self._pointers.items():
            phis.append(("ptr", name, base, f"{name}.next"))
            moves.append(f"{name}.next = getelementptr i8, ptr {name}, i64 {apart}")
        return [
            *(
                f"{name} = phi {of} [ {begins}, %{self._before} ], [ {ends}, %{self.label} ]"
                for of, name, begins, ends in phis
            ),
            *moves,
        ]
