"""Which products nothing but a sum over the samples reads: against the definition."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from autograd_core import Value
from autograd_core.program.analysis.dependence import depths_and_variation
from autograd_core.program.analysis.only_summed import only_summed
from autograd_core.program.analysis.uses import uses
from autograd_core.program.code.flat import Code
from tests.program.codes import codes, gradient, recorded


def found(code: Code, summed: int) -> list[int]:
    _, varies = depths_and_variation(code)
    return only_summed(code, summed, varies, uses(code)).tolist()


def by_definition(code: Code, summed: int) -> list[int]:
    """The same, one output after another."""
    _, varies = depths_and_variation(code)
    outputs, steps = code.outputs.tolist(), list(code)
    read = [*outputs, *(value for _, _, operands in steps for value in operands)]
    return [
        place
        for place, value in list(enumerate(outputs))[len(outputs) - summed :]
        if value >= code.leaves
        and read.count(value) == 1
        and steps[value - code.leaves][1].name == "strong_product"
        and all(factor >= 0 and varies[factor] for factor in steps[value - code.leaves][2])
    ]


@given(codes(most=20), st.data())
def test_they_are_those_of_the_definition(code, data):
    for every in (code, gradient(code) if len(code.outputs) else code):
        summed = data.draw(st.integers(0, len(every.outputs)))
        assert found(every, summed) == by_definition(every, summed)


def test_a_layer_s_weights_have_such_gradients_and_its_biases_do_not():
    weights = [[Value(0.5), Value(-0.25)] for _ in range(2)]
    biases = [Value(0.0), Value(1.0)]

    def loss(x, y):
        neurons = ((w * x + v * y + b).tanh() for (w, v), b in zip(weights, biases, strict=True))
        return sum(neuron * neuron for neuron in neurons)

    code, captured = recorded(loss, 1.0, 2.0)
    code = gradient(code, range(code.inputs, code.leaves))
    names = [id(captured[place - 1]) for place in found(code, len(captured))]
    assert sorted(names) == sorted(id(weight) for row in weights for weight in row)
