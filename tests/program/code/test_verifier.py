"""The verifier: it passes what is written here and refuses whatever a replay could not run."""

from __future__ import annotations

from typing import Any

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core import ProgramError, Value, primitive, where
from autograd_core.graph.functions import dot, tanh
from autograd_core.primitives import ROWS, kind_of
from autograd_core.program.code import verifier
from autograd_core.program.code.flat import Code
from autograd_core.program.code.verifier import verify
from tests.program.codes import LISTED, codes, copied, gradient, recorded, tidied
from tests.tiers import for_both_tiers

pytestmark = for_both_tiers
BOUNDS = [-(2**31), 2**31 - 1, -(2**31) + 1, 2**31 - 2, -1, 0, 1, 2, 3, 5, 8, 13, 100]
PARTS = ("constants", "instructions", "operands", "outputs")
WEIGHTS = [Value(0.5, name="w0"), Value(-0.25, name="w1")]


def neuron(x, y):
    return tanh(dot(WEIGHTS, [x, y], 1.0)) * where(x > 0, y, 2.0)


def is_valid(code: Code) -> bool:
    """Whether a replay, one instruction after another, finds all that it asks for."""
    if code.inputs < 0 or code.captured < 0:
        return False
    constants = code.constants.tolist()
    ready = code.inputs + code.captured

    def there(value: int) -> bool:
        return -len(constants) <= value < ready

    operands = code.operands.tolist()
    for kind, first, second in code.instructions.tolist():
        if not 0 < kind < len(ROWS):
            return False
        row = ROWS[kind]
        if row.arity == 1:
            fits = second == 0 and there(first)
        elif row.arity == 2:
            fits = there(first) and there(second)
        else:
            places = range(first, first + second) if second >= 0 <= first else None
            if places is None or first + second > len(operands):
                return False
            fits = all(there(operands[place]) for place in places)
            fits &= row.arity in (None, second)
            fits &= row.name != "dot" or second % 2 == 1
            fits &= row.name != "strong_dot" or second % 2 == 0
        if not fits:
            return False
        ready += 1
    return all(there(value) for value in code.outputs.tolist() + operands)


def accepts(code: Code) -> bool:
    try:
        verify(code)
    except ProgramError:
        return False
    return True


@given(codes())
def test_what_is_valid_passes(code):
    verify(code)


def test_what_is_recorded_differentiated_and_tidied_passes():
    code, _ = recorded(neuron, 1.0, 2.0)
    for one in (code, gradient(code), tidied(gradient(code)), gradient(gradient(code))):
        verify(one)


@given(codes(), st.data())
@settings(max_examples=1500)
def test_a_changed_number_passes_just_where_a_replay_could_run(code, data):
    changed = copied(code)
    for _ in range(data.draw(st.integers(1, 2))):
        part = getattr(changed, data.draw(st.sampled_from(PARTS[1:]))).reshape(-1)
        if len(part):
            place = data.draw(st.integers(0, len(part) - 1))
            near = int(part[place]) + data.draw(st.integers(-2, 2))
            near = min(max(near, BOUNDS[0]), BOUNDS[1])
            part[place] = data.draw(st.sampled_from([*BOUNDS, near]))
    assert accepts(changed) == is_valid(changed)


@given(codes(), st.sampled_from(PARTS), st.integers(1, 4), st.booleans())
@settings(max_examples=400)
def test_a_shortened_part_passes_just_where_a_replay_could_run(code, part, count, at_end):
    changed = copied(code)
    whole = getattr(code, part)
    setattr(changed, part, (whole[:-count] if at_end else whole[count:]).copy())
    assert accepts(changed) == is_valid(changed)


@given(codes(), st.integers(-3, 3), st.integers(-3, 3))
@settings(max_examples=400)
def test_other_counts_of_leaves_pass_just_where_a_replay_could_run(code, inputs, captured):
    code.inputs += inputs
    code.captured += captured
    assert accepts(code) == is_valid(code)


@given(codes(most=40), st.data())
@settings(max_examples=300)
def test_chunks_are_seen_as_one(code, data):
    # Lists may overlap, be out of order and leave gaps, also across the chunks looked at.
    changed = copied(code)
    for place in numpy.flatnonzero(numpy.isin(changed.instructions[:, 0], LISTED)):
        if data.draw(st.booleans()):
            changed.instructions[place, 1] = data.draw(st.integers(0, len(changed.operands)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verifier, "CHUNK", 3)
        assert accepts(changed) == is_valid(changed)


def arrays(**changes: Any) -> Code:
    """A valid program, %2 = add %0, %1 and %3 = where %0, %1, %2, with changes."""
    parts: dict[str, Any] = {
        "inputs": 1,
        "captured": 1,
        "constants": numpy.array([2.0]),
        "instructions": numpy.array([[kind_of("add"), 0, 1], [kind_of("where"), 0, 3]], "int32"),
        "operands": numpy.array([0, 1, 2], dtype="int32"),
        "outputs": numpy.array([3], dtype="int32"),
    }
    return Code(**(parts | changes))


ADD, DOT, WHERE, TANH = (kind_of(name) for name in ("add", "dot", "where", "tanh"))
REFUSED = {
    "a leaf": ([[0, 0, 0]], "instruction 0: kind 0 is no row of the table"),
    "a kind beyond the table": ([[10**6, 0, 0]], "instruction 0: kind 1000000 is no row"),
    "a negative kind": ([[-1, 0, 0]], "instruction 0: kind -1 is no row"),
    "a value not yet computed": (
        [[ADD, 0, 1], [ADD, 0, 3]],
        r"instruction 1 \(%3 = add\): operand 1 is %3, which is not computed before it; "
        "expected a value below %3",
    ),
    "a constant that is not there": (
        [[TANH, -2, 0]],
        r"instruction 0 \(%2 = tanh\): operand 0 is -2, constant 1; there are 1 constants",
    ),
    "a second operand of one": ([[TANH, 0, 1]], r"instruction 0 \(%2 = tanh\): the second operand"),
    "two operands of three": ([[WHERE, 0, 2]], r"where\) has 2 operands; expected 3"),
    "a dot of a half pair": ([[DOT, 0, 2]], r"dot\) has 2 operands; expected a start and pairs"),
    "a dot of nothing": ([[DOT, 0, 0]], r"dot\) has 0 operands; expected a start and pairs"),
    "half a strong pair": ([[kind_of("strong_dot"), 0, 1]], r"has 1 operands; expected pairs"),
    "a list beyond the end": ([[WHERE, 1, 3]], r"its 3 operands from 1 on are not all in the list"),
    "a list before the beginning": ([[WHERE, -1, 3]], "its 3 operands from -1 on are not all in"),
    "a negative count": ([[kind_of("sum"), 3, -1]], "its -1 operands from 3 on are not all in"),
    "an overflow of 32 bits": (
        [[kind_of("sum"), 2**31 - 1, 2**31 - 1]],
        "its 2147483647 operands from 2147483647 on are not all in",
    ),
    "a listed value not yet computed": (
        [[WHERE, 0, 3]],
        r"instruction 0 \(%2 = where\): operand 2 is %2, which is not computed before it",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_the_instruction_is_named_and_what_is_wrong_with_it(case):
    rows, message = REFUSED[case]
    code = arrays(instructions=numpy.array(rows, dtype=numpy.int32), outputs=numpy.array([], "i4"))
    code.operands[2] = min(2, code.values - 1)
    with pytest.raises(ProgramError, match=message):
        verify(code)


def test_the_kind_after_the_last_is_refused():
    code = arrays(instructions=numpy.array([[ADD, 0, 1], [len(ROWS), 0, 0]], "int32"))
    with pytest.raises(ProgramError, match=f"instruction 1: kind {len(ROWS)} is no row"):
        verify(code)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"inputs": -1}, "inputs is -1 of type int; expected an int from 0"),
        ({"captured": 1.0}, "captured is 1.0 of type float"),
        ({"inputs": True}, "inputs is True of type bool"),
        ({"inputs": 2**31}, "inputs is 2147483648"),
        ({"inputs": 2**31 - 1, "captured": 1}, "2147483650 values; expected at most 2147483647"),
        ({"constants": numpy.array([1])}, "constants is of type int64"),
        ({"constants": numpy.array([1.0], ">f8")}, "constants is of type >f8"),
        ({"constants": numpy.array(1.0)}, r"shape \(\); expected float64 and \(n,\)"),
        ({"operands": numpy.array([0, 1, 2], "int64")}, "operands is of type int64"),
        ({"operands": [0, 1, 2]}, "operands is list; expected a NumPy array"),
        ({"operands": numpy.ma.array([0, 1, 2], "i4", mask=True)}, "operands is MaskedArray"),
        ({"operands": numpy.arange(6, dtype="int32")[::2]}, "operands is not contiguous"),
        ({"operands": numpy.array([0, 1, 4], "int32")}, r"operands\[2\] in a list .* is %4"),
        ({"instructions": numpy.zeros((2, 4), "int32")}, r"shape \(2, 4\); expected int32"),
        ({"instructions": numpy.zeros((0,), "int32")}, r"shape \(0,\); expected int32"),
        ({"instructions": numpy.zeros((3, 2), "int32").T}, "not contiguous"),
        ({"outputs": numpy.array([4], "int32")}, r"outputs\[0\] in the outputs is %4; there are 4"),
        ({"outputs": numpy.array([3, -2], "int32")}, r"outputs\[1\] in the outputs is -2, const"),
    ],
)
def test_a_part_that_is_not_as_it_must_be_is_named(changes, message):
    verify(arrays())
    with pytest.raises(ProgramError, match=message):
        verify(arrays(**changes))


def test_what_lies_askew_in_memory_is_refused():
    raw = numpy.zeros(4 * 3 + 1, dtype=numpy.uint8)[1:].view(numpy.int32)
    with pytest.raises(ProgramError, match="not contiguous and aligned"):
        verify(arrays(operands=raw))


def test_other_things_than_programs_are_type_errors():
    with pytest.raises(TypeError, match=r"verify\(\) takes a Code, not dict"):
        verify({})


def test_rows_of_the_user_are_known_by_their_arity():

    @primitive(lambda x, y, z, out: 1, lambda x, y, z, out: 1, lambda x, y, z, out: 1)
    def three_of_mine(x, y, z):
        return x + y + z

    code, _ = recorded(three_of_mine, 1.0, 2.0, 3.0)
    verify(code)
    code.instructions[0, 2] = 2
    with pytest.raises(ProgramError, match=r"three_of_mine\) has 2 operands; expected 3"):
        verify(code)


def test_nothing_is_changed():
    code, _ = recorded(neuron, 1.0, 2.0)
    kept = copied(code)
    verify(code)
    assert code == kept
