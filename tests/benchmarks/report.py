"""The tables: numbers in columns, what was measured beside what is promised."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from statistics import median

from tests.benchmarks.contestants import CONTESTANTS, OURS
from tests.benchmarks.demo_step import Step
from tests.benchmarks.scaling import Cost

__all__ = ["demo_table", "promises", "scaling_table", "table"]


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Text in columns; the first is set to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        first, *others = zip(cells, widths, strict=True)
        return "  ".join(
            [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
        ).rstrip()

    return "\n".join([line(header), line(["-" * width for width in widths]), *map(line, rows)])


def _milliseconds(steps: Sequence[Step], part: str) -> float:
    seconds: float = median(getattr(step, part) for step in steps)
    return seconds * 1e3


def _number(x: float) -> str:
    """Three digits."""
    return f"{x:,.0f}" if x >= 100 else f"{x:.3g}" if x else "-"


def demo_table(measured: dict[str, list[Step]], nodes: int) -> str:
    """Medians of the demo step, the best of them, and the ratio of each median to this engine's."""
    ours = _milliseconds(measured[OURS], "total")
    rows = []
    for name, steps in measured.items():
        parts = [_milliseconds(steps, part) for part in ("total", "forward", "backward", "freeing")]
        rows.append(
            [
                CONTESTANTS[name].label,
                *map(_number, parts),
                _number(min(step.total for step in steps) * 1e3),
                _number(parts[1] / nodes * 1e6),
                _number(parts[2] / nodes * 1e6),
                f"{_number(parts[0] / ours)}x",
            ]
        )
    header = ["", "step", "forward", "backward", "freeing", "best", "forward", "backward", "ratio"]
    units = ["", "ms", "ms", "ms", "ms", "ms", "ns/node", "ns/node", ""]
    return table(header, [units, *rows])


def scaling_table(costs: Sequence[Cost]) -> str:
    """One shape's cost a node at every size, and how far from linear that is."""
    rows = [
        [
            f"{cost.nodes:,}",
            *(_number(x) for x in (cost.build, cost.sweep, cost.free, cost.total)),
            # Below this the pages that Python holds anyway hide the graph's.
            *(_number(x) if cost.nodes >= 1_000_000 else "" for x in (cost.held, cost.peak)),
        ]
        for cost in costs
    ]
    header = ["nodes", "build ns", "sweep ns", "free ns", "total ns", "bytes held", "bytes at most"]
    return table(header, rows)


def _steadiness(steps: Sequence[Step]) -> str:
    """The best of the last of many steps beside that of the first, by phase."""
    fifth = len(steps) // 5

    def best(some: Sequence[Step], part: str) -> float:
        seconds: float = min(map(attrgetter(part), some))
        return seconds

    return ", ".join(
        f"{best(steps[-fifth:], part) / best(steps[:fifth], part):.2f}x"
        for part in ("forward", "backward", "freeing")
    )


def promises(
    measured: dict[str, list[Step]],
    many: Sequence[Step],
    by_number: float,
    node_bytes: int,
    costs: dict[str, list[Cost]],
) -> str:
    """What is promised, and what this run found: of steps the best, of `many` whether they last.

    `by_number` is the time of `Value * 2.0` over that of `Value * Value`.
    """

    def ratio(slower: str, faster: str, digits: int = 0) -> str:
        if slower not in measured or faster not in measured:
            return "not measured"
        best = [min(step.total for step in measured[name]) for name in (slower, faster)]
        return f"{best[0] / best[1]:.{digits}f}x"

    def spread(shape: str) -> str:
        totals = [cost.total for cost in costs[shape]]
        return f"{max(totals) / min(totals):.2f}x"

    rows = [
        ["micrograd / autograd_core", "130x (with PGO 150x)", ratio("micrograd", OURS)],
        ["micrograd, collector off / autograd_core", "", ratio("micrograd_uncollected", OURS)],
        ["XAD / autograd_core", "14x", ratio("xad", OURS)],
        ["uncompiled / autograd_core", "25x", ratio("plain", OURS)],
        ["micrograd / nn.MLP", "400x", ratio("micrograd", "nn")],
        ["micrograd, collector off / nn.MLP", "", ratio("micrograd_uncollected", "nn")],
        ["autograd_core / limit", "1.2x", ratio(OURS, "limit", 2)],
        ["floats, no gradients / autograd_core", "", ratio("floats", OURS, 2)],
        ["Value * 2.0 / Value * Value", "1.3x", f"{by_number:.2f}x"],
        [f"{len(many)} steps: the last / the first", "1x, 1x, 1x", _steadiness(many)],
        ["memory of a node", "88 bytes", f"{node_bytes} bytes"],
        *([f"{shape}: dearest node / cheapest, all sizes", "2x", spread(shape)] for shape in costs),
    ]
    return table(["", "promised", "measured"], rows)
