"""The doors of both packages: they open at once, name everything, and load what is asked for."""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import autograd_core
import nn

DOORS = pytest.mark.parametrize("door", [autograd_core, nn], ids=lambda door: door.__name__)
# What a star import must not replace.
PYTHONS_OWN = {"abs", "pow", "sum"}
# What serves packages that stand on the engine, and nobody at a prompt.
FOR_PACKAGES = {
    "StrictReader",
    "Update",
    "check_takes",
    "check_target",
    "checked_function",
    "checked_limit",
    "choice",
    "distinct_leaves",
    "dots",
    "file_path",
    "flag",
    "got",
    "json_number",
    "lazy_names",
    "listed",
    "not_entered",
    "real",
    "run_command",
    "shown",
    "shuffled",
    "too_deep",
    "whole",
    "write_file",
}


def outcome(script: str, **variables: str) -> str:
    """What a script prints in a process of its own, where nothing is imported yet."""
    paths = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-W", "ignore:autograd_core runs uncompiled", "-c", script],
        env=os.environ | paths | variables,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def told_to_checkers(door: ModuleType) -> dict[str, str]:
    """The names that a door imports for type checkers only, and the module each comes from."""
    tree = ast.parse(Path(door.__file__ or "").read_text(encoding="utf-8"))
    return {
        name.name: node.module or ""
        for block in tree.body
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }


@pytest.mark.parametrize(
    "work",
    [
        "from autograd_core import Value",
        "from autograd_core import Value, sin; f = sin(Value(2.0)) * 3.0; f.backward()",
        "from autograd_core import grad, hessian; hessian(lambda p: p[0] ** 2 * p[1])([2.0, 3.0])",
        "from autograd_core import exp, gradcheck; gradcheck(lambda x: exp(x), 0.5, order=2)",
        "from nn import MLP",
        "import nn; m = nn.MLP(2, [3, 1]); nn.losses.hinge(m([1.0, 2.0]), 1.0).backward()\n"
        "for p in m.parameters(): p.data -= 0.1 * p.grad\n"
        "m.load_state_dict(m.state_dict()); m.zero_grad(); repr(m)",
    ],
)
def test_what_needs_no_arrays_imports_nothing_for_them(work):
    modules = ("numpy", "graphviz", "wasmtime", "llvmlite", "tqdm", "autograd_core.testing")
    modules += ("autograd_core.program", "autograd_core.drawing", "autograd_core.forms")
    script = f"{work}\nimport sys\nprint([module for module in {modules} if module in sys.modules])"
    assert outcome(script) == "[]"


def test_a_recording_imports_nothing_that_writes_or_draws_programs():
    work = """
from autograd_core import record
program = record(lambda x, y: x * y.sin(), 0.0, 0.0)
program.value_and_grad([1.0, 2.0], 3.0), program.gradient(), str(program)
"""
    modules = ("graphviz", "llvmlite", "autograd_core.drawing", "autograd_core.program.exports")
    modules += ("autograd_core.program.saving.program_json",)
    modules += ("autograd_core.program.showing.statistics",)
    script = f"{work}\nimport sys\nprint([module for module in {modules} if module in sys.modules])"
    assert outcome(script) == "[]"


def test_the_door_imports_none_of_python_s_large_modules():
    large = ("inspect", "dataclasses", "decimal", "fractions", "importlib.abc", "tempfile")
    script = f"import autograd_core, sys\nprint([one for one in {large} if one in sys.modules])"
    already = outcome(f"import sys\nprint([one for one in {large} if one in sys.modules])")
    assert outcome(script) == already


@DOORS
def test_every_name_leads_to_what_checkers_are_told(door):
    told = told_to_checkers(door)
    for name, home in told.items():
        expected = getattr(importlib.import_module(home), name, None)
        if expected is None:  # a module itself
            expected = importlib.import_module(f"{home}.{name}")
        assert getattr(door, name) is expected, f"{name} is not at home where the door says"
    bound_at_once = {"Value", "compiled"} & set(door.__all__)
    not_starred = (PYTHONS_OWN | FOR_PACKAGES) & set(told)
    named, imported = set(door.__all__) | not_starred, set(told) | bound_at_once
    assert imported == named, (
        f"{door.__name__}/__init__.py imports {sorted(imported - named)} without naming them in "
        f"__all__, and names {sorted(named - imported)} without importing them"
    )


@DOORS
def test_tab_completion_shows_every_name(door):
    assert set(door.__all__) | set(told_to_checkers(door)) <= set(dir(door))


@DOORS
def test_a_star_import_brings_every_name_and_leaves_python_s(door):
    script = (
        f"before = set(globals())\nfrom {door.__name__} import *\n"
        "print(sorted(globals().keys() - before - {'before'}))"
    )
    assert outcome(script) == str(sorted(door.__all__))


@DOORS
def test_a_misspelt_name_is_refused(door):
    with pytest.raises(AttributeError, match=f"module '{door.__name__}' has no attribute 'Valeu'"):
        door.Valeu  # noqa: B018
    with pytest.raises(ImportError, match="Valeu"):
        exec(f"from {door.__name__} import Valeu", {})


@pytest.mark.parametrize("module", ["autograd_core.program.record", "nn.optim.Adam"])
def test_a_module_opens_by_its_own_name(module):
    package = module.partition(".")[0]
    assert outcome(f"import {package}\nprint(callable({module}))") == "True"


def test_a_module_that_is_imported_leaves_a_function_its_name():
    script = (
        "import autograd_core.derivatives.gradcheck\nprint(type(autograd_core.gradcheck).__name__)"
    )
    assert outcome(script) == "function"


def test_a_module_opened_later_is_plain_where_plain_was_asked_for():
    script = (
        "import autograd_core, sys\n"
        "autograd_core.record\n"
        "trace = sys.modules['autograd_core.program.code.trace']\n"
        "print(autograd_core.compiled, trace.__file__[-3:])"
    )
    assert outcome(script, AUTOGRAD_CORE_PLAIN="1") == "False .py"


def test_a_door_opens_a_module_again_where_two_threads_stood_in_each_other_s_way():
    """One has the lock of a module and wants its package, the other the other way round."""
    script = """
import sys, threading, time, autograd_core
from importlib import _bootstrap

inner = _bootstrap._get_module_lock("autograd_core.explaining.derivation")
failures, inside = [], threading.Event()

class Slow:
    def find_spec(self, name, *of):
        if name == "autograd_core.explaining.explanation" and not inside.is_set():
            inside.set()  # its package is being imported
            time.sleep(0.3)

def module_first():
    inner.acquire()
    inside.wait()
    import autograd_core.explaining
    inner.release()

def package_first():
    try:
        autograd_core.explain
    except BaseException as error:  # of a thread, which would only be printed
        failures.append(error)

sys.meta_path.insert(0, Slow())
threads = [threading.Thread(target=work) for work in (module_first, package_first)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(failures, autograd_core.explain.__name__)
"""
    assert outcome(script) == "[] explain"


def test_threads_may_open_modules_at_the_same_time():
    script = """
import threading
import autograd_core, nn

asked = [(door, name) for door in (nn, autograd_core) for name in door.__all__] * 4
start, failures = threading.Barrier(8), []

def ask(mine):
    start.wait()
    for door, name in mine:
        try:
            getattr(door, name)
        except BaseException as error:  # likewise
            failures.append((name, error))

threads = [threading.Thread(target=ask, args=[asked[k::8] + asked[::-1]]) for k in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(failures, len({id(autograd_core.grad), id(autograd_core.derivatives.functional.grad)}))
"""
    assert outcome(script) == "[] 1"
