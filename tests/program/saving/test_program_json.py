"""Programs as JSON: they come back to the bit, and whatever else is refused."""

from __future__ import annotations

import json
import math
from collections import namedtuple

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core import ProgramError, Value, dot, primitive, where
from autograd_core.program import Program, record
from autograd_core.program.code.verifier import verify
from autograd_core.program.saving.form_json import form_document, read_form
from autograd_core.program.saving.program_json import from_json, to_json
from autograd_core.program.signature.arguments import Holder, Numbers, form_of
from autograd_core.program.signature.recorded import Recorded
from tests.program.codes import codes
from tests.program.replayed import same_bits

Point = namedtuple("Point", ["x", "y"])


def program():
    weights = [Value(0.1, name="w"), Value(-0.0)]

    def function(x, more):
        hidden = dot(weights, x, more["b"][0]).tanh()
        return hidden, where(hidden > 0, more["b"][1], -0.0)

    return record(function, [0.0, 0.0], {"b": (0.0, 1.0), 3: 0.0})


def document(**changes):
    return json.loads(program().to_json()) | changes


def read(thing):
    return from_json(json.dumps(thing))


def test_a_program_computes_the_same_after_the_journey():
    sent = program()
    arrived = Program.from_json(sent.to_json())
    arguments = [[0.3, -1.0], [math.nan, 2.0]], {"b": (0.5, [1.0, -math.inf]), 3: 0.0}
    for one, other in zip(sent(*arguments), arrived(*arguments), strict=True):
        assert same_bits(one, other)
    assert arrived.names == sent.names
    assert arrived.arguments == sent.arguments
    assert arrived.result == sent.result
    assert [(node.name, repr(node.data)) for node in arrived.captured] == [
        ("w", "0.1"),
        (None, "-0.0"),
    ]
    assert arrived.to_json() == sent.to_json()


def test_gradient_programs_travel_too():
    sent = record(lambda x, y: (x * y).sin(), 0.0, 0.0).gradient(value=True)
    arrived = Program.from_json(sent.to_json().encode())
    assert arrived(0.3, 0.7) == sent(0.3, 0.7)
    assert arrived.code == sent.code


def plain(code, captured=None):
    return Recorded(
        code,
        [Value(0.0)] * code.captured if captured is None else captured,
        [Numbers((code.inputs,))],
        ["x"],
        Numbers((len(code.outputs),)),
        False,
    )


@given(codes())
def test_any_code_comes_back_to_the_bit(code):
    code.constants[numpy.isnan(code.constants)] = math.nan  # JSON has but one of them
    assert from_json(to_json(plain(code))).code == code


@given(st.lists(st.floats(), max_size=5))
def test_what_is_captured_keeps_every_bit(numbers):
    code = record(lambda x: x, 0.0).code
    code.captured = len(numbers)
    leaves = [Value(number) for number in numbers]
    arrived = from_json(to_json(plain(code, leaves))).captured
    assert [leaf.data.hex() for leaf in arrived] == [number.hex() for number in numbers]


def test_numbers_that_json_lacks_are_strings_that_every_reader_takes():
    def refuse(word):
        raise AssertionError(word)

    code = record(lambda x: (x * math.inf + math.nan) * -math.inf - (-0.0) * x, 0.0).code
    text = to_json(plain(code))
    assert json.loads(text, parse_constant=refuse)["constants"] == [
        "Infinity",
        "NaN",
        "-Infinity",
        0,
    ]
    assert '["Infinity", "NaN", "-Infinity", -0.0]' in text


def test_lists_out_of_order_come_back_in_order():
    code = record(lambda x: where(x > 0, x, 1.0) * where(x < 0, x, 2.0), 0.0).code
    wheres = code.instructions[:, 2] == 3
    code.instructions[wheres, 1] = code.instructions[wheres, 1][::-1]
    code.operands = numpy.concatenate([code.operands[3:], code.operands[:3], [0]]).astype("int32")
    arrived = from_json(to_json(plain(code))).code
    assert [list(of) for _, _, of in arrived] == [list(of) for _, _, of in code]
    assert len(arrived.operands) == 6


FORMS = st.recursive(
    st.lists(st.integers(0, 3), max_size=3).map(lambda shape: Numbers(tuple(shape))),
    lambda children: st.lists(children, max_size=3).flatmap(
        lambda forms: st.sampled_from(
            [
                Holder(list, tuple(range(len(forms))), tuple(forms)),
                Holder(tuple, tuple(range(len(forms))), tuple(forms)),
                Holder(dict, ("a", 1, None)[: len(forms)], tuple(forms)),
                Holder(dict, (True, 2.5, "é")[: len(forms)], tuple(forms)),
            ]
        )
    ),
)


@given(FORMS)
def test_forms_come_back(form):
    assert read_form(json.loads(json.dumps(form_document(form))), "form") == form


def test_a_named_tuple_comes_back_with_its_fields():
    sent = record(lambda p: Point(p.x * p.y, p.y), Point(0.0, 0.0))
    arrived = Program.from_json(sent.to_json())
    result = arrived(Point(2.0, 3.0))
    assert (type(result).__name__, result.x, result.y) == ("Point", 6.0, 3.0)


@pytest.mark.parametrize("key", [(1, 2), math.nan, numpy.float64(1.0), b"b"])
def test_keys_that_json_cannot_tell_apart_are_refused(key):
    with pytest.raises(TypeError, match="cannot stand in JSON"):
        form_document(form_of({key: 0.0}))


CHANGED = [
    (
        {"format": "autograd_core.graph.traversal"},
        "the format is 'autograd_core.graph.traversal', expected",
    ),
    ({"version": 2}, r"newer version of autograd_core \(form 2; this one reads up to 1\): update"),
    ({"version": 1.0}, "version 1.0 is none"),
    ({"version": True}, "version True is none"),
    ({"extra": 1}, "the document has 'extra', which is no member"),
    ({"auxiliary": 0}, "auxiliary=0 is neither true nor false"),
    ({"auxiliary": True, "result": {"shape": [2]}}, "auxiliary is true, but the result is no pair"),
    ({"captured": [{"name": 3, "data": 0}] * 2}, r"captured\[0\].name=3 is neither a string"),
    ({"captured": [{"name": None, "data": True}] * 2}, r"captured\[0\].data: True is no double"),
    ({"captured": [{"name": None, "data": "inf"}] * 2}, r"captured\[0\].data: 'inf' is no double"),
    ({"captured": [{"name": None}]}, r"captured\[0\] has no 'data'"),
    ({"captured": []}, "which is not computed before it|there are"),
    ({"captured": {}}, "captured must be a list, not dict"),
    ({"constants": [10**400]}, r"constants\[0\]: 1000.* is no double"),
    ({"constants": [None]}, r"constants\[0\]: None is no double"),
    ({"constants": []}, "there are 0 constants"),
    ({"instructions": [0, 1, 2.0, 3]}, r"instructions\[2\]=2.0 is no whole number"),
    ({"instructions": [True]}, r"instructions\[0\]=True is no whole number"),
    ({"instructions": [0, 1, 2, 99]}, "instructions are of the primitives 0 to 99; there are 4"),
    ({"instructions": [-1]}, "instructions are of the primitives -1 to -1"),
    ({"instructions": [2**31]}, "instructions has numbers from 2147483648 to"),
    ({"instructions": [10**400]}, "instructions has numbers from 10000000"),
    ({"counts": []}, "counts has 0 numbers, from 0 up; expected one from 0 up for each of the 1"),
    ({"counts": [-1]}, "counts has 1 numbers, from -1 up"),
    ({"counts": [4]}, "operands has 11 numbers; the instructions take 10"),
    ({"counts": [2**31 - 1]}, "operands has 11 numbers; the instructions take 2147483653"),
    ({"operands": [0]}, "operands has 1 numbers; the instructions take 11"),
    ({"outputs": [0]}, "the result has 2 numbers, but there are 1 outputs"),
    ({"outputs": [0, 50]}, r"outputs\[1\] in the outputs is %50"),
    ({"outputs": "ab"}, "outputs must be a list, not str"),
    ({"primitives": [{"name": "add"}]}, r"primitives\[0\] has no 'operands'"),
    ({"primitives": [{"name": "add", "operands": [1]}]}, r"primitives\[0\]: the names"),
    ({"arguments": [{"name": 1, "form": {"shape": []}}]}, r"arguments\[0\].name=1 is no string"),
    ({"arguments": [{"name": "x", "form": {"shape": [2**40]}}]}, "1099511627776 is no length"),
    ({"arguments": [{"name": "x", "form": {"shape": [2**31 - 1] * 2}}]}, "inputs is 461168"),
    ({"result": {"shape": 3}}, "result.shape must be a list"),
    ({"result": {"shape": [-1]}}, "result.shape: -1 is no length of an axis"),
    ({"result": {"shape": [1] * 65}}, "result.shape has 65 axes"),
    ({"result": {"shape": [], "list": []}}, "result has 'list', which is no member"),
    ({"result": {}}, "result has none of shape, list, tuple, dict, named_tuple"),
    ({"result": {"dict": [["a"]]}}, r"result.dict\[0\] must be a pair"),
    ({"result": {"dict": [[[], {"shape": []}]]}}, "is no key"),
    ({"result": {"dict": [[1, {"shape": []}], [True, {"shape": []}]]}}, "has a key twice"),
    ({"result": {"named_tuple": "P", "fields": [["class", {"shape": []}]]}}, "no named tuple"),
    ({"result": {"named_tuple": "P q", "fields": []}}, "no named tuple"),
    (
        {"result": {"named_tuple": "P", "fields": [[name, {"shape": []}] for name in ("ﬁ", "fi")]}},
        "result is no named tuple: duplicate argument",
    ),
]


@pytest.mark.parametrize(("changes", "message"), CHANGED)
def test_what_was_not_written_so_is_refused(changes, message):
    verify(read(document()).code)
    with pytest.raises(ProgramError, match=message):
        read(document(**changes))


def test_primitives_unknown_or_changed_are_refused():
    changed = document()
    (place,) = (k for k, row in enumerate(changed["primitives"]) if row["name"] == "tanh")
    for row, message in [
        ({"name": "sinhc", "operands": ["x"]}, "'sinhc', which is not known here: import"),
        (
            {"name": "tanh", "operands": ["x", "y"]},
            r"'tanh' takes \(x, y\), but here it takes \(x\)",
        ),
    ]:
        changed["primitives"][place] = row
        with pytest.raises(ProgramError, match=message):
            read(changed)


def test_primitives_of_the_user_travel_by_name():
    @primitive(lambda x, y, z, out: 1, lambda x, y, z, out: 1, lambda x, y, z, out: 1)
    def json_three(x, y, z):
        return x + y + z

    sent = record(json_three, 0.0, 0.0, 0.0)
    assert Program.from_json(sent.to_json())(1.0, 2.0, 3.0) == 6.0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        b"\xff",
        "[" * 100_000,
        '{"format": NaN}',
        '{"format": "autograd_core.program", "format": 1}',
        f'{{"format": {"1" * 5000}}}',
    ],
)
def test_what_is_no_json_is_refused(text):
    with pytest.raises(ProgramError):
        from_json(text)


def test_a_number_beyond_doubles_is_refused():
    text = program().to_json().replace("-0.0]", "1e999]")
    assert "1e999" in text
    with pytest.raises(ProgramError, match="inf is no double"):
        from_json(text)


def test_a_deep_form_is_refused_before_python_s_own_limit():
    form = {"shape": []}
    for _ in range(300):
        form = {"list": [form]}
    with pytest.raises(ProgramError, match="more than 100 forms one in another"):
        read(document(result=form))


def test_other_things_than_text_are_type_errors():
    with pytest.raises(TypeError, match=r"from_json\(\) takes JSON as text, not dict"):
        from_json({})


TEXT = program().to_json()


@given(
    st.integers(0, len(TEXT) - 1), st.integers(0, 40), st.text('0123456789-.,[]{}"ae', max_size=3)
)
@settings(max_examples=600)
def test_a_damaged_text_is_refused_or_still_a_valid_program(start, length, put):
    damaged = TEXT[:start] + put + TEXT[start + length :]
    try:
        arrived = from_json(damaged)
    except ProgramError:
        return
    verify(arrived.code)


@pytest.mark.parametrize("stop", range(0, len(TEXT) - 3, 37))
def test_a_text_cut_short_is_refused(stop):
    with pytest.raises(ProgramError):
        from_json(TEXT[:stop])
