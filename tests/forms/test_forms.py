"""Mermaid, LaTeX and networkx: what the graph is, in forms that others read."""

import re
import sys
from collections import Counter

import pytest
from hypothesis import given

from autograd_core import (
    GraphTooLarge,
    Value,
    to_latex,
    to_mermaid,
    to_networkx,
    topological,
)
from autograd_core.testing import shared_graphs


def product_of_sum():
    x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    return (x + y) * z


def doubling(times):
    x = Value(1.0, name="x")
    for _ in range(times):
        x = x + x
    return x


def edges_of(root):
    """Operand and result by their places in the graph's order, with the local gradient."""
    places = {node: place for place, node in enumerate(topological(root))}
    return [
        (places[parent], place, local_gradient)
        for node, place in places.items()
        for parent, local_gradient in zip(node.parents, node.local_gradients, strict=True)
    ]


@given(shared_graphs())
def test_mermaid_has_every_value_and_every_edge(graph):
    text = to_mermaid(graph.root, number_format="r")
    values = re.findall(r'^    v(\d+)\["(?:(.*?)<br/>)?data (.*?)<br/>', text, re.MULTILINE)
    expected = [
        (str(place), node.name or "", repr(node.data))
        for place, node in enumerate(topological(graph.root))
    ]
    assert values == expected
    drawn = re.findall(r'v(\d+) -->\|"∂ (.*?)"\| op(\d+)', text)
    edges = edges_of(graph.root)
    assert [(int(start), int(end), local) for start, local, end in drawn] == [
        (start, end, repr(local).replace("nan", "NaN")) for start, end, local in edges
    ]
    results = re.findall(r"op(\d+) --> v(\d+)$", text, re.MULTILINE)
    assert results == [(str(end), str(end)) for end in dict.fromkeys(end for _, end, _ in edges)]


def test_mermaid_tells_roots_and_constants_apart():
    text = to_mermaid(Value(3.0, name="x") * 2)
    assert 'v1["data 2"]:::constant' in text
    assert "v1 -.-> op2" in text
    assert 'v2["data 6<br/>grad 0"]:::root' in text


def test_no_name_breaks_out_of_a_mermaid_label():
    text = to_mermaid(Value(1.0, name='a"]; <b> & #35; `x`\n%%'))
    label = text.splitlines()[1]
    assert label == (
        '    v0["a#quot;]; #lt;b#gt; #amp; #35;35; #96;x#96;#92;n%%<br/>data 1<br/>grad 0"]:::root'
    )


def test_latex_is_one_formula_that_a_notebook_shows():
    formula = to_latex(product_of_sum())
    assert formula == r"(x + y) \cdot z"
    assert formula._repr_latex_() == r"$\displaystyle (x + y) \cdot z$"
    assert to_latex(Value(2.5) * 1.25, number_format=".1f") == r"x_{1} \cdot 1.2"


@given(shared_graphs())
def test_networkx_has_every_value_and_every_edge(graph):
    exported = to_networkx(graph.root)
    order = topological(graph.root)
    assert [exported.nodes[place]["data"] for place in range(len(order))] == [
        node.data for node in order
    ]
    assert [exported.nodes[place]["op"] for place in exported] == [node.op for node in order]
    drawn = Counter(
        (start, end, str(local)) for start, end, local in exported.edges(data="local_gradient")
    )
    assert drawn == Counter((start, end, str(local)) for start, end, local in edges_of(graph.root))


def test_networkx_can_write_it_in_its_own_formats():
    import networkx

    text = "\n".join(networkx.generate_graphml(to_networkx(product_of_sum() * 2)))
    again = networkx.parse_graphml(text, force_multigraph=True)
    assert again.number_of_edges() == 6


def test_without_networkx_one_line_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "networkx", None)
    with pytest.raises(ModuleNotFoundError, match=r"^to_networkx.*: pip install networkx$"):
        to_networkx(product_of_sum())


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: to_mermaid(1.0), TypeError, "takes a Value, not float"),
        (lambda: to_latex("x"), TypeError, "takes a Value, not str: 'x'"),
        (lambda: to_networkx(None), TypeError, "takes a Value, not NoneType"),
        (lambda: to_mermaid(product_of_sum(), direction="up"), ValueError, "'up'.*LR, RL, TB, BT"),
        (lambda: to_mermaid(doubling(200)), GraphTooLarge, "600 edges; Mermaid draws at most 500"),
        (lambda: to_latex(doubling(7)), GraphTooLarge, "255 operands and operations.*at most 200"),
        (lambda: to_latex(doubling(500)), GraphTooLarge, "over a million"),
    ],
)
def test_misuse_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_limits_can_be_lifted():
    assert to_mermaid(doubling(200), max_edges=None).count("op199") == 4
    assert to_latex(doubling(7), max_size=None).count("x") == 128
