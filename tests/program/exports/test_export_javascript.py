"""Programs as JavaScript: a replay's numbers under Node and in a browser's page."""

from __future__ import annotations

import itertools
import json
import random
import re

import numpy
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd_core as ag
from autograd_core import PRIMITIVES, BackendError, Value, record
from autograd_core.graph.nodes.making import apply
from autograd_core.primitives import ROWS, kind_of
from autograd_core.primitives.translation import javascript_source
from autograd_core.primitives.translation.written_functions import SOURCES, Translation
from autograd_core.program.exports.javascript.export_javascript import to_javascript
from autograd_core.program.signature.arguments import Numbers
from autograd_core.program.signature.recorded import Recorded
from tests.primitives.bits import EXTREMES
from tests.primitives.samples import samples
from tests.program.codes import KINDS, codes
from tests.program.exports.exporting import KEYS, OF_THE_FILES, called, named, program_of
from tests.program.exports.running_javascript import (
    needs_browser,
    needs_node,
    run_node,
    run_page,
    same,
)
from tests.program.exports.test_export_c import tangled
from tests.program.networks import captured_of, networks, one_by_one, points_for
from tests.tiers import for_both_tiers

pytestmark = for_both_tiers
NAMES = [row.name for row in map(ROWS.__getitem__, KINDS)]
VARIADIC = [name for name in NAMES if PRIMITIVES[name].arity is None]


def program_of_any(name):
    """A row as a program of its operands; of a row of any number of them, of five or four."""
    if name not in VARIADIC:
        return program_of(name)
    count = 4 if name == "strong_dot" else 5
    return record(lambda *operands: apply(kind_of(name), operands), *[0.5] * count)


def points_of(name):
    program, row = program_of_any(name), PRIMITIVES[name]
    count, source = len(program.arguments), random.Random(name)
    points = [(*point, 0.25, -0.0, 3.0, 1.0)[:count] for point in samples(row, 400, seed=5)]
    special = [*EXTREMES, 0.5, -0.5, 1.0, -1.0, 2.0, 3.0]
    if count <= 2:
        return points + list(itertools.product(special, repeat=count))
    return points + [tuple(source.choice(special) for _ in range(count)) for _ in range(400)]


@needs_node
def test_every_primitive_gives_its_bits(tmp_path):
    points = {name: points_of(name) for name in NAMES}
    exports = [program_of_any(name).to_javascript("row") for name in NAMES]
    found = run_node(tmp_path, exports, [points[name] for name in NAMES])
    for name, values in zip(NAMES, found, strict=True):
        row = PRIMITIVES[name]
        for point, value in zip(points[name], values, strict=True):
            assert same(value, row.forward(*point), 0), (name, point, value)


def test_a_function_of_the_library_that_javascript_lacks_says_where_it_is_added(monkeypatch):
    monkeypatch.delitem(javascript_source.LACKING, "rint")
    translation = Translation(javascript_source.JAVASCRIPT, SOURCES, "")  # nothing of it is kept
    with pytest.raises(NotImplementedError, match=r"libm\.rint .*javascript_source\.py"):
        translation.function("forward", "rint")


def recording(code, shape=None):
    """A code as a recording of single numbers, with an array of its outputs."""
    form = Numbers((len(code.outputs),)) if shape is None else Numbers(shape)
    leaves = [Value(0.0) for _ in range(code.captured)]
    names = [f"x{place}" for place in range(code.inputs)]
    return Recorded(code, leaves, [Numbers(())] * code.inputs, names, form)


@needs_node
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(codes(among=KINDS), min_size=1, max_size=20),
    st.randoms(use_true_random=False),
)
def test_any_program_keeps_its_bits(tmp_path, programs, source):
    choose = [*EXTREMES, 0.5, 1.0, -1.0, 2.0, -3.0]
    exports, calls, expected = [], [], []
    for code in programs:
        captured = [source.choice(choose) for _ in range(code.captured)]
        exports.append(to_javascript(recording(code), numpy.array(captured), "exported"))
        points = [[source.choice(choose) for _ in range(code.inputs)] for _ in range(8)]
        calls.append(points)
        expected.append([one_by_one(code, point, captured) for point in points])
    assert same(run_node(tmp_path, exports, calls), expected)


@needs_node
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(networks())
def test_networks_and_their_gradients_give_what_a_replay_gives(tmp_path, program):
    both = program.gradient("both", value=True)
    points = points_for(program)
    (found,) = run_node(
        tmp_path, [both.to_javascript("both")], [[[point] for point in points.tolist()]]
    )
    values, (inputs, captured) = program.value_and_grad(points, wrt="both")
    for (value, (by_input, by_captured)), *expected in zip(
        found, values, inputs, captured, strict=True
    ):
        assert numpy.allclose(value, expected[0], rtol=1e-12, atol=1e-14)
        assert numpy.allclose(by_input, expected[1], rtol=1e-10, atol=1e-12)
        assert numpy.allclose(by_captured, expected[2], rtol=1e-10, atol=1e-12)


@needs_node
def test_higher_orders_are_programs_too(tmp_path):
    program = record(lambda x, y: x * x * x * y + x * y * y, 0.0, 1.0)
    orders = [program.gradient(), program.hvp(), program.hvp().tangent()]
    points = [[0.3, 1.2, 1.0, 0.0, 0.5, -1.0, 0.0, 2.0][:count] for count in (2, 4, 8)]
    exports = [order.to_javascript("order") for order in orders]
    found = run_node(tmp_path, exports, [[point] for point in points])
    for (values,), order, point in zip(found, orders, points, strict=True):
        assert same(values, order(*point))


@needs_node
def test_a_zero_cotangent_contributes_nothing_beside_what_is_not_finite(tmp_path):
    program = record(lambda c, p: ag.where(c > 0, c * p, 0.0), 0.0, 0.0).gradient()
    ((found, other),) = run_node(
        tmp_path,
        [program.to_javascript("slopes")],
        [[[-1.0, float("inf")], [-1.0, float("nan")]]],
    )
    assert same(found, [0.0, 0.0])
    assert same(other, [0.0, 0.0])


@needs_node
@pytest.mark.parametrize("reach", [50, 5000])
def test_a_long_program_is_cut_into_functions(tmp_path, reach):
    code = tangled(10_000, 10, 20, reach, among=("sub", "softsign", "maximum"))
    exported = to_javascript(recording(code, (4, 5)), numpy.empty(0), "long")
    assert len(re.findall(r"^function part_\d+", exported.source, re.MULTILINE)) > 10
    point = [0.1 * place for place in range(10)]
    ((found,),) = run_node(tmp_path, [exported], [[point]])
    assert same(found, numpy.reshape(one_by_one(code, point, []), (4, 5)).tolist())


@needs_node
@pytest.mark.parametrize("count", [3, 40, 300])
def test_sums_are_added_in_the_recorded_order_wherever_their_operands_are(tmp_path, count):
    weights = [Value(1.0 / (place + 1)) for place in range(count)]

    def function(x, *single):
        inner = [number * number for number in x]
        mixed = [*single, *x, 0.1, 0.7]
        return [
            ag.dot(weights, x, start=0.1),
            ag.sum(inner[::-1]),
            ag.dot(inner, weights),
            ag.sum(mixed),
            inner[1],
            inner[1],
            x[0],
            2.5,
        ], ag.sum(single)

    program = record(function, [0.5] * count, *[0.0] * 40)
    source = random.Random(3)
    points = [[source.uniform(-1, 1) for _ in range(count)] for _ in range(4)]
    singles = [source.uniform(-1, 1) for _ in range(40)]
    (found,) = run_node(
        tmp_path, [program.to_javascript("sums")], [[[p, *singles] for p in points]]
    )
    for values, point in zip(found, points, strict=True):
        array, single = program(point, *singles)
        assert same(values, [array.tolist(), float(single)])


@needs_node
def test_structures_go_in_and_come_out(tmp_path):
    program = record(
        lambda x, o: {"sum": x[0][1] + o["b"], "rest": [x, (o["a"][0] * 2.0, 3.0)], 7: o["t"]},
        [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]],
        {"a": [0.0], "b": 0.0, "t": (1.0, [2.0])},
    )
    x, o = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], {"a": [4.0], "b": 5.0, "t": (8.0, [9.0])}
    exported = program.to_javascript()
    ((found,),) = run_node(tmp_path, [exported], [[[x, o]]])
    assert found == {"sum": 7.0, "rest": [x, [8.0, 3.0]], "7": [8.0, [9.0]]}
    assert "@param {Float64Array | ArrayLike<ArrayLike<number>>} x" in exported.source
    assert '@param {{"a": ArrayLike<number>, "b": number, "t": [number, ArrayLike<number>]}} o' in (
        exported.source
    )
    assert '{"sum": number, "rest": [Float64Array[], [number, number]], 7: ' in exported.source


@needs_node
def test_parameters_are_a_typed_array_that_may_be_given_or_left_out(tmp_path):
    w = [Value(2.0), Value(-0.5)]
    program = record(lambda x: w[0] * x + w[1], 0.0)
    exported = program.to_javascript("line")
    ((own, other),) = run_node(tmp_path, [exported], [[[3.0], [3.0, [10.0, 1.0]]]])
    assert (own, other) == (5.5, 31.0)
    assert "line.parameters = new Float64Array([" in exported.source
    assert exported.parameters.tolist() == [2.0, -0.5]


@needs_node
def test_what_is_no_number_is_refused(tmp_path):
    program = record(lambda x, y: x[0] + x[1] + y[1][0], [0.0, 0.0], [[0.0], [0.0]])
    exported = program.to_javascript("f")
    rows = [[1.0], [2.0]]
    calls = [
        [[1.0], rows],
        [{}, rows],
        [[1.0, []], rows],
        [[1.0, 2.0], [[1.0]]],
        [[1.0, 2.0], rows],
    ]
    (found,) = run_node(tmp_path, [exported], [calls])
    assert found == [
        "RangeError: x must hold 2 numbers; got 1",
        "RangeError: x must hold 2 numbers; got [object Object]",
        "TypeError: x[1] must be a number; got ",
        "RangeError: y must hold 2 rows; got 1",
        5.0,
    ]


WORDS = [
    *("default", "class", "await", "let", "yield", "arguments", "eval", "Math", "ag_sum"),
    *("libm_fmod", "take_number", "part_0", "v2", "r0", "constructor", "NaN", "$", "f", "exported"),
]


@needs_node
def test_arguments_may_be_called_anything(tmp_path):
    names = [*OF_THE_FILES, *WORDS, '"""', "*/", "`${x}`", "</script>"]
    programs = [called(name, "y") for name in names]
    exports = [program.to_javascript("exported") for program in programs]
    found = run_node(tmp_path, exports, [[[0.7, 1.3]]] * len(names))
    for (values,), program in zip(found, programs, strict=True):
        assert same(values, program(0.7, 1.3).tolist(), 4)


@needs_node
def test_a_function_has_its_name_or_is_refused_it(tmp_path):
    program, exports = called("x", "y"), []
    for name in [*OF_THE_FILES, *WORDS]:
        exported = named(program.to_javascript, name)
        if exported is not None:
            exports.append(exported)
    assert {"µ", "constructor", "CONSTANTS", "_"} <= {exported.name for exported in exports}
    assert not {"default", "class", "await", "__name__"} & {e.name for e in exports}
    found = run_node(tmp_path, exports, [[[0.7, 1.3]]] * len(exports))
    for (values,) in found:
        assert same(values, program(0.7, 1.3).tolist(), 4)


def keyed(key):
    def function(x):
        return {key: x[key] * 2.0, "other": [x["other"] + x[key], 1.0]}

    return record(function, {key: 0.5, "other": 1.0})


TEXTS = [key for key in KEYS if isinstance(key, str)]
TEXTS += [
    "__proto__",
    "constructor",
    "toString",
    "</script>",
    "<!--",
    "*/",
    "`${1}`",
    "1e3",
    "\ud800",
]


@needs_node
def test_dictionaries_have_any_strings_for_keys(tmp_path):
    programs = [keyed(key) for key in TEXTS]
    exports = [program.to_javascript("f") for program in programs]
    found = run_node(tmp_path, exports, [[[{key: 0.5, "other": 1.0}]] for key in TEXTS])
    for (values,), key in zip(found, TEXTS, strict=True):
        assert values == {key: 1.0, "other": [1.5, 1.0]}, key


@pytest.mark.parametrize("key", [None, True, -1.5, b"x", (1, 2)])
def test_keys_that_objects_do_not_have_are_refused(key):
    with pytest.raises(TypeError, match="which JavaScript's objects do not have: let the keys be"):
        keyed(key).to_javascript()


def test_keys_that_objects_do_not_tell_apart_are_refused():
    program = record(lambda x: {1: x, "1": x}, 0.0)
    with pytest.raises(TypeError, match="the same to JavaScript"):
        program.to_javascript()


@needs_browser
def test_a_page_computes_what_node_and_a_replay_do(tmp_path):
    network = called("x", "y")
    rows = ["tanh", "erf", "hypot", "where", "rint", "strong_product"]
    programs = [network, *map(program_of, rows), keyed("</script>"), keyed("<!--")]
    exports = [program.to_javascript("f") for program in programs]
    points = [[[0.7, 1.3]], *(samples(PRIMITIVES[name], 40, seed=2) for name in rows)]
    points += [[[{key: 0.5, "other": 1.0}]] for key in ("</script>", "<!--")]
    found = run_page(tmp_path, exports, points)
    for name, given_points, values in zip(rows, points[1:], found[1:], strict=False):
        for point, value in zip(given_points, values, strict=True):
            assert same(value, PRIMITIVES[name].forward(*point), 3)
    assert same(found[0][0], network(0.7, 1.3).tolist(), 4)
    assert found[-1][0] == {"<!--": 1.0, "other": [1.5, 1.0]}


def test_a_user_s_own_primitive_is_refused_by_name():
    @ag.primitive(lambda x, out: ag.cos(x), name="wave_of_the_javascript_test")
    def wave(x):
        return x

    with pytest.raises(BackendError, match=r"wave_of_the_javascript_test.*has no JavaScript"):
        record(lambda x: wave(x), 0.0).to_javascript()


def test_the_source_is_saved_whole_and_never_over_another_file_unasked(tmp_path):
    exported = record(lambda x: 2.0 * x, 0.0).to_javascript("twice")
    place = exported.save(tmp_path / "twice.mjs")
    assert place.read_text(encoding="utf-8") == str(exported) == exported.source
    with pytest.raises(FileExistsError, match="overwrite=True"):
        exported.save(place)
    assert exported.save(place, overwrite=True) == place


def test_a_long_source_is_shown_by_its_beginning():
    shown = repr(record(lambda x: [x.sin() * k for k in range(300)], 0.0).to_javascript())
    assert re.search(r"// \.\.\. \d+ lines more: see \.source, or \.save\(path\)$", shown)


def test_what_was_captured_is_written_to_the_last_bit():
    weights = [Value(number) for number in numpy.random.default_rng(1).normal(size=40).tolist()]
    program = record(lambda x: ag.dot(weights, x), [0.0] * 40)
    text = program.to_javascript().source.split("program.parameters = new Float64Array([")[1]
    assert json.loads(f"[{text.split('])')[0]}]") == captured_of(program).tolist()
