"""The operands of all instructions at once: as one instruction after another has them."""

from __future__ import annotations

from hypothesis import given

from autograd_core.program.analysis.operands import flat_operands, operand_counts
from tests.program.codes import codes


@given(codes(most=30))
def test_every_way_to_the_operands_gives_the_same(code):
    one_by_one = [list(code.operands_of(place)) for place in range(len(code))]
    assert [list(operands) for _, _, operands in code] == one_by_one
    counts, operands = flat_operands(code)
    assert counts.tolist() == operand_counts(code).tolist() == list(map(len, one_by_one))
    assert operands.tolist() == [value for own in one_by_one for value in own]


@given(codes(most=30))
def test_an_instruction_has_as_many_operands_as_its_row_takes(code):
    for _, row, operands in code:
        assert row.arity in (None, len(operands))
