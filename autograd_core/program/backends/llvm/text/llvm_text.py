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

from autograd_core.program.backends.llvm.llvm_formulas import literal
from autograd_core.program.backends.llvm.plan.llvm_doubts import DOUBTED, asked
from autograd_core.program.backends.llvm.plan.llvm_schedule import COSTS, TURN
from autograd_core.program.backends.llvm.plan.llvm_steps import Loop, Schedule, Step, Turns
from autograd_core.program.backends.llvm.text.llvm_lines import NUMBER
from autograd_core.program.backends.llvm.text.llvm_turns import TurnsLines

__all__ = ["ATTRIBUTES", "SIGNATURE", "PartText"]

SIGNATURE = (
    "(ptr noalias %frame, ptr noalias readonly %captured, ptr noalias readonly %uniform, "
    "ptr noalias %sums)"
)
# Tunings that prefer narrower vectors would split every lane block in two.
ATTRIBUTES = 'nounwind "prefer-vector-width"="512" "min-legal-vector-width"="512"'


class PartText(TurnsLines):
    """Writes one part of a program, all steps of a schedule."""

    def write(self, schedule: Schedule) -> None:
        """Write every step of a schedule, and the exports and sums that no step makes."""
        self._asked = asked(schedule.steps)
        made = {value for step in schedule.steps for value in step.values}
        rest = [value for value in {**self.frame.exports, **self._sums} if value not in made]
        self.frame.begin(schedule, rest, self._limit)
        for step in schedule.steps:
            self._reach(step.position, [])
            if isinstance(step, Turns):
                self._write_turns(step)
                continue
            if step.row in COSTS:
                results = self._sum_up(step)
            else:
                names = list(map(self._value, step.operands[0]))
                results = [self._compute(step.row, step.values[0], names)]
            for value, name in zip(step.values, results, strict=True):
                self._local[value] = name
                self._hand_on(value, name)
        for place, value in enumerate(rest):
            self._reach(schedule.size + place, [])
            self._hand_on(value, self._value(value))
        self._end()

    def _sum_up(self, step: Step) -> list[str]:
        """Sums side by side, term by term."""
        row, position = step.row, step.position
        width = 1 if row == "sum" else 2
        start = len(step.operands[0]) % width  # what a dot product begins with
        cost = COSTS[row] * len(step.values)
        if start:
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
