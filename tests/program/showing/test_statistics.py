"""Counting a program: against the definitions, one instruction after another."""

from __future__ import annotations

import dataclasses

import numpy
import pytest
from hypothesis import given

from autograd_core import Value, dot, where
from autograd_core import sum as total
from autograd_core.program.analysis.dependence import depths_and_variation
from autograd_core.program.analysis.uses import last_uses
from autograd_core.program.code.flat import Code
from autograd_core.program.showing.statistics import statistics
from tests.program.codes import codes, recorded

WEIGHTS = [Value(0.5, name="w0"), Value(-0.25, name="w1")]


def slowly(code):
    """Depth, variation and the place of the last use of every value."""
    depths = [0] * code.leaves
    varies = [1] * code.inputs + [0] * code.captured
    last = [-1] * code.leaves
    for place, (_, _, operands) in enumerate(code):
        real = [operand for operand in operands if operand >= 0]
        depths.append(1 + max((depths[operand] for operand in real), default=0))
        varies.append(int(any(varies[operand] for operand in real)))
        last.append(place)
        for operand in real:
            last[operand] = place
    return depths, varies, last


@given(codes(most=30))
def test_depth_variation_and_last_uses_are_those_of_the_definition(code):
    depths, varies = depths_and_variation(code)
    assert (depths.tolist(), varies.tolist(), last_uses(code).tolist()) == slowly(code)


@given(codes(most=30))
def test_what_is_counted_is_what_is_there(code):
    counted = statistics(code)
    depths, varies, last = slowly(code)
    steps = list(code)
    assert sum(counted.primitives.values()) == counted.instructions == len(steps)
    for name, count in counted.primitives.items():
        assert count == sum(row.name == name for _, row, _ in steps)
    assert counted.operands == sum(len(operands) for _, _, operands in steps)
    assert counted.once == sum(not varies[number] for number, _, _ in steps)
    assert counted.depth == max(depths, default=0)
    assert counted.nbytes == (
        12 * len(steps) + 4 * len(code.operands) + 4 * len(code.outputs) + 8 * len(code.constants)
    )
    live = [
        sum(
            varies[number] and number - code.leaves <= place <= last[number]
            for number, _, _ in steps
        )
        for place in range(len(steps))
    ]
    assert counted.live == max(live, default=0)
    assert counted.working_set == 8 * counted.live


def test_operations_are_those_of_a_sample():
    def function(x, y):
        return [
            dot(WEIGHTS, [x, y], 1.0),  # two pairs: 4
            total([x, y, 1.0]),  # 3
            where(x > 0, y, 2.0),  # the comparison 1, the choice 1
            x.detach(),  # no operation
            WEIGHTS[0].exp(),  # once a call
            x.tanh(),  # 1
        ]

    code, _ = recorded(function, 1.0, 2.0)
    counted = statistics(code)
    assert counted.operations == 4 + 3 + 2 + 1
    assert counted.once == 1
    assert (counted.inputs, counted.captured, counted.constants) == (2, 2, 3)
    assert counted.outputs == 6


def test_it_prints_as_a_table_and_shows_itself_in_a_notebook():
    code, _ = recorded(lambda x: (x * 2.0 * x).sin(), 1.0)
    text = str(statistics(code)).splitlines()
    assert [line.split()[:2] for line in text[4:7]] == [
        ["instructions", "3"],
        ["mul", "2"],
        ["sin", "1"],
    ]
    page = statistics(code)._repr_html_()
    assert page.count("<tr>") == len(text)
    assert "<td>3</td>" in page


def test_it_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        statistics(recorded(lambda x: x.sin(), 1.0)[0]).depth = 3


def test_a_program_of_nothing_is_counted():
    empty = numpy.array([], dtype=numpy.int32)
    counted = statistics(Code(0, 0, numpy.array([]), empty.reshape(0, 3), empty, empty))
    assert (counted.instructions, counted.depth, counted.live, counted.nbytes) == (0, 0, 0, 0)
    assert "bytes        0\n" in str(counted)


def test_a_read_only_program_is_counted():
    code, _ = recorded(lambda x, y: dot(WEIGHTS, [x, y], 1.0), 1.0, 2.0)
    before = statistics(code)
    code.instructions.flags.writeable = code.operands.flags.writeable = False
    assert statistics(code) == before
