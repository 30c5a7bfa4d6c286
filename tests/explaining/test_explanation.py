"""`explain`: what a lecturer writes, for every kind of graph, and what it refuses."""

import math

import pytest

from autograd_core import (
    PRIMITIVES,
    GraphError,
    Value,
    dot,
    explain,
    no_grad,
    primitive,
    sum,
    where,
)
from autograd_core.graph.nodes import making
from autograd_core.primitives import kind_of
from tests.explaining.derivations import section


def the_lecture(**options):
    x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    q = x + y
    q.name = "q"
    return explain(q * z, **options)


def test_it_says_what_a_lecturer_writes():
    assert str(the_lecture()).splitlines() == [
        "Function",
        "  f = (x + y) · z",
        "",
        "Given",
        "  x = -2",
        "  y = 5",
        "  z = -4",
        "",
        "Forward",
        "  q = x + y = -2 + 5 = 3",
        "  f = q · z = 3 · (-4) = -12",
        "",
        "Local gradients",
        "  ∂q/∂x = 1",
        "  ∂q/∂y = 1",
        "  ∂f/∂q = z = -4",
        "  ∂f/∂z = q = 3",
        "",
        "Backward, from f",
        "  ∂f/∂f = 1",
        "  ∂f/∂z = ∂f/∂f · q = 1 · 3 = 3",
        "  ∂f/∂q = ∂f/∂f · z = 1 · (-4) = -4",
        "  ∂f/∂y = ∂f/∂q · ∂q/∂y = -4 · 1 = -4",
        "  ∂f/∂x = ∂f/∂q · ∂q/∂x = -4 · 1 = -4",
        "",
        "Gradient",
        "  ∂f/∂x = -4",
        "  ∂f/∂y = -4",
        "  ∂f/∂z = 3",
    ]
    assert repr(the_lecture()) == str(the_lecture())


def test_a_node_used_twice_gets_the_sum_over_both_paths():
    x = Value(3.0, name="x")
    lines = section(explain(x * x + 2 * x), "Backward")
    assert lines["∂f/∂x"] == [
        "∂f/∂t2 · ∂t2/∂x + ∂f/∂t1 · x + ∂f/∂t1 · x",
        "1 · 2 + 1 · 3 + 1 · 3",
        "2 + 3 + 3",
        "8",
    ]


def test_only_what_leads_to_the_chosen_leaves_is_derived():
    text = str(the_lecture(wrt="x"))
    assert "∂f/∂y" not in text
    assert "∂f/∂z" not in text
    assert "  ∂f/∂x = ∂f/∂q · ∂q/∂x = -4 · 1 = -4" in text
    assert the_lecture(wrt=["z", "q"]).gradients == {"z": 3.0, "q": -4.0}
    assert the_lecture().gradients == {"x": -4.0, "y": -4.0, "z": 3.0}


def test_the_branch_not_taken_is_said_and_contributes_nothing():
    x = Value(-1.0, name="x")
    text = explain(where(x > 0, x.log(), x * 2), wrt=x)
    assert "∂f/∂t1 = [false] = 0   (the branch not taken)" in str(text)
    stopped = "∂f/∂t1 = ∂f/∂f · [false] = 0   (nothing flows back by the branch not taken)"
    assert stopped in str(text)
    assert section(text, "Forward")["f"] == ["t1 if false else t2", "NaN if false else -2", "-2"]
    assert text.gradients == {"x": 2.0}


def test_a_gradient_of_zero_stops_what_comes_behind_it():
    x = Value(0.0, name="x")
    text = explain(x.log() * 0)
    line = "∂f/∂x  = ∂f/∂t1 · ∂t1/∂x = 0   (where a gradient of 0 arrives, nothing flows on)"
    assert line in str(text)
    assert "∂t1/∂x = 1 / x = 1 / 0 = ∞" in str(text)
    assert text.gradients == {"x": 0.0}


def test_a_local_gradient_of_zero_lets_no_infinite_one_pass():
    x = Value(0.0, name="x")
    text = explain((x * 3).square().sqrt())
    line = "∂f/∂t1 = ∂f/∂t2 · ∂t2/∂t1 = 0   (a local gradient of 0 lets nothing pass)"
    assert line in str(text)
    assert text.gradients == {"x": 0.0}


def test_infinite_and_undefined_numbers_are_written():
    x = Value(math.inf, name="x")
    assert section(explain(x - x), "Forward")["f"] == ["x - x", "∞ - ∞", "NaN"]


@pytest.mark.parametrize(
    ("root", "line"),
    [
        (lambda x, y: x.maximum(y), "∂f/∂x = 0.5   (by convention: ½, ½ at a tie)"),
        (lambda x, y: x.hypot(y), "∂f/∂y = 0   (by convention: 0, 0 at the origin)"),
        (lambda x, y: abs(x), "∂f/∂x = sign(x) = sign(0) = 0"),
        (lambda x, y: x.sqrt(), "∂f/∂x = 1 / (2 · √x) = 1 / (2 · √0) = ∞"),
    ],
)
def test_where_the_formula_has_no_value_the_convention_is_named(root, line):
    assert line in str(explain(root(Value(0.0, name="x"), Value(0.0, name="y"))))


def test_data_changed_since_is_said_and_the_recorded_numbers_stand():
    x = Value(3.0, name="x")
    root = x * x
    x.data = 10.0
    text = explain(root)
    assert section(text, "Forward")["f"] == ["x · x", "9"]
    assert "recorded before an operand's data was changed" in str(text)
    assert text.gradients == {"x": 6.0}


def test_numbers_that_are_rounded_are_said_to_be_near():
    x = Value(3.0, name="x")
    assert "  f = sin(x) = sin(3) ≈ 0.1411" in str(explain(x.sin(), number_format=".4g"))
    assert "  f = sin(x) = sin(3.0) = 0.1411200080598672" in str(
        explain(x.sin(), number_format="r")
    )


def test_constants_are_numbers_unless_they_have_a_name():
    x, k = Value(3.0, name="x"), Value(2.0).detach()
    k.name = "k"
    text = str(explain(x * k + 7))
    assert "  k = 2   (constant)" in text
    assert "  t1 = x · k = 3 · 2 = 6" in text
    assert "  f  = t1 + 7 = 6 + 7 = 13" in text
    assert "∂f/∂k" not in text


def test_long_sums_show_their_ends_and_count_the_rest():
    weights = [Value(float(place), name=f"w{place}") for place in range(1, 31)]
    text = str(explain(dot(weights, [1.0] * 30), wrt="w1"))
    assert "f = w1 · 1 + w2 · 1 + w3 · 1 + … + w30 · 1" in text
    assert "61 operands" in text
    x = Value(1.0, name="x")
    text = str(explain(sum([x * place for place in range(20)])))
    assert "20 paths, 15 of them left out" in text


def test_large_graphs_are_abridged_and_say_by_how_much():
    y = Value(1.0, name="x")
    for _ in range(100):
        y = y.sin()
    text = str(explain(y, max_lines=8))
    for heading in ("Forward", "Local gradients", "Backward"):
        block = next(part for part in text.split("\n\n") if part.startswith(heading))
        left_out = 93 if heading == "Backward" else 92
        assert len(block.splitlines()) == 10
        assert f"… {left_out} more, left out (max_lines=None shows all)" in block
    assert str(explain(y, max_lines=None)).count("sin(") == 200


def test_deep_graphs_are_no_trouble():
    y = Value(0.5, name="x")
    for _ in range(20_000):
        y = y * 1.0001
    assert explain(y).gradients["x"] == pytest.approx(1.0001**20_000)
    assert len(str(explain(y))) < 20_000


def test_a_leaf_explains_itself():
    x = Value(2.0, name="x")
    assert section(explain(x), "Backward") == {"∂x/∂x": ["1"]}


def test_primitives_of_the_user_s_are_explained_by_name():
    @primitive(lambda x, y, out: 3.0, lambda x, y, out: 5.0, name="mixed_here")
    def mixed(x, y):
        return 3 * x + 5 * y

    text = str(explain(mixed(Value(1.0, name="x"), Value(2.0, name="y"))))
    assert "f = mixed_here(x, y) = mixed_here(1, 2) = 13" in text
    assert "∂f/∂x = ∂f/∂f · 3 = 1 · 3 = 3" in text


def test_a_notebook_shows_it_typeset():
    markdown, latex = the_lecture()._repr_markdown_(), the_lecture()._repr_latex_()
    step = r"\frac{\partial f}{\partial q} \cdot \frac{\partial q}{\partial x} = -4 \cdot 1 = -4"
    for shown in (markdown, latex):
        assert step in shown
        assert shown.count("{") == shown.count("}")
        assert shown.count(r"\begin{aligned}") == shown.count(r"\end{aligned}")
    assert markdown.startswith("**Function**\n\n$$\n")
    assert latex.startswith("$$\n\\begin{aligned}")


def test_the_document_has_every_equation_of_the_notebook_s():
    document = the_lecture().latex_document
    assert document.startswith("\\documentclass{article}\n\\usepackage{amsmath}\n")
    assert document.endswith("\\end{document}\n")
    equations = [line for line in the_lecture().latex.splitlines() if "&=" in line]
    assert all(line.removesuffix(r" \\") in document for line in equations)
    assert document.count("section*") == document.count(r"\end{align*}") == 6


def a_constant():
    with no_grad():
        return Value(1.0) * 2


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: explain(3.0), TypeError, r"takes the Value .*not float: 3\.0"),
        (lambda: explain(a_constant()), GraphError, "a constant: no gradient flows"),
        (lambda: the_lecture(wrt="w"), ValueError, "wrt='w'.*the leaves are x, y, z"),
        (lambda: the_lecture(wrt=Value(1.0)), ValueError, "nothing was computed from it"),
        (lambda: the_lecture(wrt=[]), ValueError, "wrt is empty"),
        (lambda: the_lecture(wrt=[1.0]), TypeError, "got .* of type float"),
        (lambda: the_lecture(max_lines=3), ValueError, "from 4 up, or None, got 3"),
        (lambda: the_lecture(max_lines="all"), TypeError, "got 'all' of type str"),
        (lambda: the_lecture(number_format="z.z"), ValueError, "number_format='z.z'"),
    ],
)
def test_misuse_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_constant_is_refused_as_what_to_differentiate_by():
    k = Value(2.0).detach()
    with pytest.raises(ValueError, match="constant, and no gradient flows"):
        explain(Value(1.0) * k, wrt=k)


def test_every_row_can_be_explained():
    for row in PRIMITIVES.values():
        if row.forward.__module__ != "autograd_core.primitives.forward":
            continue  # another test's own
        first, repeated = row.repeats
        count = row.arity or first + 2 * repeated
        operands = tuple(Value(1.25 + place) for place in range(count))
        root = making.apply(kind_of(row.name), operands)
        results = explain(root, number_format="r").gradients.values()
        root.backward()
        assert [repr(each) for each in results] == [repr(operand.grad) for operand in operands]


def test_every_term_of_a_wide_dot_product_is_explained():
    """Each local gradient wrote all operands: 2,000 terms took minutes."""
    weights = [Value(float(place), name=f"w{place}") for place in range(4_000)]
    inputs = [Value(0.5).detach() for _ in weights]
    lines = str(explain(dot(weights, inputs, 0.0), max_lines=None)).splitlines()
    assert [line.split() for line in lines[-4_000:]] == [
        [f"∂f/∂w{place}", "=", "0.5"] for place in range(4_000)
    ]


def test_the_negative_of_a_negative_number_is_written_as_the_number():
    x = Value(-6.0, name="x")
    assert "f = -x = 6\n" in str(explain(-x))
    assert "f &= -x = 6 " in explain(-x).latex
    assert "x - (-6)" in str(explain(x - Value(-6.0).detach()))
    assert "1.5e-08" in str(explain(-Value(-1.5e-8, name="x")))
    assert r"= 1.5 \cdot 10^{-8}" in explain(-Value(-1.5e-8, name="x")).latex


def test_the_slope_of_a_sigmoid_is_the_textbook_s():
    x = Value(3.0, name="x")
    assert "∂f/∂x = σ(x) · (1 - σ(x)) = σ(3) · (1 - σ(3)) ≈ 0.0451767" in str(explain(x.sigmoid()))
    assert r"\sigma(x) (1 - \sigma(x))" in explain(x.sigmoid()).latex
