"""NumPy's functions of Values, and of the arrays that functions are differentiated by."""

import math

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import (
    RecordingError,
    Value,
    grad,
    gradients,
    hessian,
    hypot,
    jvp,
    maximum,
    record,
    tanh,
    value_and_grad,
    where,
)
from autograd_core.graph.arrays.value_array import ValueArray

AT = numpy.array([0.0, 1.0, -1.0])

# At ties, by README's conventions; NumPy's own comparison of objects gives 1 or 0.
TIES = [
    (lambda x: numpy.maximum(x, 0.0), 0.0, 0.0),
    (lambda x: numpy.maximum(0.0, x), 0.0, 0.0),
    (lambda x: numpy.minimum(x, 0.0), 0.0, 0.0),
    (lambda x: numpy.minimum(numpy.float64(0.0), x), 0.0, 0.0),
    (lambda x: numpy.maximum(x * 1.0, -x), 0.0, 0.0),
    (lambda x: numpy.fmax(x, 0.0), 0.0, 0.0),
    (lambda x: numpy.fmin(0.0, x), 0.0, 0.0),
    (lambda x: numpy.clip(x, 0.0, 1.0), 0.0, 0.0),
    (lambda x: numpy.clip(x, None, 1.0), 1.0, 0.0),
    (lambda x: numpy.clip(x, 0.0, None), 0.5, 1.0),
    (lambda x: x.clip(0.0, 1.0), 0.5, 1.0),
    (lambda x: numpy.sign(x) * x, 0.0, 0.0),
    (lambda x: numpy.floor(x) * x, 2.5, 2.0),
    (lambda x: numpy.ceil(x) * x, 2.5, 3.0),
    (lambda x: numpy.trunc(x) * x, -2.5, -2.0),
]


@pytest.mark.parametrize(("function", "at", "expected"), TIES)
def test_conventions_hold_for_a_value_and_for_arrays(function, at, expected):
    assert grad(function)(at) == expected
    assert grad(lambda x: function(x).sum())(numpy.array([at, at])).tolist() == [expected] * 2
    assert grad(lambda x: function(x[:1] * 1.0)[0])(numpy.array([at])).tolist() == [expected]


@pytest.mark.parametrize(
    ("reduce", "expected"),
    [
        (numpy.max, [0.5, 0.5, 0.0]),
        (numpy.amin, [0.0, 0.0, 1.0]),
        (lambda x: x.max(), [0.5, 0.5, 0.0]),
        (lambda x: numpy.max(x.reshape(3, 1)), [0.5, 0.5, 0.0]),
        (lambda x: numpy.concatenate([x, x - 5.0]).max(), [0.5, 0.5, 0.0]),
        (lambda x: numpy.stack([x, x - 5.0]).max(axis=0)[0], [1.0, 0.0, 0.0]),
        (lambda x: numpy.maximum.accumulate(x)[-1], [0.5, 0.5, 0.0]),
        (lambda x: numpy.where(AT > 2.0, 0.0, x).max(), [0.5, 0.5, 0.0]),
        (lambda x: numpy.maximum.outer(x, x)[0, 1], [0.5, 0.5, 0.0]),
        (lambda x: numpy.sort(x)[0], [0.0, 0.0, 1.0]),
        (lambda x: numpy.ptp(x), [0.5, 0.5, -1.0]),
    ],
)
def test_reductions_share_at_ties(reduce, expected):
    assert grad(reduce)(numpy.array([2.0, 2.0, -3.0])).tolist() == expected


@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_no_nan_is_hidden_and_fmax_takes_the_number(name):
    x = Value(math.nan)
    for found in (getattr(numpy, name)(x, 0.0), getattr(numpy, name)(0.0, x)):
        assert math.isnan(found.data)
    ignoring = getattr(numpy, name.replace("imum", "").replace("m", "fm", 1))
    assert [float(ignoring(x, 3.0)), float(ignoring(3.0, x))] == [3.0, 3.0]
    assert math.isnan(float(ignoring(x, x)))
    held = grad(lambda y: getattr(numpy, name)(y, 0.0).sum())(numpy.array([math.nan, 1.0]))
    assert math.isnan(held[0])


# What NumPy has no loop over objects for, or none that knows Values.
NAMES = {
    "exp2": (1, lambda x: 2.0**x),
    "deg2rad": (1, lambda x: x * (math.pi / 180)),
    "degrees": (1, lambda x: x * (180 / math.pi)),
    "fmod": (2, lambda x, y: x - numpy.trunc(x / y) * y),
    "logaddexp": (2, lambda x, y: (x.exp() + y.exp()).log()),
    "logaddexp2": (2, lambda x, y: (2.0**x + 2.0**y).log2()),
    "float_power": (2, lambda x, y: x**y),
}


@pytest.mark.parametrize("name", NAMES)
@given(x=st.floats(0.5, 9.0), y=st.floats(0.5, 9.0))
def test_numpy_s_other_names_have_their_values_and_derivatives(name, x, y):
    operands, formula = NAMES[name]
    function, at = getattr(numpy, name), [x, y][:operands]
    places = tuple(range(operands))
    found = value_and_grad(lambda *xs: function(*xs), places)(*at)
    expected = value_and_grad(lambda *xs: formula(*xs), places)(*at)
    assert found[0] == pytest.approx(float(function(*at)), rel=1e-14, abs=1e-15)
    assert found[1] == pytest.approx(expected[1], rel=1e-11, abs=1e-13)
    arrays = [numpy.array([one]) for one in at]
    in_arrays = grad(lambda *xs: function(*xs).sum(), places)(*arrays)
    assert [one[0] for one in in_arrays] == list(found[1])
    reversed_operands = function(at[0], *map(Value, at[1:])) if operands == 2 else found[0]
    assert float(reversed_operands) == found[0]


@pytest.mark.parametrize("name", [*NAMES, "exp", "sqrt", "arctan", "hypot", "arctan2", "rint"])
def test_numbers_stand_beside_values_in_an_array(name):
    function = getattr(numpy, name)
    operands = function.nin

    def chosen(x):
        return function(*[numpy.where([True, False], x, 2.5)] * operands).sum()

    at = numpy.array([1.5, 2.0])
    assert float(chosen(at)) == pytest.approx(value_and_grad(chosen)(at)[0], rel=1e-14)
    slopes = grad(chosen)(at)
    alone = grad(lambda x: function(*[x] * operands))(1.5)
    assert slopes.tolist() == [alone, 0.0]
    assert record(chosen, at).gradient()(at).tolist() == slopes.tolist()
    if operands == 2:
        beside = grad(lambda x: function(2.5, x))(1.5)
        assert grad(lambda x: function(2.5, x).sum())(at)[0] == beside
        assert beside == grad(lambda x, y: function(x, y), 1)(2.5, 1.5)


@given(st.floats(-50, 50), st.floats(-50, 50).filter(lambda y: abs(y) > 1e-3))
def test_fmod_is_c_s(x, y):
    assert Value(x).fmod(y).data == math.fmod(x, y)
    slope = grad(lambda a, b: numpy.fmod(a, b), (0, 1))(x, y)
    assert slope[0] == 1.0
    assert slope[1] == -math.trunc(x / y) or abs(x / y - round(x / y)) < 1e-9


@given(st.floats(), st.sampled_from([2.0, -3.0, 0.0, -0.0]))
def test_copysign_and_heaviside_are_numpy_s(x, y):
    for name in ("copysign", "heaviside"):
        function = getattr(numpy, name)
        for found in (function(Value(x), y), function(x, Value(y)), function(Value(x), Value(y))):
            assert numpy.array_equal(float(found), function(x, y), equal_nan=True)
    slopes = grad(lambda a, b: numpy.copysign(a, b) + numpy.heaviside(a, b), (0, 1))(x, y)
    step = 0.0 if x != 0 or math.isnan(x) else 1.0
    if not math.isnan(x):
        assert slopes == (numpy.sign(x) * math.copysign(1.0, y), step)


@given(st.lists(st.floats(), min_size=1, max_size=8))
def test_order_is_that_of_the_numbers_also_beside_nan(numbers):
    plain = numpy.array(numbers)
    held = plain * Value(1.0)
    for name in ("argsort", "argmax", "argmin"):
        keywords = {"kind": "stable"} if name == "argsort" else {}
        expected = getattr(numpy, name)(plain, **keywords)
        assert numpy.array_equal(getattr(numpy, name)(held, **keywords), expected)
    for made in (numpy.sort(held), numpy.partition(held, len(numbers) // 2)):
        assert type(made) is ValueArray
        found = [one.data for one in made]
        assert numpy.array_equal(found, numpy.sort(plain), equal_nan=True)


def test_sorted_elements_keep_their_gradients():
    at = numpy.array([[3.0, 1.0, 2.0], [0.0, -1.0, 5.0]])
    slope = grad(lambda x: (numpy.sort(x) * numpy.array([1.0, 10.0, 100.0])).sum())(at)
    assert slope.tolist() == [[100.0, 1.0, 10.0], [10.0, 1.0, 100.0]]
    assert grad(lambda x: numpy.median(x[0]))(at).tolist() == [[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
    columns = grad(lambda x: numpy.sort(x, axis=0)[0].sum())(at)
    assert columns.tolist() == [[0.0, 0.0, 1.0], [1.0, 1.0, 0.0]]
    with pytest.raises(RecordingError):
        record(lambda x: numpy.sort(x)[0], numpy.array([1.0, 2.0]))


def test_questions_are_answered_by_data():
    x = numpy.array([math.nan, math.inf, -0.0, 1.0])
    for name in ("isnan", "isinf", "isfinite", "signbit"):
        question = getattr(numpy, name)
        expected = question(x).tolist()
        assert [bool(question(Value(one))) for one in x] == expected
        found = question(x * Value(1.0))
        assert (found.dtype, found.tolist()) == (bool, expected)


def test_arithmetic_with_arrays_stays_elementwise_in_both_orders():
    x, numbers = Value(3.0), numpy.array([1.0, 2.0])
    for product in (numbers * x, x * numbers, numpy.multiply(x, numbers)):
        assert [type(one) for one in product] == [Value, Value]
        assert gradients(product.sum(), x) == 3.0
    plain = numpy.array([x, Value(1.0)])
    assert type(plain + 1) is numpy.ndarray
    assert [one.data for one in plain + 1] == [4.0, 2.0]
    assert numpy.dot(plain, numbers).data == 5.0
    assert numpy.einsum("i,i->", plain, numbers).data == 5.0
    assert type(numpy.float64(2.0) * x) is type(x - numpy.float32(2.0)) is Value
    assert type(numpy.sin(x)) is type(numpy.maximum(numpy.int64(2), x)) is Value
    assert numpy.add(x, 1.0, out=numpy.empty((), dtype=object)).item().data == 4.0
    with pytest.raises(TypeError, match="of type complex128"):
        numpy.complex128(1j) * x
    assert gradients(numpy.clip(x, 0.0, 3.0, out=numpy.empty((), dtype=object)).item(), x) == 0.0


def test_what_another_library_makes_of_a_value_is_left_to_it():
    class Elsewhere:
        def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
            return f"{ufunc.__name__} elsewhere"

    assert numpy.multiply(Value(1.0), Elsewhere()) == "multiply elsewhere"


def test_arrays_are_of_the_class_where_functions_are_differentiated_or_recorded():
    kinds = []

    def function(x):
        kinds.append((type(x), type(x * 2.0), type(x[1:]), type(numpy.stack([x, x]))))
        return numpy.maximum(x, 0.0).sum()

    assert type(grad(function)(AT)) is numpy.ndarray
    program = record(function, AT)
    assert program.gradient()(AT).tolist() == [0.0, 1.0, 0.0]
    assert hessian(function)(AT).tolist() == numpy.zeros((3, 3)).tolist()
    assert jvp(function, (AT,), (numpy.ones(3),)) == (1.0, 1.0)
    assert set(kinds) == {(ValueArray,) * 4}
    inner = grad(lambda y: grad(lambda x: numpy.maximum(x * y, 0.0).sum())(AT).max())
    assert inner(2.0) == 1.0


def test_what_follows_the_conventions_equals_the_functions_of_this_package():
    x = numpy.array([0.0, -2.0, 3.0])
    ours = grad(lambda x: sum(maximum(one, 0.0) ** 2 for one in x))(x)
    assert grad(lambda x: (numpy.maximum(x, 0.0) ** 2).sum())(x).tolist() == ours.tolist()


NOT_NUMBERS = numpy.array([1.0, math.nan, -3.0, math.nan, 2.0])


@pytest.mark.parametrize(
    "name",
    [f"nan{name}" for name in ("sum", "mean", "max", "min", "std", "var", "prod", "cumsum")]
    + ["nanmedian", "nan_to_num"],
)
def test_what_numpy_does_without_nan_is_done_to_values_too(name):
    function, kept = getattr(numpy, name), numpy.array([1.0, -3.0, 2.0])
    value, slope = value_and_grad(lambda x: numpy.sum(function(x)))(NOT_NUMBERS)
    assert value == pytest.approx(numpy.sum(function(NOT_NUMBERS)), rel=1e-14)
    if name != "nancumsum":  # which has as many sums as elements
        with_all = getattr(numpy, name.replace("nan_to_num", "sum").replace("nan", ""))
        expected = grad(with_all)(kept)
        assert slope[[0, 2, 4]].tolist() == pytest.approx(expected.tolist(), rel=1e-14)
    assert slope[[1, 3]].tolist() == [0.0, 0.0]
    with pytest.raises(RecordingError):  # which elements are NaN is known at a call only
        record(lambda x: numpy.sum(function(x)), NOT_NUMBERS)


def test_nan_to_num_has_numpy_s_arguments():
    at = numpy.array([math.inf, -math.inf, math.nan, 2.0])
    held = at * Value(1.0)
    for arguments in ({}, {"nan": 1.0, "posinf": 5.0, "neginf": -5.0}):
        found = numpy.nan_to_num(held, **arguments)
        assert [one.data for one in found] == numpy.nan_to_num(at, **arguments).tolist()
    assert numpy.nan_to_num(held, copy=False) is held
    assert numpy.isfinite(held).all()


ABOVE = [numpy.float64(0.25), numpy.int64(0), numpy.float32(0.25), numpy.array(0.25), numpy.True_]


@pytest.mark.parametrize("bound", [*ABOVE, numpy.longdouble(0.25)], ids=repr)
def test_numpy_s_numbers_are_compared_with_on_either_side(bound):
    for function in (
        lambda x: where(bound < x, x, 2.0 * x),
        lambda x: where(x > bound, x, 2.0 * x),
        lambda x: where(bound <= x, x, 2.0 * x),
        lambda x: where(x <= bound, 2.0 * x, x),
    ):
        program = record(function, 0.0)
        for at in (-1.0, 0.5, 3.0):
            slope = 1.0 if at > bound else 2.0
            assert value_and_grad(function)(at) == program.value_and_grad(at) == (slope * at, slope)


@pytest.mark.parametrize("name", ["remainder", "floor_divide", "less", "add", "fmod"])
def test_long_doubles_are_doubles_beside_values(name):
    function, x = getattr(numpy, name), Value(2.0)
    expected = float(function(7.0, 2.0))
    for number in (numpy.longdouble(7.0), numpy.array([7.0], dtype=numpy.longdouble)):
        assert float(numpy.ravel(function(number, x))[0]) == expected
    assert float(function(x, numpy.longdouble(7.0))) == float(function(2.0, 7.0))


@pytest.mark.parametrize(
    "function",
    [
        lambda x: numpy.where(x > 0, x, -3.0 * x).sum(),
        lambda x: numpy.where((x > -1.0) & (x < 1.0), x**2, 2.0).sum(),
        lambda x: numpy.where(~(x > x[1]), x, 2.0 * x).sum(),
        lambda x: numpy.where(x[0] > 0, x, 2.0 * x).sum(),
        lambda x: numpy.where(x[:, None] > x, x[:, None], 2.0 * x).sum(),
        lambda x: ((x >= 0) * x).sum(),
        lambda x: numpy.less_equal(x, 0.5).sum() * x[0],
        lambda x: numpy.greater.outer(x, x).sum() * x[0],
        lambda x: numpy.where([True, False, True], x, 2.0 * x).sum(),
    ],
)
def test_comparisons_of_arrays_are_recorded_and_numpy_s_where_chooses(function):
    program = record(function, numpy.zeros(3))
    for at in ([0.5, -1.5, 2.0], [-0.5, 0.25, -2.0]):
        value, slope = value_and_grad(function)(numpy.array(at))
        assert value == function(numpy.array(at)) == program(at)
        assert program.grad(at).tolist() == slope.tolist()


def test_comparisons_of_numbers_are_numpy_s_arrays_of_bools():
    x = AT * Value(1.0)
    for answer in (numpy.float64(2.0) < x[0], numpy.less(x[1], x[0]), numpy.isnan(x[0])):
        assert not answer.all()
        assert ~answer
    for found in (x > 0, numpy.less(0.0, x), numpy.greater(x, 0, out=numpy.zeros(3, dtype=bool))):
        assert (found.dtype, found.tolist()) == (bool, [False, True, False])
    assert ((x == x).tolist(), (x != x).tolist()) == ([True] * 3, [False] * 3)
    assert x[x > 0][0].data == 1.0


def test_functions_take_what_stands_alone_in_an_array_without_axes():
    at = numpy.array([0.5, -0.25])
    for function, expected in (
        (lambda x: tanh(numpy.tensordot(x, x, 1)), lambda x: tanh(x @ x)),
        (
            lambda x: hypot(numpy.tensordot(x, x, 1), numpy.array(x[0])),
            lambda x: hypot(x @ x, x[0]),
        ),
        (lambda x: hypot(3, numpy.array(x[0])), lambda x: hypot(3, x[0])),
    ):
        assert value_and_grad(function)(at)[0] == value_and_grad(expected)(at)[0]
        assert grad(function)(at).tolist() == grad(expected)(at).tolist()
        assert record(function, at).grad(at).tolist() == grad(expected)(at).tolist()
    assert tanh(numpy.array(0.5)) == tanh(0.5)


SAMPLE = numpy.array([1.1, -2.2, 3.3])
CHOOSING = [
    lambda x: x[x > 0].sum(),
    lambda x: x[~(x > 0) | (x < 2.0)].sum(),
    lambda x: x.reshape(1, 3)[0, x > 0].sum(),
    lambda x: SAMPLE[x > 0].sum() * x[0],
    lambda x: numpy.where(x > 0)[0].sum() * x[0],
    lambda x: x[numpy.flatnonzero(x > 0)].sum(),
    lambda x: x[(x > 0).nonzero()].sum(),
    lambda x: x[numpy.argmax(x)],
    lambda x: numpy.sort(x)[0],
    lambda x: numpy.unique(x)[0],
    lambda x: numpy.quantile(x, 0.3),
    lambda x: sorted(x)[0] + max(x),
    lambda x: x[0] if (x > 0).any() else x[1],
    lambda x: numpy.sum(x, where=x > 0),
    lambda x: numpy.mean(x, where=x > 0),
    lambda x: numpy.isclose(x, 1.1).sum() * x[0],
]


@pytest.mark.parametrize("function", CHOOSING)
def test_what_a_recording_cannot_choose_is_told_with_what_to_write_and_derived_elsewhere(function):
    with pytest.raises(RecordingError, match=r"being recorded.*where"):
        record(function, SAMPLE)
    eps = 1e-6
    differences = [
        (function(SAMPLE + step) - function(SAMPLE - step)) / (2 * eps)
        for step in eps * numpy.eye(3)
    ]
    assert grad(function)(SAMPLE).tolist() == pytest.approx(differences, abs=1e-8)


def test_writing_by_a_recorded_mask_and_asking_for_the_truth_of_an_array_are_refused_too():
    def emptied(x):
        x[x > 0] = 0.0
        return x.sum()

    assert grad(emptied)(SAMPLE).tolist() == [0.0, 1.0, 0.0]
    for function in (emptied, lambda x: x[0] if x > 0 else x[1]):
        with pytest.raises(RecordingError, match="where"):
            record(function, SAMPLE)
    with pytest.raises(IndexError, match="out of bounds"):
        record(lambda x: x[3], SAMPLE)
    with pytest.raises(ValueError, match="ambiguous"):
        grad(lambda x: x[0] if x > 0 else x[1])(SAMPLE)


@pytest.mark.parametrize("name", ["quantile", "percentile", "nanquantile", "nanpercentile"])
@pytest.mark.parametrize("at", [0.0, 0.15, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("method", ["linear", "nearest", "weibull", "midpoint"])
def test_quantiles_have_numpy_s_values_and_the_derivative_of_what_they_lie_between(
    name, at, method
):
    function, place = getattr(numpy, name), at * (100.0 if "percent" in name else 1.0)
    x = numpy.array([[3.0, 1.0, 2.5, -4.0], [0.5, 9.0, -1.0, 2.0]])
    for asked in (place, [place, place]):
        value, slope = value_and_grad(
            lambda x, asked=asked: numpy.sum(function(x, asked, axis=1, method=method))
        )(x)
        assert value == numpy.sum(function(x, asked, axis=1, method=method))
        # A sum of the elements' weights by hand: the quantile of steps is the weight above them.
        order = numpy.argsort(x, axis=1)
        steps = numpy.triu(numpy.ones((4, 4)))
        above = [float(function(step, place, method=method)) for step in steps]
        weights = numpy.subtract(above, [*above[1:], 0.0])
        expected = numpy.zeros_like(x)
        numpy.put_along_axis(expected, order, weights * numpy.size(asked), axis=1)
        assert slope == pytest.approx(expected, abs=1e-12)


def test_sinc_select_unique_norm_and_average_are_numpy_s_of_floats():
    x = numpy.array([0.0, 1.0, 0.5, -2.25, 1.0])
    held = x * Value(1.0)
    assert [one.data for one in numpy.sinc(held)] == pytest.approx(
        numpy.sinc(x).tolist(), abs=1e-16
    )
    assert grad(lambda x: numpy.sinc(x).sum())(x)[:3] == pytest.approx([0.0, -1.0, -4 / math.pi])
    found, places, counts = numpy.unique(held, return_index=True, return_counts=True)
    assert [one.data for one in found] == [-2.25, 0.0, 0.5, 1.0]
    assert (places.tolist(), counts.tolist()) == ([3, 0, 2, 1], [1, 1, 1, 2])
    assert grad(lambda x: numpy.unique(x)[-1])(x).tolist() == [0.0, 1.0, 0.0, 0.0, 0.0]
    assert numpy.linalg.norm(held, 0) == 4.0
    assert numpy.isclose(held * math.inf, math.inf).tolist() == [False, True, True, False, True]
    average, weight = numpy.average(held, returned=True)
    assert (average.data, weight) == numpy.average(x, returned=True)

    def chosen(x):
        return numpy.select([x > 0.5, x < 0.0], [x**2, -x], 7.0 * x).sum()

    assert record(chosen, x)(x) == chosen(x) == value_and_grad(chosen)(x)[0]
    assert record(chosen, x).grad(x).tolist() == grad(chosen)(x).tolist()
    pairs = {"divmod": (x, 0.75), "modf": (x,), "ldexp": (x, 3)}
    for name, (first, *others) in pairs.items():
        function = getattr(numpy, name)
        made, expected = function(held, *others), function(first, *others)
        assert numpy.vectorize(float)(numpy.array(made)).tolist() == numpy.array(expected).tolist()
    assert grad(lambda x: numpy.divmod(x, 0.75)[1].sum())(x).tolist() == [1.0] * 5


@pytest.mark.parametrize(
    "function",
    [
        lambda x: numpy.interp(x, [0.0, 1.0], [1.0, 2.0]).sum(),
        lambda x: numpy.linalg.det(numpy.outer(x, x)),
        lambda x: numpy.linalg.solve(numpy.eye(3), x).sum(),
        lambda x: numpy.fft.fft(x).sum(),
        lambda x: numpy.histogram(x)[1].sum(),
        lambda x: numpy.cov(x),
        lambda x: numpy.spacing(x).sum(),
        lambda x: numpy.frexp(x)[0].sum(),
    ],
)
def test_what_numpy_has_for_floats_alone_says_what_to_write(function):
    with pytest.raises(TypeError, match=r"numpy\.\w.* takes floats, got Values.*@primitive"):
        grad(function)(SAMPLE)


def test_values_are_not_written_into_arrays_of_floats():
    def added(x):
        total = numpy.zeros(3)
        total += x
        return total.sum()

    for function in (added, lambda x: numpy.add.at(numpy.zeros(3), [0, 1, 2], x)):
        for differentiated in (grad(function), lambda at, function=function: record(function, at)):
            with pytest.raises(TypeError, match=r"an array of float64.*dtype=object"):
                differentiated(SAMPLE)
    with pytest.raises(TypeError, match="leaves the elements that it does not choose empty"):
        grad(lambda x: numpy.add(x, x, where=x > 0).sum())(SAMPLE)


def test_errors_of_a_user_s_own_function_stay_what_they_are():
    def own(row):
        raise TypeError("mine")

    with pytest.raises(TypeError, match=r"^mine$"):
        grad(lambda x: numpy.apply_along_axis(own, 0, x))(SAMPLE)
    with pytest.raises(TypeError, match="keyword"):
        grad(lambda x: numpy.sum(x, nonsense=1))(SAMPLE)
