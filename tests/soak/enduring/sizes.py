"""Cost against size, up to ten million nodes: linear in time and memory, and nothing quadratic.

Every work runs at growing sizes, the larger ones in a process of their own. What is measured is
user time and memory a node, as a multiple of what they are at the size where they are least.
`trials` is the largest number of nodes.
"""

from __future__ import annotations

import copy
import gc
import json
import os
import pickle
import resource
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from autograd_core import Value, draw, explain, from_json, record, record_graph, to_json, tree
from autograd_core import sum as sum_of
from tests.soak.search import Trial

LEAST, APART = 10_000, 100_000
"""The smallest size that times are compared with, and from where on each has its own process."""
WORSE = 4.0
"""How many times what it is at best a node may cost."""
SECONDS = 0.2
"""How much user time is measured at least: small sizes are repeated."""

Work = Callable[[int], Callable[[], object]]


def chain(nodes: int) -> Value:
    x, w = Value(1.0), Value(1.0)
    for _ in range(nodes):
        x = x * w
    return x


def balanced(nodes: int) -> Value:
    """A balanced tree of sums."""
    level = [Value(1.0) for _ in range(nodes // 2)]
    while len(level) > 1:
        level = [a + b for a, b in zip(level[::2], level[1::2], strict=False)] + level[
            len(level) // 2 * 2 :
        ]
    return level[0]


def fan_out(nodes: int) -> Value:
    x = Value(0.5)
    return sum_of([x * x for _ in range(nodes)])


def swept(build: Callable[[int], Value]) -> Work:
    def made(nodes: int) -> Callable[[], object]:
        def do() -> None:
            build(nodes).backward()

        return do

    return made


def of_graph(act: Callable[[Value], object]) -> Work:
    """What is done with a chain that is there."""

    def made(nodes: int) -> Callable[[], object]:
        root = chain(nodes)
        return lambda: act(root)

    return made


def of_program(act: Callable[[Any], object]) -> Work:
    """What is done with the program of a long chain that is there."""

    def made(nodes: int) -> Callable[[], object]:
        program = record(looped(nodes), 0.5)
        return lambda: act(program)

    return made


def looped(nodes: int) -> Callable[[Any], Any]:
    def function(x: Any) -> Any:
        y = x
        for _ in range(nodes // 2):
            y = y * 0.999 + x
        return y

    return function


def many(act: Callable[[int], object], each: int) -> Work:
    """Something small, once for so many nodes."""

    def made(nodes: int) -> Callable[[], object]:
        return lambda: deque(map(act, range(max(1, nodes // each))), maxlen=0)

    return made


def outputs(nodes: int) -> Callable[[], object]:
    return lambda: record(lambda x: [x * float(number) for number in range(nodes)], 0.5)(2.0)


def captured_graph(nodes: int) -> Callable[[], object]:
    x = Value(0.5)
    root = looped(nodes)(x)
    return lambda: record_graph(root, [x])(2.0)


SMALL = Value(0.5, name="x")
WORKS: dict[str, tuple[Work, int]] = {
    # and the largest size that each is asked for
    "a chain, built, swept and freed": (swept(chain), 10**7),
    "a balanced tree, built, swept and freed": (swept(balanced), 10**7),
    "a fan-out, built, swept and freed": (swept(fan_out), 10**7),
    "a chain copied": (of_graph(copy.deepcopy), 10**6),
    "a chain pickled and loaded": (of_graph(lambda root: pickle.loads(pickle.dumps(root))), 10**7),
    "a chain as JSON and back": (of_graph(lambda root: from_json(to_json(root))), 10**6),
    "a chain as a folded picture's source": (of_graph(lambda root: draw(root).source), 10**6),
    "a chain as a tree in text": (of_graph(tree), 10**6),
    "a function recorded and replayed": (lambda n: lambda: record(looped(n), 0.5)(0.5), 10**7),
    "a graph recorded and replayed": (captured_graph, 10**6),
    "a function recorded, value and gradient": (
        lambda n: lambda: record(looped(n), 0.5).value_and_grad(0.5),
        10**7,
    ),
    "a program pickled and loaded": (of_program(lambda p: pickle.loads(pickle.dumps(p))), 10**7),
    "a program as JSON and back": (of_program(lambda p: type(p).from_json(p.to_json())), 10**6),
    "a program in C": (of_program(lambda p: p.to_c("f")), 10**6),
    "a program's listing": (of_program(lambda p: str(p)), 10**7),
    "a program's picture, folded": (of_program(lambda p: p.draw(fold=True).source), 10**6),
    "a program of many outputs": (outputs, 10**6),
    "many programs": (many(lambda k: record(lambda x: x * float(k), 0.5)(2.0), 100), 10**6),
    "many pictures": (many(lambda k: draw(SMALL * float(k)).source, 1000), 10**6),
    "many derivations": (many(lambda k: str(explain(SMALL * float(k))), 1000), 10**6),
}


def search(seed: int, trials: int) -> Iterator[Trial]:
    """Every work at sizes ten times larger each, up to `trials` nodes or what it is made for."""
    for name, (_, largest) in WORKS.items():
        sizes = [LEAST]
        while 10 * sizes[-1] <= min(largest, trials):
            sizes.append(10 * sizes[-1])
        if trials < LEAST:
            sizes = [trials]  # that it works at all
        costs = [cost(name, nodes) for nodes in sizes]
        worse = max(times(seconds for seconds, _ in costs), times(bytes_of(costs)))
        seconds, size = costs[-1]
        what = f"{name}: {seconds * 1e9:,.0f} ns and {size:,.0f} bytes a node of {sizes[-1]:,}"
        yield Trial(what, worse, problem=f"{costs} at {sizes}" if worse > WORSE else "")


def bytes_of(costs: list[tuple[float, float]]) -> Iterator[float]:
    """Bytes a node where they were measured; below one they are pages that happened to be there."""
    return (max(size, 1.0) for _, size in costs if size)


def times(numbers: Iterator[float]) -> float:
    """How many times the smallest the largest is that comes after it; zeros say nothing."""
    worse, best = 1.0, 0.0
    for number in filter(None, numbers):
        best = min(best or number, number)
        worse = max(worse, number / best)
    return worse


def cost(name: str, nodes: int) -> tuple[float, float]:
    """Seconds of user time and bytes that one node costs."""
    if nodes < APART:
        return measured(name, nodes)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-m", __name__, name, str(nodes)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    seconds, size = json.loads(done.stdout)
    return seconds, size


def measured(name: str, nodes: int) -> tuple[float, float]:
    """The same in this process; memory is only what the first time takes above what there was."""
    act = WORKS[name][0](nodes)
    gc.collect()
    forget_peak()
    before, start, turns = peak(), user_time(), 0
    while turns == 0 or (user_time() - start < SECONDS and nodes >= LEAST):
        act()
        turns += 1
        if turns == 1:
            size = peak() - before
    seconds = max(user_time() - start, 1e-9)
    return seconds / (turns * nodes), size / nodes if nodes >= APART else 0.0


def user_time() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def forget_peak() -> None:
    """Have `peak` say what is resident at most from here on, where Linux can forget the past."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak() -> int:
    """Bytes resident at most. Linux's ru_maxrss starts from the parent's; VmHWM does not."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], int(sys.argv[2]))))
