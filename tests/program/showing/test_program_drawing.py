"""Programs drawn: what stands in the boxes, what flows between them, and what is folded."""

from __future__ import annotations

import re

import numpy
import pytest
from hypothesis import given, settings

import nn
from autograd_core import GraphTooLarge, Value, clamp, dot, where
from autograd_core import sum as total
from autograd_core.primitives import PRIMITIVES, kind_of
from autograd_core.program import record
from autograd_core.program.code.flat import Code
from autograd_core.program.showing.program_boxes import group
from autograd_core.program.showing.program_drawing import draw_code
from autograd_core.program.signature.leaf_names import numbered
from tests.program.codes import codes

EDGE = re.compile(r"\t(\w+) -> (\w+)(?: \[(.*)\])?")
NODE = re.compile(r'\t(\w+) \[.*?label=(?:"((?:[^"\\]|\\.)*)"|(\S+))')


def parts(drawing):
    """The labels of the boxes, and the arrows with theirs."""
    nodes, edges = {}, []
    for line in drawing.body:
        if edge := EDGE.match(line):
            label = re.search(r'label=(?:"([^"]*)"|(\S+))', edge[3] or "")
            edges.append((edge[1], edge[2], (label[1] or label[2]) if label else ""))
        elif node := NODE.match(line):
            nodes[node[1]] = (node[2] if node[2] is not None else node[3]).replace("\\n", "\n")
    return nodes, edges


def arrows(drawing):
    """The arrows as the texts at both ends and between."""
    nodes, edges = parts(drawing)
    return {(nodes[one].split("\n")[0], label, nodes[other]) for one, other, label in edges}


def test_every_instruction_and_operand_is_there():
    drawing = record(lambda x, y, z: (x + y) * z, 0.0, 0.0, 0.0).draw()
    assert arrows(drawing) == {
        ("x", "", "+\n%3"),
        ("y", "", "+\n%3"),
        ("+", "", "×\n%4"),
        ("z", "", "×\n%4"),
        ("×", "", "result"),
    }


def test_a_value_used_twice_has_two_arrows():
    _, edges = parts(record(lambda x: x * x, 0.0).draw())
    assert edges.count(("v0", "v1", "")) == 2


def test_weights_stand_at_the_arrows_and_the_bias_in_the_box():
    weights = [Value(0.5, name="layer.weights.0"), Value(-0.25)]
    bias = Value(0.0, name="layer.bias")
    drawing = record(
        lambda x, y: dot(weights, [x, y], bias) + dot([x, y], [2.0, 3.0]), 0.0, 0.0
    ).draw()
    assert arrows(drawing) >= {
        ("x", "weights.0", "Σwx + bias\n%5"),
        ("y", "captured[2]", "Σwx + bias\n%5"),
        ("x", "2.0", "Σwx\n%6"),
        ("y", "3.0", "Σwx\n%6"),
    }
    assert drawing.nodes == 2 + 3 + 1


def test_a_weight_that_is_needed_elsewhere_has_a_box_of_its_own():
    weight = Value(0.5, name="w")
    drawing = record(lambda x: dot([weight], [x], weight.exp()), 0.0).draw()
    assert arrows(drawing) == {
        ("w", "", "exp\n%2"),
        ("exp", "start", "Σwx\n%3"),
        ("w", "pair 1", "Σwx\n%3"),
        ("x", "pair 1", "Σwx\n%3"),
        ("Σwx", "", "result"),
    }


def test_operands_that_do_not_commute_are_told_apart():
    drawing = record(lambda x, y: [where(x > 1.0, x - y, clamp(y, 2.0, 3.0))], 0.0, 0.0).draw()
    assert arrows(drawing) == {
        ("1.0", "1st", "&lt;\n%2"),
        ("x", "2nd", "&lt;\n%2"),
        ("x", "1st", "-\n%3"),
        ("y", "2nd", "-\n%3"),
        ("y", "1st", "clamp\n%4"),
        ("2.0", "low", "clamp\n%4"),
        ("3.0", "high", "clamp\n%4"),
        ("&lt;", "condition", "where\n%5"),
        ("-", "2nd", "where\n%5"),
        ("clamp", "3rd", "where\n%5"),
        ("where", "", "[0]"),
    }


def test_leaves_constants_and_what_runs_once_look_different():
    w = Value(2.0, name="w")
    drawing = record(lambda x: [x * w.exp(), 1.0, x], 0.0).draw()
    lines = {line.split()[0]: line for line in drawing.body if NODE.match(line)}
    fills = {name: re.search(r'fillcolor="(#\w+)"', lines[name])[1] for name in ("v1", "v2", "v3")}
    assert len(set(fills.values())) == 3  # captured, once a call, for each sample
    assert "dashed" in lines["c_1"]
    assert "#0550AE" in lines["v0"]
    assert "outlined: once a call" in drawing.source
    assert arrows(drawing) >= {("1.0", "", "[1]"), ("x", "", "[2]")}
    assert "once a call" not in record(lambda x: x.exp(), 0.0).draw().source


@pytest.mark.parametrize("style", ["modern", "classic"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_look_renders(style, theme):
    w = Value(2.0, name="w")
    program = record(lambda x: (x * w.exp()).sin() - w, 0.0).gradient("both")
    for fold in (False, True):
        svg = program.draw(style=style, theme=theme, fold=fold).pipe("svg", encoding="utf-8")
        assert "%3" in svg


def model(*widths):
    network = nn.MLP(2, list(widths), seed=1)
    return record(lambda x, y: (1 - y * network(x)).relu(), [0.0, 0.0], 0.0)


def test_a_layer_is_one_box_for_its_sums_and_one_for_its_activations():
    assert arrows(model(16, 16, 1).draw()) == {
        ("x", "", "Σwx+b\n16 instructions\n%340 … %370"),
        ("layers.0.neurons", "", "Σwx+b\n16 instructions\n%340 … %370"),
        ("Σwx+b", "", "relu\n16 instructions\n%341 … %371"),
        ("relu", "", "Σwx+b\n16 instructions\n%372 … %402"),
        ("layers.1.neurons", "", "Σwx+b\n16 instructions\n%372 … %402"),
        ("Σwx+b", "", "relu\n16 instructions\n%373 … %403"),
        ("relu", "", "Σwx+b\n%404"),
        ("layers.2.neurons.0", "", "Σwx+b\n%404"),
        ("Σwx+b", "", "×\n%405"),
        ("y", "", "×\n%405"),
        ("×", "", "1.0 - ·\n%406"),
        ("1.0 - ·", "", "relu\n%407"),
        ("relu", "", "result"),
    }


def test_wider_layers_make_no_more_boxes():
    small, large = (model(width, width, 1).gradient("captured").draw() for width in (8, 24))
    assert small.nodes == large.nodes < 45
    assert re.search(r"\d+ boxes for [\d,]+ instructions \(by kind\)", large.source)
    assert "576 instructions" in large.source


def test_a_long_chain_is_folded_by_depth():
    def chain(x):
        for _ in range(500):
            x = x.sin() + 1.0
        return x

    drawing = record(chain, 0.0).draw()
    assert drawing.nodes == 16 + 2
    assert "16 boxes for 1,000 instructions (by depth)" in drawing.source
    nodes, edges = parts(drawing)
    assert len(edges) == 17
    assert (
        sum(int(n) for text in nodes.values() for n in re.findall(r"(\d+) (?:sin|add)", text))
        == 1000
    )


@given(codes(most=40))
@settings(max_examples=200)
def test_every_value_stands_in_one_box_and_arrows_follow_the_operands(code):
    if not len(code):
        return
    for limit in (3, 1000):
        grouping = group(code, numbered(code), limit)
        inside = [number for box in grouping.boxes for number in box.members]
        assert len(set(inside)) == len(inside)
        assert set(inside) >= set(range(code.leaves, code.values))
        computed = [box for box in grouping.boxes if box.what == "instruction"]
        assert len(computed) <= limit
        of = {number: k for k, box in enumerate(grouping.boxes) for number in box.members}
        expected = {}
        for number, _, operands in code:
            for operand in operands:
                if operand >= 0 and of[operand] != of[number]:
                    flow = of[operand], of[number]
                    expected[flow] = expected.get(flow, 0) + 1
        assert grouping.flows == expected
        given_by = {of[value] for value in code.outputs.tolist() if value >= 0}
        assert set(grouping.outputs) == given_by


@given(codes(most=6))
@settings(max_examples=25)
def test_any_program_renders(code):
    for fold in (False, True):
        draw_code(code, fold=fold).pipe("svg")


def test_odd_names_are_shown_as_they_are():
    odd = Value(1.0, name='a|b{c} "d" <e>\n&')
    drawing = record(lambda x: x * odd, 0.0).draw()
    assert "a&#124;b&#123;c&#125;" in drawing.source
    drawing.pipe("svg")


def test_too_many_instructions_in_full_are_refused():
    program = model(16, 16, 1)
    with pytest.raises(GraphTooLarge, match="68 instructions and limit=60; let it fold"):
        program.draw(fold=False)
    assert program.draw(fold=False, limit=None).nodes == 68 + 3 + 1 + 1  # and 1.0, and the result


def test_labels_are_left_out_where_they_would_be_a_thicket():
    _, edges = parts(model(16, 16, 1).draw(fold=False, limit=None))
    assert {label for _, _, label in edges} == {""}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"style": "plain"}, "style='plain' is unknown; expected one of modern, classic"),
        ({"theme": "blue"}, "theme='blue' is unknown; expected one of light, dark"),
        ({"rankdir": "UP"}, "rankdir='UP' is unknown; expected one of LR"),
        ({"fold": "layers"}, "fold='layers' is unknown; expected True, False or None"),
        ({"limit": 0}, "limit must be a whole number from 1 up, or None, got 0"),
        ({"limit": True}, "limit must be a whole number .* got True of type bool"),
    ],
)
def test_other_choices_are_refused(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        record(lambda x: x.sin(), 0.0).draw(**arguments)


def test_programs_of_nothing_and_of_many_arguments_are_drawn():
    empty = numpy.array([], dtype=numpy.int32)
    nothing = Code(0, 0, numpy.array([]), empty.reshape(0, 3), empty, empty)
    for fold in (None, True, False):
        assert draw_code(nothing, fold=fold).nodes == 0
    many = record(lambda *xs: total(xs), *[0.0] * 100)
    assert "100 inputs" in many.draw(fold=True, limit=20).source


def test_primitives_are_known_by_their_glyphs():
    code = record(lambda x: x.sigmoid(), 0.0).code
    assert code.instructions[0, 0] == kind_of("sigmoid")
    assert PRIMITIVES["sigmoid"].glyph in draw_code(code).source
