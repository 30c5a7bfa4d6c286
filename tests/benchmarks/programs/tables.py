"""The tables: what each contestant took, and what was promised beside what was measured."""

from __future__ import annotations

from collections.abc import Sequence

from tests.benchmarks.programs.contest import Found, Promise, Result, Work
from tests.benchmarks.report import table

__all__ = ["promise_table", "work_table"]

UNITS = (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6))


def duration(seconds: float | None) -> str:
    """Three digits and a unit."""
    if seconds is None:
        return "-"
    unit, size = next((row for row in UNITS if seconds >= row[1]), UNITS[-1])
    return f"{seconds / size:.3g} {unit}"


def work_table(work: Work, found: Found) -> str:
    """One work: a row a contestant and size; ratios are of medians, to ours at the same size."""
    rows = []
    several = len({size for _, size in found}) > 1
    counted = any(result.instructions is not None for result in found.values())
    for result in found.values():
        label = work.contestants[result.name].label
        label += f", {result.size:,}" if several else ""
        ours = found.get((work.ours, result.size))
        count = "-" if result.instructions is None else f"{result.instructions:,.0f}"
        rows.append([label, *([count] if counted else []), *_cells(result, ours)])
    header = ["compile, record", "median", "best", "ratio to ours", "besides"]
    return table(["", *(["instructions"] if counted else []), *header], rows)


def _cells(result: Result, ours: Result | None) -> list[str]:
    if result.absent is not None:
        return ["-", "-", "-", "-", f"absent: {result.absent}"]
    ratio = f"{result.median / ours.median:.3g}x" if ours is not None and ours.seconds else "-"
    besides = ", ".join(f"{figure:,.0f} {what}" for what, figure in result.facts.items())
    compiling = "-" if result.compiling is None else f"{result.compiling:.3g} s"
    return [compiling, duration(result.median), duration(min(result.seconds)), ratio, besides]


def promise_table(promises: Sequence[Promise]) -> str:
    """What is promised, what this run found, and whether that will do."""
    words = {True: "met", False: "FALLS SHORT", None: ""}
    rows = [[p.what, p.promised, p.measured, words[p.kept]] for p in promises]
    return table(["", "promised", "measured", ""], rows)
