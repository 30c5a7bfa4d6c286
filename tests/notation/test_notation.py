"""Formulas: the table's LaTeX is read, agrees with the rules, and is written as what it means."""

import math
import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from autograd_core import PRIMITIVES, Value, primitive, where
from autograd_core.command_line import expression
from autograd_core.graph.traversal import topological
from autograd_core.notation import (
    LatexNotation,
    TextNotation,
    composed,
    evaluate,
    node_names,
    number_writer,
    partial_formula,
    settled,
    value_formula,
    written_size,
)
from autograd_core.notation.formula import UnreadableFormula, read
from autograd_core.testing import expressions, numbers_for
from tests.tiers import for_both_tiers

TEXT = TextNotation(repr)
LATEX = LatexNotation(repr)
FIXED = [row for row in PRIMITIVES.values() if row.arity is not None]


def formula_of(root, notation=TEXT):
    order = topological(root)
    return composed(order, node_names(order), notation).text


def named(*names):
    return [Value(2.0, name=name) for name in names]


@for_both_tiers
@pytest.mark.parametrize("row", FIXED, ids=lambda row: row.name)
@settings(max_examples=25, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data())
def test_the_latex_of_a_row_is_what_its_forward_and_its_partials_compute(row, data):
    # Off ties, which are a convention, and off numbers whose squares vanish.
    numbers = data.draw(numbers_for(row, largest=4.0))
    assume(all(abs(number) > 1e-3 for number in numbers) and len(set(numbers)) == len(numbers))
    if row.name in ("floordiv", "mod"):  # off quotients that only rounding makes whole
        assume(not (numbers[0] / numbers[1]).is_integer())
    out = row.forward(*numbers)
    places = {str(place): number for place, number in enumerate(numbers)}
    formulas = [value_formula(row, row.arity)]
    formulas += [partial_formula(row, place, row.arity) for place in range(row.arity)]
    for formula, expected in zip(formulas, [out, *row.partials_at(numbers, out)], strict=True):
        assert evaluate(formula, places) == pytest.approx(expected, rel=1e-6, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize(
    ("name", "value", "partials"),
    [
        ("sum", "a + b + c", ["1", "1", "1"]),
        ("dot", "a + b · c", ["1", "c", "b"]),
    ],
)
def test_rows_of_any_number_of_operands_are_written_out(name, value, partials):
    slots = {str(place): TEXT.name(letter) for place, letter in enumerate("abc")}
    row = PRIMITIVES[name]
    assert TEXT.fill(value_formula(row, 3), slots).text == value
    written = [TEXT.fill(partial_formula(row, place, 3), slots).text for place in range(3)]
    assert written == partials


a, b, c = named("a", "b", "c")


@pytest.mark.parametrize(
    ("root", "text", "latex"),
    [
        ((a + b) * c, "(a + b) · c", r"(a + b) \cdot c"),
        (a + b * c, "a + b · c", r"a + b \cdot c"),
        (a + (b + c), "a + b + c", "a + b + c"),
        (a - (b - c), "a - (b - c)", "a - (b - c)"),
        ((a - b) - c, "a - b - c", "a - b - c"),
        (a / (b * c), "a / (b · c)", r"\frac{a}{b \cdot c}"),
        (a / b / c, "a / b / c", r"\frac{\frac{a}{b}}{c}"),
        ((a + b) ** 2, "(a + b)²", "(a + b)^{2}"),
        (a ** (b + c), "a^(b + c)", "a^{b + c}"),
        ((a**b) ** c, "(a^b)^c", r"\left(a^{b}\right)^{c}"),
        (-a, "-a", "-a"),
        (-(a + b), "-(a + b)", "-(a + b)"),
        ((-a).neg(), "-(-a)", "-(-a)"),
        (a - -b, "a - (-b)", "a - (-b)"),
        (a * -3, "a · (-3.0)", r"a \cdot (-3.0)"),
        ((-a) ** 2, "(-a)²", "(-a)^{2}"),
        ((a / b) ** 2, "(a / b)²", r"\left(\frac{a}{b}\right)^{2}"),
        ((a + b).sin(), "sin(a + b)", r"\sin(a + b)"),
        ((a * b).sqrt().square(), "(√(a · b))²", r"\sqrt{a \cdot b}^{2}"),
        (abs(a - b), "|a - b|", r"\lvert a - b \rvert"),
        ((a % b) * c, "(a mod b) · c", r"(a \bmod b) \cdot c"),
        (where(True, a, b) + c, "(a if true else b) + c", None),
        (a.log2().tanh(), "tanh(log₂(a))", r"\tanh(\log_{2}(a))"),
        ((a * 1e-7).exp(), "e^(a · 1e-07)", r"e^{a \cdot 1 \cdot 10^{-7}}"),
    ],
)
def test_parentheses_stand_where_they_are_needed_and_nowhere_else(root, text, latex):
    short = number_writer(".2g")
    assert formula_of(root, TextNotation(short)) == text.replace("3.0", "3")
    if latex is not None:
        assert formula_of(root, LatexNotation(short)) == latex.replace("3.0", "3")


def tame(program, x, y):
    """The graph, if no intermediate result is so large or small that the order of sums matters."""
    nodes = program.nodes(Value(x, name="u"), Value(y, name="v"))
    assume(all(1e-2 < abs(node.data) < 1e2 for node in nodes))
    return nodes[-1]


ARITHMETIC = ["add", "sub", "mul", "div", "neg", "pow", "sin", "exp", "square", "maximum", "tanh"]


@given(expressions(2, 8, ARITHMETIC), st.floats(0.25, 4), st.floats(0.25, 4))
def test_what_is_written_in_text_means_the_expression_it_was_written_from(program, x, y):
    root = tame(program, x, y)
    written = formula_of(root).replace("²", "**2").replace("^", "**").replace("·", "*")
    tree = expression.parse(written.replace("e**", f"{math.e!r}**").replace("max(", "maximum("))
    variables = {"u": Value(x), "v": Value(y)}
    again = expression.compute(tree, {name: variables[name] for name in expression.names_in(tree)})
    assert again.data == pytest.approx(root.data, rel=1e-6)


LATEX_TOO = ["add", "sub", "mul", "div", "neg", "sqrt", "cbrt", "exp", "log", "hypot", "sigmoid",
             "gelu", "pow", "abs", "minimum", "atan2", "log10"]  # fmt: skip


@given(expressions(2, 8, LATEX_TOO), st.floats(0.25, 4), st.floats(0.25, 4))
def test_what_is_written_in_latex_is_read_back_as_what_it_was(program, x, y):
    root = tame(program, x, y)
    latex = formula_of(root, LATEX).replace("{", "{{").replace("}", "}}")
    slots = re.sub(r"(?<![A-Za-z\\])([uv])(?![A-Za-z])", r"{\1}", latex)
    assert evaluate(read(slots), {"u": x, "v": y}) == pytest.approx(root.data, rel=1e-6)


@pytest.mark.parametrize(
    ("base", "exponent", "rule"),
    [(3.0, 2, "2 · x"), (3.0, 3, "3 · x²"), (3.0, -1, "-1 · x^(-2)"), (3.0, 2.5, "2.5 · x^1.5")],
)
def test_a_constant_exponent_is_worked_out(base, exponent, rule):
    formula = partial_formula(PRIMITIVES["pow"], 0, 2)
    slots = {"0": TEXT.name("x"), "1": TextNotation(number_writer("g")).number(exponent)}
    assert TEXT.fill(settled(formula, {"1": exponent}), slots).text == rule


def test_a_primitive_of_the_user_s_is_a_call_if_its_latex_cannot_be_read():
    @primitive(lambda x, out: 2.0, name="doubled_here", latex=r"\oint {x}")
    def double(x):
        return 2 * x

    assert formula_of(double(a)) == "doubled_here(a)"
    assert formula_of(double(a), LATEX) == r"\operatorname{doubled\_here}(a)"
    with pytest.raises(UnreadableFormula, match="unknown mark"):
        read(r"\oint {x}")


@pytest.mark.parametrize("bad", ["{x} +", "({x}", r"\frac{{{x}}}", "{x} )", r"\sqrt", "^2", ""])
def test_a_formula_that_ends_early_or_late_is_refused(bad):
    with pytest.raises(UnreadableFormula, match="cannot read"):
        read(bad)


@pytest.mark.parametrize(
    ("name", "text", "latex"),
    [
        ("x", "x", "x"),
        ("x1", "x1", "x_{1}"),
        ("alpha", "alpha", r"\alpha"),
        ("theta_2", "theta_2", r"\theta_{2}"),
        ("w_in", "w_in", r"w_{\mathrm{in}}"),
        ("loss", "loss", r"\mathit{loss}"),
        ("layers.0.w[3]", "layers.0.w[3]", r"\text{layers.0.w[3]}"),
        ("x*w + b", "(x*w + b)", r"\text{(x*w + b)}"),
        ("a{b}_$c", "(a{b}_$c)", r"\text{(a\{b\}\_\$c)}"),
        ("\\", "(\\)", r"\text{($\backslash$)}"),
    ],
)
def test_names_of_any_letters_are_written(name, text, latex):
    assert (TEXT.name(name).text, LATEX.name(name).text) == (text, latex)


@pytest.mark.parametrize(
    ("number", "text", "latex"),
    [
        (math.inf, "∞", r"\infty"),
        (-math.inf, "-∞", r"-\infty"),
        (math.nan, "NaN", r"\mathrm{NaN}"),
        (1e-30, "1e-30", r"1 \cdot 10^{-30}"),
        (-2.5, "-2.5", "-2.5"),
    ],
)
def test_numbers_of_any_size_are_written(number, text, latex):
    short = number_writer("g")
    assert TextNotation(short).number(number).text == text
    assert LatexNotation(short).number(number).text == latex


def test_names_are_one_a_node_and_depend_on_the_graph_alone():
    x, other, unnamed = Value(1.0, name="x"), Value(2.0, name="x"), Value(3.0)
    taken = Value(4.0, name="t1")
    root = (x * other + unnamed) * taken * 2
    names = list(node_names(topological(root)).values())
    assert names == ["x", "x#2", "t2", "x1", "t3", "t1", "t4", "f"]


def test_long_and_unprintable_names_are_shown_on_one_line():
    nodes = topological(Value(1.0, name="a\nb") + Value(1.0, name="n" * 99))
    first, second, _ = node_names(nodes).values()
    assert first == "a\\nb"
    assert second == "n" * 26 + "…" + "n" * 13


def test_the_written_size_of_a_graph_that_doubles_is_counted_without_writing_it():
    x = Value(1.0)
    assert written_size(topological(x + x)) == 3
    for _ in range(1000):
        x = x + x
    assert written_size(topological(x)) == 1_000_000


@pytest.mark.parametrize("bad", ["q", ".2d", 7, None])
def test_a_number_format_that_cannot_write_a_float_is_refused(bad):
    with pytest.raises((TypeError, ValueError), match=r"number_format(=| must be)"):
        number_writer(bad)
