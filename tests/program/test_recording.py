"""Recording: structures in and out, what is captured, and what cannot be recorded."""

from __future__ import annotations

import operator
import threading
import tracemalloc
from collections import deque, namedtuple
from fractions import Fraction

import numpy
import pytest

import autograd_core as ag
from autograd_core import RecordingError, Value, record, record_graph, where
from tests.program.replayed import eagerly, same_bits

POINTS = [(-2.0,), (-0.0,), (0.0,), (0.5,), (3.0,), (float("nan"),), (float("inf"),)]

Pair = namedtuple("Pair", "left right")


def test_lists_are_arrays_and_tuples_and_dictionaries_hold_them():
    program = record(
        lambda point, options: ([point[0] + options["b"][0], point[1] * 2.0], options["a"]),
        [0.0, 0.0],
        {"a": 0.0, "b": (0.0, 0.0)},
    )
    points = numpy.arange(6.0).reshape(3, 2)
    moved, same = program(points, {"a": 7.0, "b": (numpy.array([10.0, 20.0, 30.0]), 0.0)})
    assert moved.tolist() == [[10.0, 2.0], [22.0, 6.0], [34.0, 10.0]]
    assert same.tolist() == [7.0, 7.0, 7.0]


def test_arrays_nested_lists_and_named_tuples_keep_their_kind():
    seen = []

    def function(matrix, rows, pair):
        seen.extend([matrix, rows, pair])
        return Pair(matrix[0, 1] + rows[1][0], pair.right)

    program = record(function, numpy.zeros((2, 2)), [[0.0], [0.0]], Pair(0.0, 0.0))
    matrix, rows, pair = seen
    assert matrix.shape == (2, 2)
    assert type(rows) is list
    assert type(pair) is Pair
    assert program([[1.0, 2.0], [3.0, 4.0]], [[5.0], [6.0]], Pair(0.0, 9.0)) == Pair(8.0, 9.0)


def test_ragged_lists_hold_their_rows():
    program = record(lambda rows: rows[0][0] * rows[1][1], [[0.0], [0.0, 0.0]])
    assert program([[3.0], [1.0, 5.0]]) == 15.0


def test_captured_leaves_are_read_anew_at_each_call():
    weight = Value(2.0)
    program = record(lambda x: weight * x, 0.0)
    assert program.captured == (weight,)
    assert program(3.0) == 6.0
    weight.data = -1.0
    assert program(3.0) == -3.0


def test_a_graph_behind_a_captured_value_is_recorded_with_it():
    weight = Value(3.0)
    norm = weight * weight
    program = record(lambda x: norm * x, 0.0)
    weight.data = 4.0
    assert program(1.0) == 16.0


def test_an_argument_that_nothing_depends_on_keeps_its_place():
    assert record(lambda x, y: y * 2.0, 0.0, 0.0)(1.0, 5.0) == 10.0


def test_a_constant_result_is_a_program():
    assert record(lambda x: 4, 0.0)(numpy.zeros(2)).tolist() == [4.0, 4.0]


@pytest.mark.parametrize(
    "compare",
    [lambda x: x > 0, lambda x: 0 < x, lambda x: x >= 0, lambda x: x <= 0, lambda x: 0 >= x],  # noqa: SIM300
    ids=["gt", "reflected lt", "ge", "le", "reflected ge"],
)
def test_where_on_a_recorded_comparison_chooses_at_each_call(compare):
    def function(x):
        return where(compare(x), x * 3.0, -x * x)

    program = record(function, 1.0)
    values, gradients = program.value_and_grad([x for (x,) in POINTS])
    eager_values, eager_gradients = eagerly(function, POINTS)
    assert same_bits(values, eager_values)
    assert same_bits(gradients, eager_gradients[:, 0])


def test_nothing_flows_back_to_the_branch_not_taken():
    def guarded(x):
        return where(x > 0, x.log(), 0.0)

    _, gradients = record(guarded, 1.0).value_and_grad([-1.0, 0.0, 2.0])
    assert gradients.tolist() == [0.0, 0.0, 0.5]


def test_a_detached_value_is_computed_but_not_differentiated():
    program = record(lambda x: x.detach() * x, 5.0)
    values, gradients = program.value_and_grad([3.0, 4.0])
    assert values.tolist() == [9.0, 16.0]
    assert gradients.tolist() == [3.0, 4.0]


def test_no_grad_inside_a_recorded_function_stops_the_gradient_only():
    def function(x):
        with ag.no_grad():
            scale = x * 2.0
        return scale * x

    values, gradients = record(function, 5.0).value_and_grad([3.0])
    assert (values.tolist(), gradients.tolist()) == ([18.0], [6.0])


def test_recording_under_no_grad_records_all_the_same():
    with ag.no_grad():
        program = record(lambda x: x * x, 1.0)
    assert program.value_and_grad(3.0) == (9.0, 6.0)


@pytest.mark.parametrize(
    ("ask", "asked"),
    [
        (lambda x: x if x > 0 else -x, "bool()"),
        (lambda x: x * float(x), "float()"),
        (lambda x: x * int(x), "int()"),
        (lambda x: round(x), "round()"),
        (lambda x: sorted([x, 2 * x])[0], "bool()"),
        (lambda x: max(x, 1.0), "bool()"),
        (lambda x: x * x.data, ".data"),
        (lambda x: x * x.grad, ".grad"),
        (lambda x: x * (x * x).local_gradients[0], ".local_gradients"),
        (lambda x: f"{x:.3f}", "format()"),
        (lambda x: x.backward(), "backward()"),
        (lambda x: [1.0, 2.0][x.__trunc__()], "trunc()"),
    ],
    ids=[
        "if",
        "float",
        "int",
        "round",
        "sorted",
        "max",
        "data",
        "grad",
        "local",
        "format",
        "backward",
        "trunc",
    ],
)
def test_asking_for_a_number_is_refused_and_names_where(ask, asked):
    with pytest.raises(RecordingError, match="where") as caught:
        record(ask, 1.0)
    assert str(caught.value).startswith(asked)


@pytest.mark.parametrize(
    "ask",
    [
        lambda x: (x < 1.0) == True,  # noqa: E712
        lambda x: True == (x < 1.0),  # noqa: E712, SIM300
        lambda x: (x < 1.0) != False,  # noqa: E712
        lambda x: (x < 1.0) == (x < 2.0),
        lambda x: (x < 1.0) in [True],
        lambda x: [x < 1.0, x < 2.0].count(True),
        lambda x: (x < 1.0, x < 2.0) == (True, True),
        lambda x: (x < 1.0) in {True},
        lambda x: {True: 2.0}.get(x < 1.0, 3.0),
        lambda x: str(x < 1.0) == "True",
        lambda x: f"{x < 1.0}" == "True",
        lambda x: x == 1,
        lambda x: x in [1.0, x],
        lambda x: x != numpy.float64(1.0),
        lambda x: (numpy.array([0.0, 1.0]) == x).any(),
        lambda x: x == numpy.array([0.0, 1.0]),
        lambda x: x == Fraction(1, 2),
        lambda x: x == Value(1.0),
        lambda x: Value(1.0) == x,
    ],
)
def test_equality_of_what_is_recorded_is_refused_and_names_where(ask):
    with pytest.raises(RecordingError, match="where"):
        record(lambda x: x if ask(x) else 2.0 * x, 0.5)


def test_identity_of_values_may_be_asked_for_in_a_recording():
    weights = [Value(1.0), Value(2.0)]

    def function(x):
        assert x in [x, weights[0]]
        assert x in {x, weights[0]}
        assert weights[1] in weights
        assert weights[0] != weights[1]
        assert x not in [None, "x"]
        return x * weights[1]

    assert record(function, 0.5)(3.0) == 6.0
    assert Value(1.0) not in [1.0, Value(1.0)]


@pytest.mark.parametrize("combine", [operator.and_, operator.or_, operator.xor])
def test_recorded_comparisons_combine_as_bools_do(combine):
    def function(x, y):
        first = combine(x > 0, y <= 0.5)
        second = combine(numpy.bool_(True), combine(x < y, True))
        return where(first, x * x, 3.0 * y) + where(second, x, 1.0)

    points = [(x, y) for (x,) in POINTS for (y,) in POINTS]
    values, gradients = record(function, 1.0, 1.0).value_and_grad(*numpy.array(points).T)
    expected_values, expected_gradients = eagerly(function, points)
    assert same_bits(values, expected_values)
    assert same_bits(numpy.stack(gradients, axis=1), expected_gradients)


@pytest.mark.parametrize(
    "differentiate",
    [
        lambda f, x: ag.grad(f)(x),
        lambda f, x: ag.grad(ag.grad(f))(x),
        lambda f, x: ag.jvp(f, (x,), (1.0,))[1],
        lambda f, x: ag.vjp(f, x)[1](1.0)[0],
        lambda f, x: ag.hvp(f, (x,), (1.0,))[0],
    ],
)
def test_a_function_that_chooses_is_differentiated_inside_a_recording(differentiate):
    def function(x):
        return where((x > 0) & (x < 2.0), x * x * x, -x * x)

    program = record(lambda x: differentiate(function, x), 0.5)
    for point in (-1.0, 1.5, 3.0):
        assert program(point) == differentiate(function, point)


def test_a_recorded_comparison_is_negated_and_numbers_are_not_conditions():
    program = record(lambda x: where(~(x > 0) & ~(x > 5.0), 1.0, 2.0), 1.0)
    assert program([-1.0, 0.0, 3.0, float("nan")]).tolist() == [1.0, 1.0, 2.0, 1.0]
    for wrong in (lambda x: ~x, lambda x: x & x, lambda x: (x > 0) | x, lambda x: (x > 0) ^ 2):
        with pytest.raises(TypeError, match="operand"):
            record(wrong, 1.0)
    # Outside a recording comparisons are Python's bools, whose ~ is -1 or -2: always true.
    for x, negated in ((1.0, -2), (-1.0, -1)):
        with pytest.raises(TypeError, match="write 1 - condition"):
            where(negated, 1.0, 2.0)
        one_less = record(lambda x: where(1 - (x > 0), 1.0, 2.0), 1.0)
        assert one_less(x) == where(1 - (ag.Value(x) > 0), 1.0, 2.0) == (2.0 if x > 0 else 1.0)


def test_derivatives_in_numbers_are_refused_and_as_values_are_recorded():
    with pytest.raises(RecordingError, match="create_graph=True"):
        record(lambda x: ag.gradients(x * x, x), 1.0)
    slope = record(lambda x: ag.grad(lambda y: y**3)(x), 1.0)
    assert slope.value_and_grad(2.0) == (12.0, 12.0)


def test_a_captured_leaf_s_number_may_not_be_asked_for_either():
    weight = Value(2.0)
    square = weight * weight
    for ask in (
        lambda x: x * weight if weight > 0 else x,
        lambda x: x * weight if weight == 2.0 else x,
        lambda x: x * weight if weight == x else x,
        lambda x: x * weight.data,
        lambda x: x * weight.grad,
        lambda x: x * square.local_gradients[0],
        lambda x: x * float(weight * 3.0),
    ):
        with pytest.raises(RecordingError, match="where"):
            record(ask, 1.0)
    program = record(lambda x: where(weight > 0, x, -x), 1.0)
    weight.data = -2.0
    assert program(3.0) == -3.0
    assert weight < 0


def test_a_captured_leaf_that_is_detached_is_read_anew_too():
    weight = Value(2.0)

    def function(x):
        with ag.no_grad():
            scale = weight * 10.0
        return weight.detach() * x + scale

    program = record(function, 1.0)
    weight.data = 3.0
    assert program(1.0) == 33.0
    assert program.value_and_grad(1.0, wrt="captured")[1].tolist() == [0.0]


def test_parameters_stand_first_among_the_captured():
    first, second, unused = Value(1.0), Value(10.0), Value(0.0)
    program = record(lambda x: x * second + first, 0.0, parameters=[unused, first, second])
    assert program.captured == (unused, first, second)
    assert program(2.0) == 21.0
    with pytest.raises(ValueError, match="twice"):
        record(lambda x: x, 0.0, parameters=[first, first])
    with pytest.raises(TypeError, match="leaves of a graph"):
        record(lambda x: x, 0.0, parameters=[first * second])


def test_an_exception_leaves_nothing_behind():
    weight = Value(2.0)

    def fails(x):
        weight * x
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        record(fails, 0.0)
    product = weight * 3.0
    assert not product.recorded
    assert not weight.recorded
    assert product > 5


def test_threads_record_at_once():
    shared = Value(2.0)
    found = {}

    def work(number):
        def function(x):
            total = shared * x
            for _ in range(300):
                total = total + number
            return total

        found[number] = record(function, 0.0)(1.0)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: 2.0 + 300 * number for number in range(8)}


def test_a_value_from_another_recording_is_refused():
    kept = []
    record(lambda x: kept.append(x) or x, 0.0)
    with pytest.raises(RecordingError, match="another recording"):
        record(lambda y: kept[0] * y, 0.0)


def test_a_recorded_value_shows_that_it_is_recorded_and_is_not_copied():
    shown = []

    def function(x):
        shown.append(repr(x))
        with pytest.raises(RecordingError):
            x.__deepcopy__({})
        return x

    record(function, 0.0)
    assert shown == ["Value(recorded)"]


def test_what_is_no_number_is_refused():
    for example in ("text", 1j, Fraction(1, 2)):
        with pytest.raises(TypeError, match="example 0"):
            record(lambda x: x, example)
    for unlike in ({1.0}, range(2), deque([1.0]), numpy.ma.array([1.0])):
        with pytest.raises(TypeError, match=r"example 0 .* got .* make one of these of it"):
            record(lambda x: x[0], unlike)
    for function, instead in ((3.0, "got 3.0 of type float"), (Value(1.0), "record_graph")):
        with pytest.raises(TypeError, match=f"takes a function first, .*{instead}"):
            record(function, 1.0)
    with pytest.raises(TypeError, match="result of a recorded function"):
        record(lambda x: "text", 0.0)
    with pytest.raises(TypeError, match="pair"):
        record(lambda x: x, 0.0, auxiliary=True)


def test_a_graph_that_exists_is_a_program_of_its_inputs():
    x, y = Value(2.0, name="x"), Value(3.0, name="y")
    inner = x * y
    program = record_graph([inner + y, inner], [x])
    assert program(numpy.array([1.0, 10.0])).tolist() == [[6.0, 3.0], [33.0, 30.0]]
    assert program.captured == (y,)
    assert program.names == ("x",)
    assert (x.data, x.grad, inner.data) == (2.0, 0.0, 6.0)


def test_an_interior_node_may_be_an_input_of_a_graph():
    x = Value(2.0)
    inner = x * x
    assert record_graph(inner.exp() + inner, [inner]).captured == ()


def test_inputs_of_a_graph_are_distinct_values():
    x = Value(2.0)
    with pytest.raises(ValueError, match="twice"):
        record_graph(x * x, [x, x])
    with pytest.raises(TypeError, match="takes Values"):
        record_graph(x * x, [2.0])
    for numbers in (2.0, [1.0, x.data]):
        with pytest.raises(TypeError, match=r"takes Values as outputs, got .* do not tell what"):
            record_graph(numbers, [x])
    for unordered in ({x}, {"x": x}, None, 3.0):
        with pytest.raises(TypeError, match="come in an order, as in a list, got"):
            record_graph(x * x, unordered)
    assert record_graph(x * x, x)(3.0) == record_graph(x * x, (x for _ in range(1)))(3.0) == 9.0


def test_a_long_chain_is_recorded_without_recursion():
    def chain(x):
        for _ in range(100_000):
            x = x + 1.0
        return x

    program = record(chain, 0.0)
    assert len(program.code) == 100_000
    assert program.code.nbytes <= 16 * len(program.code)


@pytest.mark.skipif(not ag.compiled, reason="plain Python's lists and numbers take more")
def test_a_graph_is_recorded_without_a_node_for_each_of_its_numbers():
    leaves = [Value(0.5) for _ in range(2000)]
    total = Value(0.0)
    for x in leaves:
        total = 1.0 + total * (2.0 - x) / 3.0
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        program = record_graph(total, leaves)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (peak - before) / len(program.code) < 100  # with nodes it was 250
    assert [row.name for _, row, _ in program.code][-4:] == ["sub", "mul", "div", "add"]
    assert program.code.constants.tolist() == [2.0, 3.0, 1.0]
