"""Cost against size: a chain of products and a wide sum, from a thousand to ten million nodes.

Each size runs in a process of its own (`python -m tests.benchmarks.scaling SHAPE NODES`), so that
memory is that of the graph alone. Time is user time: page faults, the system's share, dominate
wall time at the upper end.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from autograd_core import Value, sum

__all__ = ["SHAPES", "Cost", "measure"]

ROOT = Path(__file__).parents[2]
REPEATED_UP_TO = 2_000_000
"""Small graphs are built again and again until this many nodes have been timed."""


@dataclass(frozen=True)
class Cost:
    """What one node of a graph costs: nanoseconds of user time, and bytes."""

    nodes: int
    build: float
    sweep: float
    free: float
    held: float
    """Bytes resident once the graph is built."""
    peak: float
    """Bytes resident at most, the sweep's own lists included."""

    @property
    def total(self) -> float:
        """Nanoseconds from first to last."""
        return self.build + self.sweep + self.free


def chain(nodes: int) -> Value:
    """x · w · w · …: as deep as it is large."""
    x, w = Value(1.0), Value(1.0)
    for _ in range(nodes):
        x = x * w
    return x


def wide_sum(nodes: int) -> Value:
    """One node over as many leaves."""
    total: Value = sum([Value(1.0) for _ in range(nodes)])
    return total


SHAPES: dict[str, Callable[[int], Value]] = {"chain": chain, "wide sum": wide_sum}


def measure(shape: str, nodes: int) -> Cost:
    """The cost in a fresh process."""
    command = [sys.executable, "-m", __name__, shape, str(nodes)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True)
    return Cost(**json.loads(done.stdout))


def _cost(shape: str, nodes: int) -> Cost:
    import resource

    def user_time() -> float:
        return resource.getrusage(resource.RUSAGE_SELF).ru_utime

    def peak() -> int:
        # Linux's ru_maxrss starts from the parent process's; VmHWM is this one's alone.
        status = Path("/proc/self/status")
        if status.exists():
            found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
            if found:
                return int(found[1]) * 1024
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit

    repeats = max(1, REPEATED_UP_TO // nodes)
    seconds = [0.0, 0.0, 0.0]
    held = 0
    before = peak()
    for _ in range(repeats):
        times = [user_time()]
        root = SHAPES[shape](nodes)
        times.append(user_time())
        held = held or peak() - before
        root.backward()
        times.append(user_time())
        del root
        times.append(user_time())
        seconds = [s + b - a for s, a, b in zip(seconds, times, times[1:], strict=False)]
    build, sweep, free = (s / (repeats * nodes) * 1e9 for s in seconds)
    return Cost(nodes, build, sweep, free, held / nodes, (peak() - before) / nodes)


if __name__ == "__main__":
    print(json.dumps(asdict(_cost(sys.argv[1], int(sys.argv[2])))))
