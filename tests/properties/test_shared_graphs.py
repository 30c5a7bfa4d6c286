"""Sweeps of random shared graphs against an independent sweep at 60 digits.

The independent sweep takes the engine's own intermediate numbers as they are, computes every local
derivative there anew with mpmath and sums over all paths without rounding. What is left is the
error of the sweep itself, for which the sum of the paths' magnitudes gives a strict bound.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd_core import PRIMITIVES, Primitive, Value, gradients, primitives, topological
from autograd_core.graph.value import apply
from autograd_core.primitives import kind_of
from tests.primitives.accuracy import PARTIAL_LIMIT
from tests.primitives.high_precision import exact, mp
from tests.primitives.references import REFERENCES

ROUNDING = mp.mpf(2) ** -53
ROWS = [name for name in REFERENCES if PRIMITIVES[name].public]

Step = tuple[str, list[int]]


class Paths(NamedTuple):
    """What reaches a node from the root, over all paths."""

    gradient: Any
    """The sum of the paths' products."""
    magnitude: Any
    """The sum of their magnitudes."""
    bound: Any
    """How far a sweep in doubles may be from the gradient."""


@st.composite
def programs(draw: st.DrawFn) -> tuple[list[float], list[Step]]:
    """Leaves, and steps that use the newest result and any others, so results are shared."""
    leaves = draw(st.lists(st.floats(-2, 2), min_size=1, max_size=4))
    steps: list[Step] = []
    for newest in range(len(leaves) - 1, len(leaves) + draw(st.integers(1, 14))):
        name = draw(st.sampled_from(ROWS))
        count = PRIMITIVES[name].arity or 2 * draw(st.integers(1, 2)) + 1
        places = draw(st.lists(st.integers(0, newest), min_size=count, max_size=count))
        places[draw(st.integers(0, count - 1))] = newest
        steps.append((name, places))
    return leaves, steps


def run(leaves: Sequence[float], steps: Sequence[Step]) -> list[Value]:
    nodes = [Value(leaf) for leaf in leaves]
    for name, places in steps:
        nodes.append(apply(kind_of(name), tuple(nodes[place] for place in places)))
    # Far from overflow and underflow, where a bound relative to the terms means nothing.
    assume(all(node.data == 0 or 1e-100 < abs(node.data) < 1e100 for node in nodes))
    return nodes


def independent_sweep(root: Value) -> dict[Value, Paths]:
    order = topological(root)
    uses: dict[Value, int] = {}
    for node in order:
        for parent in node.parents:
            uses[parent] = uses.get(parent, 0) + 1
    reached = {node: Paths(mp.zero, mp.zero, mp.zero) for node in order}
    reached[root] = Paths(mp.one, mp.one, mp.zero)
    for node in reversed(order):
        above = reached[node]
        if not node.parents:
            continue
        reference = REFERENCES[node.op]
        operands = [exact(parent.data) for parent in node.parents]
        for place, (parent, partial) in enumerate(
            zip(node.parents, reference.partials_at(operands), strict=True)
        ):
            terms = reference.partials_terms.get(place)
            size = max(abs(partial), terms(*operands) if terms else 0)
            magnitude = above.magnitude * size
            # A rule is off by so many units, of two roundings each; then the product is rounded,
            # and the sum after each of the parent's uses.
            roundings = 2 * PARTIAL_LIMIT + 1 + uses[parent]
            before = reached[parent]
            reached[parent] = Paths(
                before.gradient + above.gradient * partial,
                before.magnitude + magnitude,
                before.bound + above.bound * size + roundings * ROUNDING * magnitude,
            )
    return reached


@given(programs())
def test_gradients_are_the_sums_over_all_paths(program):
    nodes = run(*program)
    reached = independent_sweep(nodes[-1])
    assume(all(paths.magnitude < 1e200 for paths in reached.values()))
    nodes[-1].backward()
    for node, paths in reached.items():
        assert abs(exact(node.grad) - paths.gradient) <= paths.bound * 1.001 + 2.0**-1000
        assert paths.bound <= 1e-12 * paths.magnitude  # a lost path or a wrong rule would show


@pytest.mark.parametrize("name", ROWS)
def test_a_wrong_rule_would_be_noticed(name, monkeypatch):
    """Each row in turn made wrong by a millionth, in a graph of two of its nodes."""
    sound = PRIMITIVES[name]
    kind = kind_of(name)
    least = 1.25 if sound.domain[0][0] == 1 else 0.25
    leaves = [Value(least + 0.25 * place) for place in range(sound.arity or 3)]

    def is_right() -> bool:
        top = apply(kind, tuple(leaves)) * 3.0 + apply(kind, tuple(leaves))
        top.zero_grad()
        top.backward()
        reached = independent_sweep(top)
        return all(
            abs(exact(leaf.grad) - reached[leaf].gradient) <= reached[leaf].bound for leaf in leaves
        )

    def shifted(*arguments: Any) -> list[float]:
        return [partial + 1e-6 for partial in sound.partials_at(*arguments)]

    assert is_right()
    wrong = Primitive(**vars(sound) | {"operands": ("x", "..."), "partials": (shifted,)})
    monkeypatch.setattr(primitives, "ROWS", [*primitives.ROWS])
    primitives.ROWS[kind] = wrong
    assert not is_right()


@given(programs())
def test_gradients_as_graphs_are_the_same_sums(program):
    nodes = run(*program)
    leaves = nodes[: len(program[0])]
    reached = independent_sweep(nodes[-1])
    assume(all(paths.magnitude < 1e200 for paths in reached.values()))
    found = gradients(nodes[-1], leaves, create_graph=True)
    for leaf, slope in zip(leaves, found, strict=True):
        paths = reached.get(leaf, Paths(mp.zero, mp.zero, mp.zero))
        assert abs(exact(slope.data) - paths.gradient) <= paths.bound * 1.001 + 2.0**-1000


@given(programs())
def test_the_same_program_gives_the_same_bits(program):
    first, second = run(*program), run(*program)
    for nodes in (first, second):
        nodes[-1].backward()
    assert [node.grad.hex() for node in first] == [node.grad.hex() for node in second]


@given(programs(), st.floats(-3, 3))
def test_a_sweep_is_linear_in_its_seed_and_leaves_accumulate(program, seed):
    once, twice = run(*program), run(*program)
    once[-1].backward(seed)
    twice[-1].backward(seed)
    twice[-1].backward(seed)
    for one, two in zip(once, twice, strict=True):
        assert two.grad == (one.grad if one.op else 2 * one.grad) or math.isnan(one.grad)


@given(programs())
def test_a_zero_seed_gives_zero_everywhere(program):
    nodes = run(*program)
    nodes[-1].backward(0.0)
    assert {node.grad for node in nodes} == {0.0}
