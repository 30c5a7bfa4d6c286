"""The engine's source with one small change at a time: the tests of the changed module must fail.

A mutant is a module of a copy of the plain source in which one operator, constant or condition is
another, or one statement is gone; the tests named for the module here run on the copy, uncompiled.
What is compiled is the same source; the interpreter in C is not mutated.
"""

from __future__ import annotations

import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.soak.search import Trial

ROOT = Path(__file__).parents[3]
TARGETS: dict[str, str] = {
    "autograd_core/primitives/rules.py": "tests.soak --part accuracy --trials 1",
    "autograd_core/graph/sweep.py": (
        "pytest tests/graph/test_sweep.py tests/graph/test_rule_of_zeros.py"
    ),
    "autograd_core/program/adjoint/reverse.py": "pytest tests/program/adjoint",
    "autograd_core/program/passes/tidying.py": "pytest tests/program/passes tests/program/adjoint",
    "autograd_core/program/passes/fusing.py": "pytest tests/program/passes tests/program/adjoint",
    "autograd_core/program/exports/arrays/array_writer.py": (
        "pytest tests/program/exports/test_export_numpy.py"
    ),
    "nn/optim.py": "pytest tests/nn/test_optim.py tests/nn/test_descent.py",
}
"""The modules that are mutated, and the command that must notice."""

OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
REMOVED = ast.Assign | ast.AugAssign | ast.Continue | ast.Break | ast.Raise
SLOWER = 5
"""How many times longer than unchanged ones tests may take until a mutant counts as noticed."""


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in a node's place."""
    changed = copy.deepcopy(node)
    if isinstance(changed, ast.BinOp | ast.BoolOp | ast.AugAssign):
        other = OPERATORS.get(type(changed.op))
        if other:
            changed.op = other()  # type: ignore[assignment]
            yield changed
    elif isinstance(changed, ast.Compare) and type(changed.ops[0]) in OPERATORS:
        changed.ops[0] = OPERATORS[type(changed.ops[0])]()  # type: ignore[call-overload]
        yield changed
    elif isinstance(changed, ast.UnaryOp):
        yield changed.operand
    elif isinstance(changed, ast.Constant) and type(changed.value) in (int, float):
        changed.value += 1
        yield changed
    elif isinstance(changed, ast.Constant) and type(changed.value) is bool:
        changed.value = not changed.value
        yield changed
    elif isinstance(changed, ast.IfExp):
        yield changed.body
        yield changed.orelse
    elif isinstance(changed, ast.If | ast.While):
        changed.test = ast.UnaryOp(ast.Not(), changed.test)
        yield changed
    elif isinstance(changed, REMOVED) or (
        isinstance(changed, ast.Expr) and isinstance(changed.value, ast.Call)
    ):
        yield ast.Pass()


class Replacing(ast.NodeTransformer):
    """Puts another node in the place of one."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return ast.copy_location(self.new, node) if node is self.old else self.generic_visit(node)


def mutants(source: str) -> list[tuple[str, str]]:
    """Every changed source, with what was changed in it; what only runs at import is left alone."""
    tree = ast.parse(source)
    found = []
    inside = {
        id(one)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for statement in function.body
        for one in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if id(node) not in inside:
            continue
        for new in changes(node):
            told = f"line {node.lineno}: {shown(node)} became {shown(new)}"  # type: ignore[attr-defined]
            changed = Replacing(node, new).visit(tree)
            found.append((ast.unparse(ast.fix_missing_locations(changed)), told))
            Replacing(new, node).visit(tree)
    return found


def shown(node: ast.AST) -> str:
    return f"`{ast.unparse(node).splitlines()[0]}`"


def search(seed: int, trials: int) -> Iterator[Trial]:
    """So many mutants of each module, drawn at random; survivors are told."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        unbuilt = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd", "*.c", ".*")
        for name in ("autograd_core", "nn", "tests", "notebooks"):
            shutil.copytree(ROOT / name, here / name, ignore=unbuilt)
        shutil.copy(ROOT / "pyproject.toml", here)
        for module, tests in TARGETS.items():
            start = time.perf_counter()
            assert notice(here, tests, 600) == "", f"the tests of {module} fail unchanged"
            patience = SLOWER * (time.perf_counter() - start)
            source = (here / module).read_text(encoding="utf-8")
            every = mutants(source)
            for text, told in random.Random(seed).sample(every, min(trials, len(every))):
                (here / module).write_text(text, encoding="utf-8")
                problem = "" if notice(here, tests, patience) else f"survives: {told}"
                yield Trial(f"mutants of {module}, of {len(every)}", problem=problem)
            (here / module).write_text(source, encoding="utf-8")


def notice(folder: Path, tests: str, patience: float) -> str:
    """How the tests fail in a copy of the package; empty if they pass."""
    environment = {**os.environ, "AUTOGRAD_CORE_PLAIN": "1", "PYTHONPATH": str(folder)}
    more = ["-x", "-q", "-p", "no:cacheprovider"] if tests.startswith("pytest") else []
    command = [sys.executable, "-m", *tests.split(), *more]
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=patience
        )
    except subprocess.TimeoutExpired:
        return "they take too long"
    return f"status {done.returncode}" if done.returncode else ""
