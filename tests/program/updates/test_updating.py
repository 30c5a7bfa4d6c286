"""Updates: the same bits from C and from the formulas, in place, for every formula."""

from __future__ import annotations

import inspect
from itertools import product

import numpy
import pytest

import autograd_core as ag
from autograd_core import Update
from autograd_core.program.updates import update_formulas, updating

SPECIAL = [0.0, -0.0, 1.5, -3e-5, 5e-324, 1e200, -1e308, numpy.inf, -numpy.inf, numpy.nan]
COMPILED = pytest.mark.skipif(not ag.compiled, reason="nothing is compiled: NumPy runs formulas")


def parts(name):
    """The names of what a formula remembers, and of its common numbers."""
    taken = list(inspect.signature(getattr(update_formulas, name)).parameters)[2:]
    numbers = taken[taken.index("rate") :]
    return taken[: -len(numbers)], numbers


def same(left, right):
    return numpy.array_equal(left, right, equal_nan=True) and numpy.array_equal(
        numpy.signbit(left) & ~numpy.isnan(left), numpy.signbit(right) & ~numpy.isnan(right)
    )


@COMPILED
@pytest.mark.parametrize("name", update_formulas.__all__)
@pytest.mark.parametrize("zeros", [True, False])
def test_c_gives_the_bits_of_the_formula(name, zeros, monkeypatch):
    memory, numbers = parts(name)
    rng = numpy.random.default_rng(0)
    values, gradient = numpy.array(list(product(SPECIAL, SPECIAL))).T
    values = numpy.concatenate([values, rng.normal(size=1003)])
    gradient = numpy.concatenate([gradient, rng.normal(size=1003)])
    remembered = tuple(numpy.abs(rng.normal(size=len(values))) for _ in memory)
    optional = {"decay", "begun"}
    common = tuple(0.0 if zeros and n in optional else rng.uniform(0.1, 0.9) for n in numbers)
    found = []
    for compiled in (updating.compiled_updates, None):
        monkeypatch.setattr(updating, "compiled_updates", compiled)
        own, kept = values.copy(), tuple(array.copy() for array in remembered)
        for _ in range(3):
            own = Update(name, kept, common).apply(own, gradient)
        found.append((own, *kept))
    assert all(map(same, *found))


# By hand, all exact: a number and its gradient, what is remembered, the common numbers, what comes.
BY_HAND = {
    "descent": (2.0, 3.0, [], [0.5, 0.25], [0.25]),
    "momentum": (2.0, 3.0, [4.0], [0.5, 0.25, 0.5, 1.0], [-0.75, 5.5]),
    "momentum, first": (2.0, 3.0, [4.0], [0.5, 0.25, 0.5, 0.0], [0.25, 3.5]),
    "nesterov": (2.0, 3.0, [4.0], [0.5, 0.25, 0.5, 1.0], [-1.125, 5.5]),
    "nesterov, first": (2.0, 3.0, [4.0], [0.5, 0.25, 0.5, 0.0], [-0.625, 3.5]),
    "adagrad": (4.0, 3.0, [9.0], [0.5, 0.25, 3.0], [3.75, 25.0]),
    "rmsprop": (4.0, 3.0, [34.0, 1.0], [0.5, 0.25, 0.5, 0.5, 3.0], [3.5, 25.0, 1.0]),
    "adam": (8.0, 3.0, [2.0, 34.0], [4.0, 0.25, 0.5, 0.5, 0.5, 0.5, 2.0], [3.0, 3.0, 25.0]),
}


@pytest.mark.parametrize("case", BY_HAND)
def test_a_step_is_the_one_computed_by_hand(case):
    value, gradient, memory, common, expected = BY_HAND[case]
    value, gradient, *memory = (numpy.array([one]) for one in (value, gradient, *memory))
    Update(case.split(",")[0], tuple(memory), tuple(common)).apply(value, gradient)
    assert [value.item(), *(array.item() for array in memory)] == expected


@pytest.mark.parametrize("name", update_formulas.__all__)
def test_without_decay_an_infinite_number_makes_no_gradient_nan(name):
    memory, numbers = parts(name)
    common = tuple(0.0 if number == "decay" else 1.0 for number in numbers)
    remembered = tuple(numpy.ones(1) for _ in memory)
    value = Update(name, remembered, common).apply(numpy.array([numpy.inf]), numpy.ones(1))
    assert value.item() == numpy.inf
    assert all(numpy.isfinite(remembered).ravel())


@pytest.mark.parametrize("step", [1, 2])
def test_an_update_is_made_in_place_wherever_the_numbers_stand(step):
    values, gradient, velocity = (numpy.arange(1.0, 7.0)[::step] for _ in range(3))
    expected = (1 - 0.5 * (2 * gradient)).tolist(), (2 * gradient).tolist()
    values[:] = 1.0
    update = Update("momentum", (velocity,), (0.5, 0.0, 1.0, 1.0))
    assert update.apply(values, gradient) is values
    assert (values.tolist(), velocity.tolist()) == expected


@COMPILED
@pytest.mark.parametrize(
    ("update", "message"),
    [
        (Update("unheard", (), (0.1, 0.0)), "no formula 'unheard' that remembers 0 arrays"),
        (Update("adam", (), (0.1, 0.0)), "no formula 'adam' that remembers 0 arrays"),
        (Update("adagrad", (numpy.zeros(2),), (0.1, 0.0, 0.0)), "2 numbers are remembered of 3"),
        (Update("descent", (), (0.1,)), "takes a gradient for each of 3 .* and 2 numbers, got 3"),
    ],
)
def test_c_refuses_what_would_read_beyond_an_array(update, message):
    with pytest.raises(ValueError, match=message):
        update.apply(numpy.zeros(3), numpy.zeros(3))
