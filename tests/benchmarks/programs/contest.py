"""The words of these benchmarks: a work, who does it, and what each came to.

A contestant's `prepare` sets up, compiles and returns `Ready`; it runs in a process of its own
(`worker`). The works stand in modules of their own, and `works` lists them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

__all__ = [
    "Absent",
    "Answer",
    "Contestant",
    "Promise",
    "Ready",
    "Result",
    "Work",
    "at_least",
    "need_command",
    "timed",
]


Answer = Sequence[Sequence[float]]
"""Lists of numbers, such as the loss alone and then its gradient, each with a scale of its own."""


class Absent(Exception):
    """What a contestant needs is not on this machine, or not yet in this package."""


@dataclass
class Ready:
    """A contestant that has compiled."""

    step: Callable[[], float]
    """Does the work once and returns its seconds; setting back stands outside of them."""
    compiling: float | None = None
    """Seconds to build, record or compile, if the contestant does any of these."""
    answer: Callable[[], Answer] | None = None
    """What it computes, to be held against the others."""
    facts: dict[str, float] = field(default_factory=dict)
    """Other figures, such as megabytes."""
    repeats: int = 1
    """How often a step does the work whose seconds it returns."""
    counted: Callable[[Callable[[], object], Callable[[], object], int], None] | None = None
    """Where a step is part of something longer: takes so many between one call and the other."""


@dataclass(frozen=True)
class Contestant:
    """One row of a table."""

    label: str
    prepare: Callable[[int], Ready]
    """Takes the size."""
    plain: bool = False
    """Whether its process runs this engine uncompiled."""
    threads: int = 1
    in_quick: bool = True
    largest: int | None = None
    """The largest size it can stand."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """What its process is told besides."""


@dataclass
class Result:
    """What a contestant came to at one size."""

    size: int
    name: str
    absent: str | None = None
    """Why it did not run."""
    compiling: float | None = None
    answer: list[list[float]] | None = None
    facts: dict[str, float] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    instructions: float | None = None
    """What the processor is asked to do, if it was counted; a program's length is a fact."""

    @property
    def median(self) -> float:
        """The median of its steps, in seconds."""
        return median(self.seconds)


@dataclass(frozen=True)
class Promise:
    """What the design promises, and what was found; `kept` is None if it was not measured."""

    what: str
    promised: str
    measured: str
    kept: bool | None


Found = dict[tuple[str, int], Result]
"""The results by contestant and size."""


def at_least(
    what: str, promised: float, found: Found, theirs: str, size: int, ours: str = "native"
) -> Promise:
    """How many times as long as ours theirs takes at a size."""
    own, peer = found.get((ours, size)), found.get((theirs, size))
    if own is None or peer is None or not own.seconds or not peer.seconds:
        return Promise(what, f"{promised:g}x", "not measured", None)
    ratio = peer.median / own.median
    return Promise(what, f"{promised:g}x", f"{ratio:.3g}x", ratio >= promised)


@dataclass(frozen=True)
class Work:
    """One table."""

    title: str
    contestants: dict[str, Contestant]
    ours: str
    """Whose median the others' are divided by."""
    promises: Callable[[Found], list[Promise]]
    sizes: tuple[int, ...] = (0,)
    quick_sizes: tuple[int, ...] = (0,)
    tolerance: float | None = None
    """How far answers may be apart, relative to the largest number of each list in them."""
    laps: int = 9
    enough: float = 0.2
    """Seconds a lap; who is done sooner steps again."""


def timed(work: Callable[[], object], reset: Callable[[], object] | None = None) -> float:
    """The seconds that `work` takes, after `reset`."""
    if reset is not None:
        reset()
    start = perf_counter()
    work()
    return perf_counter() - start


def need_command(name: str) -> str:
    """The path of a program of the machine. Raises Absent."""
    path = shutil.which(name)
    if path is None:
        raise Absent(f"{name} is not installed")
    return path
