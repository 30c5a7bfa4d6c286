"""How often values are read: against the definition, one instruction after another."""

from __future__ import annotations

from hypothesis import given

from autograd_core.program.analysis.uses import uses
from tests.program.codes import codes, recorded


@given(codes(most=30))
def test_an_operand_and_an_output_is_a_use_each(code):
    read = [*code.outputs.tolist(), *(value for _, _, operands in code for value in operands)]
    numbers = [*range(code.values), *range(-len(code.constants), 0)]
    assert uses(code).tolist() == [read.count(number) for number in numbers]


def test_a_value_read_twice_by_one_instruction_is_used_twice():
    code, _ = recorded(lambda x: x * x, 3.0)
    assert uses(code).tolist() == [2, 1]


def test_an_output_given_twice_is_used_twice():
    code, _ = recorded(lambda x: (x.exp(), x), 3.0)
    code.outputs[1] = code.outputs[0]
    assert uses(code).tolist() == [1, 2]
