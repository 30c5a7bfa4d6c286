"""Gradients of random graphs against JAX, which differentiates what is exported to it by itself.

JAX computes with functions of its own, so a graph says something only where its value is the same
to twelve digits; there a gradient must be the same to ten of the magnitude of its paths.
"""

from __future__ import annotations

import importlib.util
import math
import random
from collections.abc import Iterator
from functools import partial
from typing import Any

from autograd_core import grad, record
from tests.soak.computing import graphs
from tests.soak.computing.graphs import Graph
from tests.soak.computing.oracles import NOTHING
from tests.soak.computing.sweeps import measurable, of_graphs
from tests.soak.search import Trial, in_turn

WHAT = "derivatives of order {} of random graphs against JAX, through the export"
SAME_VALUE, SAME_GRADIENT = 1e-12, 1e-10


def search(seed: int, trials: int) -> Iterator[Trial]:
    """`trials` graphs of orders 1 and 2; none without JAX."""
    if importlib.util.find_spec("jax") is None:
        return
    import jax

    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    try:
        yield from in_turn(
            of_graphs(small, partial(measured, order=order), seed, trials) for order in (1, 2)
        )
    finally:
        jax.config.update("jax_enable_x64", before)


def small(source: random.Random) -> Graph:
    return graphs.tame(source, most=10, between=(1e-9, 40.0))


def measured(graph: Graph, order: int) -> dict[str, float]:
    """How far JAX's gradient is off; at order 2 that of our derivative by the first leaf."""
    import jax

    if graphs.at_a_convention(graph):
        return {}
    root = graph.nodes()[-1]
    if root.constant:
        return {}
    function = graph.function if order == 1 else grad(graph.function)
    ours, slopes = record(function, *graph.leaves).value_and_grad(*graph.leaves)
    exported = record(function, *graph.leaves).to_jax().function
    places = tuple(range(len(graph.leaves)))
    theirs, found = jax.value_and_grad(exported, places)(*graph.leaves)
    if not abs(float(theirs) - ours) <= SAME_VALUE * abs(ours):
        return {}
    scales = magnitudes(graph) if order == 1 else [max(map(abs, numbers(slopes)))] * len(places)
    if scales is None:
        return {}
    errors = [
        abs(float(one) - other) / (SAME_GRADIENT * scale + SAME_GRADIENT)
        for one, other, scale in zip(found, numbers(slopes), scales, strict=True)
    ]
    return {WHAT.format(order): math.inf if any(map(math.isnan, errors)) else max(errors)}


def numbers(slopes: Any) -> list[float]:
    return [float(slope) for slope in (slopes if isinstance(slopes, tuple) else (slopes,))]


def magnitudes(graph: Graph) -> list[float] | None:
    """What the paths to each leaf come to, without their signs."""
    nodes = graph.nodes()
    reached = measurable(nodes[-1])
    if reached is None:
        return None
    leaves = nodes[graph.constants : graph.expression.arity]
    return [float(reached.get(leaf, NOTHING).magnitude) for leaf in leaves]
