"""In which order the LLVM back end computes what, and where its functions are cut.

Sums of products that share their factors (the neurons of a layer, on the same inputs) are computed
side by side, so that what they share stays in a register, and in a loop where their own factors
stand in memory at equal distances, as weights do; else the program's own order holds. Every
operation has a position, and a function is cut wherever the position passes a multiple of the
limit, inside a long sum too: functions stay small, and compiling stays linear. This module knows
neither LLVM nor lanes.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence

from autograd_core.program.backends.llvm.llvm_formulas import is_called
from autograd_core.program.backends.llvm.plan.llvm_runs import SHORTEST, Runs
from autograd_core.program.backends.llvm.plan.llvm_steps import Loop, Schedule, Step, Turns
from autograd_core.program.code.flat import Code

__all__ = ["CALL", "COSTS", "TURN", "schedule"]

COSTS = {"sum": 1, "dot": 2, "strong_dot": 2}
"""What one more term costs of a row that is written out, in operations."""
CALL = 8
TURN = 4  # what a sum costs in a loop, however many terms it has
FEWEST = 64  # products that a loop is worth
WINDOW = 512  # how many instructions ahead a partner is looked for: results wait for their use


def schedule(
    code: Code,
    places: Sequence[int],
    runs: Runs,
    shared: Mapping[int, tuple[int, int]],
    side_by_side: int,
    limit: int,
) -> Schedule:
    """The instructions at some places in order, at most so many sums side by side.

    `shared` is what `analysis.shared_factors` says of the code.
    """
    operands = {place: code.operands_of(place) for place in places}
    rows = {place: code.row(place).name for place in places}
    steps: list[Step | Turns] = []
    last: dict[int, int] = {}
    position = 0
    for group in _groups(code.leaves, operands, runs, shared, side_by_side):
        row = rows[group[0]]
        lists = tuple(operands[place] for place in group)
        loop = _loop(code, row, group, lists, runs, operands)
        cost = COSTS.get(row, CALL if is_called(row) else 1) * len(group)
        terms = 1 if row not in COSTS else len(lists[0]) // (1 if row == "sum" else 2)
        turn = 0 if loop is None else TURN * len(group)
        if loop is not None:
            terms -= len(loop.shared)
        whole, room = turn + cost * terms, limit - position % limit
        if whole > room and room < limit:
            position += room
        values = tuple(code.leaves + place for place in group)
        steps.append(Step(position, row, values, lists, loop))
        if whole <= limit:
            for of in lists:
                last.update(dict.fromkeys(of, position))
        else:
            skipped = int(row == "dot") + (2 * len(loop.shared) if loop is not None else 0)
            width = 1 if row == "sum" else 2
            for of in lists:
                for at, value in enumerate(of):
                    term = max(0, at - skipped) // width
                    read = position + (turn + term * cost if at >= skipped else 0)
                    last[value] = max(read, last.get(value, -1))
        position += whole
    return Schedule(steps, last, position)


def _loop(
    code: Code,
    row: str,
    group: Sequence[int],
    lists: Sequence[Sequence[int]],
    runs: Runs,
    operands: Mapping[int, Sequence[int]],
) -> Loop | None:
    """The loop that computes some sums side by side, if there is one."""
    if group[0] not in runs:
        return None
    first, side, stride = int(row == "dot"), runs[group[0]].side, runs[group[0]].stride
    terms = min(runs[place].terms for place in group)
    if terms * len(group) < FEWEST:
        return None
    shared = tuple(lists[0][first + 1 - side :: 2][:terms])
    if any(
        value < 0 or (value >= code.inputs and value - code.leaves not in operands)
        for value in shared
    ):
        return None
    if any(tuple(of[first + 1 - side :: 2][:terms]) != shared for of in lists[1:]):
        return None
    return Loop(shared, tuple(of[first + side] - code.inputs for of in lists), stride)


_Key = tuple[int, ...]


def _groups(
    leaves: int,
    operands: Mapping[int, Sequence[int]],
    runs: Runs,
    shared: Mapping[int, tuple[int, int]],
    most: int,
) -> Iterator[list[int]]:
    """The places in order, those that share their factors together."""
    sharing: defaultdict[_Key, deque[int]] = defaultdict(deque)
    keys: dict[int, list[_Key]] = {}
    for place in operands:
        if place in shared:
            keys[place] = []
            for side in (0, 1):
                # Those of one loop have the same stride, and runs that end at nearly one term.
                form: _Key = (side,)
                if place in runs:
                    if side == runs[place].side:
                        continue
                    form = (side, runs[place].stride, runs[place].terms // SHORTEST)
                keys[place].append((shared[place][side], *form))
                sharing[keys[place][-1]].append(place)
    waiting = {leaves + place for place in operands}
    for place in operands:
        if leaves + place not in waiting:
            continue
        group = [place]
        if place in keys and most > 1:
            found = max(
                (_partners(sharing[key], place, waiting, leaves, operands) for key in keys[place]),
                key=len,
            )
            groups = -(-(len(found) + 1) // most)
            group += found[: -(-(len(found) + 1) // groups) - 1]
        waiting.difference_update(leaves + member for member in group)
        yield group


def _partners(
    candidates: deque[int],
    place: int,
    waiting: set[int],
    leaves: int,
    operands: Mapping[int, Sequence[int]],
) -> list[int]:
    """Those not far behind a place that could be computed there: they read nothing that waits."""
    while candidates and candidates[0] <= place:
        candidates.popleft()
    found = []
    for other in candidates:
        if other > place + WINDOW:
            break
        if leaves + other in waiting and waiting.isdisjoint(operands[other]):
            found.append(other)
    return found
