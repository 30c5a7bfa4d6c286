"""Forks beside threads at work: the child does whatever the parent does, and waits for nobody."""

import ast
import os
import sys
import textwrap
from pathlib import Path

import pytest

import autograd_core
import nn
from autograd_core.forking import LOADED_LATE
from tests.tiers import for_both_tiers

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork"),
    for_both_tiers,
]

SHARED = """
import os, signal, sys, threading, time, warnings
warnings.simplefilter("ignore", DeprecationWarning)  # forking beside threads is what is tested
from autograd_core import Value, detect_anomaly, grad, no_grad, record
from autograd_core.graph import marks

def everything():
    x = Value(2.0)
    with detect_anomaly():
        (x * x).backward()
    with no_grad():
        constant = (x * x).constant
    twice = grad(grad(lambda v: v**3))(2.0)
    return (x.grad, constant, twice, record(lambda v: v * v, 1.0)(3.0)) == (4.0, True, 12.0, 9.0)

def child_of(check):
    child = os.fork()
    if child == 0:
        signal.alarm(60)  # that of a child that waits for ever
        os._exit(0 if check() else 1)
    return os.waitpid(child, 0)[1]

def children_beside(work, check, turns):  # forked while a thread works, a little later each
    over = False
    def loop():
        while not over:
            work()
    thread = threading.Thread(target=loop)
    thread.start()
    found = set()
    for turn in range(turns):
        time.sleep(0.0007 * turn)
        found.add(child_of(check))
    over = True
    thread.join()
    return found
"""


@pytest.fixture(params=["", "1"], ids=["as installed", "plain"])
def output(started, request):
    """What a script prints that succeeds without a complaint."""

    def run(script):
        path = os.pathsep.join(filter(None, sys.path))
        process = started(
            [sys.executable, "-c", SHARED + textwrap.dedent(script)],
            env={**os.environ, "PYTHONPATH": path, "AUTOGRAD_CORE_PLAIN": request.param},
        )
        printed, complaints = process.communicate(timeout=300)
        assert (process.returncode, complaints) == (0, "")
        return printed

    return run


def test_a_child_sweeps_and_records_though_a_thread_has_its_turn(output):
    printed = output(
        """
        begun, over = threading.Event(), threading.Event()
        def work():
            begun.set()
            over.wait()
        thread = threading.Thread(target=marks.in_turn, args=(work,))
        thread.start()
        begun.wait()
        print(child_of(everything))
        over.set()
        thread.join()
        print(everything())
        """
    )
    assert printed == "0\nTrue\n"


def test_a_child_that_is_forked_in_a_turn_goes_on_with_it(output):
    printed = output(
        """
        def work():
            child = os.fork()
            if child == 0:
                signal.alarm(60)
            return child
        child = marks.in_turn(work)
        if child == 0:
            os._exit(0 if everything() else 1)
        print(os.waitpid(child, 0)[1], everything())
        """
    )
    assert printed == "0 True\n"


@pytest.mark.parametrize(
    "work",
    [
        "everything()",
        "for _ in range(50):\n    with no_grad(): pass",
        "record(lambda v: sum((v * v for _ in range(100)), v), 1.0)",
        "record(lambda v: v.sin() * v, 1.0)([1.0] * 5000)",
    ],
    ids=["all", "modes", "recording", "replaying"],
)
def test_children_work_whatever_a_thread_does_meanwhile(output, work):
    printed = output(
        f"""
        work = compile({work!r}, "work", "exec")
        print(children_beside(lambda: exec(work), everything, 6))
        """
    )
    assert printed == "{0}\n"


def test_a_child_compiles_though_a_thread_compiles_and_forgets_programs(output):
    pytest.importorskip("llvmlite")
    printed = output(
        """
        from autograd_core import compiled
        from autograd_core.program.backends.llvm import llvm_program
        llvm_program.KEPT = 1
        numbers = iter(range(10**9))
        def compiles():
            factor = float(next(numbers))
            return record(lambda v: v * factor + v, 1.0).using("llvm")(2.0) == 2.0 * factor + 2.0
        print(children_beside(compiles, compiles, 30))
        """
    )
    assert printed == "{0}\n"


@pytest.mark.parametrize("package", [autograd_core, nn], ids=lambda package: package.__name__)
def test_what_a_function_imports_is_waited_for(package):
    found = set()
    for path in Path(package.__file__).parent.glob("**/*.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Import):
                        found |= {name.name.partition(".")[0] for name in node.names}
                    elif isinstance(node, ast.ImportFrom) and node.module:
                        found.add(node.module.partition(".")[0])
    builders = {"Cython"}  # nobody forks while it builds
    extras = {"networkx"}  # which takes long to import
    assert found - builders - extras <= LOADED_LATE
