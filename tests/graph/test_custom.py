"""Primitives of the user's own are rows like any other."""

import copy
import math
import pickle
from functools import partial
from types import SimpleNamespace

import mpmath
import numpy
import pytest

from autograd_core import (
    PRIMITIVES,
    PrimitiveError,
    Value,
    detect_anomaly,
    exp,
    grad,
    gradcheck,
    gradients,
    jvp,
    primitive,
    record,
    sin,
    where,
)


@pytest.fixture(scope="module")
def mine():
    """Three primitives, declared here and not at import: other tests list the table's own rows."""

    @primitive(lambda x, out: (1 - out * out) * 3, name="tanh_of_triple", glyph="t3")
    def tanh_of_triple(x):
        """tanh(3x)."""
        return math.tanh(3 * x)

    @primitive(lambda x, y, out: y * exp(x * y), lambda x, y, out: x * exp(x * y))
    def exp_of_product(x, y):
        return math.exp(x * y)

    @primitive(lambda operands, out: [2 * x for x in operands])
    def sum_of_squares(*operands):
        return math.fsum(x * x for x in operands)

    return SimpleNamespace(
        tanh_of_triple=tanh_of_triple, exp_of_product=exp_of_product, sum_of_squares=sum_of_squares
    )


@pytest.mark.parametrize("order", [1, 2, 3])
def test_higher_orders_come_from_the_partials(mine, order):
    f = mine.tanh_of_triple
    for _ in range(order):
        f = grad(f)
    expected = mpmath.diff(lambda x: mpmath.tanh(3 * x), mpmath.mpf("0.2"), order)
    assert f(0.2) == pytest.approx(float(expected), rel=1e-12)


@pytest.mark.parametrize("x", [0.0, -0.0, -2.0, 4.0, 5000.0])
def test_arithmetic_in_partials_never_raises_in_numbers_as_in_values_and_programs(x):
    @primitive(lambda x, out: 1 / x + 0.5 * x**-0.5 + 2.0**x, name="steep")
    def steep(x):
        return x

    @primitive(lambda operands, out: [where(x > 0, out / x, 0.0) for x in operands], name="shared")
    def shared(*operands):
        return 6.0

    with numpy.errstate(all="ignore"):
        expected = 1 / numpy.float64(x) + 0.5 * numpy.float64(x) ** -0.5 + 2.0 ** numpy.float64(x)
    slopes = (grad(steep)(x), record(steep, 0.5).gradient()(x), jvp(steep, (x,), (1.0,))[1])
    assert repr(slopes) == repr((float(expected),) * 3)
    with detect_anomaly():
        assert grad(lambda x: shared(x, 2.0))(x) == (6.0 / x if x > 0 else 0.0)
    with pytest.raises(ZeroDivisionError):
        grad(primitive(lambda x, out: 1 // 0, name="mistaken")(abs))(1.0)


def test_they_pass_gradcheck_at_second_order(mine):
    assert gradcheck(mine.exp_of_product, 0.3, -0.7, order=2)
    assert gradcheck(lambda x, y: mine.sum_of_squares(x, y, sin(x)), 0.3, -0.7, order=2)


def test_numbers_give_numbers_and_values_give_values(mine):
    assert mine.tanh_of_triple(0.5) == math.tanh(1.5)
    assert type(mine.tanh_of_triple(Value(0.5))) is Value
    assert mine.exp_of_product(Value(1.0), 2).parents[1].constant


def test_they_show_their_glyph_and_pickle_by_name(mine):
    node = mine.tanh_of_triple(Value(0.5))
    assert (node.op, node._op) == ("tanh_of_triple", "t3")
    assert PRIMITIVES["tanh_of_triple"].operands == ("x",)
    assert pickle.loads(pickle.dumps(node)).op == "tanh_of_triple"


def test_declaring_again_replaces_it_for_new_nodes_only():
    def declare(slope):
        return primitive(lambda x, out: slope, name="line")(lambda x: slope * x)

    first = declare(2.0)(Value(1.0))
    second = declare(5.0)(Value(1.0))
    assert (first.local_gradients, second.local_gradients) == ((2.0,), (5.0,))
    assert (first.op, second.op) == ("line", "line")
    # Differentiated as a graph, each node still has the rule it was made by.
    slopes = [gradients(node, node.parents, create_graph=True)[0].data for node in (first, second)]
    assert slopes == [2.0, 5.0]
    assert copy.deepcopy(first).primitive is first.primitive is not second.primitive


def slope(x, out):
    return 1.0


@pytest.mark.parametrize("slopes", [[1.0], [1.0] * 3, 1.0, None, [], "ab", [1.0, None]], ids=repr)
def test_a_partial_of_many_operands_has_a_number_for_each(slopes):
    first = primitive(lambda xs, out: slopes, name="first_of")(lambda *xs: xs[0])
    with pytest.raises((PrimitiveError, TypeError), match="a partial of first_of"):
        first(Value(1.0), Value(2.0))


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda mine: primitive()(math.degrees), PrimitiveError, "takes 1 partials"),
        (lambda mine: primitive(slope, slope)(lambda x: x), PrimitiveError, "got 2"),
        (lambda mine: primitive("x")(lambda x: x), PrimitiveError, "partials"),
        (lambda mine: primitive(slope)(3), PrimitiveError, "decorates a function, got 3"),
        (lambda mine: primitive(slope)(partial(pow, 2)), PrimitiveError, r"give name=\.\.\."),
        (lambda mine: primitive(slope, name=3)(lambda x: x), PrimitiveError, "not 3"),
        (
            lambda mine: primitive(slope, name="largest")(max),
            PrimitiveError,
            "largest does not say what operands it takes",
        ),
        (
            lambda mine: primitive(lambda x: 1.0, name="out_forgotten")(lambda x: x),
            PrimitiveError,
            r"is called with \(x, out\), the operands and the value, but takes \(x\)",
        ),
        (
            lambda mine: primitive(lambda x, out: None, name="no_slope")(lambda x: x)(Value(1.0)),
            TypeError,
            "a partial of no_slope takes real numbers and Values, got None",
        ),
        (
            lambda mine: primitive(slope, name="sin")(lambda x: x),
            PrimitiveError,
            "give yours another name",
        ),
        (
            lambda mine: mine.exp_of_product(1.0),
            PrimitiveError,
            r"takes 2 operands \(x, y\), got 1",
        ),
        (
            lambda mine: mine.tanh_of_triple("a"),
            TypeError,
            "takes real numbers and Values, got 'a'",
        ),
        (
            lambda mine: primitive(slope, name="texty")(lambda x: "text")(Value(1.0)),
            TypeError,
            "the value of texty takes real numbers and Values, got 'text'",
        ),
    ],
)
def test_misuse_says_what_is_wrong(mine, call, kind, message):
    with pytest.raises(kind, match=message):
        call(mine)
