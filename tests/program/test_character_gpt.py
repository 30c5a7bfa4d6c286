"""The benchmarks' character GPT: replayed, it learns what it learns name by name."""

import math
from itertools import islice

import pytest

from autograd_core import Value, dot, record
from tests.benchmarks.character_gpt import (
    ALPHABET,
    CharacterGPT,
    Eager,
    Replayed,
    expressions,
    names,
    train,
)
from tests.benchmarks.plain_value import PlainValue

SHORT = min(names(50), key=len)


def replayed(**options):
    return Replayed(CharacterGPT(Value, **options), record)


def test_the_replayed_loss_is_the_eager_one_to_the_bit():
    model = CharacterGPT(Value)
    given = replayed().letters[SHORT]
    eager = model.loss([[float(x) for x in row] for row in given])
    program = record(model.loss, given)
    assert program(given) == eager.data


def test_a_summed_gradient_is_the_eager_one_to_the_bit():
    way = replayed(dot=dot)
    loss, gradient = way.gradient(SHORT)
    model = CharacterGPT(Value, dot)
    eager = model.loss([[float(x) for x in row] for row in way.letters[SHORT]])
    eager.backward()
    assert loss == eager.data
    assert gradient.tolist() == [leaf.grad for leaf in model.parameters()]


@pytest.mark.parametrize(
    ("number", "product"),
    [(Value, expressions), (Value, dot), (PlainValue, expressions)],
    ids=["expressions", "dot", "plain"],
)
def test_a_letter_looked_up_is_a_letter_marked(number, product):
    loss, gradient = Eager(CharacterGPT(number, product)).gradient(SHORT)
    marked, same = replayed().gradient(SHORT)
    assert marked == pytest.approx(loss, rel=1e-13)
    assert same == pytest.approx(gradient, rel=1e-10, abs=1e-15)


def test_training_is_the_same_both_ways_and_lowers_the_loss():
    documents = [SHORT] * 12
    ways = replayed(dot=dot), Eager(CharacterGPT(Value, dot))
    losses, expected = (train(way, documents) for way in ways)
    assert losses == pytest.approx(expected, rel=1e-9)
    assert losses[-1] < losses[0] / 2


def test_one_program_a_length_is_recorded():
    lengths: list[int] = []

    def counted(function, example):
        lengths.append(len(example))
        return record(function, example)

    way = Replayed(CharacterGPT(Value, dot), counted)
    short_ones = islice((tokens for tokens in names(200) if len(tokens) < 7), 10)
    train(way, list(short_ones))
    assert sorted(lengths) == [5, 6]


def test_an_untrained_model_finds_every_letter_as_likely():
    loss, _ = replayed(dot=dot).gradient(SHORT)
    assert loss == pytest.approx(math.log(len(ALPHABET)), rel=0.05)
