"""The text of a program in LLVM's language: functions of bounded size over a block of lanes.

Every function takes the same four pointers: the frame, where a block's inputs, outputs and what is
handed from one function to the next have their places; the captured numbers; the uniform values,
computed once a call; and the partial sums. Whatever is used only in the function that makes it
never goes through memory.

Strong products are computed as plain ones, which they are unless a zero meets what is not finite.
Then a NaN comes out: a lane in which one did is marked in the slot of doubts, and a call that
leaves a doubt is done again by a back end that asks of every product. Here those are asked that
`llvm_doubts` names.

The text of the uniform part is made here too: it is a program of one lane whose frame is the
uniform values.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograd_core.program.backends.llvm.llvm_formulas import (
    formula,
    is_called,
    literal,
    mask_type,
)
from autograd_core.program.backends.llvm.plan.llvm_doubts import DOUBTED, asked
from autograd_core.program.backends.llvm.plan.llvm_frame import Frame
from autograd_core.program.backends.llvm.plan.llvm_schedule import COSTS, TURN, Loop, Schedule, Step
from autograd_core.program.backends.llvm.text.llvm_lines import NUMBER, FunctionLines
from autograd_core.program.backends.samples import PARTIAL_SUMS
from autograd_core.program.code.flat import Code

__all__ = ["ATTRIBUTES", "SIGNATURE", "PartText"]

SIGNATURE = (
    "(ptr noalias %frame, ptr noalias readonly %captured, ptr noalias readonly %uniform, "
    "ptr noalias %sums)"
)
# Tunings that prefer narrower vectors would split every lane block in two.
ATTRIBUTES = 'nounwind "prefer-vector-width"="512" "min-legal-vector-width"="512"'


class PartText(FunctionLines):
    """Writes one part of a program: `functions` holds the bodies, one after the other to be run,
    and `called` the rows that each calls.

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
        self.frame = frame
        self._leaves, self._inputs = code.leaves, code.inputs
        self._constants = code.constants.tolist()
        super().__init__(lanes)
        self._limit, self._mask = limit, mask_type(lanes)
        self._uniform, self._sums, self._doubts = uniform, sums, doubts
        self._asked = set[int]()
        self._begin()

    def write(self, schedule: Schedule) -> None:
        """Write every step of a schedule, and the exports and sums that no step makes."""
        self._asked = asked(schedule.steps)
        made = {value for step in schedule.steps for value in step.values}
        rest = [value for value in {**self.frame.exports, **self._sums} if value not in made]
        self.frame.begin(schedule, rest, self._limit)
        for step in schedule.steps:
            self._reach(step.position, [])
            if step.row in COSTS:
                results = self._sum_up(step)
            else:
                results = [self._compute(step.row, step.values[0], step.operands[0])]
            for value, name in zip(step.values, results, strict=True):
                self._local[value] = name
                self._hand_on(value, name)
        for place, value in enumerate(rest):
            self._reach(schedule.size + place, [])
            self._hand_on(value, self._value(value))
        self._end()

    # Functions.

    def _begin(self) -> None:
        self._begin_lines()
        self._local: dict[int, str] = {}
        self._called = set[str]()
        self._doubt = ""

    def _end(self) -> None:
        if self._doubt:
            self._keep_doubt()
        self._emit("ret void")
        self.functions.append("\n".join(self._lines))
        self.called.append(self._called)
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

    # Values.

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
        sums = self._sums.get(value, ())
        if self._lanes > 1 and (sums or value in self.frame.masked):
            name = self._without_spare_lanes(name)
        for slot in self.frame.home(value, len(self.functions)):
            self._store(name, "%frame", slot * self._width)
        for place in sums:
            offset = place * NUMBER * (PARTIAL_SUMS if self._lanes > 1 else 1)
            before, after = self._load("%sums", offset), self._new()
            self._emit(f"{after} = fadd {self._type} {before}, {name}")
            self._store(after, "%sums", offset)

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

    # Arithmetic.

    def _compute(self, row: str, value: int, operands: Sequence[int]) -> str:
        if row == "strong_product":
            return self._doubted(value, self._product(*map(self._value, operands)))
        names = [self._value(operand) for operand in operands]
        if row == "held":
            return names[0]
        if is_called(row):
            self._called.add(row)
        name = f"%v{value}"
        self._emit(formula(row, self._lanes).format(name, *names))
        return name

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

    def _sum_up(self, step: Step) -> list[str]:
        """Sums side by side, term by term."""
        row, position = step.row, step.position
        start, width = int(row == "dot"), 1 if row == "sum" else 2
        cost = COSTS[row] * len(step.values)
        if row == "dot":
            totals = [self._value(operands[0]) for operands in step.operands]
        else:
            totals = [literal(0.0, self._lanes)] * len(step.values)
        if step.loop is not None:
            totals = self._turn(totals, step.loop)
            start += width * len(step.loop.shared)
            position += TURN * len(step.values)
        for place in range(start, len(step.operands[0]), width):
            totals = self._reach(position, totals)
            position += cost
            for of, operands in enumerate(step.operands):
                if row == "sum":
                    term = self._value(operands[place])
                else:
                    term = self._product(*map(self._value, operands[place : place + 2]))
                totals[of] = self._add(totals[of], term)
        return list(map(self._doubted, step.values, totals)) if row in DOUBTED else totals

    def _turn(self, starts: list[str], loop: Loop) -> list[str]:
        """Sums side by side in a loop over the factors that they share."""
        first, missing = self.frame.vector(loop.shared)
        for place in missing:
            slot = first + place
            self._store(self._value(loop.shared[place]), "%frame", slot * self._width)
        factor = self._address("%frame", first * self._width)
        weight = self._address("%captured", loop.starts[0] * NUMBER)
        before, label, kind = self._block, self._new()[1:], self._type
        self._emit(f"br label %{label}")
        self._begin_block(label)
        at, totals = len(self._lines), [self._new() for _ in starts]
        for total, start in zip(totals, starts, strict=True):
            self._emit(f"{total} = phi {kind} [ {start}, %{before} ], [ %TOTAL, %{label} ]")
        for name, begin, type_ in (
            ("x", factor, "ptr"),
            ("w", weight, "ptr"),
            ("k", str(len(loop.shared)), "i64"),
        ):
            self._emit(
                f"%{label}.{name} = phi {type_} [ {begin}, %{before} ], "
                f"[ %{label}.{name}.next, %{label} ]"
            )
        x = self._load(f"%{label}.x", 0)
        results = []
        for total, place in zip(totals, loop.starts, strict=True):
            w = self._spread(f"%{label}.w", (place - loop.starts[0]) * NUMBER)
            results.append(self._add(total, self._product(w, x)))
        for line, result in enumerate(results, at):
            self._lines[line] = self._lines[line].replace("%TOTAL", result)
        self._emit(
            f"%{label}.x.next = getelementptr i8, ptr %{label}.x, i64 {self._width}\n"
            f"%{label}.w.next = getelementptr i8, ptr %{label}.w, i64 {loop.stride * NUMBER}\n"
            f"%{label}.k.next = sub i64 %{label}.k, 1\n"
            f"%{label}.m = icmp ne i64 %{label}.k.next, 0\n"
            f"br i1 %{label}.m, label %{label}, label %{label}.end"
        )
        self._begin_block(f"{label}.end")
        return results
