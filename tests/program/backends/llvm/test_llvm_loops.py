"""Where a part repeats itself: its line, its loops and their schedule say the same program."""

from __future__ import annotations

import random
from functools import cache, reduce
from itertools import pairwise

import numpy
import pytest

import autograd_core as ag
from autograd_core import Value
from autograd_core.primitives import ROWS, kind_of
from autograd_core.program.backends.llvm.llvm_formulas import is_called, written_out
from autograd_core.program.backends.llvm.plan import llvm_looped, llvm_loops
from autograd_core.program.backends.llvm.plan.llvm_line import Line
from autograd_core.program.backends.llvm.plan.llvm_loops import Found
from autograd_core.program.backends.llvm.plan.llvm_schedule import CALL
from autograd_core.program.backends.llvm.plan.llvm_steps import (
    CAPTURED,
    CONSTANT,
    FRAME,
    UNIFORM,
    Turns,
)
from autograd_core.program.code.writer import CodeWriter
from tests.program.backends.llvm.test_llvm_turns import codes_of
from tests.program.codes import recorded, tidied

ADD = kind_of("add")
LIMIT = 64


class Meanings:
    """Numbers for expressions: equal ones have the same."""

    def __init__(self):
        self._numbers = {}

    def of(self, *expression):
        return self._numbers.setdefault(expression, len(self._numbers))

    def chain(self, kind, start, terms):
        """A sum as it is added up, term by term."""
        for term in terms:
            start = self.of(kind, start, *term)
        return start

    def of_code(self, code, chains):
        """What every value of a program means; sums at the `chains` are chains of additions."""
        found = {value: self.of("leaf", value) for value in range(code.leaves)}
        zero = self.of("constant", 0.0)
        found.update({-1 - k: self.of("constant", x) for k, x in enumerate(code.constants)})
        found[-1 - len(code.constants)] = zero
        for place in range(len(code)):
            kind, row = int(code.instructions[place, 0]), code.row(place).name
            operands = [found[operand] for operand in code.operands_of(place)]
            if place not in chains:
                found[code.leaves + place] = self.of(kind, *operands)
            elif row == "sum":
                terms = [(operand,) for operand in operands]
                found[code.leaves + place] = self.chain(ADD, zero, terms)
            else:
                start = operands.pop(0) if row == "dot" else zero
                terms = list(zip(operands[::2], operands[1::2], strict=True))
                found[code.leaves + place] = self.chain(kind, start, terms)
        return found


def long_sums(code, kept=()):
    """The places of the sums that become chains."""
    widths = {"sum": 1, "dot": 2, "strong_dot": 2}
    return {
        place
        for place in range(len(code))
        if (width := widths.get(code.row(place).name)) and place not in kept
        if len(code.operands_of(place)) // width >= 8
    }


def sums_of_all_lengths(*xs):
    """Sums of seven terms to nine, of leaves, constants, one another and what comes late."""
    weights = [Value(0.1 * k) for k in range(len(xs))]
    early, late = ag.exp(xs[0]), ag.tanh(ag.sin(xs[1]))
    found = [ag.sum(xs[count:][:count]) for count in (7, 8, 9)]
    found += [ag.sum([0.5, *xs[:7]]), ag.sum([*xs[2:9], found[2], early])]
    for place, (count, start) in enumerate([(7, 0.0), (8, 0.0), (8, late), (9, xs[3])]):
        own = slice(9 * place, 9 * place + count)
        found.append(sum((w * x for w, x in zip(weights[own], xs[own], strict=True)), start))
    return [late * early, *found, ag.sum([*xs[10:17], found[4]])]


def read_later(*xs):
    """Turns of which the last but one is read once more."""
    found = [ag.exp(x) * x for x in xs]
    bent = [ag.square(a) - a for a in found]
    return [sum(a * b for a, b in pairwise(bent)), ag.sin(bent[-2])]


def weighted(*xs):
    """Turns that have each a weight of its own, the first of all too, which is read once more."""
    products, found = [], []
    for k, x in enumerate(xs):
        products.append(Value(0.1 * k) * x)
        found.append(ag.tanh(products[-1]))
    return [*found, ag.sin(products[0])]


def without_leaves():
    """A program of constants alone, whose first value is an instruction's."""
    writer = CodeWriter(0, 0)
    half = writer.constant(0.5)
    first = writer.emit(kind_of("exp"), half, 0)
    late = writer.emit(kind_of("tanh"), first, 0)
    found = [first, late]
    for name, operands in [
        ("sum", [first] * 8),
        ("sum", [late, *[first] * 8]),
        ("dot", [first] * 17),
        ("dot", [first, *[late] * 16]),
        ("dot", [first, *[half] * 16]),
        ("dot", [late, *[half] * 16]),
        ("dot", [first, late, *[half] * 15]),
        ("dot", [first, half, half, late, *[half] * 13]),
        ("strong_dot", [*[first] * 14, late, first]),
    ]:
        for operand in operands:
            writer.list_operand(operand)
        found.append(writer.emit_listed(kind_of(name), len(operands)))
    return writer.finish(found)


@cache
def programs():
    """Programs that repeat themselves, forth and back, and which of their places are a part."""
    repeating = sums_of_all_lengths, read_later, weighted
    written = [tidied(recorded(function, *[0.5] * 40)[0]) for function in repeating]
    written.append(without_leaves())
    found = [(code, numpy.arange(len(code)), set()) for code in written]
    for seed in range(12):
        for code, _ in codes_of(seed)[0]:
            sums = sorted(long_sums(code))
            whole = numpy.arange(len(code))
            found += [(code, whole, set()), (code, whole, set(sums[::2]))]
            within = numpy.flatnonzero(whole % 97 < 90)  # others are uniform
            found.append((code, within, set()))
    return found


def test_a_line_makes_every_value_of_what_the_program_makes_it_of():
    chained = 0
    for code, places, kept in programs():
        chains = long_sums(code, kept) & set(places.tolist())
        chained += len(chains)
        meanings, line = Meanings(), Line(code, places, kept)
        expected = meanings.of_code(code, chains)
        own = {code.leaves + place for place in places.tolist()}
        known = {value: meaning for value, meaning in expected.items() if value not in own}
        maker, waited = {}, [-1]
        for item in range(len(line)):
            operands = line.reads[line.begins[item] : line.begins[item + 1]].tolist()
            assert line.counts[item] == len(operands)
            made = [maker.get(operand, -1) for operand in operands]
            assert line.at[line.begins[item] : line.begins[item + 1]].tolist() == made
            value = int(line.values[item])
            assert value not in maker
            maker[value] = item
            known[value] = meanings.of(
                int(line.kinds[item]), *(known[operand] for operand in operands)
            )
            is_term = value >= code.values or value - code.leaves in chains
            assert not is_term or waited[-1] <= max(made), "a term waits for what it does not read"
            waited += [] if is_term else [item]
        assert {value: known[value] for value in own} == {value: expected[value] for value in own}
    assert chained > 20


def sorts_of(line, code):
    """Where each operand of a line stands, said otherwise than by `LoopedPart`."""

    def sort(value, at):
        if value < 0:
            return CONSTANT
        if at >= 0 or value < code.inputs:
            return FRAME
        return CAPTURED if value < code.leaves else UNIFORM

    pairs = zip(line.reads.tolist(), line.at.tolist(), strict=True)
    return numpy.array([sort(*pair) for pair in pairs], dtype=numpy.int8)


def cost_of(row, operands):
    """What an item costs where functions are written out."""
    if not is_called(row):
        return max(1, len(operands) - 1)
    lines = written_out(row, 1)
    return CALL if lines is None else len(lines.splitlines())


class Made:
    """What is computed by and by, each item once, as the line has it."""

    def __init__(self, code, line):
        self.there = set(range(code.leaves)) | set(line.reads[line.at < 0].tolist())
        self._items = {
            int(value): (ROWS[kind].name, line.reads[begin:end].tolist())
            for value, kind, begin, end in zip(
                line.values, line.kinds, line.begins, line.begins[1:], strict=False
            )
        }

    def compute(self, value, row, operands):
        assert self._items[value] == (row, list(operands))
        assert self.there.issuperset(operands)
        assert value not in self.there
        self.there.add(value)


def test_a_schedule_with_loops_computes_the_line_item_by_item():
    loops, left = 0, set()
    for code, places, kept in programs():
        line = Line(code, places, kept)
        sorts = dict(zip(line.reads.tolist(), sorts_of(line, code).tolist(), strict=True))
        alone = llvm_looped.LoopedPart(line, code, 1)
        assert alone.loops == llvm_loops.find_loops(line, sorts_of(line, code))
        part = llvm_looped.LoopedPart(line, code, 4)
        schedule = part.schedule(LIMIT)
        made = Made(code, line)
        read_last, position, elsewhere, of_loops, effort = {}, 0, {}, [], 0

        for step in schedule.steps:
            if not isinstance(step, Turns):
                (value,), (operands,) = step.values, step.operands
                made.compute(value, step.row, operands)
                cost = CALL if is_called(step.row) else max(1, len(operands) - 1)
                effort += cost_of(step.row, operands)
                room = -position % LIMIT
                position += room if cost > room > 0 else 0
                assert step.position == position
                read_last.update(dict.fromkeys(operands, position))
                elsewhere.update(dict.fromkeys(operands, True))
                position += cost
                continue
            loops += 1
            position += -position % LIMIT
            assert step.position == position
            of_loops.append(step)
            own = set(step.values)
            for turn in range(step.turns):
                for item in step.body:
                    operands = [operand.values[turn] for operand in item.operands]
                    made.compute(item.values[turn], item.row, operands)
            effort += sum(cost_of(item.row, item.operands) for item in step.body)
            for item in step.body:
                levels = [0]
                for operand in item.operands:
                    assert len(operand.values) == step.turns
                    assert {sorts[value] for value in operand.values} == {operand.sort}
                    outside = set(operand.values) - own
                    elsewhere.update(dict.fromkeys(outside, True))
                    read_last.update(dict.fromkeys(outside, position))
                    if operand.item < 0:
                        assert own.isdisjoint(operand.values)
                        continue
                    source = step.body[operand.item]
                    assert (
                        operand.values[operand.back :] == source.values[: step.turns - operand.back]
                    )
                    levels += [1 + source.level] if not operand.back else []
                assert item.level == max(levels)
            assert [(item.level, item.row) for item in step.body] == sorted(
                ((item.level, item.row) for item in step.body),
                key=lambda known: (known[0], kind_of(known[1])),
            )
            position += LIMIT
        assert made.there.issuperset(line.values.tolist())
        assert schedule.size == position
        assert part.effort == effort
        assert schedule.last == read_last
        for step in of_loops:
            for item in step.body:
                assert item.left == any(value in elsewhere for value in item.values[:-1])
                left.add(item.left)
    assert loops > 20
    assert left == {True, False}


class Items(list):
    """Items of a line: of each its kind, and of what it reads the makers and sorts."""

    def line(self):
        operands = [operand for _, own in self for operand in own]
        counts = [len(own) for _, own in self]
        line = Line.__new__(Line)
        line.kinds = numpy.array([kind for kind, _ in self], dtype=numpy.int32)
        line.values, line.counts = numpy.arange(len(self)), numpy.array(counts)
        line.begins = numpy.append(0, numpy.cumsum(counts))
        line.at = numpy.array([at for at, _ in operands])
        return line, numpy.array([sort for _, sort in operands], dtype=numpy.int8)

    def unlike(self, count):
        """So many that nothing else is like."""
        self += [(1000 + len(self), [(len(self) - 1, FRAME)]) for _ in range(count)]

    def repeat(self, body, turns, first_turn=0):
        """A body turn by turn: its kinds, and how each operand is found."""
        start = len(self)
        for turn in range(first_turn, turns):
            for kind, operands in body:
                own = []
                for how, *place in operands:
                    if how == "made":  # by an item of the body, so many turns back
                        at = start + (turn - first_turn - place[1]) * len(body) + place[0]
                        own.append((max(at, -1), FRAME))
                    elif how == "outside":  # from a place on, by a step
                        own.append((place[0] + place[1] * turn, FRAME))
                    else:
                        own.append((-1, place[0]))
                self.append((kind, own))


def some_items(seed):
    """Loops of all sorts of operands between what is like nothing."""
    source, items = random.Random(seed), Items()
    items.unlike(40)
    for _ in range(source.randint(1, 2)):
        start, turns, period = len(items), source.randint(8, 16), source.randint(3, 12)
        body = []
        for place in range(period):
            ways = [("made", source.randrange(period), source.randint(1, 3))] * 2
            ways += [("made", source.randrange(place), 0)] if place else []
            ways += [("outside", source.randrange(start), 0)]
            ways += [("outside", source.randrange(start - turns), 1)]
            ways += [("outside", start - 1 - source.randrange(start - turns), -1)]
            ways += [("elsewhere", source.choice([CONSTANT, CAPTURED, FRAME, UNIFORM]))]
            body.append((source.randrange(6), source.choices(ways, k=source.randint(1, 3))))
        items.repeat(body, turns)
        items.unlike(source.choice([0, 1, 5]))
    return items.line()


def turns_from(line, sorts, first, period, stop):
    """How many turns a loop from an item on may have: each operand asked by itself."""
    turns = (stop - first) // period
    for item in range(first, first + period):
        for index in range(line.counts[item]):
            begun = line.at[line.begins[item] + index]
            outside, moves = begun < first, begun >= max(0, first - 3 * period)
            for turn in range(1, turns):
                here = item + turn * period
                if (line.kinds[here], line.counts[here]) != (line.kinds[item], line.counts[item]):
                    turns = turn
                    break
                place = line.begins[here] + index
                at, before = line.at[place], line.at[line.begins[here - period] + index]
                moves &= at == begun + turn * period
                steady = at - before in (0, period)
                outside &= at < first and (steady or max(at, before + period) <= here - period)
                same_sort = sorts[place] == sorts[line.begins[item] + index]
                if not same_sort or not (moves or outside):
                    turns = turn
                    break
    return turns


def best_loops(line, sorts):
    """The loops that save most, found by trying every one."""
    found = []
    while True:
        tried = []
        for first in range(len(line) - 8):
            if not any(loop.first <= first < loop.end for loop in found):
                stop = min([loop.first for loop in found if loop.first > first], default=len(line))
                for period in range(1, (stop - first) // 8 + 1):
                    turns = turns_from(line, sorts, first, period, stop)
                    tried.append(Found(first, period, turns))
        tried = [loop for loop in tried if loop.turns >= 8 and loop.saved >= 64]
        if not tried:
            return sorted(found)
        found.append(max(tried, key=lambda loop: (loop.saved, -loop.first)))


@pytest.mark.parametrize("seed", range(8))
def test_the_loops_that_are_found_are_those_that_save_most(seed):
    line, sorts = some_items(seed)
    assert llvm_loops.find_loops(line, sorts) == best_loops(line, sorts)


OWN = ("elsewhere", CAPTURED)


def chain(period, turns, before=0, **others):
    """Items that each read the one before, of as many kinds as there are; some read otherwise."""
    items = Items()
    items.unlike(before)
    ways = [[("made", (place - 1) % period, 0 if place else 1)] for place in range(period)]
    for place, way in others.items():
        ways[int(place[1:])] = way
    items.repeat(list(enumerate(ways)), turns)
    return items


@pytest.mark.parametrize(
    ("period", "turns", "is_loop"),
    [
        (10, 8, True),
        (10, 7, False),
        (8, 8, False),
        (8, 9, True),
        (1, 64, False),
        (1, 65, True),
        (64, 8, True),
        (64, 7, False),
    ],
)
def test_a_loop_has_eight_turns_and_saves_sixty_four_items(period, turns, is_loop):
    line, sorts = chain(period, turns, _0=[OWN]).line()
    assert llvm_loops.find_loops(line, sorts) == [Found(0, period, turns)] * is_loop


@pytest.mark.parametrize("length", [0, 1, 3, 8, 9, 63, 64])
def test_in_few_items_there_is_no_loop(length):
    line, sorts = chain(1, length, _0=[OWN]).line()
    assert llvm_loops.find_loops(line, sorts) == []


def by_distance_alone():
    """Items of one kind, that differ by how far away is what they read."""
    items = Items()
    items.unlike(40)
    away = [1, 3, 2, 5, 1, 2, 7, 4, 11, 6]
    items.repeat(
        [
            (0, [("made", k - far, 0) if far <= k else ("made", k - far + 10, 1)])
            for k, far in enumerate(away)
        ],
        12,
    )
    return items


def one_within_another(alone, within, turns):
    """A long loop of two items, and one in which they come some times, and two more."""
    items = Items()
    items.unlike(3)
    two = [(0, [OWN]), (1, [OWN])]
    items.repeat(two, alone)
    items.repeat([*two * within, (2, [OWN]), (3, [OWN])], turns)
    return items


def another_turn_back(period, turns, later=12):
    """Turns that read one turn back, and then two."""
    items = Items()
    items.unlike(40)
    for back, count in ((1, turns), (2, later)):
        items.repeat([(k, [("made", period - 1, back)]) for k in range(period)], count)
    return items


def in_parts(period, always, *parts):
    """Chains one after another: some items read one that stands still, and in a part otherwise."""
    items = Items()
    items.unlike(40)
    for turns, others in parts:
        ways = [("made", (place - 1) % period, 0 if place else 1) for place in range(period)]
        for place, way in (always | others).items():
            ways[place] = way
        items.repeat([(kind, [way]) for kind, way in enumerate(ways)], turns)
    return items


SHAPES = {
    "held up by its first item, and after eight turns more": in_parts(
        10, {5: ("outside", 40, 0)}, (8, {}), (8, {2: ("made", 9, 2)})
    ),
    "held up by two items, and after seven turns more": in_parts(
        6,
        {1: ("outside", 48, 0), 3: ("outside", 46, 0)},
        (9, {}),
        (14, {0: ("made", 5, 2), 1: ("made", 1, 1)}),
    ),
    "by distance alone": by_distance_alone(),
    "one within another": one_within_another(40, 5, 14),
    "one within another that saves as much": one_within_another(37, 4, 9),
    "another turn back": another_turn_back(10, 12),
    "another turn back, after too few turns": another_turn_back(12, 7),
    "another turn back, after too few items": another_turn_back(8, 8),
    "from the first item on": chain(10, 12, before=10),
    "reads its first item": chain(10, 12, before=4, _5=[("outside", 4, 0)]),
    "reads an item of its first turn": chain(10, 12, before=4, _5=[("outside", 7, 0)]),
    "begins with a leaf": chain(10, 12, before=0),
    "begins with leaves of two turns": chain(10, 12, before=0, _3=[("made", 7, 2)]),
    "begins with leaves of three turns": chain(10, 12, before=0, _3=[("made", 7, 3)]),
    "reads three turns back": chain(10, 12, before=40, _3=[("made", 7, 3)]),
    "reads four turns back": chain(10, 12, before=50, _3=[("made", 7, 4)]),
    "reads the items before, backwards": chain(10, 12, before=40, _9=[("outside", 39, -1)]),
    "reads the items before": chain(10, 12, before=40, _0=[("outside", 5, 1)]),
    "reads a turn of the items before": chain(10, 12, before=40, _0=[("outside", 27, 1)]),
}


@pytest.mark.parametrize("items", SHAPES.values(), ids=SHAPES)
def test_loops_of_a_shape_are_those_that_save_most(items):
    line, sorts = items.line()
    assert llvm_loops.find_loops(line, sorts) == best_loops(line, sorts)


def test_a_loop_is_as_long_as_it_can_be_between_what_holds_it_up():
    items = Items()
    for back, count in ((1, 10), (2, 12)):
        body = [(k, [("made", (k - 1) % 10, 0 if k else back)]) for k in range(10)]
        body[3] = (3, [("made", 7, 2)])  # of the first two turns a leaf
        items.repeat(body, count)
    line, sorts = items.line()
    assert llvm_loops.find_loops(line, sorts) == [Found(14, 10, 8), Found(94, 10, 12)]


def test_no_item_is_in_two_loops_though_what_a_shorter_one_leaves_is_like_a_longer_one():
    items = another_turn_back(10, 10, 40)
    items.unlike(5)  # and elsewhere bodies of twice as many, so that such are looked for
    items.repeat([(100 + k, [("made", 19, 1)]) for k in range(20)], 9)
    line, sorts = items.line()
    expected = [Found(40, 10, 10), Found(140, 20, 20), Found(545, 20, 9)]
    assert llvm_loops.find_loops(line, sorts) == expected


def part_of(function, count, abreast=8):
    """The loops of a program of so many inputs, and its code."""
    code, _ = recorded(function, *[0.5] * count)
    return llvm_looped.LoopedPart(Line(code, numpy.arange(len(code)), ()), code, abreast), code


def functions(*of):
    """Each input by some functions."""

    def run(*xs):
        return [reduce(lambda made, function: function(made), of, x) for x in xs]

    return run


@pytest.mark.parametrize(
    ("of", "turns", "abreast", "found"),
    [
        ([ag.square], 160, 8, Found(0, 8, 20)),
        ([ag.square], 160, 4, Found(0, 4, 40)),
        ([ag.square], 160, 1, Found(0, 1, 160)),
        ([ag.square], 100, 8, Found(0, 6, 16)),  # of at least sixteen turns
        ([ag.sin], 160, 8, Found(0, 1, 160)),  # which stays a call
        ([ag.exp], 160, 8, Found(0, 8, 20)),  # of 63 lines
        ([ag.log1p], 160, 8, Found(0, 5, 32)),  # of 86
        ([ag.tanh], 160, 8, None),
        ([ag.exp] * 4, 40, 8, Found(0, 8, 20)),
        ([ag.exp] * 9, 40, 8, Found(0, 9, 40)),  # longer than any that are abreast
    ],
)
def test_turns_are_computed_abreast_where_they_are_short(of, turns, abreast, found):
    part, _ = part_of(functions(*of), turns, abreast)
    if found is None:
        lines = len(written_out("tanh", 1).splitlines())
        found = Found(0, 512 // lines, turns // (512 // lines))
    assert part.loops == [found]


def exchanged(x, y, *turns):
    for _ in turns:
        x, y = x * y, x - y
    return x


def from_two_turns_back(x, y, *turns):
    for _ in turns:
        x, y = y, ag.tanh(x * y)
    return y


def from_three_turns_back(x, y, z, *turns):
    for _ in turns:
        x, y, z = y, z, ag.tanh(x * z)
    return z


def read_twice(x, *turns):
    x = ag.tanh(x)
    for _ in turns:
        half = ag.tanh(x)
        x = (half - x) * (half + x)
    return x


@pytest.mark.parametrize(
    ("function", "carried"),
    [(exchanged, 2), (from_two_turns_back, 2), (from_three_turns_back, 2), (read_twice, 1)],
)
def test_a_loop_carries_what_a_turn_reads_of_those_before(monkeypatch, function, carried):
    for most in (carried, carried - 1):
        monkeypatch.setattr(llvm_looped, "MOST_CARRIED", most)
        assert bool(part_of(function, 80)[0].loops) == (most == carried)


def test_loops_are_taken_where_they_save_half_and_the_part_is_not_short():
    for of, short in (([ag.square], True), ([ag.tanh, ag.exp, ag.log1p, ag.expm1], False)):
        part, code = part_of(functions(*of), 160)
        assert (2 * part.effort < 256) == short

        def looped(straight, code=code):
            return llvm_looped.with_loops(code, numpy.arange(len(code)), (), straight)

        least = max(256, 2 * part.effort)
        assert looped(least).loops == part.loops
        assert looped(least - 1) is None
    code, _ = recorded(lambda *xs: ag.tanh(ag.sum(xs[:5])), *[0.5] * 9)
    assert llvm_looped.with_loops(code, numpy.arange(len(code)), (), 10**9) is None
