"""What a picture says: golden texts, kinds of values, arguments, limits."""

import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import graphviz
import pytest

from autograd_core.drawing import Drawing, draw
from autograd_core.drawing.looks import THEMES
from autograd_core.graph.value import Value


def product_of_sum() -> Value:
    """(x + y) * z after its backward pass; every number by hand."""
    x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    q = x + y
    q.name = "q"
    f = q * z
    f.name = "f"
    f.backward()
    return f


def doubled() -> Value:
    a = Value(3.0, name="a")
    b = a + a
    b.backward()
    return b


@pytest.mark.parametrize("build", [product_of_sum, doubled])
@pytest.mark.parametrize("style", ["modern", "classic"])
def test_the_text_is_the_golden_one(build: Callable[[], Value], style: str) -> None:
    """Golden texts are written by hand, fills included.

    A fill lies between white and #F4A259 or #74ADD1, each channel c at 255 + (c - 255) t, where t
    is 0.15 + 0.85 √(|grad| / max |grad|). In the product, x, y, q have t = 1, z 0.8861 and f
    0.575; in the sum a has t = 1 and b 0.7510.
    """
    golden = Path(__file__).parent / "test_drawing_golden" / f"{style}_{build.__name__}.dot"
    assert draw(build(), style=style).source == golden.read_text(encoding="utf-8")


def statement(drawing: Drawing, node: str) -> str:
    (line,) = (str(line) for line in drawing.body if line.startswith(f"\t{node} ["))
    return line.strip()


def edges(drawing: Drawing) -> list[str]:
    return [line.strip() for line in drawing.body if "->" in line]


def test_a_drawing_is_a_digraph_of_graphviz() -> None:
    drawing = draw(Value(1.0))
    assert isinstance(drawing, graphviz.Digraph)
    assert drawing.directed
    assert str(drawing) == drawing.source


def test_equal_graphs_have_equal_text_in_any_process() -> None:
    code = (
        "from autograd_core.drawing import draw; from autograd_core.graph.value import Value;"
        "a, b = Value(1.5, name='a'), Value(2.0);"
        "f = (a + b) * (a * b) + a * 3.0; f.backward(); print(draw(f).source)"
    )
    paths = [str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(paths)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(texts) == 1
    assert "op2 -> v2" in texts.pop()


def test_a_changed_number_changes_only_its_own_lines() -> None:
    before, after = (
        draw(Value(1.0, name="a") + Value(data, name="b"), number_format=".1f").body
        for data in (2.0, 7.0)
    )
    changed = [old for old, new in zip(before, after, strict=True) if old != new]
    assert [line.split()[0] for line in changed] == ["v1", "v2"]


def test_a_leaf_alone_is_one_box() -> None:
    drawing = draw(Value(0.5, name="w"))
    assert len(drawing.body) == 1
    assert 'label="w|0.5|grad 0"' in drawing.body[0]


def test_leaves_constants_results_and_the_root_are_told_apart() -> None:
    a = Value(3.0, name="a")
    drawing = draw((a * 2.5) + a)
    constant, leaf = statement(drawing, "v1"), statement(drawing, "v0")
    result, root = statement(drawing, "v2"), statement(drawing, "v3")
    assert ['tooltip="leaf a\\' in line for line in (leaf, constant, result, root)] == [
        True,
        False,
        False,
        False,
    ]
    assert "label=2.5 " in constant  # no gradient: none flows to a constant
    assert 'style="rounded,filled,dashed"' in constant
    assert 'tooltip="constant\\ndata 2.5"' in constant
    assert 'tooltip="mul\\n' in result
    assert "penwidth=1.8" in root
    assert "(root)" in root
    assert "penwidth" not in leaf + constant + result
    assert "v1 -> op2 [style=dashed]" in edges(drawing)


def test_the_classic_style_tells_them_apart_too() -> None:
    a = Value(3.0, name="a")
    drawing = draw((a * 2.5) + a, style="classic")
    assert "style=dashed" in statement(drawing, "v1")
    assert 'label="{data 2.5000}"' in statement(drawing, "v1")
    assert "penwidth=2" in statement(drawing, "v3")


@pytest.mark.parametrize(
    ("grad", "hue"),
    [
        (1e-300, "positive"),
        (5.0, "positive"),
        (math.inf, "positive"),
        (-0.1, "negative"),
        (-math.inf, "negative"),
        (0.0, "zero"),
        (-0.0, "zero"),
        (math.nan, "invalid"),
    ],
)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_box_is_colored_by_the_gradients_sign(grad: float, hue: str, theme: str) -> None:
    a = Value(1.0)
    b = a + Value(2.0)
    a.grad, b.grad = grad, 5.0
    line = statement(draw(b, theme=theme), "v0")
    assert f'color="{getattr(THEMES[theme], hue + "_border")}"' in line
    assert (f'fillcolor="{THEMES[theme].box}"' in line) == (hue == "zero")


def test_a_larger_gradient_is_filled_more() -> None:
    theme = THEMES["light"]
    reds = [int(theme.fill(-grad, 4.0)[0][1:3], 16) for grad in (0.0, 0.01, 0.5, 1.0, 4.0)]
    assert reds == sorted(reds, reverse=True)
    assert reds[0] - reds[1] > 20  # even a four-hundredth of the largest shows
    assert theme.fill(-4.0, 4.0)[0] == theme.negative


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_is_readable_on_every_fill(theme: str) -> None:
    """Contrast as the Web Content Accessibility Guidelines 2.1 define it, at least 4.5."""

    def luminance(color: str) -> float:
        channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one: str, other: str) -> float:
        low, high = sorted((luminance(one), luminance(other)))
        return (high + 0.05) / (low + 0.05)

    colors = THEMES[theme]
    fills = {colors.fill(grad, 1.0)[0] for grad in (-1.0, -0.3, 0.0, 0.1, 0.6, 1.0, math.nan)}
    assert min(contrast(colors.text, fill) for fill in fills) >= 4.5
    assert contrast(colors.operation_text, colors.operation) >= 4.5
    assert contrast(colors.faint_text, colors.ground) >= 4.5
    assert contrast(colors.faint_text, colors.box) >= 4.5


@pytest.mark.parametrize(
    ("number_format", "shown"),
    [
        (None, "0.3333"),
        (".2f", "0.33"),
        ("+.1e", "+3.3e-01"),
        ("%", "33.333333%"),
        (lambda number: f"<{number:.1f}|", "&lt;0.3&#124;"),
    ],
)
def test_numbers_are_written_in_the_format_asked_for(number_format: str, shown: str) -> None:
    assert f'label="{shown}"' in draw(
        Value(1 / 3), number_format=number_format, show=["data"]
    ).source.replace(f"label={shown} ", f'label="{shown}" ')


@pytest.mark.parametrize(
    ("show", "label", "edge"),
    [
        (["data", "grad", "local_gradients"], '"a|3|grad 2"', 'v0 -> op1 [label="∂ 1"]'),
        (["data"], '"a|3"', "v0 -> op1"),
        ("grad", '"a|grad 2"', "v0 -> op1"),
        (["local_gradients"], "a", 'v0 -> op1 [label="∂ 1"]'),
        ([], "a", "v0 -> op1"),
    ],
)
def test_only_the_parts_asked_for_are_shown(show: list[str], label: str, edge: str) -> None:
    drawing = draw(doubled(), show=show)
    assert statement(drawing, "v0").startswith(f"v0 [label={label} ")
    assert edges(drawing)[:2] == [edge, edge]


@pytest.mark.parametrize("rankdir", ["LR", "RL", "TB", "BT"])
@pytest.mark.parametrize(("style", "stacked"), [("modern", True), ("classic", False)])
def test_fields_stay_stacked_or_in_a_row_in_any_direction(
    rankdir: str, style: str, stacked: bool
) -> None:
    drawing = draw(doubled(), rankdir=rankdir, style=style)
    svg = drawing.pipe("svg", encoding="utf-8")
    box = svg.partition("<title>v0</title>")[2].partition("</g>")[0]
    places = {
        axis: {part.partition('"')[0] for part in box.split(f' {axis}="')[1:]} for axis in "xy"
    }
    assert (len(places["x"]), len(places["y"])) == ((1, 3) if stacked else (3, 1))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"style": "baroque"}, "style='baroque' is unknown; expected one of modern, classic"),
        ({"style": ["modern"]}, r"style=\['modern'\] is unknown; expected one of modern"),
        ({"theme": "sepia"}, "theme='sepia' is unknown; expected one of light, dark"),
        ({"rankdir": "lr"}, "rankdir='lr' is unknown; expected one of LR, RL, TB, BT"),
        ({"show": ["data", "name"]}, "expected any of data, grad, local_gradients"),
        ({"number_format": ".4q"}, r"number_format='\.4q' cannot write a float"),
        ({"format": "doc"}, "format='doc' is unknown; expected one of bmp"),
        ({"engine": "cairo"}, "engine='cairo' is unknown"),
        ({"timeout": -1}, "timeout must be a positive number of seconds or None, got -1"),
    ],
)
def test_impossible_arguments_are_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw(Value(1.0), **arguments)  # type: ignore[arg-type]


def test_a_number_format_that_returns_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match=r"number_format\(1\.0\) must be a str, got 1 of type int"):
        draw(Value(1.0), number_format=int)  # type: ignore[arg-type]


@pytest.mark.parametrize("root", [1.0, None, "x", [Value(1.0)]])
def test_only_values_are_drawn(root: object) -> None:
    with pytest.raises(
        TypeError, match=r"draw\(\) takes the Value to draw, or a model, not (float|None|str|l)"
    ):
        draw(root)  # type: ignore[arg-type]


def chain(length: int) -> Value:
    value = start = Value(1.0)
    for _ in range(length):
        value = value + start
    return value


def test_a_graph_deeper_than_pythons_stack_is_drawn() -> None:
    value = Value(1.0)
    for _ in range(1900):
        value = -value
    drawing = draw(value, fold=False, limit=None, timeout=None)
    assert drawing.pipe().count(b'class="node"') == 2 * 1900 + 1


def test_many_values_lose_the_edge_labels_unless_asked_for() -> None:
    few, many = (draw(chain(length), fold=False, limit=None) for length in (299, 300))
    assert "∂" in few.source
    assert "∂" not in many.source
    asked_for = draw(chain(300), fold=False, limit=None, show=["local_gradients"])
    assert "∂" in asked_for.source
