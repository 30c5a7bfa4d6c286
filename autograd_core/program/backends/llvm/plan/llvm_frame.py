"""The frame: where in memory a program's values stand, a slot of lanes for each.

A value that only the function which makes it reads has no slot. Slots are used again after the last
function that reads them, but for those of outputs, of what is read after all functions, and of the
vectors that loops go through. This module hands out numbers and writes no text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from autograd_core.program.backends.llvm.plan.llvm_steps import Schedule, Step

__all__ = ["Frame"]


class Frame:
    """Slots of one part of a program.

    `slots` says where the inputs stand, `exports` in which slots values are left, and `pinned`
    which values are read after all functions; of the `masked` the spare lanes are to be 0. Slots
    from `size` on are free.
    """

    def __init__(
        self,
        size: int,
        slots: dict[int, int],
        exports: dict[int, list[int]],
        pinned: Iterable[int] = (),
        masked: Iterable[int] = (),
        mask: int = 0,
    ) -> None:
        self.size, self.slots, self.exports = size, slots, exports
        self.masked, self.mask = set(masked), mask
        self._pinned = set(pinned)
        self._inputs = dict(slots)
        self._vectors: dict[tuple[int, ...], tuple[int, list[int]]] = {}
        self._last: Mapping[int, int] = {}
        self._limit = 1
        self._free: list[int] = []
        self._expiring: defaultdict[int, list[int]] = defaultdict(list)

    def begin(self, schedule: Schedule, rest: Sequence[int], limit: int) -> None:
        """Take a schedule in, after which the rest of what is to be exported is read."""
        self._last = schedule.last | {
            value: schedule.size + place for place, value in enumerate(rest)
        }
        self._limit = limit
        for step in schedule.steps:
            if isinstance(step, Step) and step.loop and step.loop.shared not in self._vectors:
                self._reserve(step.loop.shared)
        for value, slot in self._inputs.items():
            if value not in self._pinned:
                self._expiring[self._last.get(value, -1) // limit].append(slot)
        self.free_after(-1)

    def _reserve(self, shared: tuple[int, ...]) -> None:
        """Give a loop's vector its slots: the inputs' own, or new ones, filled as values come."""
        first = self._inputs.get(shared[0])
        if first is not None and all(
            self._inputs.get(value) == first + place for place, value in enumerate(shared)
        ):
            self._vectors[shared] = first, []
            self._pinned.update(shared)
            return
        first, missing = self.size, []
        self.size += len(shared)
        for place, value in enumerate(shared):
            if value in self._inputs:
                missing.append(place)
            else:
                self.exports.setdefault(value, []).append(first + place)
        self._vectors[shared] = first, missing

    def vector(self, shared: tuple[int, ...]) -> tuple[int, list[int]]:
        """Where a loop's vector begins, and which of its places are yet to be filled."""
        first, missing = self._vectors[shared]
        self._vectors[shared] = first, []
        return first, missing

    def row(self, count: int) -> tuple[int, ...]:
        """So many new slots side by side, that stay."""
        self.size += count
        return tuple(range(self.size - count, self.size))

    def are_pinned(self, values: Iterable[int]) -> bool:
        """Whether any of some values is read after all functions."""
        return not self._pinned.isdisjoint(values)

    def take(self, function: int) -> int:
        """A free slot, to be used until a function ends."""
        if self._free:
            slot = self._free.pop()
        else:
            slot = self.size
            self.size += 1
        self._expiring[function].append(slot)
        return slot

    def free_after(self, function: int) -> None:
        """Let the slots that a function was the last to read be used again."""
        self._free += self._expiring.pop(function, ())

    def home(self, value: int, function: int) -> list[int]:
        """The slots in which a value made by a function is to be stored."""
        slots = list(self.exports.get(value, ()))
        last = self._last.get(value, -1) // self._limit
        if not slots and value in self._pinned and value not in self._inputs:
            slots.append(self.size)
            self.size += 1
        elif not slots and last > function:
            slots.append(self.take(last))
        if slots and value not in self._inputs:
            self.slots[value] = slots[0]
        return slots
