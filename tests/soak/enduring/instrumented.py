"""The tests of what is compiled, with every compiled module under two sanitizers, and valgrind.

    python -m tests.soak.enduring.instrumented                 # all of TESTS
    python -m tests.soak.enduring.instrumented tests/graph
    python -m tests.soak.enduring.instrumented --valgrind      # a short program, as installed

A copy of the source is compiled with AddressSanitizer and UndefinedBehaviorSanitizer in a folder of
its own. What they report ends the process and is written to a file besides, so that no test hides
it; first a mistake is made on purpose, which must come out there. Needs gcc, and valgrind for that.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.soak.__main__ import setting

ROOT = Path(__file__).parents[3]
SANITIZERS = "-fsanitize=address,undefined -fno-sanitize-recover=all"
TESTS = [
    "tests/graph",
    "tests/derivatives",
    "tests/primitives/test_elementary.py",
    "tests/program/adjoint",
    "tests/program/passes",
    "tests/program/backends",
    "tests/nn/training",
]
MEASURED = "memory_goes_back"
"""A test of how much memory is given back, of which AddressSanitizer keeps what was freed."""
COMPILES = "tests/program/backends/native/test_native_fuzz.py"
"""Which compiles with sanitizers itself."""
MISTAKE = """
import ctypes, sys
ctypes.CDLL(sys.argv[1]).beyond(int(sys.argv[2]))
"""
SHORT = """
import gc, pickle
import numpy
from autograd_core import Value, dot, gradients, record
from nn import MLP, fit

xs = [Value(0.25 * k - 1.0) for k in range(40)]
loss = dot(xs, xs) + sum((x.sin() * y.exp() for x, y in zip(xs, xs[1:])), Value(0.0))
loss.backward()
again = pickle.loads(pickle.dumps(loss))
gradients(loss, xs, create_graph=True)
program = record(lambda p: (p[0] * p[1]).tanh() + dot(p, p), [0.5, 0.25, 2.0])
program.value_and_grad(numpy.random.default_rng(0).normal(size=(300, 3)))
fit(MLP(2, [3, 1], seed=0), [[0.0, 1.0], [1.0, 0.0]], [1.0, 0.0], epochs=3, progress=False)
del xs, loss, again
gc.collect()
"""


class Run(NamedTuple):
    """What came of some tests."""

    tests: str
    told: str
    """pytest's last line."""
    right: bool
    reports: list[str]
    seconds: float


def library(name: str) -> str:
    command = ["gcc", f"-print-file-name={name}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def environment(folder: Path) -> dict[str, str]:
    """That of a process whose modules are instrumented; reports go into the folder."""
    where = f"log_path={folder}/report:print_stacktrace=1"
    return {
        **os.environ,
        # In this order, or what is undefined goes to standard error, which tests may hide.
        "LD_PRELOAD": f"{library('libubsan.so')} {library('libasan.so')}",
        "ASAN_OPTIONS": "detect_leaks=0:verify_asan_link_order=0:max_allocation_size_mb=4000:"
        f"allocator_may_return_null=1:{where}",
        "UBSAN_OPTIONS": where,
        "PYTHONMALLOC": "malloc",
        "PYTHONPATH": str(folder / "source"),
        "AUTOGRAD_CORE_CACHE": "0",
    }


def compiled(folder: Path) -> None:
    """A copy of the source in the folder, compiled with the sanitizers."""
    left_out = shutil.ignore_patterns("*.so", "__pycache__", ".*", "build", "*.egg-info")
    shutil.copytree(ROOT, folder / "source", ignore=left_out)
    flags = f"{SANITIZERS} -fno-omit-frame-pointer -O1 -g1"
    build = [sys.executable, "-c", "from setuptools import setup; setup()"]
    subprocess.run(
        [*build, "-q", "build_ext", "--inplace"],
        cwd=folder / "source",
        env={**os.environ, "CC": "gcc", "CFLAGS": flags, "LDFLAGS": SANITIZERS},
        check=True,
    )


def reported(folder: Path) -> list[str]:
    """What the sanitizers have written, which is not there afterwards."""
    found = []
    for file in sorted(folder.glob("report*")):
        found.append(file.read_text(encoding="utf-8", errors="replace"))
        file.unlink()
    return found


def bites(folder: Path, sanitizers: str = SANITIZERS) -> None:
    """Make both kinds of mistake, and raise an error if either is not reported."""
    source, shared = folder / "mistake.c", folder / "mistake.so"
    source.write_text(
        "#include <stdlib.h>\n"
        "int beyond(int by) { int *p = malloc(4); return by > 31 ? 1 << by : p[by]; }\n"
    )
    flags = ["-shared", "-fPIC", *sanitizers.split()]
    subprocess.run(["gcc", *flags, str(source), "-o", str(shared)], check=True)
    for by, expected in ((33, "runtime error: shift"), (1, "heap-buffer-overflow")):
        command = [sys.executable, "-c", MISTAKE, str(shared), str(by)]
        done = subprocess.run(command, env=environment(folder), capture_output=True)
        if done.returncode == 0 or expected not in "".join(reported(folder)):
            raise RuntimeError(f"the sanitizers do not report a mistake: {expected}")


def sanitized(tests: list[str]) -> Iterator[Run]:
    """The tests, a folder or file after the other."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bites(folder)
        compiled(folder)
        for one in tests:
            start = time.monotonic()
            command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
            command += ["-k", f"not {MEASURED}", f"--ignore={COMPILES}"]
            done = subprocess.run(
                [*command, *one.split()],
                cwd=folder / "source",
                env=environment(folder),
                capture_output=True,
                text=True,
            )
            told = (done.stdout.strip().splitlines() or ["nothing"])[-1]
            if done.returncode:
                print(done.stdout[-4000:], done.stderr[-4000:], file=sys.stderr)
            reports = reported(folder)
            right = done.returncode == 0 and not reports
            yield Run(one, told, right, reports, time.monotonic() - start)


def under_valgrind() -> Run:
    """A short program, as it is installed; only errors in the package's own modules count."""
    start = time.monotonic()
    done = subprocess.run(
        ["valgrind", "--error-limit=no", "--num-callers=40", sys.executable, "-c", SHORT],
        cwd=ROOT,
        env={**os.environ, "PYTHONMALLOC": "malloc", "AUTOGRAD_CORE_CACHE": "0"},
        capture_output=True,
        text=True,
    )
    blocks = re.split(r"^==\d+== *$", done.stderr, flags=re.M)
    reports = [block for block in blocks if " at 0x" in block and "autograd_core" in block]
    told = f"ended with status {done.returncode}, {len(blocks)} paragraphs"
    right = done.returncode == 0 and not reports and "ERROR SUMMARY" in done.stderr
    return Run("a short program under valgrind", told, right, reports, time.monotonic() - start)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.soak.enduring.instrumented", description=__doc__.split("\n")[0]
    )
    parser.add_argument("tests", nargs="*", default=TESTS)
    parser.add_argument("--valgrind", action="store_true")
    chosen = parser.parse_args()
    wrong = 0
    print("| tests | what came of them | reports | seconds |\n|---|---|---:|---:|")
    for run in [under_valgrind()] if chosen.valgrind else sanitized(chosen.tests):
        wrong += not run.right
        row = f"| {run.tests} | {run.told} | {len(run.reports)} | {run.seconds:.0f} |"
        print(row, *run.reports, sep="\n", flush=True)
    print(f"\n{setting()}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
