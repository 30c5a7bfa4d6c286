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

SHORTEST = 1e-6
"""Seconds before the first interrupt: a timer of none would never ring."""


class Fault(Exception):
    """What a primitive raises that is told to."""


class Fragile:
    """An identity that fails at its n-th evaluation, of its value or of its partial.

    Its partial, 1, is a row too, so that sweeps that are replayed evaluate it as well.
    """

    def __init__(self) -> None:
        self.left = -1
        self.calls = 0

        @primitive(lambda x, out: 0.0, name="fragile_one")
        def one(x: float) -> float:
            self.count()
            return 1.0

        @primitive(lambda x, out: one(x), name="fragile")
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

    def recorded() -> str:
        return str(record(function, *graph.leaves).gradient())

    fragile.left = -1
    if function(*leaves).constant:
        return ""
    program = record(function, *graph.leaves)

    def replayed() -> object:
        return program.value_and_grad(*graph.leaves)

    for work in (swept, differentiated, recorded, replayed):
        fragile.left = -1
        work()  # what is kept of a row is made
        fragile.calls = 0
        expected = repr(work())
        for place in range(1, fragile.calls + 1):
            fragile.left = place
            with suppress(Fault):
                work()
                return f"{graph}: {work.__name__} hides the exception at evaluation {place}"
            fragile.left = -1
            if any(leaf.grad for leaf in leaves) or repr(work()) != expected or healthy():
                return f"{graph}: {work.__name__} is wrong after one at evaluation {place}"
    program = record(function, *graph.leaves)
    fragile.left = len(graph.expression.steps)
    with suppress(Fault):  # in its first run, for which it is made ready
        replayed()
    fragile.left = -1
    return "" if repr(replayed()) == expected else f"{graph}: a first replay leaves something"


@contextmanager
def alarmed() -> Iterator[None]:
    """SIGALRM is Ctrl-C."""
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Moments:
    """Moments at which a work is broken off, nearly all of them before its end.

    How long it takes depends on what else the machine does, so each tells of the next.
    """

    def __init__(self, source: random.Random, work: Work) -> None:
        self.source, self.work = source, work
        start = time.perf_counter()
        work.do()
        self.length = time.perf_counter() - start

    def __iter__(self) -> Iterator[str]:
        """What is wrong after one interrupt more, that came before the end."""
        while True:
            moment = self.source.uniform(0, self.length) + SHORTEST
            came, problem = interrupted(self.work, moment)
            self.length *= 1.01 if came else 0.9
            if came or problem:
                yield f"an interrupt after {moment:.2g} s: {problem}" if problem else ""


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
                ready.append((f"interrupts of {name}", iter(Moments(source, work))))
                yield Trial(ready[-1][0], problem=work.wrong())
        for _ in range(trials):
            for name, problems in ready:
                yield Trial(name, problem=next(problems))


def interrupted(work: Work, moment: float) -> tuple[bool, str]:
    """Whether an interrupt so many seconds after a work began came before its end, and what is
    wrong after it."""
    kept = None
    try:
        signal.setitimer(signal.ITIMER_REAL, moment)
        work.do()
        signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt as error:
        kept = error  # whose traceback lives on, as at a prompt
    except Exception as error:
        signal.setitimer(signal.ITIMER_REAL, 0)
        return True, f"it became {error!r}"
    with suppress(KeyboardInterrupt):  # that has come to another thread, and waits for this one
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.pthread_sigmask(signal.SIG_BLOCK, [])
    came = kept is not None
    problem = healthy() or work.wrong()
    del kept
    return came, problem


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
