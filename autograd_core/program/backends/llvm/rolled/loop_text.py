"""The text of a loop in LLVM's language: turns side by side, then one by one what is left of them.

A function takes the uniform values, the loop's places among these and among the outputs, and its
turns. Strong products are computed as plain ones; the function returns what is not 0 where one came
to NaN, and then the loop is to be run again by who asks of every product.
"""

from __future__ import annotations

import itertools

from autograd_core.program.backends.llvm.llvm_formulas import (
    formula,
    is_called,
    literal,
    mask_type,
    vector_type,
)
from autograd_core.program.backends.llvm.rolled.loop_bodies import Body, Operand, Step

__all__ = ["called_rows", "loop_text"]

SIGNATURE = "(ptr noalias %numbers, ptr noalias readonly %places, ptr noalias %outputs, i64 %turns)"
STRONG = ("strong_product", "strong_dot")


def called_rows(body: Body) -> set[str]:
    """The rows that a body calls as functions, `@row.<name>` in lanes and `@one.<name>` alone."""
    return {step.row for step in body if step.row not in _WRITTEN and is_called(step.row)}


_WRITTEN = frozenset((*STRONG, "load", "store", "give", "running", "sum", "dot", "held"))


_READ = {"load": 0, "store": 1, "give": 1}  # of their operands, as one number in all turns


def loop_text(name: str, body: Body, lanes: int) -> str:
    """The text of the function of a loop, so many turns side by side."""
    written = _Places(body)
    side_by_side, alone = _Turns(body, lanes, "side"), _Turns(body, 1, "one")
    lines = [
        f"define i64 @{name}{SIGNATURE} #0 {{",
        "entry:",
        *written.lines,
        *side_by_side.splats,
        "br label %side.head",
        *side_by_side.loop("entry", "0", written.begun, "%side.in_doubt"),
        *alone.loop("side.end", "%side.turn", side_by_side.totals, "%one.in_doubt"),
        *(
            f"store double {total}, ptr %a{place}, align 8"
            for place, total in zip(written.ends, alone.totals, strict=True)
        ),
        f"%doubt = or i1 {side_by_side.doubted}, {alone.doubted}",
        "%result = zext i1 %doubt to i64",
        "ret i64 %result",
        "}",
    ]
    return "\n".join(lines)


class _Places:
    """The lines that find a loop's places, and load what is the same in every turn."""

    def __init__(self, body: Body) -> None:
        outputs = {step.operands[1].number for step in body if step.row == "give"}
        known = {operand.number for step in body for operand in step.operands if operand.in_memory}
        self.lines = []
        for place in sorted(known):
            self.lines += [
                f"%p{place} = getelementptr i32, ptr %places, i64 {place}",
                f"%i{place} = load i32, ptr %p{place}, align 4",
                f"%w{place} = sext i32 %i{place} to i64",
                f"%a{place} = getelementptr double, ptr "
                f"{'%outputs' if place in outputs else '%numbers'}, i64 %w{place}",
            ]
        self.lines += [f"%c{place} = load double, ptr %a{place}, align 8" for place in _same(body)]
        running = [step.operands for step in body if step.row == "running"]
        self.begun = [f"%c{place.number}" for of in running for place in of[: len(of) // 2]]
        self.ends = [place.number for of in running for place in of[len(of) // 2 :]]


def _same(body: Body) -> list[int]:
    """The parameters whose numbers are the same in every turn."""
    found = set[int]()
    for step in body:
        values = len(step.operands) // 2 if step.row == "running" else _READ.get(step.row)
        found.update(operand.number for operand in step.operands[:values] if operand.in_memory)
    return sorted(found)


class _Turns:
    """A loop over so many turns at once."""

    def __init__(self, body: Body, lanes: int, tag: str) -> None:
        self.totals: list[str] = []
        """The names of what is carried from turn to turn, as it stands after the loop."""
        self.doubted = "false"
        self.splats: list[str] = []
        self._body, self._lanes, self._tag = body, lanes, tag
        self._type, self._mask = vector_type(lanes), mask_type(lanes)
        self._numbers = itertools.count()
        self._lines: list[str] = []
        self._slots: dict[int, str] = {}
        self._doubts: list[str] = []
        if lanes > 1:
            self._spread(_same(body))

    def _spread(self, places: list[int]) -> None:
        kind = self._type
        for place in places:
            self.splats += [
                f"%d{place}.i = insertelement {kind} poison, double %c{place}, i64 0",
                f"%d{place} = shufflevector {kind} %d{place}.i, {kind} poison, "
                f"<{self._lanes} x i32> zeroinitializer",
            ]

    def loop(self, before: str, first: str, begun: list[str], doubt: str) -> list[str]:
        """The blocks of the loop, from the block that comes before it on, up to its end."""
        tag = self._tag
        self.totals = ended = [f"%{tag}.total{place}" for place in range(len(begun))]
        steps = iter(self._body)
        for step in steps:
            if step.row == "running":
                ended = self._in_turn(step, list(itertools.islice(steps, step.stride)))
            else:
                self._write(step)
        phis = [
            f"{total} = phi double [ {begins}, %{before} ], [ {ends}, %{tag}.body ]"
            for total, begins, ends in zip(self.totals, begun, ended, strict=True)
        ]
        after = []
        if self._doubts:
            doubts = f"%{tag}.doubt"
            for own in self._doubts:
                doubts = self._new(f"or {self._mask} {doubts}, {own}")
            phis.append(
                f"%{tag}.doubt = phi {self._mask} [ zeroinitializer, %{before} ], "
                f"[ {doubts}, %{tag}.body ]"
            )
            after = [
                f"%{tag}.bits = bitcast {self._mask} %{tag}.doubt to i{self._lanes}",
                f"{doubt} = icmp ne i{self._lanes} %{tag}.bits, 0",
            ]
            self.doubted = doubt
        head = [
            f"{tag}.head:",
            f"%{tag}.turn = phi i64 [ {first}, %{before} ], [ %{tag}.next, %{tag}.body ]",
            *phis,
            f"%{tag}.next = add i64 %{tag}.turn, {self._lanes}",
            f"%{tag}.more = icmp sle i64 %{tag}.next, %turns",
            f"br i1 %{tag}.more, label %{tag}.body, label %{tag}.end",
            f"{tag}.body:",
        ]
        last = ["br label %one.head"] if tag == "side" else []
        return [*head, *self._lines, f"br label %{tag}.head", f"{tag}.end:", *after, *last]

    def _name(self) -> str:
        return f"%{self._tag}{next(self._numbers)}"

    def _new(self, text: str) -> str:
        name = self._name()
        self._lines.append(f"{name} = {text}")
        return name

    def _value(self, operand: Operand) -> str:
        if not operand.in_memory:
            return self._slots[operand.number]
        return f"%{'c' if self._lanes == 1 else 'd'}{operand.number}"

    def _address(self, place: Operand, stride: int = 1, turn: int = 0) -> str:
        at = f"%{self._tag}.turn"
        if turn:
            at = self._new(f"add i64 {at}, {turn}")
        if stride != 1:
            at = self._new(f"mul i64 {at}, {stride}")
        return self._new(f"getelementptr double, ptr %a{place.number}, i64 {at}")

    def _write(self, step: Step) -> None:
        if step.row == "load":
            self._slots[step.result] = self._load(step.operands[0], step.stride)
        elif step.row in ("store", "give"):
            value, address = self._value(step.operands[0]), self._address(step.operands[1])
            self._lines.append(f"store {self._type} {value}, ptr {address}, align 8")
        else:
            self._slots[step.result] = self._compute(step.row, [*map(self._value, step.operands)])

    def _load(self, place: Operand, stride: int) -> str:
        kind, lanes = self._type, self._lanes
        if stride == 1 or lanes == 1:
            return self._new(f"load {kind}, ptr {self._address(place, stride)}, align 8")
        if stride == -1:
            # Their last lane's turn stands first.
            loaded = self._new(f"load {kind}, ptr {self._address(place, -1, lanes - 1)}, align 8")
            order = ", ".join(f"i32 {lane}" for lane in reversed(range(lanes)))
            return self._new(
                f"shufflevector {kind} {loaded}, {kind} poison, <{lanes} x i32> <{order}>"
            )
        value = "poison"
        for lane in range(lanes):
            number = self._new(f"load double, ptr {self._address(place, stride, lane)}, align 8")
            value = self._new(f"insertelement {kind} {value}, double {number}, i64 {lane}")
        return value

    def _compute(self, row: str, values: list[str]) -> str:
        kind = self._type
        if row == "held":
            return values[0]
        if row in ("sum", "dot", "strong_dot"):
            start = int(row == "dot")
            total = values[0] if start else literal(0.0, self._lanes)
            width = 1 if row == "sum" else 2
            for place in range(start, len(values), width):
                term = values[place]
                if width == 2:
                    term = self._new(f"fmul {kind} {term}, {values[place + 1]}")
                total = self._new(f"fadd {kind} {total}, {term}")
            return self._doubted(total) if row == "strong_dot" else total
        if row == "strong_product":
            return self._doubted(self._new(f"fmul {kind} {values[0]}, {values[1]}"))
        name = self._name()
        lines = formula(row, self._lanes).format(name, *values)
        self._lines.append(lines if self._lanes > 1 else lines.replace("@row.", "@one."))
        return name

    def _doubted(self, name: str) -> str:
        self._doubts.append(self._new(f"fcmp uno {self._type} {name}, {name}"))
        return name

    def _in_turn(self, running: Step, steps: list[Step]) -> list[str]:
        """Write steps turn by turn; what is carried after the last turn of these."""
        carried = self.totals
        if self._lanes == 1:
            before = (slot for _, slot in running.results)
            self._slots.update(zip(before, carried, strict=True))
            for step in steps:
                self._write(step)
            return [self._slots[slot] for slot, _ in running.results]
        kind, lanes = self._type, self._lanes
        written = [step.result for step in steps] + [slot for _, slot in running.results]
        found = dict.fromkeys(written, "poison")
        for lane in range(lanes):
            alone = dict(zip((slot for _, slot in running.results), carried, strict=True))
            for step in steps:
                values = [self._value_alone(operand, alone, lane) for operand in step.operands]
                alone[step.result] = self._compute_alone(step.row, values)
            carried = [
                self._value_alone(Operand(False, slot), alone, lane) for slot, _ in running.results
            ]
            for slot in found:
                found[slot] = self._new(
                    f"insertelement {kind} {found[slot]}, double {alone[slot]}, i64 {lane}"
                )
        self._slots.update(found)
        for step in steps:
            if step.row in STRONG:
                self._doubted(found[step.result])
        return carried

    def _value_alone(self, operand: Operand, alone: dict[int, str], lane: int) -> str:
        """The number that an operand is in one lane."""
        if operand.in_memory:
            return f"%c{operand.number}"
        if operand.number in alone:
            return alone[operand.number]
        value = self._slots[operand.number]
        return self._new(f"extractelement {self._type} {value}, i64 {lane}")

    def _compute_alone(self, row: str, values: list[str]) -> str:
        """As `_compute`, for one number, which nobody has asked of yet whether it is one."""
        kept = self._lanes, self._type, self._doubts
        self._lanes, self._type, self._doubts = 1, "double", []
        try:
            return self._compute(row, values)
        finally:
            self._lanes, self._type, self._doubts = kept
