"""Programs in C: the bits of the program itself, in a file that compiles without a warning."""

from __future__ import annotations

import ctypes
import random
import re
import subprocess
import sys
from collections.abc import Sequence

import numpy
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd_core as ag
from autograd_core import Value, primitives, record, record_graph
from autograd_core.errors import BackendError
from autograd_core.graph import functions
from autograd_core.primitives import ROWS, kind_of
from autograd_core.program.code.flat import Code
from autograd_core.program.exports.c import export_c
from autograd_core.program.exports.c.export_c import check_name, to_c
from tests.primitives.bits import EXTREMES
from tests.primitives.samples import samples
from tests.program.codes import KINDS, codes, gradient, recorded, tidied
from tests.program.exports.compiling import COMPILER, bits, compiled, needs_compiler
from tests.tiers import for_both_tiers

pytestmark = for_both_tiers


def replayed(code: Code, sample: list[float], captured: list[float]) -> list[float]:
    """What a program gives, instruction by instruction, by the table's own functions."""
    values = dict(enumerate([*sample, *captured]))
    values.update({~index: number for index, number in enumerate(code.constants.tolist())})
    for number, row, operands in code:
        values[number] = row.forward(*(values[operand] for operand in operands))
    return [values[number] for number in code.outputs.tolist()]


def run(library, name: str, code: Code, inputs, captured) -> list[list[float]]:
    """The outputs of every sample, by the file's function for many samples."""
    text = numpy.array(inputs, dtype=numpy.float64).reshape(len(inputs), code.inputs)
    given = numpy.array([*captured, 0.0])
    outputs = numpy.full((len(inputs), len(code.outputs)), -7.25)
    work = numpy.full(200_000, -7.25)
    arrays = [ctypes.c_void_p(x.ctypes.data) for x in (text, given, outputs, work)]
    library[f"{name}_batch"](ctypes.c_long(len(inputs)), *arrays)
    return outputs.tolist()  # type: ignore[no-any-return]


def assert_same(code: Code, found, inputs, captured) -> None:
    expected = [replayed(code, list(sample), list(captured)) for sample in inputs]
    assert [list(map(bits, row)) for row in found] == [list(map(bits, row)) for row in expected]


def checked(folder, code: Code, inputs, captured=(), *flags: str) -> str:
    """Compile a program, run it, compare every bit with its replay, and return the C."""
    text = to_c(code, "program")
    found = run(compiled(folder, text, *flags), "program", code, inputs, captured)
    assert_same(code, found, inputs, captured)
    return text


def drawn(seed: int, count: int, width: int) -> list[list[float]]:
    source = random.Random(seed)
    return [[source.uniform(-2, 2) for _ in range(width)] for _ in range(count)]


@needs_compiler
def test_every_primitive_keeps_its_bits(tmp_path):
    programs = {}
    for kind in KINDS:
        row = ROWS[kind]
        points = samples(row, 300, seed=11)
        if row.arity is None:
            length = 4 if row.name == "strong_dot" else 5
            points = [(*point, 0.25, -0.0, 3.0, 1.0)[:length] for point in points]
        arity = len(points[0])
        source = random.Random(kind)
        points += [tuple(source.choice(EXTREMES) for _ in range(arity)) for _ in range(60)]
        code = one_instruction(kind, list(range(arity)), arity)
        programs[row.name] = (code, [list(point) for point in points])
    text = "".join(to_c(code, f"a_{name}") for name, (code, _) in programs.items())
    library = compiled(tmp_path, text)
    for name, (code, points) in programs.items():
        assert_same(code, run(library, f"a_{name}", code, points, ()), points, ())


CHOICES = {
    "a branch": lambda x: ag.where(x > 0, 2.0, 3.0),
    "its sum with a constant": lambda x: ag.where(x > 0, 2.0, 3.0) + 0.1,
    "a sign": lambda x: ag.sign(x) * 1.1,
    "a bound": lambda x: ag.maximum(x, 2.0),
    "a slope": lambda x: ag.leaky_relu(2.2673125099111333, x),
}


@needs_compiler
@pytest.mark.parametrize("choice", CHOICES.values(), ids=list(CHOICES))
def test_the_compiler_does_not_compute_with_what_it_finds_to_be_a_constant(tmp_path, choice):
    def function(x):
        one = choice(x)
        return [one.sinh(), one.tan(), (one * 0.3).exp(), one.cbrt(), one.log10(), one.erf()]

    checked(tmp_path, record(function, 0.5).code, [[1.0], [-1.0], [1.5], [7.0]])


def one_instruction(kind: int, operands: list[int], inputs: int, constants=()) -> Code:
    in_place = ROWS[kind].arity in (1, 2)
    row = [*operands, 0][:2] if in_place else [0, len(operands)]
    return Code(
        inputs,
        0,
        numpy.array(constants, dtype=numpy.float64),
        numpy.array([[kind, *row]], dtype=numpy.int32),
        numpy.array([] if in_place else operands, dtype=numpy.int32),
        numpy.array([inputs], dtype=numpy.int32),
    )


@needs_compiler
@pytest.mark.parametrize("name", ["pow", "power_rate", "power_log", "logaddexp", "hypot"])
@pytest.mark.parametrize("constant", [2.0, 3.0, 0.5, -1.0, 10.0])
@pytest.mark.parametrize("place", [0, 1])
def test_the_compiler_does_not_compute_with_constants_itself(tmp_path, name, constant, place):
    operands = [-1, 0] if place == 0 else [0, -1]
    code = one_instruction(kind_of(name), operands, 1, [constant])
    points = [[x] for (x,) in samples(primitives.PRIMITIVES["log"], 1000)]
    checked(tmp_path, code, points)


@needs_compiler
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(codes(), min_size=1, max_size=25), st.randoms(use_true_random=False))
def test_any_program_keeps_its_bits(tmp_path, programs, source):
    text = "".join(to_c(code, f"p{index}") for index, code in enumerate(programs))
    library = compiled(tmp_path, text)
    for index, code in enumerate(programs):
        choose = [*EXTREMES, 0.5, 1.0, -1.0, 2.0, -3.0]
        inputs = [[source.choice(choose) for _ in range(code.inputs)] for _ in range(8)]
        captured = [source.choice(choose) for _ in range(code.captured)]
        assert_same(code, run(library, f"p{index}", code, inputs, captured), inputs, captured)


def network(x, y, weights: list[Value], width: int):
    """A loss of a perceptron of two hidden layers."""
    number = iter(weights)

    def layer(below, size, activation):
        neurons = [[next(number) for _ in range(len(below) + 1)] for _ in range(size)]
        return [activation(functions.dot(w[1:], below, start=w[0])) for w in neurons]

    hidden = layer(x, width, Value.relu)
    hidden = layer(hidden, width, Value.tanh)
    (score,) = layer(hidden, 1, lambda z: z)
    return (1 - y * score).relu() + 1e-4 * functions.sum(w * w for w in weights)


def weights_of(inputs: int, width: int) -> list[Value]:
    source = random.Random(inputs * width)
    count = (inputs + 1) * width + (width + 1) * width + width + 1
    return [Value(source.uniform(-1, 1)) for _ in range(count)]


@needs_compiler
@pytest.mark.parametrize("width", [4, 36])
def test_a_network_s_gradient_is_the_eager_one_to_the_bit(tmp_path, width):
    weights = weights_of(3, width)
    code, captured = recorded(lambda *x: network(x[:3], x[3], weights, width), 0.1, 0.2, 0.3, 1.0)
    code = tidied(gradient(code))
    inputs = drawn(4, 20, 4)
    found = run(
        compiled(tmp_path, to_c(code, "program")),
        "program",
        code,
        inputs,
        [leaf.data for leaf in captured],
    )
    for sample, outputs in zip(inputs, found, strict=True):
        leaves = [Value(number) for number in sample]
        for weight in captured:
            weight.grad = 0.0
        loss = network(leaves[:3], leaves[3], weights, width)
        loss.backward()
        expected = [loss.data, *(leaf.grad for leaf in [*leaves, *captured])]
        assert [bits(x + 0.0) for x in outputs] == [bits(x) for x in expected]


def test_sums_of_many_terms_are_loops_and_short_ones_are_written_out():
    weights = [Value(float(index)) for index in range(40)]
    long, _ = recorded(lambda *x: functions.dot(weights, x, start=0.5), *[0.0] * 40)
    assert "v80 += parameters[i] * inputs[i];" in to_c(long, "long_sum")
    short, _ = recorded(lambda *x: functions.dot(weights[:3], x, start=0.5), *[0.0] * 3)
    line = "outputs[0] = 0.5 + parameters[0] * inputs[0] + parameters[1] * inputs[1]"
    assert line in to_c(short, "short_sum")


@needs_compiler
@pytest.mark.parametrize("name", ["sum", "dot", "strong_dot"])
@pytest.mark.parametrize("order", ["even", "every third", "backwards", "shuffled", "constants"])
def test_long_sums_keep_their_bits_wherever_their_operands_are(tmp_path, name, order):
    numbers = {
        "even": list(range(120)),
        "every third": [7 * index % 120 for index in range(120)],
        "backwards": list(reversed(range(120))),
        "shuffled": random.Random(3).sample(range(-2, 118), 120),
        "constants": [-1 if index % 2 else index % 40 for index in range(100)] + [-2] * 20,
    }[order]
    operands = [0, *numbers] if name == "dot" else numbers
    code = one_instruction(kind_of(name), operands, 120, [0.1, -0.0])
    points = [*drawn(2, 10, 120), [float("inf")] * 120, [0.0, *[float("nan")] * 119]]
    checked(tmp_path, code, points)


@needs_compiler
def test_sums_of_computed_values_and_of_constants_of_many_kinds(tmp_path):
    def function(*x):
        inner = [number.sin() for number in x]
        fixed = [index / 7 if index % 3 else 0.5 for index in range(len(x))]
        weighted = functions.dot(fixed, inner)
        return [weighted, functions.sum(inner[::-1]), functions.dot(inner, x), inner[5], inner[5]]

    code, _ = recorded(function, *[0.5] * 50)
    checked(tmp_path, code, drawn(9, 10, 50))


@needs_compiler
def test_equal_instructions_on_neighboring_numbers_are_one_loop(tmp_path):
    def function(*x):
        scale = x[0].exp()
        return [scale * number + 0.0 for number in x] + [number.tanh() for number in x[::-1]]

    code, _ = recorded(function, *[0.5] * 20)
    text = checked(tmp_path, code, drawn(1, 10, 20))
    assert text.count("for (int i = 0; i < 20; i++)") == 2
    assert re.search(r"outputs\[i\] = \(v\d+ \* inputs\[i\]\) \+ 0.0;", text)
    assert "outputs[20 + i] = program_tanh(inputs[19 - i]);" in text


MIXED = ("add", "sub", "mul", "tanh", "minimum", "add", "sub")


def tangled(
    count: int, inputs: int, outputs: int, reach: int, among: Sequence[str] = MIXED
) -> Code:
    """Many instructions on values chosen at random among the last ones."""
    source = random.Random(0)
    kinds = [kind_of(name) for name in among]
    rows = []
    for own in range(inputs, inputs + count):
        kind = source.choice(kinds)
        second = source.randrange(max(0, own - reach), own)
        rows.append((kind, own - 1, second if ROWS[kind].arity == 2 else 0))
    last = inputs + count
    return Code(
        inputs,
        0,
        numpy.array([0.5]),
        numpy.array(rows, dtype=numpy.int32),
        numpy.array([], dtype=numpy.int32),
        numpy.array([last - 1 - index for index in range(outputs)], dtype=numpy.int32),
    )


@needs_compiler
@pytest.mark.parametrize("reach", [50, 5000])
def test_a_long_program_is_cut_into_functions(tmp_path, reach):
    code = tangled(5_000, 10, 20, reach)
    text = checked(tmp_path, code, drawn(1, 3, 10))
    functions_ = re.findall(r"static void program_part_\d+", text)
    assert len(functions_) > 3
    longest = max(len(body.splitlines()) for body in text.split("\n}\n"))
    assert longest < 2500
    assert "double work[program_WORK];" in text
    slots = int(re.search(r"program_WORK = (\d+)", text)[1])
    assert 0 < slots <= min(reach, 3000)


@needs_compiler
def test_a_hundred_thousand_instructions_of_a_network_are_a_few_loops(tmp_path):
    weights = [Value(number) for (number,) in drawn(8, 400 * 250 + 250, 1)]

    def loss(*x):
        rows = [weights[400 * row : 400 * (row + 1)] for row in range(250)]
        hidden = [functions.dot(row, x, start=-0.5).tanh() for row in rows]
        return functions.dot(weights[-250:], hidden)

    code, captured = recorded(loss, *[0.0] * 400)
    code = gradient(code, range(400, code.leaves))
    assert len(code) >= 100_000
    text = to_c(code, "program")
    assert len(text.splitlines()) < 6_000
    inputs, numbers = drawn(1, 2, 400), [leaf.data for leaf in captured]
    found = run(compiled(tmp_path, text), "program", code, inputs, numbers)
    assert_same(code, found, inputs, numbers)


@needs_compiler
def test_a_program_too_large_for_the_stack_is_given_room(tmp_path, monkeypatch):
    monkeypatch.setattr(export_c, "ON_THE_STACK", 800)
    inputs = [f"x[{index}]" for index in range(3)]

    def function(*x):
        wide = [x[index % 3] * x[0] for index in range(1000)]
        return functions.sum(wide) + functions.dot(wide, wide)

    code, _ = recorded(function, 1.0, 2.0, 3.0)
    text = to_c(code, "wide", inputs)
    assert "double *restrict outputs, double *restrict work)" in text
    assert "double work[" not in text
    found = run(compiled(tmp_path, text), "wide", code, drawn(3, 2, 3), ())
    assert_same(code, found, drawn(3, 2, 3), ())


@needs_compiler
@pytest.mark.parametrize("shape", ["nothing", "given back", "constants", "no outputs"])
def test_programs_of_no_instructions(tmp_path, shape):
    outputs = {
        "nothing": [],
        "given back": [1, 0, 2, 1],
        "constants": [-1, -2, -3],
        "no outputs": [],
    }
    code = Code(
        0 if shape == "nothing" else 2,
        1 if shape == "given back" else 0,
        numpy.array([-0.0, float("nan"), float("-inf")]),
        numpy.empty((0, 3), dtype=numpy.int32),
        numpy.array([], dtype=numpy.int32),
        numpy.array(outputs[shape], dtype=numpy.int32),
    )
    checked(tmp_path, code, numpy.ones((2, code.inputs)).tolist(), [3.0][: code.captured])


def test_what_no_output_needs_is_not_written():
    code, _ = recorded(lambda x: [x.asin(), x.acos()], 1.0)
    code.outputs = code.outputs[:1]
    text = to_c(code, "half")
    assert "asin(inputs[0])" in text
    assert "acos(" not in text


def test_the_first_comment_names_what_goes_in_and_comes_out():
    code, _ = recorded(lambda x, y: x * y + x, 1.0, 2.0)
    text = to_c(code, "product", ["x", "y */ #error"], outputs=["x y + x"])
    head = text.split("*/")[0]
    assert "void product(const double *inputs, const double *parameters, double *outputs);" in head
    assert "inputs: 2 (x, y _ #error)" in head
    assert "outputs: 1 (x y + x)" in head
    assert "instructions: 2 (1 add, 1 mul)" in head


@pytest.mark.parametrize(
    "name",
    ["", "2d", "a-b", "größe", "_f", "double", "while", "exp", "sqrtf", "main", "inputs", "a b", 3],
)
def test_names_that_no_function_may_have_are_refused(name):
    code, _ = recorded(lambda x: x * x, 1.0)
    with pytest.raises(ValueError, match=f"name is {re.escape(repr(name))}"):
        to_c(code, name)


@needs_compiler
@pytest.mark.skipif(sys.platform != "linux", reason="the C library is another's")
@pytest.mark.parametrize("standard", ["c99", "gnu17", "gnu2x"])
def test_every_name_of_the_mathematical_header_is_refused(standard):
    found = set()
    for flags, pattern in ([], r"\b([A-Za-z]\w*) ?\("), (["-dM"], r"#define ([A-Za-z]\w*)"):
        command = [COMPILER, f"-std={standard}", "-E", *flags, "-x", "c", "-"]
        given = "#include <math.h>\n"
        done = subprocess.run(command, input=given, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"the compiler knows no {standard}")
        found |= set(re.findall(pattern, done.stdout))
    assert {"sin", "fmaf", "INFINITY"} <= found
    for name in found:
        with pytest.raises(ValueError, match=f"name is '{name}'"):
            check_name(name)


@needs_compiler
def test_whatever_the_leaves_are_called_the_comment_ends_where_it_should(tmp_path):
    names = ["*/", "/*", "??/", "\\", "a\nb", "µ", "*" * 200 + "/", '"', "//"]
    leaves = [Value(1.0, name=name) for name in names]
    text = record_graph(ag.sum(leaves), leaves).to_c("total")
    library = compiled(tmp_path, text)
    total = ctypes.c_double()
    library.total((ctypes.c_double * 9)(*range(9)), None, ctypes.byref(total))
    assert total.value == 36.0


def test_a_user_s_own_primitive_is_refused_by_name(monkeypatch):
    row = ROWS[kind_of("sin")]
    own = primitives.Primitive(
        "wobble", ("x",), lambda x: x, row.partials, "w", "", ("",), row.domain
    )
    monkeypatch.setattr(primitives, "ROWS", ROWS)
    ROWS.append(own)
    try:
        with pytest.raises(BackendError, match="'wobble' is a primitive of your own"):
            to_c(one_instruction(len(ROWS) - 1, [0], 1), "f")
    finally:
        ROWS.pop()
