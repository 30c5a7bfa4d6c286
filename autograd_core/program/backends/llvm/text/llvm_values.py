"""The lines of a part's functions: where its values are, what is handed on, and arithmetic.

A function loads what it has not computed itself, and stores what later ones or the outputs want.
Which steps there are, and in which order, is not for this module.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograd_core.program.backends.llvm.llvm_formulas import (
    formula,
    is_called,
    literal,
    mask_type,
)
from autograd_core.program.backends.llvm.plan.llvm_doubts import DOUBTED
from autograd_core.program.backends.llvm.plan.llvm_frame import Frame
from autograd_core.program.backends.llvm.plan.llvm_schedule import COSTS
from autograd_core.program.backends.llvm.text.llvm_lines import NUMBER, FunctionLines
from autograd_core.program.backends.samples import PARTIAL_SUMS
from autograd_core.program.code.flat import Code

__all__ = ["PartLines"]


class PartLines(FunctionLines):
    """What is written of one part of a program: `functions` holds the bodies, one after the other
    to be run, `called` the rows that each calls, and `tables` the tables that each reads.

    `uniform` says where the uniform values stand, `sums` to which sums values are added, and
    `doubts` in which slot of the frame lanes are marked whose products are in doubt.
    """

    def __init__(
        self,
        code: Code,
        lanes: int,
        limit: int,
        frame: Frame,
        uniform: dict[int, int],
        sums: dict[int, list[int]],
        doubts: int,
    ) -> None:
        self.functions: list[str] = []
        self.called: list[set[str]] = []
        self.tables: list[list[str]] = []
        self.frame = frame
        self._leaves, self._inputs = code.leaves, code.inputs
        self._constants = [*code.constants.tolist(), 0.0]  # the last is `llvm_line`'s
        super().__init__(lanes)
        self._limit, self._mask = limit, mask_type(lanes)
        self._sum_width = NUMBER * (PARTIAL_SUMS if lanes > 1 else 1)
        self._uniform, self._sums, self._doubts = uniform, sums, doubts
        self._asked = set[int]()
        self._begin()

    def _begin(self) -> None:
        self._begin_lines()
        self._local: dict[int, str] = {}
        self._called = set[str]()
        self._tables: list[str] = []
        self._doubt = ""

    def _end(self) -> None:
        if self._doubt:
            self._keep_doubt()
        self._emit("ret void")
        self.functions.append("\n".join(self._lines))
        self.called.append(self._called)
        self.tables.append(self._tables)
        self.frame.free_after(len(self.functions) - 1)
        self._begin()

    def _reach(self, position: int, carried: list[str]) -> list[str]:
        """Cut functions until a position is reached; what is carried over, by its new names."""
        while position // self._limit > len(self.functions):
            slots = [self.frame.take(position // self._limit) for _ in carried]
            for slot, name in zip(slots, carried, strict=True):
                self._store(name, "%frame", slot * self._width)
            self._end()
            carried = [self._load("%frame", slot * self._width) for slot in slots]
        return carried

    def _value(self, value: int) -> str:
        """The name of a value, loaded unless this function has it."""
        name = self._local.get(value)
        if name is None:
            slot = self.frame.slots.get(value)
            if value < 0:
                name = literal(self._constants[-1 - value], self._lanes)
            elif slot is not None:
                name = self._load("%frame", slot * self._width)
            elif value < self._leaves:
                name = self._spread("%captured", (value - self._inputs) * NUMBER)
            else:
                name = self._spread("%uniform", self._uniform[value] * NUMBER)
            self._local[value] = name
        return name

    def _hand_on(self, value: int, name: str) -> None:
        """Store a value where later functions or the outputs want it, and add it to its sums."""
        slots = self.frame.home(value, len(self.functions))
        self._put(value, name, slots, self._sums.get(value, ()))

    def _put(self, value: int, name: str, slots: Sequence[int], sums: Sequence[int]) -> None:
        """Store a value in slots and add it to sums."""
        if self._lanes > 1 and (sums or value in self.frame.masked):
            name = self._without_spare_lanes(name)
        for slot in slots:
            self._store(name, "%frame", slot * self._width)
        for place in sums:
            self._add_to_sum(name, "%sums", place * self._sum_width)

    def _add_to_sum(self, name: str, base: str, offset: int) -> None:
        self._store(self._add(self._load(base, offset), name), base, offset)

    def _without_spare_lanes(self, name: str) -> str:
        """A value with 0 in the lanes that are no samples: added to a partial sum it is nothing."""
        bits, result = f"<{self._lanes} x i64>", self._new()
        address = self._address("%frame", self.frame.mask * self._width)
        self._emit(
            f"{result}.m = load {bits}, ptr {address}, align {self._width}\n"
            f"{result}.b = bitcast {self._type} {name} to {bits}\n"
            f"{result}.a = and {bits} {result}.b, {result}.m\n"
            f"{result} = bitcast {bits} {result}.a to {self._type}"
        )
        return result

    def _compute(self, row: str, value: int, names: Sequence[str]) -> str:
        """A value, of operands by their names; a sum of few terms too."""
        if row in COSTS:
            return self._sum(row, value, names)
        if row == "strong_product":
            return self._doubted(value, self._product(*names))
        if row == "held":
            return names[0]
        if is_called(row):
            self._called.add(row)
        name = f"%v{value}"
        self._emit(formula(row, self._lanes).format(name, *names))
        return name

    def _sum(self, row: str, value: int, names: Sequence[str]) -> str:
        width = 1 if row == "sum" else 2
        start = len(names) % width
        total = names[0] if start else literal(0.0, self._lanes)
        for place in range(start, len(names), width):
            total = self._add(
                total, names[place] if width == 1 else self._product(*names[place:][:2])
            )
        return self._doubted(value, total) if row in DOUBTED else total

    def _doubted(self, value: int, name: str) -> str:
        """A strong product or a sum of such, which is in doubt where it is NaN."""
        if value not in self._asked:
            return name
        before, self._doubt = self._doubt, self._new()
        self._emit(f"{self._doubt} = fcmp uno {self._type} {name}, {name}")
        if before:
            own, self._doubt = self._doubt, self._new()
            self._emit(f"{self._doubt} = or {self._mask} {before}, {own}")
        return name

    def _keep_doubt(self) -> None:
        bits = "i64" if self._lanes == 1 else f"<{self._lanes} x i64>"
        address = self._address("%frame", self._doubts * self._width)
        self._emit(
            f"%doubt.n = sext {self._mask} {self._doubt} to {bits}\n"
            f"%doubt.o = load {bits}, ptr {address}, align {self._width}\n"
            f"%doubt.a = or {bits} %doubt.n, %doubt.o\n"
            f"store {bits} %doubt.a, ptr {address}, align {self._width}"
        )

    def _product(self, x: str, y: str) -> str:
        name = self._new()
        self._emit(f"{name} = fmul {self._type} {x}, {y}")
        return name

    def _add(self, total: str, term: str) -> str:
        name = self._new()
        self._emit(f"{name} = fadd {self._type} {total}, {term}")
        return name
