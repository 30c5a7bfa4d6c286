"""Which strong products are asked: the last ones, and no other."""

from __future__ import annotations

import random

import pytest

from autograd_core.program.backends.llvm.plan.llvm_doubts import asked
from autograd_core.program.backends.llvm.plan.llvm_steps import FRAME, Item, Operand, Step, Turns

STRONG = ("strong_product", "strong_dot")
ARITHMETIC = ("add", "sub", "mul", "div", "neg", "square", "sum", "dot")
OTHERS = ("exp", "maximum", "where", "at_least", "pow")
TURNS = 12


def step(row, value, *operands):
    return Step(0, row, (value,), (operands,), None)


def side_by_side(row, values, operands):
    return Step(0, row, tuple(values), tuple(operands), None)


class Body:
    """Items of a loop, by what they read: `(place, back)` of the body, or values from outside.

    What stands for an item before the first turn may follow the two; else it is leaves, all that is
    below 100.
    """

    def __init__(self, first, *items, turns=TURNS):
        self.turns = turns
        made = [tuple(range(first + 50 * k, first + 50 * k + turns)) for k in range(len(items))]
        self.values, body = made, []
        for (row, *reads), values in zip(items, made, strict=True):
            operands = []
            for read in reads:
                if isinstance(read, tuple) and len(read) < TURNS:
                    place, back, *begun = read
                    turned = (*(begun or range(back)), *made[place])[:turns]
                    operands.append(Operand(FRAME, turned, place, back))
                else:
                    every = (read,) * turns if isinstance(read, int) else tuple(read)[:turns]
                    operands.append(Operand(FRAME, every))
            body.append(Item(0, row, values, tuple(operands), True))
        self.step = Turns(0, turns, tuple(body))


def by_turns(steps):
    """Every value in order, with its row, what it is made of, and by which name it is asked."""
    for one in steps:
        if isinstance(one, Turns):
            for turn in range(one.turns):
                for item in one.body:
                    operands = [operand.values[turn] for operand in item.operands]
                    yield item.values[turn], item.row, operands, item.values[0]
        else:
            for value, operands in zip(one.values, one.operands, strict=True):
                yield value, one.row, operands, value


def last_products(steps):
    """The products that go into no other one by arithmetic, found value by value."""
    found, into_one = set(), set()
    for value, row, operands, name in reversed([*by_turns(steps)]):
        if row in STRONG and value not in into_one:
            found.add(name)
        if row in STRONG or (row in ARITHMETIC and value in into_one):
            into_one.update(operands)
    return found


@pytest.mark.parametrize("row", [*STRONG, *ARITHMETIC])
def test_a_product_that_arithmetic_takes_into_another_is_not_asked(row):
    steps = [step("strong_product", 100, 0, 1), step(row, 101, 2, 100)]
    steps.append(step("strong_dot", 102, 0, 101))
    assert asked(steps) == {102}


@pytest.mark.parametrize("row", OTHERS)
def test_a_product_that_anything_else_takes_into_another_is_asked(row):
    steps = [step("strong_dot", 100, 0, 1), step(row, 101, 2, 100)]
    steps.append(step("strong_product", 102, 101, 0))
    assert asked(steps) == {100, 102}


def test_arithmetic_that_goes_into_no_product_is_not_asked():
    assert asked([step("strong_product", 100, 0, 1), step("add", 101, 100, 0)]) == {100}


def test_of_products_side_by_side_each_is_asked_for_itself():
    steps = [side_by_side("strong_product", (100, 101), ((0, 1), (2, 3)))]
    steps.append(side_by_side("strong_product", (102, 103), ((100, 1), (2, 3))))
    assert asked(steps) == {101, 102, 103}


LOOPS = {
    "each turn's product": Body(100, ("exp", 0), ("strong_product", (0, 0), 1)),
    "into the next turn's": Body(100, ("strong_product", (0, 1), 0)),
    "past the next turn": Body(100, ("strong_product", (0, 2), 0)),
    "within a turn": Body(100, ("strong_product", 0, 1), ("strong_product", (0, 0), 1)),
    "stopped within a turn": Body(
        100, ("strong_product", 0, 1), ("exp", (0, 0)), ("strong_product", (1, 0), 1)
    ),
    "within a turn and into the next": Body(
        100, ("strong_product", (1, 1), 1), ("add", (0, 0), 1), ("strong_dot", (1, 0), 0)
    ),
    "into the next but in the last turn": Body(
        100, ("strong_product", 0, 1), ("strong_product", (0, 1), 1)
    ),
    "by a sum that is carried": Body(
        100, ("strong_product", 0, 1), ("add", (1, 1), (0, 0)), ("exp", (1, 0))
    ),
    "one turn": Body(100, ("strong_product", 0, 1), ("strong_product", (0, 0), 1), turns=1),
    "two turns": Body(100, ("strong_product", (1, 1), 1), ("add", (0, 0), 2), turns=2),
}


@pytest.mark.parametrize("body", LOOPS.values(), ids=LOOPS)
@pytest.mark.parametrize("row", ["strong_product", "add", "exp"])
@pytest.mark.parametrize("read", ["none", "last", "all", "all but the last", "first"])
def test_what_is_asked_in_a_loop_is_what_some_turn_s_last_products_are(body, row, read):
    kept = {"none": [], "last": [-1], "all": range(body.turns), "first": [0]}
    turns = kept.get(read, range(body.turns - 1))
    steps = [body.step]
    for place, values in enumerate(body.values):
        own = [values[turn] for turn in turns]
        steps += [step(row, 1000 + place, *own), step("strong_dot", 1100 + place, 1000 + place, 0)]
    found, expected = asked(steps), last_products(steps)
    assert found >= expected
    if read in ("none", "last", "all"):
        assert found == expected


@pytest.mark.parametrize("turns", range(1, 11))
@pytest.mark.parametrize("carried", [0, 1, 2, 3, 4, 8])
def test_turns_that_differ_are_looked_at_and_after_five_nothing_is_taken_for_granted(
    turns, carried
):
    """Each item's last value goes into a product, so a product's does so many turns before."""
    sums = [("add", (place, 1), place) for place in range(carried)]
    body = Body(100, ("strong_product", 0, 1), *sums, turns=turns)
    steps = [body.step]
    steps += [step("strong_product", 900 + k, 0, own[-1]) for k, own in enumerate(body.values)]
    found, expected = asked(steps), last_products(steps)
    assert (100 in expected) == (turns > carried + 1)
    assert found >= expected
    if turns <= 5 or turns > carried + 1:
        assert found == expected


@pytest.mark.parametrize("missing", [0, 1, 5, -3, -2, -1])
def test_a_product_that_is_the_last_in_one_turn_is_asked(missing):
    body = Body(100, ("strong_product", 0, 1), ("exp", (0, 0)))
    read = [value for value in body.values[0] if value != body.values[0][missing]]
    steps = [body.step, step("strong_dot", 900, *read)]
    assert asked(steps) == {100, 900}


BEFORE = tuple(range(100, 100 + TURNS))
"""What is made before a loop, one number for each turn."""
AFTER = {
    "in every turn's product": Body(200, ("strong_product", 100, 1)),
    "in every turn's product, one by one": Body(200, ("strong_product", 1, BEFORE)),
    "in every turn's product by a sum": Body(
        200, ("add", BEFORE, 1), ("strong_product", (0, 0), 1)
    ),
    "before the first turn's product": Body(200, ("strong_product", (0, 1, 100), 1)),
    "before those of two turns": Body(200, ("strong_product", (0, 2, 100, 101), 1)),
    "before another item": Body(200, ("exp", 1), ("strong_product", (0, 1, 100), 1)),
    "before what goes into no product": Body(200, ("add", (0, 1, 100), 1)),
    "before what is no arithmetic": Body(200, ("exp", (0, 1, 100)), ("strong_product", (0, 0), 1)),
    "in what is no arithmetic": Body(200, ("exp", BEFORE), ("strong_product", (0, 0), 1)),
    "in a sum that goes into no product": Body(200, ("add", BEFORE, 1)),
    "in what the next turn makes a product of": Body(
        200, ("add", BEFORE, 1), ("strong_product", (0, 1), 1)
    ),
}


@pytest.mark.parametrize("body", AFTER.values(), ids=AFTER)
@pytest.mark.parametrize("read", ["none", "last", "all", "first"])
def test_what_is_made_before_a_loop_is_shown_by_what_every_turn_makes_of_it(body, read):
    alone = [step("strong_product", value, 0, 1) for value in BEFORE]
    turns = {"none": [], "last": [-1], "all": range(TURNS), "first": [0]}[read]
    after = [
        step("strong_product", 900 + place, *(values[turn] for turn in turns), 0)
        for place, values in enumerate(body.values)
    ]
    product = Body(100, ("strong_product", 0, 1))
    for before in (alone, [product.step]):
        steps = [*before, body.step, *after]
        found, expected = asked(steps), last_products(steps)
        assert found >= expected
        if read == "all":
            assert found == expected


@pytest.mark.parametrize("seed", range(40))
def test_no_last_product_is_forgotten(seed):
    """Whatever loops and straight steps read of one another; most products are not asked."""
    source = random.Random(seed)
    rows = [*STRONG * 3, *ARITHMETIC, "exp"]
    steps, known = [], list(range(100))
    for part in range(1, 7):
        first = 1000 * part
        if source.random() < 0.5:
            items = []
            for _ in range(count := source.randint(1, 6)):
                reads = []
                for _ in range(2):
                    back = source.choice([0, 1, 1, 2])
                    place = source.randrange(len(items) if not back else count) if items else 0
                    begun = source.choices(known, k=back)
                    outside = source.choice([source.choice(known), source.choices(known, k=TURNS)])
                    made = (place, back, *begun)
                    reads.append(made if (items or back) and source.random() < 0.6 else outside)
                items.append((source.choice(rows), *reads))
            body = Body(first, *items, turns=source.choice([2, 3, TURNS]))
            steps.append(body.step)
            known += [value for values in body.values for value in values]
        else:
            for place in range(20):
                steps.append(step(source.choice(rows), first + place, *source.choices(known, k=3)))
                known.append(first + place)
    found, expected = asked(steps), last_products(steps)
    assert found >= expected
