"""Whatever is given from outside: an answer, or a documented error, and nothing done besides.

Expressions and options for the one command line, tables and options for the other are drawn from
grammars, mostly nearly right; JSON and pickles are right ones with bytes, tokens and members
changed. What is loaded is used.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import math
import os
import pickle
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from autograd_core import AutogradError, Program, Value, dot, from_json, record, to_json
from autograd_core.__main__ import main as compute
from nn import MLP
from nn.__main__ import main as train
from nn.data import Dataset
from nn.tables.tabular import TableModel
from tests.soak.enduring.grammars import TRAININGS, computation, table
from tests.soak.search import Trial, in_turn

MEMORY = 2**30
"""How many bytes more a changed document or pickle may take."""
SECONDS = 20
"""What any one of them may take."""
IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""Where files are written, if it is there: a disk takes ten times as long as what is tried."""
KEPT = "kept"
"""A file that nobody asked to be written over."""


def told(status: int, complaints: str, name: str, statuses: tuple[int, ...] = (0, 2)) -> str:
    """What is wrong with how a command ended."""
    if status not in statuses:
        return f"status {status}"
    if "Traceback" in complaints or "Warning" in complaints:
        return complaints[-500:]
    lines = complaints.splitlines()
    if status and not (lines and lines[-1].startswith(f"{name}: ") and len(lines[-1]) < 700):
        return f"no line that says why, but {complaints[-500:]!r}"
    return ""


def commanded(main: Callable[[list[str]], int], arguments: list[str]) -> tuple[int, str, str]:
    """A command's status and what it printed."""
    printed, complaints = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(complaints):
        status = main(arguments)
    return status, printed.getvalue(), complaints.getvalue()


def expressions(seed: int, trials: int) -> Iterator[Trial]:
    for number in range(trials):
        arguments = computation(random.Random(f"{seed} {number}"))
        status, _, complaints = commanded(compute, arguments)
        problem = told(status, complaints, "autograd_core")
        if status and complaints.count("\n") != 1:
            problem = problem or f"more than a line: {complaints!r:.500}"
        if Path("made").exists():
            problem = "code of the expression was run"
        what = f"expressions that {'are refused' if status else 'have a value'}"
        yield Trial(what, problem=f"{arguments}: {problem}" if problem else "")


def tables(seed: int, trials: int) -> Iterator[Trial]:
    for number in range(trials):
        source = random.Random(f"{seed} {number}")
        content, target = table(source)
        Path("t.csv").write_bytes(content)
        arguments = ["t.csv", "--target", target, "--epochs", "1"]
        for option in source.sample(TRAININGS, source.choice([0, 1, 2, 3])):
            arguments += option
        status, _, complaints = commanded(train, arguments)
        problem = told(status, complaints, "python -m nn", (0, 1, 2))
        if Path("t.csv").read_bytes() != content:
            problem = problem or "the table was written over"
        if Path("m.json").exists():
            predicting = ["--predict", "m.json", "t.csv"]
            after, printed, complaints = commanded(train, predicting)
            problem = problem or told(after, complaints, "python -m nn")
            if after == 0 and not foretold(printed, content):
                problem = problem or f"predictions {printed!r:.300}"
            Path("m.json").unlink()
        what = f"tables that {'are refused' if status else 'are learned'}"
        yield Trial(what, problem=f"{content!r} {arguments}: {problem}" if problem else "")


def foretold(printed: str, content: bytes) -> bool:
    """Whether these are predictions of a table: finite numbers, or words that stand in it, each
    with a probability."""
    words = {word.strip() for row in csv.reader(io.StringIO(content.decode())) for word in row}
    _, *rows = csv.reader(io.StringIO(printed))
    return all(
        row[0] in words and 0.0 <= float(row[1]) <= 1.0 if row[1:] else math.isfinite(float(row[0]))
        for row in rows
    )


def documents() -> dict[str, tuple[bytes, Callable[[bytes], object]]]:
    """Right ones, and what loads and uses what becomes of them."""
    x, y = Value(2.0, name="x"), Value(-0.0, name="y")
    f = dot([x, y, x], [y, y, 2.0], 1.0).sin() * x + (x < y) * y.where(x, y)
    program = record(lambda a, b: {"s": (a[0] * x).sin() * b + a[1] ** 2}, [1.0, 0.5], 2.0)
    model = MLP(2, [3, 1], seed=0)
    data = Dataset([[0.0, 1.0], [1.0, 0.5], [2.0, 0.0]], [1.0, 2.0, 0.5], ("a", "b"), target="c")
    TableModel.untrained(data, [2], seed=0).save("table.json")
    model.save("state.json")

    def state(content: bytes) -> object:
        Path("s.json").write_bytes(content)
        other = MLP(2, [3, 1], seed=1)
        before = [parameter.data for parameter in other.parameters()]
        try:
            other.load("s.json")
        except Exception:
            assert [parameter.data for parameter in other.parameters()] == before
            raise
        return other([1.0, 2.0])

    def learned(content: bytes) -> object:
        Path("l.json").write_bytes(content)
        return TableModel.load("l.json").predict(data.inputs)

    def replay(content: bytes) -> object:
        loaded = Program.from_json(content)
        arguments = [[0.5, 1.5], 2.0] if len(loaded.names) == 2 else []
        return loaded(*arguments), loaded.using("numpy")(*arguments)

    return {
        "graphs": (to_json(f).encode(), lambda content: from_json(content).backward()),
        "programs": (program.to_json().encode(), replay),
        "parameters": (Path("state.json").read_bytes(), state),
        "models of tables": (Path("table.json").read_bytes(), learned),
    }


DOCUMENTED = (AutogradError, ValueError, TypeError)
MARK = "in its place"
EXTREME = [
    *("9" * 5000, "1" * 400, "1e400", "0." + "1" * 9000, "-0", '"\\ud800"', f'"{"x" * 9000}"'),
    *("[" * 500 + "]" * 500, "[" * 90_000 + "]" * 90_000, '{"a":' * 5000 + "1" + "}" * 5000),
]
"""JSON that the standard library does not write: long numbers, deep nesting."""


def is_told(error: Exception) -> bool:
    """Whether it is of a documented kind and raised by this project itself, not on the way."""
    *_, (innermost, _) = traceback.walk_tb(error.__traceback__)
    raised_by = innermost.f_globals["__name__"].partition(".")[0]
    return isinstance(error, DOCUMENTED) and raised_by in ("autograd_core", "nn")


def garbled(source: random.Random, content: bytes) -> bytes:
    """Bytes changed, cut or doubled, or a member of the JSON replaced by something else."""
    if source.random() < 0.5:
        changed = bytearray(content)
        for _ in range(source.choice([1, 1, 2, 4])):
            place = source.randrange(len(changed) + 1)
            width = source.choice([0, 1, 1, 5])
            new = source.choice([b"", bytes([source.randrange(256)]), b"1e999", b"{", b'"x"', b"-"])
            changed[place : place + width] = new
        return bytes(
            changed[: source.randrange(len(changed) + 1)] if source.random() < 0.2 else changed
        )
    document = json.loads(content)
    place, key = source.choice(list(members(document)))
    strange = [None, True, -1, 2**70, 1.5, "x", "NaN", "\ud800", [], {}, [[]], {"a": 1}, [0] * 5]
    if source.random() < 0.2:
        del place[key]
    elif source.random() < 0.2:
        place[key] = source.choice(list(members(document)))[0]
    else:
        place[key] = source.choice([*strange, MARK])
    try:
        text = json.dumps(document)
        return text.replace(json.dumps(MARK), source.choice(EXTREME)).encode()
    except ValueError:  # what holds itself
        return content[: len(content) // 2]


def members(thing: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a document, as what holds it and its key."""
    for key in thing if isinstance(thing, dict) else range(len(thing)):
        yield thing, key
        if isinstance(thing[key], dict | list):
            yield from members(thing[key])


@contextlib.contextmanager
def within(more: int) -> Iterator[None]:
    """Let the process take only so many more bytes: a changed length may ask for all there are."""
    if not sys.platform.startswith("linux"):
        yield
        return
    import resource

    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (taken + more, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def documents_garbled(
    name: str, content: bytes, use: Callable[[bytes], object], seed: int, trials: int
) -> Iterator[Trial]:
    use(content)
    for number in range(trials):
        changed = garbled(random.Random(f"{seed} {number} {name}"), content)
        problem = ""
        try:
            with within(MEMORY):
                use(changed)
        except Exception as error:
            problem = "" if is_told(error) else f"{changed!r:.2000} raises {error!r}"
        yield Trial(f"JSON of {name}, garbled", problem=problem)


def pickles(seed: int, trials: int) -> Iterator[Trial]:
    """Pickles with bytes changed: they may do what pickles may, but not crash this process.

    "SystemError: deallocated bytearray object has exported buffers" is what CPython prints of a
    bytearray that it got no memory for, and nothing of ours.
    """
    x = Value(2.0, name="x")
    made = [
        [(x * x).sin() * x, x],
        record(lambda a: (a * x).sin() + a**2, 1.0),
        MLP(2, [2], seed=0),
    ]
    written = [pickle.dumps(one) for one in made]
    for number in range(trials):
        source = random.Random(f"{seed} {number}")
        changed = bytearray(source.choice(written))
        for _ in range(source.choice([1, 1, 2, 4])):
            changed[source.randrange(len(changed))] = source.randrange(256)
        with contextlib.suppress(Exception), within(MEMORY):
            loaded = pickle.loads(bytes(changed))
            if isinstance(loaded, list) and isinstance(loaded[0], Value):
                loaded[0].backward()
            elif isinstance(loaded, Program):
                loaded(1.0)
        yield Trial("pickles with bytes changed, which crash nothing")


def search(seed: int, trials: int) -> Iterator[Trial]:
    """`trials` inputs of each kind, in a folder of their own."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        os.chdir(folder)
        try:
            Path(KEPT).write_text(KEPT)
            start = time.perf_counter()
            kinds = [kind(seed, trials) for kind in (expressions, tables, pickles)]
            for name, (content, use) in documents().items():
                kinds.append(documents_garbled(name, content, use, seed, trials))
            for trial in in_turn(kinds):
                now = time.perf_counter()
                slow = ""
                if now - start > SECONDS and "pickles" not in trial.what:  # they may ask for a lot
                    slow = f"it took {now - start:.0f} seconds"
                lost = "" if Path(KEPT).read_text() == KEPT else "a file was written over"
                yield trial._replace(problem=trial.problem or slow or lost)
                start = time.perf_counter()
        finally:
            os.chdir(here)
