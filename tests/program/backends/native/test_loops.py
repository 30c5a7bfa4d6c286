"""Loops of the native interpreter: random programs of what repeats have NumPy's bits."""

from __future__ import annotations

import itertools
import math
import random
from functools import partial

import numpy
import pytest

from autograd_core import Value, dot, maximum, minimum, primitives, where
from autograd_core import sum as sum_of
from autograd_core.program.adjoint.derived import gradient_of
from autograd_core.program.backends.native import native_kernel
from autograd_core.program.backends.native.executable import translated
from autograd_core.program.backends.native.native_kernel import NativeKernel
from autograd_core.program.backends.numpy.numpy_kernel import NumPyKernel
from autograd_core.program.code.verifier import verify
from autograd_core.program.code.writer import CodeWriter
from autograd_core.program.passes.tidying import pruned
from tests.program.codes import recorded, tidied
from tests.program.replayed import same_bits

pytestmark = pytest.mark.skipif(not native_kernel.available(), reason="nothing is compiled")

INPUTS = 200


def walk(source, sequence):
    """What a random walk through a sequence meets, by the same step each time."""
    step = source.choice([1, 1, 1, 1, -1, -1, 2, 0])
    place = source.choice([0, 0, 0, 1, 2, 11])
    place = len(sequence) - 1 - place if step < 0 else place
    turns = source.choice([32, 33, 47, 80, 129, 200])
    met = []
    while 0 <= place < len(sequence) and len(met) < turns:
        met.append(sequence[place])
        place += step
    return met


def computed(source, sequences, write):
    """A sequence computed turn by turn from two others, or two such."""
    long = [sequence for sequence in sequences if len(sequence) > 40]
    one, other = walk(source, source.choice(long[-3:])), walk(source, source.choice(long))
    turns = range(min(len(one), len(other)))
    forms = ["running", "chain", "sum", "product", "fixed", "scaled", "call", "pair", "next"]
    form = source.choice([*forms, "recurrence", "recurrence"])
    if form == "chain":
        return chains(source, turns, one, other, write)
    if form == "recurrence":
        return recurrence(source, turns, one, other, write)
    scale = write("tanh", other[0])
    if form == "running":
        total, sums = other[0], []
        for turn in turns:
            total = write("add", total, write("mul", one[turn], write(0.5)))
            sums.append(total)
        return [sums]
    if form == "pair":
        both = []
        for turn in turns:
            first = write("sub", one[turn], write("mul", other[turn], write(0.5)))
            both.append((first, write("neg", first)))
        return [[first for first, _ in both], [second for _, second in both]]
    formulas = {
        "sum": lambda turn: write("add", one[turn], other[turn]),
        "product": lambda turn: write("strong_product", write("square", one[turn]), other[turn]),
        "fixed": lambda turn: write("mul", write("sub", write(1.5), one[turn]), other[0]),
        "scaled": lambda turn: write("mul", scale, one[turn]),
        "call": lambda turn: write("maximum", write("tanh", one[turn]), other[turn]),
        "next": lambda turn: write("strong_dot", one[turn], write(0.5), other[turn], other[turn]),
    }
    return [[formulas[form](turn) for turn in turns]]


def chains(source, turns, one, other, write):
    """A total by several sums a turn, as it stands after each of them."""
    kinds = ["first", "second", "minus", "dot", "read"]
    links = source.choices(kinds, [4, 4, 2, 2, 1], k=source.randrange(1, 5))
    total, met = source.choice([other[0], write(-0.0)]), [[] for _ in links]
    for turn in turns:
        x, y = one[turn], write("tanh", other[turn])
        for place, link in enumerate(links):
            if link == "first":
                total = write("add", total, (x, y)[place % 2])
            elif link == "second":
                total = write("add", write("square", x), total)
            elif link == "minus":
                total = write("sub", total, y)
            elif link == "dot":
                total = write("dot", total, x, y, other[0], write(0.5), y, y)
            else:
                total = write("add", total, write("neg", total))
            met[place].append(total)
    return met


STEPS = (
    *("sin", "tanh", "square", "erf", "neg"),
    *("add", "sub", "mul", "div", "strong_product", "maximum", "exceeds", "hypot"),
    *("where", "clamp", "dot", "strong_dot", "sum"),
)


def recurrence(source, turns, one, other, write):
    """Some values that each turn computes from what they were, from each other and from more."""
    names = source.choices(STEPS, k=source.randrange(1, 7))
    reads = [source.choices(range(8), k=5) for _ in names]
    kept = source.sample(range(len(names)), source.randrange(1, 1 + min(3, len(names))))
    carried, met = [source.choice([other[0], write(0.5)]) for _ in kept], [[] for _ in names]
    for turn in turns:
        values = [*carried, one[turn], other[turn], other[0], write(0.25)]
        for name, read in zip(names, reads, strict=True):
            count = {"dot": 5, "strong_dot": 4}.get(name) or primitives.PRIMITIVES[name].arity or 3
            values.append(write(name, *(values[-1 - k % len(values)] for k in read[:count])))
        for place, column in enumerate(met, len(values) - len(names)):
            column.append(values[place])
        carried = [values[len(values) - len(names) + place] for place in kept]
    return met


def repeating(seed):
    """A program that computes sequences and gives out some of what is in them."""
    source = random.Random(seed)
    written = CodeWriter(INPUTS, 0)

    def write(name, *operands):
        if not isinstance(name, str):
            return written.constant(name)
        if primitives.PRIMITIVES[name].arity in (1, 2):
            first, second = (*operands, 0)[:2]
            return written.emit(primitives.kind_of(name), first, second)
        for operand in operands:
            written.list_operand(operand)
        return written.emit_listed(primitives.kind_of(name), len(operands))

    sequences = [list(range(INPUTS))]
    between = []
    for _ in range(source.randrange(1, 7)):
        sequences += computed(source, sequences, write)
        between.append(write("cos", write("exp", sequences[-1][-1])))
    some = [source.choice(source.choice(sequences)) for _ in range(source.randrange(6))]
    whole = source.choice([[], source.choice(sequences[1:]), sequences[-1]])
    return pruned(written.finish([*some, *between, sequences[-1][-1], *whole]))


def outside(code):
    """The operations that the program is for a single sample, loops among them."""
    numbers = native_kernel.native_interpreter.operation_numbers()
    return translated(code, 0, True, numbers).uniform_code[:, 0].tolist()


def loops(code):
    """How many loops the program is for a single sample."""
    return outside(code).count(native_kernel.native_interpreter.operation_numbers()["loop"])


@pytest.mark.parametrize(
    "read",
    [
        lambda sums: sums[-1:],
        lambda sums: [sums[-1] * sums[-1], sums[40]],
        lambda sums: [total * 3.0 for total in sums],
        lambda sums: [total * 3.0 for total in reversed(sums)],
        lambda sums: [total * sums[-1] for total in sums[:50]],
        lambda sums: [sums[-1] * 2.0 + one * 0.5 for one in sums[:1] * 40],
    ],
    ids=["the last", "two", "all", "backwards", "the first by the last", "again and again"],
)
def test_running_sums_can_be_read_from_anywhere(read):
    def function(*xs):
        total, sums = 0.25, []
        for x in xs:
            total = total + x * x
            sums.append(total)
        return read(sums)

    code, _ = recorded(function, *[0.5] * INPUTS)
    assert loops(code) >= 1
    point = numpy.random.default_rng(0).normal(size=(1, INPUTS))
    expected, _ = NumPyKernel(code).run([point], numpy.empty(0), 1)
    values, _ = NativeKernel(code).run([point], numpy.empty(0), 1)
    assert same_bits(values[0], expected[0])


def rising(total, a, b):
    return total + a.tanh() + b


def turned(total, a, b):
    return b * b * b + (a.tanh() + total)


def falling(total, a, b):
    return total - a.tanh() + b


def multiplied(total, a, b):
    return total + a * b + b * 0.5 - a


def summed(total, a, b):
    return total + (a - b) * (a - b) + a.tanh() + a * b


@pytest.mark.parametrize("turn", [rising, turned, falling, multiplied, summed])
@pytest.mark.parametrize(
    "begun", [lambda x: 0.0, lambda x: -0.0, lambda x: x], ids=["0", "-0", "x"]
)
def test_several_sums_a_turn_are_one_loop(turn, begun):
    def function(*xs):
        total = begun(xs[0])
        for a, b in itertools.pairwise(xs):
            total = turn(total, a, b)
        return total

    for count in (INPUTS, 2 * INPUTS):
        code = tidied(recorded(function, *[0.5] * count)[0])
        assert loops(code) == 1
        assert len(outside(code)) < 40
        for point in (numpy.random.default_rng(0).normal(size=count), numpy.full(count, -0.0)):
            expected, _ = NumPyKernel(code).run([point[None]], numpy.empty(0), 1)
            values, _ = NativeKernel(code).run([point[None]], numpy.empty(0), 1)
            assert same_bits(values, expected)


def short_sum(xs):
    """One instruction a turn, and too few of them for turns of two."""
    return itertools.accumulate(xs[:40])


def begun_in_the_middle(xs):
    """Every turn reads what the one before gave, so that a turn is taken to begin elsewhere."""
    total = xs[0].exp()
    for a, b in itertools.pairwise(xs):
        yield total + a
        total = (a - b) + b


def shared_by_all(xs):
    """All turns read what the first of them computes."""
    first = xs[0].sin()
    yield first * first
    for x in xs[1:]:
        yield x.sin() * first


def shared_as_soon_as_it_is_there(xs):
    """No turn begins with what all turns read; there are just enough that begin after it."""
    first = xs[0].sin()
    yield first * first
    for x in xs[1:32]:
        yield x.sin() * first
    yield xs[32].sin()


def sums_of_sums(xs):
    """Wherever a turn begins, what it ends with adds two sums up."""
    total = xs[0]
    for a, b in itertools.pairwise(xs[:60]):
        total = total + (a - b)
        total = total + (b - a)
    return [total]


def one_by_one(xs):
    """What three instructions have computed in turn is read in the order in which it stands."""
    found = [made for x in xs[:40] for made in (x.sin(), x.exp(), x.tanh())]
    return [*found, *(one.cos() for one in found)]


def more_slowly(xs):
    """Turns read one another's results one by one, of which there are two a turn."""
    found = [xs[0].exp()]
    for place, x in enumerate(xs[:60]):
        found += [found[place].sin(), x.cos()]
    return found


def many_loops(xs):
    """So many that what is known of them has to grow, in the midst of a chain too."""
    for kind in range(66):
        yield from [x.sin() if kind % 2 else x.cos() for x in xs[:33]]
        if kind == 62:
            yield from itertools.accumulate(x.tanh() for x in xs[:40])


def squared(xs):
    """A number of turns that is no more than a loop has, and one less."""
    return [*(x.sin() for x in xs[:32]), *(x.cos() for x in xs[:31])]


def changing(xs, after):
    """The first turns are not as those after them."""
    for turn, x in enumerate(xs[:40]):
        yield x.sin()
        yield x.cos() if turn < after else x.tan()


def as_few_as_can_be(xs):
    sines = [x.sin() for x in xs[:32]]
    return [*sines, *sines, *(x.cos() for x in sines)]


def long_turns(xs, length):
    total = xs[0]
    for x in xs[:33]:
        total = total * x
        for k in range(length - 1):
            total = total.sin() if k * k % 11 < 5 else total.cos()
    return [total]


def with_constants(xs):
    """What moves on from leaf to leaf does not go on to the constants, which have numbers below."""
    constants = [k + 0.5 for k in range(32)]
    yield from (xs[-1] * x for x in reversed(xs[:32]))
    yield from (xs[-1] * constant for constant in constants)
    yield from (xs[-2] * constant for constant in reversed(constants))
    yield from (xs[-2] * x for x in xs[:32])


def across_two_loops(xs):
    """What moves on through what one loop has computed does not go on to that of the next."""
    sines, cosines = [x.sin() for x in xs[:32]], [x.cos() for x in xs[:32]]
    yield from sines + cosines + sines + cosines
    yield from (made.tan() for made in sines + cosines)
    yield from (made.exp() for made in reversed(sines + cosines))


def over_a_border(xs, step):
    """What moves on, by ones or twos, stays among the leaves or in the loop that it began with."""
    sines, cosines = [x.sin() for x in xs[:64]], [x.cos() for x in xs[:64]]
    yield from sines + cosines
    for low, high in ((xs, sines), (sines, cosines)):
        below, above = low[::-1][: 32 * step : step], high[step - 1 : 32 * step : step]
        yield from (made.tan() for made in (*reversed(below), *above))
        yield from (made.exp() for made in (*reversed(above), *below))


def over_the_first_leaf(xs, step):
    """What moves on, by ones or twos, from constants or to them, stays among the leaves."""
    constants = [k + 0.5 for k in range(64)]
    yield from (xs[-1] * constant for constant in constants)
    below, above = constants[: 32 * step : step], xs[step - 1 : 32 * step : step]
    yield from (xs[-2] * one for one in (*reversed(below), *above))
    yield from (xs[-3] * one for one in (*reversed(above), *below))


def begun_by_the_last_leaf(xs):
    """One operand goes on behind the leaves, so that a turn begins with the other."""
    sines = [x.sin() for x in xs[:40]]
    yield from sines
    for k, x in enumerate(xs[-32:]):
        yield sines[k - 1].exp() if k else xs[-1].exp()
        yield x.cos()
    yield sines[31].exp()


def seldom_the_same(xs):
    """What as few turns read as there can be stands far before them."""
    first, total = xs[0].exp(), xs[1].exp()
    for k in range(140):
        total = total.sin() if k * k % 11 < 5 else total.cos()
    for _ in range(32):
        total = first * total
    return [total]


def odd_turns(xs, odd):
    """One turn, or two, are other than all others."""
    for turn, x in enumerate(xs[:44]):
        yield x.sin()
        yield x.tan() if turn in odd else x.cos()


def fewer_to_a_sum(xs):
    """Turns of three terms are followed by others of two, which stand where the first two did."""
    return [sum_of(xs[k : k + (3 if k < 32 else 2)]) for k in range(64)]


def behind_a_chain(xs):
    """What reads something far away is no turn, and what comes after it is."""
    chain = [xs[0].exp()]
    for k in range(40):
        chain.append(chain[-1].sin() if k % 2 else chain[-1].cos())
    return [chain[0] * chain[-1], *(x.sin() for x in xs[:40])]


def wide(xs, pairs, dots):
    """Products of so many pairs, so many a turn."""
    between = [Value.sin, Value.cos, Value.tan]
    for turn in range(32):
        for place in range(dots):
            found = dot(xs[:pairs], xs[turn + place : turn + place + pairs])
            yield between[place](found) if place < dots - 1 else found


def all_the_same(xs):
    """What is the same in all turns is computed in each of them."""
    for x in xs[:40]:
        yield x.sin() * (xs[0] * xs[1])


def read_twice(xs):
    total = xs[0]
    for x in xs[:60]:
        term = total + x
        total = term + term
    return [total]


def multiplied_on(xs):
    total = xs[0]
    for a, b in itertools.pairwise(xs[:60]):
        total = total * a + b + a
    return [total]


def taken_away(xs):
    total = xs[0]
    for a, b in itertools.pairwise(xs[:60]):
        total = b - (total + a)
    return [total]


def read_within(xs):
    """What a sum comes to is read by the turn itself, once another has gone on from it."""
    total = xs[0]
    for a, b in itertools.pairwise(xs[:60]):
        first = total + a
        second = first + b
        total = second + first * a
    return [total]


@pytest.mark.parametrize(
    ("function", "count"),
    [
        (short_sum, 1),
        (begun_in_the_middle, 1),
        (shared_by_all, 1),
        (shared_as_soon_as_it_is_there, 1),
        (sums_of_sums, 1),
        (one_by_one, 2),
        (more_slowly, 0),
        (many_loops, 67),
        (squared, 1),
        (partial(changing, after=2), 1),
        (partial(changing, after=3), 1),
        (as_few_as_can_be, 2),
        (partial(long_turns, length=64), 1),
        (partial(long_turns, length=65), 0),
        (with_constants, 4),
        (across_two_loops, 6),
        (partial(over_a_border, step=1), 10),
        (partial(over_a_border, step=2), 10),
        (partial(over_the_first_leaf, step=1), 5),
        (partial(over_the_first_leaf, step=2), 5),
        (begun_by_the_last_leaf, 2),
        (seldom_the_same, 1),
        (partial(odd_turns, odd=[1]), 1),
        (partial(odd_turns, odd=[2]), 1),
        (partial(odd_turns, odd=[1, 2]), 1),
        (fewer_to_a_sum, 2),
        (behind_a_chain, 1),
        (partial(wide, pairs=31, dots=1), 1),
        (partial(wide, pairs=32, dots=1), 0),
        (partial(wide, pairs=31, dots=3), 1),
        (partial(wide, pairs=31, dots=4), 0),
        (all_the_same, 0),
        (read_twice, 1),
        (multiplied_on, 1),
        (taken_away, 1),
        (read_within, 1),
    ],
)
def test_what_repeats_is_so_many_loops_with_the_bits_of_numpy(function, count):
    code, _ = recorded(lambda *xs: list(function(xs)), *[0.5] * INPUTS)
    assert loops(code) == count
    point = numpy.random.default_rng(0).normal(size=(1, INPUTS))
    expected, _ = NumPyKernel(code).run([point], numpy.empty(0), 1)
    values, _ = NativeKernel(code).run([point], numpy.empty(0), 1)
    assert same_bits(values, expected)


@pytest.mark.parametrize("place", [0, 1])
def test_sums_within_a_turn_can_be_read_from_anywhere(place):
    def function(*xs):
        total, met = 0.25, []
        for a, b in itertools.pairwise(xs):
            total = total + a.tanh()
            met.append((total, total + b))
            total = total + b
        return [*(after[place] * 2.0 for after in met), met[-1][place].exp()]

    code = tidied(recorded(function, *[0.5] * INPUTS)[0])
    assert loops(code) >= 1
    point = numpy.random.default_rng(0).normal(size=(1, INPUTS))
    expected, _ = NumPyKernel(code).run([point], numpy.empty(0), 1)
    values, _ = NativeKernel(code).run([point], numpy.empty(0), 1)
    assert same_bits(values, expected)


def product(x):
    return itertools.accumulate(x, lambda p, a: p * a)


def quotient(x):
    return itertools.accumulate(x, lambda p, a: a / p)


def polynomial(x):
    return itertools.accumulate(x, lambda p, a: p * x[0] + a)


def largest(x):
    return itertools.accumulate(x, maximum)


def nested(x):
    return itertools.accumulate(x, lambda p, a: (p * a).sin())


def logistic(x):
    return itertools.accumulate(x, lambda p, a: a * p * (1 - p))


def smoothed(x):
    return itertools.accumulate(x, lambda p, a: 0.9 * p + 0.1 * a)


def chosen(x):
    return itertools.accumulate(x, lambda p, a: where(p > a, p * 0.5, a - p))


def least_and_sum(x):
    least = total = x[0]
    for a in x:
        least = minimum(least, a)
        total = total + least
        yield total * least


def rotated(x):
    one, other = x[0], x[1]
    for a in x:
        one, other = one * 0.8 - other * 0.6 + a, one * 0.6 + other * 0.8
        yield one * other


def delayed(x):
    before, total = x[0], 0.0
    for a in x:
        now = a.tanh()
        total = total - before * now + a
        yield total
        before = now


def hidden(x):
    states = list(x[:4])
    for a in x:
        states = [dot([x[j + k] for k in range(4)], states, a).tanh() for j in range(4)]
        yield states[0]


RECURRENCES = [
    product, quotient, polynomial, largest, nested, logistic, smoothed, chosen, least_and_sum,
    rotated, delayed, hidden,
]  # fmt: skip


def met_by(recurrence):
    """The last and a few others of what a recurrence meets; likewise with its gradient."""

    def function(*xs):
        met = list(recurrence(xs))
        return [met[-1], met[40], met[41].exp()]

    code, _ = recorded(function, *[0.5] * INPUTS)  # more turns than there are lanes in a pass
    return [tidied(code), tidied(gradient_of(code, "inputs"))]


def odd(point):
    """A point with zeros that meet what is not finite."""
    point[[7, 50, 90, 91]] = 0.0, math.inf, math.nan, -0.0
    return point


POINTS = (
    numpy.random.default_rng(0).uniform(0.5, 1.0, size=INPUTS),
    odd(numpy.random.default_rng(1).normal(size=INPUTS)),
)


@pytest.mark.parametrize("recurrence", RECURRENCES, ids=lambda function: function.__name__)
def test_what_turns_compute_from_the_turn_before_is_in_loops(recurrence):
    for code in met_by(recurrence):
        assert loops(code) >= 1
        assert len(outside(code)) < 150
        for point in POINTS:
            expected, _ = NumPyKernel(code).run([point[None]], numpy.empty(0), 1)
            values, _ = NativeKernel(code).run([point[None]], numpy.empty(0), 1)
            assert same_bits(values, expected)


def test_chains_side_by_side_are_loops_over_them_and_not_along_them():
    def function(*xs):
        chains = [
            itertools.accumulate(xs[k : k + 40], lambda p, a: (p * a).sin()) for k in range(99)
        ]
        return [list(chain)[-1] for chain in chains]

    code, _ = recorded(function, *[0.5] * INPUTS)
    assert NativeKernel(code).executable(single=True).in_turn == 0
    assert 0 < loops(code) == len(outside(code))


def test_random_programs_of_what_repeats_have_the_bits_of_numpy():
    found = 0
    for seed in range(200):
        code = repeating(seed)
        point = numpy.random.default_rng(seed).normal(size=(1, INPUTS))
        for program in (code, tidied(gradient_of(code, "inputs"))):
            verify(program)
            found += loops(program)
            expected, _ = NumPyKernel(program).run([point], numpy.empty(0), 1)
            values, _ = NativeKernel(program).run([point], numpy.empty(0), 1)
            assert same_bits(values[0], expected[0]), seed
    assert found > 230, "the programs are meant to have loops"
