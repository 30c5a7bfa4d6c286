"""Every function of NumPy's with Values: right as of floats, derivative and all, or refused.

Each is called in a dozen ways, with single Values, arrays and lists of them, alone and beside
floats. Where NumPy takes floats so, its result and a difference quotient along one direction say
what is right. Of a list NumPy asks nobody: what makes floats of it is refused while a function is
being differentiated, by `float()` of a Value.
"""

import inspect
import re
import sys
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy
import pytest
from numpy.testing import overrides

from autograd_core import Value, grad, gradients
from autograd_core.graph import value
from autograd_core.graph.arrays import value_array

SIZES = [
    ((), [0.7, 1.3]),
    ((3,), [0.7, 0.2, 0.45, 1.3, 0.9, 0.15]),
    ((2, 2), [2.0, 0.5, 0.3, 1.2, 0.7, 0.1, 0.2, 1.6]),
]
# Whether Values are in the first operand, and in the second, and whether these are lists.
KINDS = [(True, True, False), (True, False, False), (False, True, False), (True, True, True)]
CALLS: list[Callable[..., Any]] = [
    lambda f, x, y: f(x),
    lambda f, x, y: f(x, y),
    lambda f, x, y: f(x, 1),
    lambda f, x, y: f(1, x),
    lambda f, x, y: f([x, y]),
    lambda f, x, y: f((x, y), 1),
    lambda f, x, y: f(x, [0], [y]),
    lambda f, x, y: f(x, 0, y),
    lambda f, x, y: f(x, y, 1.5),
    lambda f, x, y: f(numpy.greater(y, 0.5), x, y),
    lambda f, x, y: f(x, numpy.greater(y, 0.5), y),
]
# What none of these calls fits.
FIRST = numpy.zeros((1, 2), dtype=int)
OTHERS: dict[str, Callable[..., Any]] = {
    "apply_along_axis": lambda f, x, y: f(numpy.sum, 0, x),
    "apply_over_axes": lambda f, x, y: f(numpy.sum, x, [0]),
    "astype": lambda f, x, y: f(x, object),
    "bincount": lambda f, x, y: f(numpy.zeros(numpy.shape(y), dtype=int), y),
    "dsplit": lambda f, x, y: f(numpy.reshape(x, (1, 2, 2)), 2),
    "einsum": lambda f, x, y: f("...i,...i->...", x, y),
    "einsum_path": lambda f, x, y: f("...i,...i->...", x, y),
    "eye": lambda f, x, y: f(2, like=x),
    "full": lambda f, x, y: f(2, y[0], like=x),
    "identity": lambda f, x, y: f(2, like=x),
    "moveaxis": lambda f, x, y: f(x, 0, -1),
    "ones": lambda f, x, y: f(2, like=x),
    "put_along_axis": lambda f, x, y: f(x, FIRST, y[:1], 0),
    "swapaxes": lambda f, x, y: f(x, 0, -1),
    "take_along_axis": lambda f, x, y: f(x, FIRST, 0),
    "zeros": lambda f, x, y: f(2, like=x),
    **dict.fromkeys(
        ["polyfit", "chebfit", "legfit", "hermfit", "hermefit", "lagfit"],
        lambda f, x, y: f(x, y, 1),
    ),
}
# Of whole numbers, dates, bytes, files and records; one that makes what is undefined; two that of
# lists give what is true itself; of polynomials what takes no array, and those of three variables,
# which are those of one.
OUTSIDE = re.compile(
    r"recfunctions|busday|datetime|save|load|genfrom|from(file|buffer|string|iter|function)|isnat"
    r"|bits$|_index$|bitwise|shift|gcd|lcm|can_cast|empty|logical_(and|or)$|gauss$|pts.$|interpolate$|[23]d$"
)
REFUSED = re.compile(r"Values?.*(Write|Make|give|call)", re.DOTALL)


def all_functions() -> dict[str, Any]:
    """Each function that asks its arguments, and those of polynomials, by its full name."""
    asking = overrides.get_overridable_numpy_array_functions()
    found = {}
    for function in asking:  # of those that ask by `like` alone there are two, one of them inside
        home, name = sys.modules[function.__module__], function.__name__
        found[f"{home.__name__}.{name}"] = getattr(home, name)
    for ufunc in overrides.get_overridable_numpy_ufuncs():
        if getattr(numpy, ufunc.__name__, None) is ufunc:
            found[f"numpy.{ufunc.__name__}"] = ufunc
    for family in ("polynomial", "chebyshev", "legendre", "hermite", "hermite_e", "laguerre"):
        home = getattr(numpy.polynomial, family)
        for name in filter(lambda name: inspect.isfunction(getattr(home, name)), home.__all__):
            found[f"{family}.{name}"] = getattr(home, name)
    return {name: found[name] for name in sorted(found) if not OUTSIDE.search(name)}


FUNCTIONS = all_functions()


def held(elements: list[Any], shape: tuple[int, ...], listed: bool) -> Any:
    """An operand of these elements."""
    if not shape:
        return elements[0]
    array = numpy.empty(len(elements), dtype=object)
    array[:] = elements
    array = array.reshape(shape)
    if listed:
        return array.tolist()
    return array.view(value_array.ValueArray) if type(elements[0]) is Value else array.astype(float)


def flat(found: Any) -> list[Any]:
    """The numbers and Values of a result, complex ones as two."""
    if isinstance(found, tuple | list):
        return [number for one in found for number in flat(one)]
    if isinstance(found, numpy.ndarray):
        return flat(list(found.flat))
    if isinstance(found, complex):
        return [found.real, found.imag]
    return [found] if isinstance(found, Value | float | int | numpy.number | numpy.bool) else []


def total(found: list[Any]) -> Any:
    return sum(one / (1.5 + place) for place, one in enumerate(found))


@pytest.fixture
def heard(monkeypatch):
    """The functions of which NumPy has asked us."""
    functions = []

    def spy(ours):
        return lambda function, *rest: functions.append(function) or ours(function, *rest)

    monkeypatch.setattr(value, "_called", spy(value_array.called))
    for name in ("asked", "called"):
        monkeypatch.setattr(value_array, name, spy(getattr(value_array, name)))
    return functions


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FUNCTIONS)
def test_numpy_s_functions_are_right_or_refused(name, heard):
    function = FUNCTIONS[name]
    calls = [OTHERS[function.__name__]] if function.__name__ in OTHERS else CALLS
    judged = [
        judge(function, call, *case, heard) for case in product(SIZES, KINDS) for call in calls
    ]
    assert any(judged), "NumPy takes no floats in any of these calls"


def judge(function: Any, call: Any, size: Any, kind: Any, heard: list[Any]) -> bool:
    """Whether NumPy takes floats so; what it makes of Values must be right then, or refused."""
    (shape, at), (*free, listed) = size, kind
    half = len(at) // 2
    places = [place for place in range(len(at)) if free[place // half]]

    def outcome(*moved: Any) -> list[Any]:
        elements: list[Any] = [*at]
        for place, element in zip(places, moved, strict=True):
            elements[place] = element
        x, y = (held(operand, shape, listed) for operand in (elements[:half], elements[half:]))
        return flat([call(function, x, y), x, y])

    start = numpy.array(at)[places]
    step = 1e-6 * numpy.sin(range(1, 1 + len(start)))
    try:
        moves = (start, start + step, start - step)
        expected, above, below = (outcome(*moved.tolist()) for moved in moves)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return False  # of other operands: ways of calling are tried, and one at least must fit

    def is_asked() -> bool:
        return any(type(one) is type(function) for one in heard)

    heard.clear()
    leaves = [*map(Value, start.tolist())]
    try:
        found = outcome(*leaves)
        if is_asked():
            last = total(found)
            slope = gradients(last, leaves) if isinstance(last, Value) else 0.0 * start
        else:
            slope = grad(lambda *moved: total(outcome(*moved)), range(len(start)))(*start.tolist())
    except Exception as error:
        if is_asked() and not REFUSED.search(str(error)):
            raise
        return True
    found = [float(one.data) if isinstance(one, Value) else one for one in found]
    assert numpy.allclose(found, expected, equal_nan=True)
    if len(above) == len(expected) == len(below):
        rises = total(above) - total(expected), total(expected) - total(below)
        if rises[0] == pytest.approx(rises[1], rel=1e-3, abs=1e-9):  # no step and no bend
            assert numpy.dot(slope, step) == pytest.approx(sum(rises) / 2, rel=1e-5, abs=1e-11)
    return True


@pytest.mark.parametrize(
    "function",
    [
        numpy.mean,
        numpy.std,
        numpy.var,
        numpy.nan_to_num,
        numpy.real,
        numpy.sinc,
        lambda x: numpy.median([x]),
    ],
)
def test_what_is_a_float_of_a_float_is_a_value_of_a_value(function):
    assert type(function(Value(0.7))) is Value


def test_another_library_s_arrays_are_left_to_it():
    class Elsewhere:
        def __array_function__(self, function, types, arguments, keywords):
            return f"{function.__name__} elsewhere"

    assert numpy.dot(Value(1.0), Elsewhere()) == "dot elsewhere"
