"""Runs tests on mutants of the modules they are of: `python -m` this module, for `mutants`.

The tests are collected once. A first child runs each of them on the source as it is, and says how
long it took and which of the modules' lines it ran. Then each mutant has a child, in which the code
of the changed function is exchanged, wherever it is held, and the tests that run the changed line
are run, the quickest first, until one fails. A line is written for each mutant.
"""

from __future__ import annotations

import ast
import gc
import importlib
import mmap
import os
import pickle
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import CodeType, FrameType, FunctionType, SimpleNamespace
from typing import Any

import pytest

from autograd_core.program.backends.native import native_kernel
from tests.soak.mistakes.mutants import ROOT, mutants
from tests.soak.processes import processor_time

SLOWER = 5
"""How many times longer than unchanged a test may take until the mutant counts as noticed."""
IDLE = 60
"""Seconds without the processor after which a mutant hangs, which is noticed too."""
MEMORY = 6 * 2**30
"""What a mutant may take of memory."""
LONGEST = 4096
"""More lines than any module has."""
FAILED = 3


class Trying:
    """The tests' loop in pytest: in place of a run, one of each mutant."""

    def __init__(self, chosen: dict[str, set[int]], tell: Callable[[str], object]) -> None:
        self.chosen, self.tell = chosen, tell
        self.failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed = self.failed or report.failed

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        assert not report.failed, report.longrepr

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = session.items
        lines, seconds = self.measured(items)
        gc.unfreeze()  # what conftest put out of sight
        held = [one for one in gc.get_objects() if type(one) is FunctionType]
        for which, module in enumerate(self.chosen):
            self.judge(module, items, [own[which] for own in lines], seconds, held)
        return True

    def judge(
        self,
        module: str,
        items: list[pytest.Item],
        lines: list[set[int]],
        seconds: list[float],
        held: list[FunctionType],
    ) -> None:
        """Tell of each chosen mutant of a module whether tests notice it."""
        file = ROOT / module
        source = file.read_text(encoding="utf-8")
        old = functions_of(ast.parse(source), str(file))
        for number, mutant in enumerate(mutants(source)):
            if number not in self.chosen[module]:
                continue
            chosen = [place for place in range(len(items)) if mutant.line in lines[place]]
            chosen.sort(key=lambda place: seconds[place])
            exchanged = list(exchanges(old, functions_of(mutant.tree, str(file)), held))
            patience = [SLOWER * seconds[place] + 5 for place in chosen]
            noticed = bool(chosen) and self.fails(items, chosen, exchanged, patience)
            told = f"line {mutant.line} survives {len(chosen)} tests: {mutant.told}"
            self.tell(f"{module}: {'noticed' if noticed else told}")

    def measured(self, items: list[pytest.Item]) -> tuple[list[list[set[int]]], list[float]]:
        """Of every test the lines of each module it runs, and its seconds; ends if one fails."""
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            quiet()
            found = [self.watched(items, place) for place in range(len(items))]
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump(found, pipe)
            os._exit(FAILED if self.failed else 0)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            written = pipe.read()
        if os.waitpid(child, 0)[1]:
            pytest.exit("tests fail on the source as it is", FAILED)
        found = pickle.loads(written)
        return [lines for lines, _ in found], [seconds for _, seconds in found]

    def watched(self, items: list[pytest.Item], place: int) -> tuple[list[set[int]], float]:
        # Children that a test forks write there, too.
        seen = {str(ROOT / module): mmap.mmap(-1, LONGEST) for module in self.chosen}

        def calls(frame: FrameType, event: str, _: Any) -> Any:
            own = seen.get(frame.f_code.co_filename)
            if own is not None:
                own[frame.f_lineno] = 1
            return None if own is None else calls

        start = time.process_time()
        threading.settrace(calls)
        sys.settrace(calls)
        try:
            run_one(items, [place], 0)
        finally:
            sys.settrace(None)
            threading.settrace(None)  # type: ignore[arg-type]
        lines = [{line for line, was_run in enumerate(own[:]) if was_run} for own in seen.values()]
        return lines, time.process_time() - start

    def fails(
        self,
        items: list[pytest.Item],
        chosen: list[int],
        exchanged: list[tuple[FunctionType, CodeType]],
        patience: list[float],
    ) -> bool:
        """Whether one of the tests fails, or does not end, with codes exchanged."""
        child = os.fork()
        if not child:
            quiet()
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            for function, code in exchanged:
                function.__code__ = code
            try:
                for turn in range(len(chosen)):
                    most = int(time.process_time() + patience[turn]) + 1
                    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
                    run_one(items, chosen, turn)
                    if self.failed:
                        break
            except BaseException:  # a mutant may do anything; no child may go on as its parent
                self.failed = True
            os._exit(FAILED if self.failed else 0)
        used, look = 0.0, time.monotonic() + IDLE
        while True:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return status != 0
            if time.monotonic() > look:
                before, used = used, processor_time(child)
                if used == before:
                    os.kill(child, 9)
                look = time.monotonic() + IDLE
            time.sleep(0.01)


def run_one(items: list[pytest.Item], chosen: list[int], turn: int) -> None:
    item = items[chosen[turn]]
    following = items[chosen[turn + 1]] if turn + 1 < len(chosen) else None
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def quiet() -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)


def functions_of(tree: ast.Module, place: str) -> dict[tuple[str, int], CodeType]:
    """The codes of a module's outermost functions, by their names and first lines."""

    def inside(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
        for one in code.co_consts:
            if isinstance(one, CodeType):
                if one.co_flags & 2:  # with locals of its own: a function, and no class
                    yield (one.co_qualname, one.co_firstlineno), one
                else:
                    yield from inside(one)

    return dict(inside(compile(tree, place, "exec", dont_inherit=True)))


def exchanges(
    old: dict[tuple[str, int], CodeType],
    new: dict[tuple[str, int], CodeType],
    held: list[FunctionType],
) -> Iterator[tuple[FunctionType, CodeType]]:
    """Every function that is held whose code has changed, with its new code."""
    changed = {key: code for key, code in new.items() if code != old[key]}
    for function in held:
        now = function.__code__
        code = changed.get((now.co_qualname, now.co_firstlineno))
        if code is not None and (code.co_filename, code.co_freevars) == (
            now.co_filename,
            now.co_freevars,
        ):
            yield function, code


def run_compiled() -> None:
    """Have what the plain source writes for the interpreter and LLVM run by them, not by NumPy."""
    native = importlib.import_module(f"{native_kernel.__package__}.native_interpreter")
    native_kernel.native_interpreter = native
    # Direct calls read the fields of compiled Values, which these are not.
    none: Any = SimpleNamespace(available=False)
    sys.modules["autograd_core.program.backends.direct_call"] = none


def main(tests: str, *told: str) -> int:
    chosen = {}
    for one in told:
        module, _, numbers = one.partition("=")
        chosen[module] = set(map(int, numbers.split(",")))
    if any("/backends/" in module or "/passes/ordering" in module for module in chosen):
        run_compiled()
    for module in chosen:  # some are imported late
        importlib.import_module(module.removesuffix(".py").replace("/", "."))
    with os.fdopen(os.dup(1), "w") as out:

        def tell(line: str) -> None:
            print(line, file=out, flush=True)

        quiet()
        options = ["-q", "--tb=no", "-p", "no:cacheprovider", "--hypothesis-seed=0"]
        trying = Trying(chosen, tell)
        return int(pytest.main([*options, *tests.split()], plugins=[trying]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
