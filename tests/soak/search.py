"""What every part of the soak shares: trials, how they are counted and timed, and their table.

A part is a generator: from a seed and a number it yields that many trials (or a few more), each
with what was tried, how near it came to what is allowed, and what was wrong, if anything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tqdm import tqdm

SHOWN = 5
"""How many failures of a kind are told in full."""


class Trial(NamedTuple):
    """One thing that was tried."""

    what: str
    """The row of the table that it belongs to."""
    measure: float = 0.0
    """How near the limit it came, in the row's own unit; the largest is reported."""
    where: object = ""
    """What makes it again, told of the trial of the largest measure alone: most texts took longer
    to write than what they are about."""
    problem: str = ""
    """What was wrong and what makes it again; empty if all was right."""


Search = Callable[[int, int], Iterator[Trial]]


@dataclass(frozen=True)
class Part:
    """A search and how often it is tried: for a moment in the suite, for hours by itself."""

    name: str
    search: Search
    quick: int
    long: int
    unit: str = ""
    """What the measure counts; empty where there is none."""
    shown: int = SHOWN


@dataclass
class Row:
    """What came of the trials of one kind."""

    part: Part
    what: str
    trials: int = 0
    worst: float = 0.0
    where: object = ""
    wrong: int = 0
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, trial: Trial, seconds: float) -> bool:
        """Count a trial; whether what was wrong in it is to be told."""
        self.trials += 1
        self.seconds += seconds
        if trial.measure > self.worst:
            self.worst, self.where = trial.measure, trial.where
        if trial.problem:
            self.wrong += 1
            if len(self.problems) < self.part.shown:
                self.problems.append(trial.problem)
                return True
        return False


def run(
    part: Part,
    seed: int,
    trials: int,
    minutes: float = 0,
    show: bool = False,
    so_far: list[Row] | None = None,
) -> list[Row]:
    """The rows of one part; `minutes`, unless 0, ends it early. `show` tells what comes of it.
    Rows are added to `so_far` as they are begun, for those who interrupt it."""
    rows: dict[str, Row] = {}
    so_far = [] if so_far is None else so_far
    start = before = time.perf_counter()
    with tqdm(desc=part.name, unit=" trials", disable=not show, mininterval=1) as progress:
        for trial in part.search(seed, trials):
            now = time.perf_counter()
            row = rows.get(trial.what)
            if row is None:
                row = rows[trial.what] = Row(part, trial.what)
                so_far.append(row)
            if row.add(trial, now - before) and show:
                progress.write(told(row, trial.problem))
            before = now
            progress.update()
            if minutes and now - start > 60 * minutes:
                break
    return list(rows.values())


def in_turn(searches: Iterable[Iterator[Trial]]) -> Iterator[Trial]:
    """Trials of whichever had the least time, so that a part that is ended early has had as long
    for each: by turns, one that starts processes would leave the others hardly any."""
    spent = dict.fromkeys(searches, 0.0)
    while spent:
        one = min(spent, key=spent.__getitem__)
        start = time.perf_counter()
        trial = next(one, None)
        spent[one] += time.perf_counter() - start
        if trial is None:
            del spent[one]
        else:
            yield trial


def table(rows: Sequence[Row]) -> str:
    """The rows in Markdown, as the README shows them."""
    lines = ["| search | tried | worst | wrong | seconds |", "|---|---:|---|---:|---:|"]
    for row in rows:
        worst = f"{row.worst:.3g} {row.part.unit}" if row.part.unit else ""
        lines.append(
            f"| {row.what} | {row.trials:,} | {worst} | {row.wrong:,} | {row.seconds:,.0f} |"
        )
    return "\n".join(lines)


def failures(rows: Sequence[Row]) -> str:
    """What was wrong, with what makes it again."""
    return "\n".join(told(row, problem) for row in rows for problem in row.problems)


def told(row: Row, problem: str) -> str:
    return f"{row.part.name}: {row.what}: {problem}"
