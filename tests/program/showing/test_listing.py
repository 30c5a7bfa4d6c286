"""Programs as text: names, numbers, pairs, and what is left out."""

from __future__ import annotations

import re

import numpy
import pytest
from hypothesis import given

from autograd_core import Value, dot, where
from autograd_core import sum as total
from autograd_core.program import record, record_graph
from autograd_core.program.showing.listing import listing
from autograd_core.program.signature.arguments import form_of
from autograd_core.program.signature.leaf_names import Names, names_of, numbered
from tests.program.codes import codes, recorded

WEIGHTS = [Value(0.5, name="w0"), Value(-0.25, name="w1")]


def named(function, *names):
    code, captured = recorded(function, *(1.0 for _ in names))
    leaves = [*names, *(node.name or "?" for node in captured)]
    return code, Names(leaves, ["" for _ in code.outputs])


def test_a_neuron_is_read_as_it_was_written():
    bias = Value(0.0, name="b")
    code, names = named(lambda x, y: dot(WEIGHTS, [x, y], bias).tanh() - 1e-3, "x", "y")
    assert listing(code, names).splitlines() == [
        "inputs    2: x = %0, y = %1",
        "captured  3: b = %2, w0 = %3, w1 = %4",
        "%5 = dot b, (w0, x), (w1, y)",
        "%6 = tanh %5",
        "%7 = sub %6, 0.001",
        "return %7",
    ]


def test_each_kind_of_list_shows_its_operands():
    code, names = named(lambda x: where(x > 0, x, -0.0) + total([x, x, 2.0]), "x")
    lines = listing(code, names).splitlines()
    assert lines[1:-1] == [
        "%1 = less 0.0, x",
        "%2 = where %1, x, -0.0",
        "%3 = sum x, x, 2.0",
        "%4 = add %2, %3",
    ]


@pytest.mark.parametrize("number", [0.1, 5e-324, -0.0, float("inf"), float("-inf"), float("nan")])
def test_constants_are_written_with_all_their_digits(number):
    code, names = named(lambda x: x * number, "x")
    assert listing(code, names).splitlines()[1] == f"%1 = mul x, {number!r}"


def test_names_that_could_be_taken_for_something_else_stand_in_quotes():
    odd = ["a b", "1.5", "nan", "%3", "a, b", "", "a\nb", "'q'", "σ.0", "x['k']", "w%3"]
    code, _ = recorded(lambda *xs: total(xs), *map(float, range(len(odd))))
    line = listing(code, Names(odd, [""])).splitlines()[1]
    assert line == (
        "%11 = sum 'a b', '1.5', 'nan', '%3', 'a, b', '', 'a\\nb', \"'q'\", σ.0, x['k'], w%3"
    )


def test_paths_and_names_call_everything_by_one_name_each():
    forms = [form_of([[1.0, 2.0], [3.0, 4.0]]), form_of({"k": 1.0, 2: (1.0, [2.0, (3.0,)])})]
    captured = [Value(0.0, name="w"), Value(0.0), Value(0.0, name="w"), Value(0.0, name="x[0][1]")]
    names = names_of(forms, ["x", "d"], captured, form_of((0.0, numpy.zeros((0, 3)), [1.0])))
    assert names.leaves == [
        "x[0][0]",
        "x[0][1]%1",
        "x[1][0]",
        "x[1][1]",
        "d['k']",
        "d[2][0]",
        "d[2][1][0]",
        "d[2][1][1][0]",
        "w%8",
        "captured[1]",
        "w%10",
        "x[0][1]%11",
    ]
    assert names.outputs == ["[0]", "[2][0]"]


def long_program(count):
    def chain(x):
        for _ in range(count):
            x = x.sin()
        return x

    return recorded(chain, 1.0)[0]


@pytest.mark.parametrize("limit", [2, 3, 10, 11])
def test_a_long_program_shows_its_ends_and_how_much_it_leaves_out(limit):
    lines = listing(long_program(1234), limit=limit).splitlines()
    body = lines[1:-1]
    assert len(body) == limit + 1
    (left_out,) = (line.strip() for line in body if "more" in line)
    assert left_out == f"… {1234 - limit:,} more instructions …"
    assert body[0].strip() == "%1 = sin input[0]"
    assert body[-1] == "%1234 = sin %1233"
    assert len({line.index("=") for line in body if "=" in line}) == 1


def test_a_program_that_fits_is_shown_in_full():
    assert "more" not in listing(long_program(61))
    assert "… 2 more instructions …" in listing(long_program(62))


@given(codes(most=30))
def test_nothing_is_left_out_without_a_limit(code):
    text = listing(code, limit=None)
    assert "…" not in text
    lines = [line for line in text.splitlines() if re.match(r"\s*%\d+ = ", line)]
    assert len(lines) == len(code)
    for line, (number, row, operands) in zip(lines, code, strict=True):
        words = line.split(maxsplit=3)
        assert words[:3] == [f"%{number}", "=", row.name]
        assert len(words[3].split(", ")) == len(operands) if operands else len(words) == 3


@pytest.mark.parametrize(("count", "shown"), [(3, 3), (40, 8)])
def test_long_lists_show_their_ends_and_how_much_they_leave_out(count, shown):
    xs = [Value(1.0, name=f"weight{place:04}") for place in range(count)]
    code, names = named(lambda x: dot(xs, [x] * count) + total(xs), "x")
    dots, sums = listing(code, names).splitlines()[2:4]
    assert dots.count("(") == (count if count == 3 else 6)
    assert sums.count("weight") == shown + (count != 3)
    if count == 40:
        assert "… 34 more pairs …, (weight0039, x)" in dots
        assert "… 31 more operands …, weight0039" in sums


def test_outputs_are_named_where_there_are_names():
    code, _ = recorded(lambda x: [x.sin(), x, 3.0 + 0 * x], 1.0)
    assert listing(code).splitlines()[-1] == "return [0] = %1, [1] = input[0], [2] = %3"
    assert numbered(code).outputs == ["[0]", "[1]", "[2]"]
    code.outputs = code.outputs[:0]
    assert listing(code).splitlines()[-1] == "return nothing"


@pytest.mark.parametrize("limit", [1, 0, -1, 2.0, True, "10"])
def test_a_limit_that_is_none_is_refused(limit):
    with pytest.raises((TypeError, ValueError), match="a whole number from 2 up, or None, got"):
        listing(long_program(3), limit=limit)


def test_a_program_prints_as_recorded_and_after_the_passes():
    program = record(lambda x: (x * x) * 1.0 + (x * x) * 2.0, 0.0)
    assert len(str(program).splitlines()) == 7
    assert str(program.tidied()).splitlines()[1:] == [
        "%1 = mul x, x",
        "%2 = mul %1, 2.0",
        "%3 = add %1, %2",
        "return %3",
    ]
    assert program.tidied()([0.3, float("inf")]).tolist() == program([0.3, float("inf")]).tolist()
    assert repr(program) == "<Program (x) of 5 instructions; print() lists them>"
    assert str(program) == program.listing()


def test_a_program_shows_itself_in_a_line_whatever_its_arguments_are_called():
    names = ["two\nlines", "x" * 500, *(f"a{place}" for place in range(50))]
    nodes = [Value(0.0, name=name) for name in names]
    text = repr(record_graph(total(nodes), nodes))
    assert text.isprintable()
    assert "a5, ...)" in text
    assert len(text) < 200
