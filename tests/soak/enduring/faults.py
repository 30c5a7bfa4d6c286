"""Work that is broken off: by exceptions, interrupts and a full disk, and in too little memory.

After each, everything is as before or as it should have become, and the next run is right; what is
checked, of which works, stands in `works`.
"""

from __future__ import annotations

import random
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from autograd_core import BackendError, Value, gradients, primitive, record
from autograd_core.testing import Expression
from tests.soak.computing import graphs
from tests.soak.enduring import starving
from tests.soak.enduring.works import SAVED, Work, healthy, saving, works
from tests.soak.search import Trial, in_turn


class Fault(Exception):
    """What a primitive raises that is told to."""


class Fragile:
    """An identity that fails at its n-th evaluation, of its value or of its partial."""

    def __init__(self) -> None:
        self.left = -1
        self.calls = 0

        def slope(x: Any, out: Any) -> Any:
            self.count()
            return 1.0

        @primitive(slope, name="fragile")
        def fragile(x: float) -> float:
            self.count()
            return x

        self.function = fragile

    def count(self) -> None:
        self.calls += 1
        self.left -= 1
        if self.left == 0:
            raise Fault


def exceptions(seed: int, trials: int) -> Iterator[Trial]:
    """Random graphs, an exception at every evaluation of each of their nodes, in turn."""
    fragile = Fragile()
    for number in range(trials):
        source = random.Random(seed * 1_000_000_007 + number)
        graph = graphs.tame(source, most=8)
        problem = first_problem(graph, fragile)
        yield Trial("graphs, an exception at each of their nodes", problem=problem)


def first_problem(graph: graphs.Graph, fragile: Fragile) -> str:
    def function(*leaves: Any) -> Any:
        """The graph, every result of which goes through the identity."""
        numbers = [*map(Value, graph.point[: graph.constants]), *leaves]
        for step in graph.expression.steps:
            alone = Expression(len(numbers), (step,))
            numbers.append(fragile.function(alone(*numbers)))
        return numbers[-1]

    leaves = [Value(number) for number in graph.leaves]

    def swept() -> list[float]:
        function(*leaves).backward()
        found = [leaf.grad for leaf in leaves]
        for leaf in leaves:
            leaf.grad = 0.0
        return found

    def differentiated() -> list[float]:
        slopes = gradients(function(*leaves), leaves, create_graph=True)
        return [slope.data for slope in slopes]

    def recorded() -> list[float]:
        _, slopes = record(function, *graph.leaves).value_and_grad(*graph.leaves)
        return list(slopes) if isinstance(slopes, tuple) else [slopes]

    fragile.left = -1
    if function(*leaves).constant:
        return ""
    for work in (swept, differentiated, recorded):
        work()  # what is kept of a row is made
        fragile.left, fragile.calls = -1, 0
        expected = repr(work())
        for place in range(1, fragile.calls + 1):
            fragile.left = place
            with suppress(Fault):
                work()
                return f"{graph}: {work.__name__} hides the exception at evaluation {place}"
            fragile.left = -1
            if any(leaf.grad for leaf in leaves) or repr(work()) != expected or healthy():
                return f"{graph}: {work.__name__} is wrong after one at evaluation {place}"
    return ""


@contextmanager
def alarmed() -> Iterator[None]:
    """SIGALRM is Ctrl-C."""
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def interrupts(seed: int, trials: int) -> Iterator[Trial]:
    """Interrupts at random moments of every work, `trials` of each."""
    if not hasattr(signal, "setitimer"):
        return
    source = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder, alarmed():
        ready = []
        for name, made in works(Path(folder)):
            with suppress(BackendError):
                work = made()
                start = time.perf_counter()
                work.do()
                length = time.perf_counter() - start
                yield Trial(f"interrupts of {name}", problem=work.wrong())
                ready.append((name, work, length))
        for number in range(trials):
            for name, work, length in ready:
                moment = source.uniform(5e-6, max(1.1 * length, 1e-5))
                problem = interrupted(work, moment)
                told = f"interrupt {number} of seed {seed}, after {moment:.2g} s: {problem}"
                yield Trial(f"interrupts of {name}", problem=told if problem else "")


def interrupted(work: Work, moment: float) -> str:
    """What is wrong after an interrupt so many seconds after the work began."""
    kept = None
    try:
        signal.setitimer(signal.ITIMER_REAL, moment)
        work.do()
        signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt as error:
        kept = error  # whose traceback lives on, as at a prompt
    except Exception as error:
        signal.setitimer(signal.ITIMER_REAL, 0)
        return f"it became {error!r}"
    with suppress(KeyboardInterrupt):  # that has come to another thread, and waits for this one
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.pthread_sigmask(signal.SIG_BLOCK, [])
    problem = healthy() or work.wrong()
    del kept
    return problem


def full_disks(seed: int, trials: int) -> Iterator[Trial]:
    """Files written over where only so many bytes may be written."""
    try:
        import resource
    except ImportError:
        return
    source = random.Random(seed)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        with tempfile.TemporaryDirectory() as folder:
            for number in range(trials):
                work = saving(Path(folder), None if number % 2 else b"o" * 100_000)
                most = source.randrange(SAVED - 1)
                resource.setrlimit(resource.RLIMIT_FSIZE, (most, old[1]))
                problem = "the error is hidden"
                try:
                    work.do()
                except OSError:
                    problem = ""
                finally:
                    resource.setrlimit(resource.RLIMIT_FSIZE, old)
                problem = problem or work.wrong()
                told = f"{problem}, with {most} bytes to be had" if problem else ""
                yield Trial("files written to a disk that is full", problem=told)
    finally:
        signal.signal(signal.SIGXFSZ, before)


def search(seed: int, trials: int) -> Iterator[Trial]:
    """Every fault, `trials` times; a tenth of that where each takes a process."""
    return in_turn(
        [
            exceptions(seed, trials),
            interrupts(seed, trials),
            full_disks(seed, trials),
            starving.refused(),
            starving.exhausted(seed, trials // 10),
        ]
    )
