"""The ways in which a program of a graph is called, each held to the bits of the eager engine.

A check is given the graph, points, what the eager engine has found there, the value and the slopes
in a row, and the name of a back end; it says where that differs, or nothing.
"""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy

from autograd_core import Program, Value, hvp, jvp, record
from tests.program.replayed import same_bits
from tests.soak.computing.graphs import Graph

BATCHES = 4
"""How many batches are added up by one program, after one of all its points."""
SINGLES = 5
"""At how many points it is called with one sample."""
COTANGENT = -0.75
SAMPLES = 1024
"""Beyond which sums are those of several stripes."""

Points = Sequence[tuple[float, ...]]


def recorded(function: Callable[..., Any], graph: Graph) -> Program:
    """A function of the graph's leaves as a program."""
    return record(function, *[0.5] * len(graph.leaves))


def of_batches(graph: Graph, points: Points, rows: Any, name: str) -> str:
    """Where sums over batches of several sizes, by one program in turn, are not those of the eager
    numbers added up in the order that is promised; empty if nowhere."""
    width = 1 + len(graph.leaves)
    program = recorded(graph.function, graph).using(name)
    source = random.Random(f"{graph} {name}")
    for size in (len(points), *(source.randint(1, min(len(points), 30)) for _ in range(BATCHES))):
        start = source.randint(0, len(points) - size)
        columns = numpy.array(points[start : start + size], dtype=float).T
        value, slopes = program.value_and_grad(*columns, sum=0)
        found = [value, *flat(slopes)]
        expected = in_order(rows[start : start + size, :width])
        if not same_bits(found, expected):
            chosen = points[start : start + size]
            return f"{graph}, the sum over {chosen}: {found}, eagerly {expected.tolist()}"
    return ""


def in_threads(graph: Graph, points: Points, rows: Any, name: str) -> str:
    """Where two threads differ, at so many samples that they share them; empty if nowhere."""
    width = 1 + len(graph.leaves)
    source = random.Random(f"{graph} {name}")
    count = source.randint(SAMPLES, 3 * SAMPLES)
    chosen = numpy.array(source.choices(range(len(points)), k=count))
    columns = numpy.array(points, dtype=float)[chosen].T
    expected = rows[chosen, :width]
    program = recorded(graph.function, graph).using(name, threads=2)
    value, slopes = program.value_and_grad(*columns)
    parts = [numpy.broadcast_to(part, count) for part in (value, *flat(slopes))]
    if not same_bits(numpy.transpose(parts), expected):
        return f"{graph}, {count} samples in two threads, of {points}"
    total, slopes = program.value_and_grad(*columns, sum=0)
    if not same_bits([total, *flat(slopes)], in_order(expected)):
        return f"{graph}, the sum over {count} samples in two threads, of {points}"
    return ""


def one_by_one(graph: Graph, points: Points, rows: Any, name: str) -> str:
    """Where calls with a sample each, which are made directly after the first, are not the eager
    numbers; empty if nowhere."""
    width = 1 + len(graph.leaves)
    program = recorded(graph.function, graph).using(name)
    for point, expected in zip(points[:SINGLES], rows[:SINGLES, :width], strict=True):
        value, slopes = program.value_and_grad(*point)
        alone = program.grad(*point)
        found = [value, *flat(slopes)], [program(*point), *flat(alone)]
        if not same_bits(found, [expected] * 2):
            return f"{graph}, at {point} alone: {found}, eagerly {expected.tolist()}"
    return ""


def in_order(rows: Any) -> Any:
    """The sum over samples as `backends.samples` promises it: of stripes, whole grains of 64 that
    are as few as 1,024 samples each allow, and in these of eight partial sums, by halves."""
    wanted = -(-len(rows) // SAMPLES)
    stripe = -(-len(rows) // (wanted * 64)) * 64
    total = numpy.zeros(rows.shape[1])
    with numpy.errstate(all="ignore"):
        for first in range(0, len(rows), stripe):
            partial_sums = numpy.zeros((8, rows.shape[1]))
            for number, row in enumerate(rows[first : first + stripe]):
                partial_sums[number % 8] += row
            while len(partial_sums) > 1:
                partial_sums = numpy.add(*numpy.split(partial_sums, 2))
            total += partial_sums[0]
    return total


def derived(graph: Graph, points: Points, rows: Any, name: str) -> str:
    """Where programs made of this one, forward, backward and of second order, are not what the
    eager engine gives for a direction and a cotangent; empty if nowhere."""
    program = recorded(graph.function, graph)
    point = points[0]
    direction = [1.0 - 0.25 * place for place in range(len(point))]
    leaves = [Value(number) for number in point]
    root = graph.function(*leaves)
    if not root.constant:
        root.backward(COTANGENT)
    pulled = [root.data, *(leaf.grad for leaf in leaves)]
    for what, other, more, expected in (
        ("tangent", program.tangent(), direction, jvp(graph.function, point, direction)),
        ("pull_back", program.pull_back(), [COTANGENT], pulled),
        ("hvp", program.hvp(), direction, hvp(graph.function, point, direction)),
    ):
        known = [float(number) for number in expected]
        found = flat(other.using(name)(*point, *more))[-len(known) :]
        if not same_bits(found, known):
            return f"{graph}, {what} at {point}: {found}, eagerly {known}"
    return ""


def kept(graph: Graph, points: Points, rows: Any, name: str) -> str:
    """Where the program written and read again differs; empty if nowhere."""
    program = recorded(graph.function, graph)
    columns = numpy.array(points, dtype=float).T
    for again in (Program.from_json(program.to_json()), pickle.loads(pickle.dumps(program))):
        value, slopes = again.using(name).value_and_grad(*columns)
        parts = [numpy.broadcast_to(part, len(points)) for part in (value, *flat(slopes))]
        if not same_bits(numpy.transpose(parts), rows[:, : len(parts)]):
            return f"{graph} at {points}, kept: {parts}, eagerly {rows.tolist()}"
    return ""


def flat(found: Any) -> list[float]:
    return [x for part in found for x in flat(part)] if isinstance(found, list | tuple) else [found]


CALLS: dict[str, Callable[[Graph, Points, Any, str], str]] = {
    "sums over batches": of_batches,
    "large batches in threads": in_threads,
    "samples one by one": one_by_one,
    "programs made of programs": derived,
    "programs written and read": kept,
}
