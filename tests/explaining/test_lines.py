"""What `explain` prints is right when its numbers are multiplied and added again."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import explain, topological
from autograd_core.testing import SMOOTH_EVERYWHERE, shared_graphs
from tests.explaining.derivations import equations, number, section

EVERY_OPERATION = (*SMOOTH_EVERYWHERE, "div", "sqrt", "log", "pow", "relu", "maximum", "sum",
                   "where", "hypot", "clamp")  # fmt: skip


def multiplied_and_added(text):
    """The value of `1.0 · 2.0 + 3.0 · (-4.0)`, in the order in which it is written.

    A factor of zero wins, as in every sweep.
    """
    terms = []
    for term in text.split(" + "):
        factors = [number(factor) for factor in term.split(" · ")]
        terms.append(0.0 if 0.0 in factors else math.prod(factors[1:], start=factors[0]))
    total = 0.0
    for term in terms:
        total += term
    return total


@given(shared_graphs(primitives=EVERY_OPERATION))
def test_the_printed_numbers_multiply_and_add_up_to_the_printed_gradients(graph):
    order = topological(graph.root)
    before = [node.grad for node in order]
    text = explain(graph.root, number_format="r", max_lines=None)
    assert [node.grad for node in order] == before
    lines = section(text, "Backward")
    cotangents = {left: number(members[-1]) for left, members in lines.items()}
    for members in lines.values():
        products = [part for part in members if " · " in part and "∂" not in part]
        result = number(members[-1])
        if any("…" in part for part in members):
            continue  # more paths than are shown
        for part in [*products, *members[2:]]:
            again = multiplied_and_added(part)
            assert again == result or (again != again and result != result)
    graph.root.zero_grad()
    graph.root.backward()
    for leaf in graph.leaves:
        printed = cotangents.get(f"∂{_root_name(graph)}/∂{leaf.name}")
        if leaf in order:
            assert printed == leaf.grad or (printed != printed and leaf.grad != leaf.grad)


def _root_name(graph):
    return graph.root.name or "f"


@given(shared_graphs(primitives=EVERY_OPERATION))
def test_the_printed_data_and_local_gradients_are_the_graph_s(graph):
    text = explain(graph.root, number_format="r", max_lines=None)
    order = topological(graph.root)
    computed = [node for node in order if node.op]
    if not computed:
        return
    printed = [number(members[-1]) for members in section(text, "Forward").values()]
    assert [repr(each) for each in printed] == [repr(node.data) for node in computed]
    last = [members[-1] for members in equations(text, "Local")]
    edges = [gradient for node in computed for gradient in node.local_gradients]
    assert [repr(number(each)) for each in last] == [repr(each) for each in edges]


@given(shared_graphs(primitives=EVERY_OPERATION), st.sampled_from([".4g", "r"]))
def test_latex_has_the_numbers_of_the_text(graph, number_format):
    text = explain(graph.root, number_format=number_format)
    results = section(text, "Gradient")
    rows = text.latex.split(r"&\textbf{Gradient} \\")[1].split("\n")[1:-1]
    for row, members in zip(rows, results.values(), strict=True):
        written = row.removesuffix(r" \\").split("= ")[-1].split(r"\approx ")[-1]
        written = re.sub(r" \\cdot 10\^\{(.*)\}", r"e\1", written).replace(r"\infty", "∞")
        assert number(written.replace(r"\mathrm{NaN}", "NaN")) == pytest.approx(
            number(members[-1]), rel=1e-12, nan_ok=True
        )
