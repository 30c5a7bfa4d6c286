"""Answers held against the engine: what is right, and the words for what is not."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import Exercise, Value, gradients, topological
from nn import MLP


def product_of_sum():
    x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    return (x + y).named("q") * z


def polynomial():
    a = Value(3.0, name="a")
    return (a * a + a).named("g")


@pytest.mark.parametrize(
    ("question", "answer"),
    [("q", 3), ("f", -12), ("∂f/∂x", -4), ("df/dy", -4.0), ("∂f / ∂z", np.float64(3)),
     ("∂q/∂x", 1), ("∂f/∂q", Value(-4.0)), ("∂f/∂q", -4.0000001)],
)  # fmt: skip
def test_right_is_right(question, answer):
    verdict = Exercise(product_of_sum())(question, answer)
    assert (bool(verdict), repr(verdict)) == (True, "right")


@pytest.mark.parametrize(
    ("graph", "question", "answer", "words"),
    [
        (product_of_sum, "∂f/∂x", 4, "the sign is turned"),
        (product_of_sum, "∂f/∂x", 1, "the local gradient ∂q/∂x: multiply it by ∂f/∂q"),
        (product_of_sum, "∂f/∂y", 5, "that is the value of y"),
        (product_of_sum, "∂f/∂x", 3, "that is ∂f/∂z"),
        (product_of_sum, "∂f/∂x", -8, "a factor 2 too many: .* a sweep that ran twice"),
        (product_of_sum, "∂f/∂z", 1.5, "a factor 2 is missing"),
        (product_of_sum, "∂f/∂x", -0.25, "it is upside down"),
        (product_of_sum, "∂f/∂x", -7, "not yet: its size is too large"),
        (product_of_sum, "∂f/∂x", -0.1, "not yet: its size is too small"),
        (product_of_sum, "∂f/∂x", -3.95, "nearly: its size is a little too small; give more"),
        (product_of_sum, "∂f/∂x", float("nan"), "nan is no number"),
        (product_of_sum, "∂f/∂x", 17, "neither the size nor the sign"),
        (product_of_sum, "∂f/∂x", "four", "a number is asked for, got 'four'"),
        (product_of_sum, "∂f/∂x", ..., "no answer yet"),
        (polynomial, "∂g/∂a", 6, "a path is missing: a is used 3 times"),
        (polynomial, "∂g/∂a", 1, "a path is missing: a is used 3 times"),
        (polynomial, "∂g/∂a", 14, "a factor 2 too many"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_words(graph, question, answer, words):
    verdict = Exercise(graph())(question, answer)
    assert not verdict
    assert re.search(words, repr(verdict)), verdict


def test_three_digits_are_enough_and_two_are_not():
    check = Exercise(Value(3.0, name="x").sigmoid().named("s"))
    assert repr(check("∂s/∂x", 0.0452)) == "right, but for rounding: 0.0451767"
    assert check("s", 0.953)
    assert not check("∂s/∂x", 0.05)
    assert repr(check("∂s/∂x", -0.0452)) == "the sign is turned"


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_every_derivative_of_a_network_is_known_and_is_the_engine_s(first, second):
    model = MLP(2, [2, 1], activation="tanh", seed=0)
    x = [Value(first, name="x1"), Value(second, name="x2")]
    out = model(x)
    check = Exercise(out)
    nodes = [node for node in topological(out) if not node.constant]
    slopes = gradients(out, nodes)
    assert check("∂z²₁/∂x1", gradients(out, x[0]))
    assert check("∂z²₁/∂w¹₂₁", gradients(out, model.layers[0].neurons[1].weights[0]))
    asked = [name for name in check.questions if name.startswith("∂z²₁/∂")]
    assert len(asked) == len(nodes) - 1 == len(slopes) - 1


def test_other_questions_have_other_kinds_of_answers():
    check = Exercise(
        {
            "convex": {1, 3, 6},
            "is it?": True,
            "which one?": "momentum",
            "v": [1.0, -2.0],
            "W": [[1.0, 2.0], [3.0, 4.0]],
            "n": 3,
            "nan": math.nan,
        }
    )
    assert check("convex", [6, 1, 3])
    assert repr(check("convex", {1, 2})) == "not yet: 1 too many and 2 too few"
    assert check("is it?", np.bool_(True))
    assert repr(check("is it?", 1)) == "True or False is asked for, got 1"
    assert check("which one?", " Momentum")
    assert repr(check("which one?", "Adam")) == "no: think again"
    assert check("v", np.array([1.0, -2.0]))
    assert repr(check("v", [-1.0, 2.0])) == "everywhere the sign is turned"
    assert repr(check("v", [1.0, 7.0])).startswith("number 2 of 2: not yet")
    assert "2 numbers are asked for, got 3" in repr(check("v", [1.0, 2.0, 3.0]))
    assert repr(check("W", [[1.0, 3.0], [2.0, 4.0]])) == "it is transposed"
    assert "got 5" in repr(check("W", 5))
    assert check("n", 3.0)
    assert check("nan", math.nan)


def test_a_question_that_is_none_is_an_error_that_names_the_nearest():
    check = Exercise(product_of_sum())
    with pytest.raises(ValueError, match=r"'∂f/∂k' is no question here; there are ∂f/∂"):
        check("∂f/∂k", 1)
    with pytest.raises(TypeError, match="a Value to ask about, or questions"):
        Exercise()


def test_the_graph_s_own_gradients_are_left_alone():
    f = product_of_sum()
    f.backward()
    before = [node.grad for node in topological(f)]
    Exercise(f)("∂f/∂x", 1)
    assert [node.grad for node in topological(f)] == before


def test_names_may_look_like_questions():
    x, y = Value(2.0, name="x"), Value(3.0, name="dx/dt")
    check = Exercise((x * y).named("a/b"))
    assert check("a/b", 6)
    assert check("∂a/b/∂x", 3)
    assert check("∂a/b/∂dx/dt", 2)
    assert Exercise((x * 3.0).named("dx/dt"))("dx/dt", 6)


@pytest.mark.parametrize("truth", [None, {"a": 1}, object(), ["a"], 1j])
def test_an_answer_that_nothing_can_be_held_against_is_refused(truth):
    with pytest.raises(TypeError, match="the answer to 'q' must be a number, a list of numbers"):
        Exercise({"q": truth})


@pytest.mark.parametrize("truth", [np.float64(2.0), np.int64(2), Value(2.0), 2])
def test_numbers_of_every_kind_are_numbers(truth):
    assert Exercise({"q": truth})("q", 2.0)
    assert Exercise({"q": 2.0})("q", truth)
    assert repr(Exercise({"q": np.bool_(True)})("q", 1)) == "True or False is asked for, got 1"


def test_rows_of_different_lengths_are_told():
    check = Exercise({"W": [[1.0, 2.0], [3.0, 4.0]]})
    assert repr(check("W", [[1.0, 2.0], [3.0]])) == "its rows are of different lengths"
    assert not check("W", {"a": 1})


def test_a_large_graph_answers_what_it_is_asked():
    model = MLP(2, [16, 16, 1], seed=0)
    out = model([1.0, 2.0])
    weight = model.layers[0].neurons[0].weights[0]
    assert Exercise(out)("∂z³₁/∂w¹₁₁", gradients(out, weight))
