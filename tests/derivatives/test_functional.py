"""Transformations of functions: structures, orders, modes, nesting, and what they refuse."""

import copy
import itertools
import math
import pickle
import time
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass

import mpmath
import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import (
    GraphError,
    Value,
    from_json,
    grad,
    gradcheck,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    sin,
    to_json,
    value_and_grad,
    vjp,
)

mpmath.mp.dps = 50
ROSENBROCK_AT = [1.2, -0.5, 0.7]


def rosenbrock(x):
    return sum((1 - a) ** 2 + 100 * (b - a * a) ** 2 for a, b in itertools.pairwise(x))


def rosenbrock_hessian(x):
    """The closed form, written out for three variables."""
    a, b, c = x
    return [
        [2 - 400 * (b - a * a) + 800 * a * a, -400 * a, 0.0],
        [-400 * a, 200 + 2 - 400 * (c - b * b) + 800 * b * b, -400 * b],
        [0.0, -400 * b, 200.0],
    ]


def test_gradient_has_the_structure_of_the_argument():
    Point = namedtuple("Point", "x y")

    def area(tree):
        return tree["p"].x * tree["p"].y * tree["scale"][0]

    found = grad(area)({"p": Point(2.0, 3.0), "scale": [5.0]})
    assert found == {"p": Point(15.0, 10.0), "scale": [6.0]}


def test_gradient_of_an_array_is_an_array():
    found = grad(lambda x: (x * x).sum())(numpy.array([[1.0, 2.0], [3.0, 4.0]]))
    assert found.dtype == float
    assert found.tolist() == [[2.0, 4.0], [6.0, 8.0]]


class Owned(dict):
    """A dictionary that wants something besides its items, and holds it."""

    def __init__(self, owner, **items):
        super().__init__(**items)
        self.owner = owner


class OwnedList(list):
    def __init__(self, owner, *items):
        super().__init__(items)
        self.owner = owner


class OwnedPair(namedtuple("OwnedPair", "a b")):
    def __new__(cls, owner, a, b):
        pair = super().__new__(cls, a, b)
        pair.owner = owner
        return pair


@pytest.mark.parametrize(
    ("structure", "also"),
    [
        (Counter(a=2, b=3), None),
        (OrderedDict(b=3.0, a=2.0), "move_to_end"),
        (defaultdict(int, a=2.0, b=3.0), "default_factory"),
        (Owned("me", a=2.0, b=3.0), "owner"),
        (OwnedList("me", 2.0, 3.0), "owner"),
        (OwnedPair("me", 2.0, 3.0), "owner"),
    ],
    ids=lambda given: type(given).__name__,
)
def test_a_gradient_is_of_the_class_of_the_argument_and_keeps_what_it_holds(structure, also):
    def function(held):
        assert type(held) is type(structure)
        first, second = held.values() if isinstance(held, dict) else held
        return first * second * second

    found = grad(function)(structure)
    first, second = structure.values() if isinstance(structure, dict) else structure
    expected = [second * second, 2 * first * second]
    assert type(found) is type(structure)
    assert list(found.values() if isinstance(found, dict) else found) == expected
    if isinstance(structure, dict):
        assert list(found) == list(structure)
    if also in ("default_factory", "owner"):
        assert getattr(found, also) == getattr(structure, also)


class Rounding(dict):
    def __setitem__(self, key, number):
        super().__setitem__(key, 0.0)


class TurnsPlain(dict):
    def __copy__(self):
        return dict(self)


@dataclass
class Point:
    x: float
    y: float


@pytest.mark.parametrize(
    ("structure", "message"),
    [
        (Rounding(a=1.0), "a Rounding cannot be rebuilt.*give a plain dict"),
        (TurnsPlain(a=1.0), "a TurnsPlain cannot be rebuilt.*its copy is a dict"),
        (time.gmtime(0), "a struct_time cannot be rebuilt.*give a plain tuple"),
        (Point(1.0, 2.0), "of type Point; give its fields in a tuple or a dictionary"),
        (deque([1.0]), "of type deque"),
        ({1.0, 2.0}, "of type set"),
        (numpy.ma.masked_array([1.0, 2.0], [True, False]), "of type MaskedArray"),
    ],
    ids=lambda given: "" if isinstance(given, str) else type(given).__name__,
)
def test_what_cannot_be_rebuilt_is_refused_by_name(structure, message):
    with pytest.raises(TypeError, match=message):
        grad(lambda held: 1.0)(structure)


def test_too_little_memory_to_rebuild_an_argument_is_not_the_fault_of_its_class():
    class Large(dict):
        def __copy__(self):
            raise MemoryError("no memory for a copy")

    with pytest.raises(MemoryError, match="no memory for a copy"):
        grad(lambda held: 1.0)(Large(a=1.0))


def test_directions_and_cotangents_of_dictionaries_go_by_their_keys():
    at = {"a": 2.0, "b": {"c": 3.0, "d": 5.0}}
    function = lambda held: held["a"] * held["b"]["c"] + held["b"]["d"]  # noqa: E731
    turned = {"b": {"d": 0.0, "c": 0.0}, "a": 1.0}
    assert jvp(function, (at,), (turned,)) == (11.0, 3.0)
    _, pullback = vjp(lambda x: {"p": x, "q": 10.0 * x}, 1.0)
    assert pullback({"q": 0.0, "p": 1.0}) == (1.0,)
    with pytest.raises(ValueError, match=r"cotangents have the keys \['p', 'r'\] where"):
        pullback({"p": 1.0, "r": 0.0})


def test_a_result_in_an_array_without_axes_is_one_number():
    square = lambda x: numpy.tensordot(x, x, axes=1)  # noqa: E731
    at = numpy.array([1.0, 2.0])
    assert isinstance(square(numpy.array([Value(1.0)])), numpy.ndarray)  # what this is about
    assert grad(square)(at).tolist() == [2.0, 4.0]
    assert value_and_grad(square)(at)[0] == 5.0
    assert hessian(square)(at).tolist() == [[2.0, 0.0], [0.0, 2.0]]
    assert jacobian(square)(at).tolist() == [2.0, 4.0]
    assert hvp(square, (at,), (numpy.array([0.0, 1.0]),))[0].tolist() == [0.0, 2.0]
    assert gradcheck(square, at, order=2)
    held = numpy.array([Value(1.0), Value(2.0)])
    assert gradients(square(held), list(held)) == [2.0, 4.0]


@pytest.mark.parametrize("outer", [grad, jacobian, lambda f: lambda x: jvp(f, (x,), (1.0,))[1]])
def test_a_pullback_of_no_results_is_zero_also_when_it_is_differentiated(outer):
    assert outer(lambda x: vjp(lambda y: [], x)[1]([])[0])(1.0) == 0.0
    assert jvp(lambda x: [], (1.0,), (1.0,)) == ([], [])


@pytest.mark.parametrize("transformation", [grad, value_and_grad, jacobian, hessian])
@pytest.mark.parametrize(
    "argnums", [(0, 0), (0, -2), [1, -1], (numpy.int64(0), 0), numpy.array([1, 1]), range(-1, 2)]
)
def test_an_argument_is_asked_for_once(transformation, argnums):
    with pytest.raises(ValueError, match="names one of 2 positional arguments twice"):
        transformation(lambda x, y: x * y, argnums)(2.0, 3.0)


@pytest.mark.parametrize("transformation", [grad, value_and_grad, jacobian, hessian])
@pytest.mark.parametrize("argnums", [1.0, "0", None, {0, 1}, (0, 1.0), numpy.array([0.0])])
def test_positions_are_integers(transformation, argnums):
    with pytest.raises(TypeError, match="argnums must be a position or a sequence of positions"):
        transformation(lambda x, y: x * y, argnums)


def test_numpy_s_integers_are_positions():
    product = lambda x, y: x * y  # noqa: E731
    assert grad(product, numpy.int64(1))(2.0, 3.0) == 2.0
    assert grad(product, numpy.array([1, 0]))(2.0, 3.0) == (2.0, 3.0)
    assert jacobian(product, (numpy.uint8(0),))(2.0, 3.0) == (3.0,)
    assert hessian(product, range(2))(2.0, 3.0) == ((0.0, 1.0), (1.0, 0.0))


def squares_in_floats(x):
    held = numpy.zeros(len(x))
    for place, number in enumerate(x):
        held[place] = number * number
    return held.sum()


def powers_in_floats(x):
    return math.exp(x[0]) * x[1]


LOSING = {
    "an array of floats": squares_in_floats,
    "math": powers_in_floats,
    "float()": lambda x: float(x[0]) * x[1],
    "of what follows": lambda x: x[1] * float(2.0 * sin(x[0]) + 1.0),
    "of a sum": lambda x: float(numpy.sum(numpy.array(x))),
    "numpy.array": lambda x: numpy.array(x, dtype=float).sum(),
    "numpy.gradient": lambda x: numpy.gradient(numpy.array([*x, 0.0]))[0],
    "numpy.i0": lambda x: numpy.i0(numpy.array(x))[0],
    "math.fsum": lambda x: x[0] * math.fsum(x),
    "complex": lambda x: abs(complex(x[0])) * x[1],
    "item": lambda x: x[0].item() * x[1],
    "ratio": lambda x: x[0].as_integer_ratio()[0] * x[1],
    "hex": lambda x: float.fromhex(x[0].hex()) * x[1],
    "to_json": lambda x: from_json(to_json(x[0] * 2.0)) * x[1],
    "a copy": lambda x: copy.copy(x[0]) * x[1],
    "a deep copy": lambda x: copy.deepcopy(x)[0] * x[1],
    "a pickle": lambda x: pickle.loads(pickle.dumps(x[0])) * x[1],
}
TRANSFORMATIONS = {
    "grad": lambda f: grad(f)([0.5, 2.0]),
    "value_and_grad": lambda f: value_and_grad(f)([0.5, 2.0]),
    "jacobian": lambda f: jacobian(f)([0.5, 2.0]),
    "hessian": lambda f: hessian(f)([0.5, 2.0]),
    "vjp": lambda f: vjp(f, [0.5, 2.0]),
    "jvp": lambda f: jvp(f, ([0.5, 2.0],), ([1.0, 0.0],)),
    "hvp": lambda f: hvp(f, ([0.5, 2.0],), ([1.0, 0.0],)),
    "grad by a Value": lambda f: grad(f)([Value(0.5), Value(2.0)]),
    "outer of two": lambda f: grad(lambda x: grad(lambda y: y * f(x))(1.0))([0.5, 2.0]),
    "inner of two": lambda f: grad(lambda y: y * grad(f)([0.5, y])[0])(2.0),
}


@pytest.mark.parametrize("function", LOSING.values(), ids=LOSING)
@pytest.mark.parametrize("transformation", TRANSFORMATIONS.values(), ids=TRANSFORMATIONS)
def test_a_number_taken_while_it_is_differentiated_by_is_refused(transformation, function):
    with pytest.raises(GraphError, match=r"the derivative would be lost.*\.data, \.detach"):
        transformation(function)


def test_nothing_is_refused_once_the_function_has_returned_or_raised():
    kept = []

    def keeping(x):
        kept.append(x * x)
        if x > 2.0:
            raise KeyError
        return kept[-1]

    grad(keeping)(2.0)
    with pytest.raises(KeyError):
        grad(keeping)(3.0)
    assert [float(node) for node in kept] == [4.0, 9.0]
    assert copy.deepcopy(kept[0]).data == 4.0
    x = Value(2.0)
    assert float(grad(lambda t: t**3)(x)) == 12.0


def test_the_number_of_what_is_not_differentiated_may_be_taken():
    weight = Value(3.0)
    helper = weight * 2.0
    assert grad(lambda x: x * float(helper) * math.sqrt(weight + 1.0))(2.0) == 12.0
    assert grad(lambda x, y: x * math.exp(y))(2.0, 0.0) == 1.0
    assert grad(lambda x: x * math.exp(x.data) * float(x.detach()))(1.0) == math.exp(1.0)

    def logging(x):
        with no_grad():
            assert float(x * x) == float(x) ** 2 == 9.0
            assert grad(lambda y: y * y)(3.0).data == 6.0
            with pytest.raises(GraphError):
                grad(lambda y: y * math.exp(y))(3.0)
        return x * x

    assert grad(logging)(3.0) == 6.0
    # An inner derivative by something else is a number to the outer one.
    assert grad(lambda x: x * float(grad(lambda y: y * y)(3.0)))(2.0) == 6.0
    assert jvp(lambda x: x * float(jvp(lambda y: y * y, (3.0,), (1.0,))[1]), (2.0,), (1.0,))[1] == 6


def test_branches_texts_and_steps_go_by_data_while_differentiating():
    def function(x):
        assert f"{x:.2f} {x} {x!r}".startswith("2.50 Value(2.5")
        assert x
        assert not x.is_integer()
        largest = max([x, 1.0], key=lambda one: one)
        table = [10.0, 20.0, 30.0, 40.0]
        place = int(x)
        share = x - math.floor(x)
        return (1 - share) * table[place] + share * table[place + 1] + largest * round(x)

    assert grad(function)(2.5) == 10.0 + 2.0


def test_argnums_choose_and_keywords_pass():
    def f(a, b, *, power):
        return a**power * b

    assert grad(f, argnums=1)(3.0, 4.0, power=2) == 9.0
    assert grad(f, argnums=(1, 0))(3.0, 4.0, power=2) == (9.0, 24.0)
    assert value_and_grad(f, argnums=-1)(3.0, 4.0, power=2) == (36.0, 9.0)


@pytest.mark.parametrize("order", range(1, 6))
def test_power_tower_to_fifth_order(order):
    f = lambda x: x**x  # noqa: E731
    for _ in range(order):
        f = grad(f)
    expected = mpmath.diff(lambda x: x**x, 2, order)
    assert f(2.0) == pytest.approx(float(expected), rel=1e-14)


def test_hessian_and_products_with_it_equal_the_closed_form():
    expected = rosenbrock_hessian(ROSENBROCK_AT)
    assert numpy.allclose(hessian(rosenbrock)(ROSENBROCK_AT), expected, rtol=1e-14)
    direction = [0.3, -2.0, 1.0]
    (product,) = hvp(rosenbrock, (ROSENBROCK_AT,), (direction,))
    assert numpy.allclose(product, numpy.array(expected) @ direction, rtol=1e-13)


def test_hessian_of_an_array_is_a_matrix():
    found = hessian(lambda x: x[0] ** 2 * x[1])(numpy.array([2.0, 3.0]))
    assert found.tolist() == [[6.0, 4.0], [4.0, 0.0]]


def test_jacobian_of_arrays_has_both_shapes():
    def f(x):
        return numpy.array([[x[0] * x[1]], [sin(x[1])]])

    found = jacobian(f)(numpy.array([2.0, 3.0]))
    assert found.shape == (2, 1, 2)
    assert found.reshape(2, 2).tolist() == [[3.0, 2.0], [0.0, math.cos(3.0)]]


def test_jacobian_of_several_arguments():
    found = jacobian(lambda a, b: [a * b, a + b], argnums=(0, 1))(2.0, 3.0)
    assert found == ([3.0, 1.0], [2.0, 1.0])


def test_no_perturbation_confusion_in_any_mix_of_modes():
    def forward(f):
        return lambda x: jvp(f, (x,), (1.0,))[1]

    for outer in (grad, forward):
        for inner in (grad, forward):
            assert outer(lambda x, inner=inner: x * inner(lambda y: x + y)(1.0))(1.0) == 1.0


def test_forward_over_forward_to_third_order():
    def forward(f):
        return lambda x: jvp(f, (x,), (1.0,))[1]

    third = forward(forward(forward(lambda x: x.exp() * x)))(0.5)
    assert third == pytest.approx(math.exp(0.5) * 3.5, rel=1e-15)


def test_derivative_of_a_value_can_be_swept():
    x = Value(2.0)
    slope = grad(lambda t: t**3)(x)
    slope.backward()
    assert (slope.data, x.grad) == (12.0, 12.0)


def test_a_captured_value_stays_differentiable_inside_a_transformation():
    # Of w · x²: d/dw d/dx is 2x.
    def inner(w):
        return grad(lambda x: w * x * x)(3.0)

    assert grad(inner)(5.0) == 6.0


def test_gradients_reach_interior_nodes_and_those_behind_them():
    x = Value(3.0)
    square = x * x
    out = square * x
    assert gradients(out, [square, x]) == [3.0, 27.0]
    first, second = gradients(out, [square, x], create_graph=True)
    assert (first.data, second.data) == (3.0, 27.0)
    assert gradients(second, x) == 18.0
    assert x.grad == 0.0


def test_what_the_function_does_not_use_has_gradient_zero():
    assert grad(lambda x, y: x * 2, argnums=(0, 1))(1.0, 1.0) == (2.0, 0.0)
    assert grad(lambda x: 3.0)(1.0) == 0.0


def test_differentiation_works_under_no_grad():
    with no_grad():
        assert grad(lambda x: x * x)(3.0) == 6.0


def test_pullback_is_linear_and_reusable():
    out, pullback = vjp(lambda x, y: {"product": x * y, "sum": x + y}, 2.0, 3.0)
    assert out == {"product": 6.0, "sum": 5.0}
    assert pullback({"product": 1.0, "sum": 0.0}) == (3.0, 2.0)
    assert pullback({"product": 1.0, "sum": 10.0}) == (13.0, 12.0)


@given(st.lists(st.floats(-3, 3), min_size=2, max_size=5), st.data())
def test_both_modes_give_the_same_directional_derivative(x, data):
    direction = [data.draw(st.floats(-3, 3)) for _ in x]
    _, moved = jvp(rosenbrock, (x,), (direction,))
    slope = grad(rosenbrock)(x)
    terms = [a * b for a, b in zip(slope, direction, strict=True)]
    scale = sum(abs(term) for term in terms) + 1e3
    assert abs(moved - math.fsum(terms)) <= 1e-12 * scale


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: grad(lambda x: [x, x])(1.0), TypeError, "returned a list; use jacobian"),
        (lambda: grad(sin)("a"), TypeError, "argument 0 takes real numbers and Values, got 'a'"),
        (lambda: grad(sin, 3)(1.0), ValueError, "argnums 3 does not fit"),
        (lambda: grad(lambda x: "q")(1.0), TypeError, "result takes real numbers"),
        (lambda: jvp(sin, 1.0, 1.0), TypeError, r"write \(primal,\)"),
        (lambda: jvp(sin, (1.0,), (1.0, 2.0)), ValueError, "1 primals but 2 tangents"),
        (lambda: jvp(sin, (1.0,), ([1.0, 2.0],)), ValueError, "hold 2 numbers where 1"),
        (
            lambda: jvp(lambda x: x[0] * x[1], [1.0, 2.0], [1.0, 0.0]),
            TypeError,
            r"2 entries, .* takes \(x\): .* write \(primals,\)",
        ),
        (
            lambda: hvp(lambda x: x[0] * x[1], (1.0, 2.0), (1.0, 0.0)),
            TypeError,
            r"2 entries, .* takes \(x\): .* write \(primals,\)",
        ),
        (lambda: jvp(lambda x: x + None, [1.0], [1.0]), TypeError, "NoneType"),
        (lambda: gradients(3, Value(1.0)), TypeError, "which is no Value"),
        (lambda: gradients(Value(1.0), [2.0]), TypeError, "with respect to 2.0"),
    ],
)
def test_refusals_say_what_was_received(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
