"""Sweeps of random shared graphs: that a wrong rule would be noticed, and what sweeps promise.

That gradients are the sums over all paths is a part of the soak (`tests.soak.computing.sweeps`), of
which the suite runs a short form.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd_core import PRIMITIVES, Value, primitives
from autograd_core.graph.nodes.making import apply
from autograd_core.primitives import kind_of
from tests.primitives.high_precision import exact
from tests.primitives.references import REFERENCES
from tests.soak.computing.oracles import independent_sweep

ROWS = [name for name in REFERENCES if PRIMITIVES[name].public]

Step = tuple[str, list[int]]


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
    wrong = sound.__replace__(operands=("x", "..."), partials=(shifted,))
    monkeypatch.setattr(primitives, "ROWS", [*primitives.ROWS])
    primitives.ROWS[kind] = wrong
    assert not is_right()


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
