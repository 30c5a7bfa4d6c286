"""The engine's source with one small change at a time: a test must fail on every mutant.

A mutant is a module of the plain source in which one operator, constant or condition is another, or
one statement is gone. What is compiled is the same source; the interpreter in C is not mutated. How
tests run on a mutant is `trying`'s, what no test can notice is `equivalent`'s; here stand what is
changed, and which tests must notice.
"""

from __future__ import annotations

import ast
import copy
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tests.soak.mistakes.equivalent import EQUIVALENT, LLVM, NATIVE, PROGRAM
from tests.soak.search import Part, Trial, run, table
from tests.tiers import ALONE, RUN

ROOT = Path(__file__).parents[3]
OF_NATIVE, OF_LLVM = "tests/program/backends/native/", "tests/program/backends/llvm/"
LOOPS = " ".join(f"{OF_NATIVE}test_{name}.py" for name in ("loops", "rolling", "executable"))
RULES = (
    "tests/primitives/test_forward_and_rules.py tests/primitives/test_edge_cases.py "
    "tests/derivatives tests/graph/test_value.py tests/graph/test_rule_of_zeros.py"
)
CODES = "tests/program/adjoint tests/program/passes tests/program/test_program.py"
EXPORTS = "tests/program/exports/test_export_numpy.py tests/program/exports/test_export_jax.py"
SCALARS = "tests/program/exports/test_export_c.py tests/program/exports/test_export_javascript.py"
TARGETS: dict[str, str] = {
    "autograd_core/primitives/rules.py": RULES,
    "autograd_core/graph/marks.py": "tests/graph tests/derivatives",
    "autograd_core/graph/sweep.py": "tests/graph tests/derivatives",
    "autograd_core/graph/traversal.py": "tests/graph tests/derivatives",
    f"{PROGRAM}adjoint/reverse.py": CODES,
    f"{PROGRAM}adjoint/tangent.py": CODES,
    f"{PROGRAM}adjoint/stencils.py": CODES,
    f"{PROGRAM}passes/tidying.py": CODES,
    f"{PROGRAM}passes/fusing.py": CODES,
    f"{PROGRAM}passes/rewriting.py": CODES,
    f"{PROGRAM}exports/arrays/array_writer.py": EXPORTS,
    f"{PROGRAM}exports/arrays/array_references.py": EXPORTS,
    f"{PROGRAM}exports/scalars/scalar_lines.py": SCALARS,
    f"{PROGRAM}exports/c/export_c.py": SCALARS,
    f"{PROGRAM}exports/javascript/javascript_forms.py": SCALARS,
    f"{PROGRAM}updates/update_formulas.py": "tests/nn/test_optim.py tests/program/updates",
    f"{PROGRAM}passes/ordering.py": "tests/program/passes/test_ordering.py",
    f"{NATIVE}rolls.py": LOOPS,
    f"{NATIVE}rolling.py": LOOPS,
    f"{NATIVE}periods.py": LOOPS,
    f"{LLVM}kept_programs.py": f"{OF_LLVM}test_kept_programs.py",
    f"{LLVM}kept_code.py": f"{OF_LLVM}test_kept_programs.py",
    f"{LLVM}object_loader.py": f"{OF_LLVM}test_object_loader.py",
    f"{LLVM}rolled/kept_loops.py": f"{OF_LLVM}test_rolled.py",
    f"{LLVM}rolled/loop_bodies.py": f"{OF_LLVM}test_rolled.py",
    f"{LLVM}rolled/loop_text.py": f"{OF_LLVM}test_rolled.py",
    f"{LLVM}rolled/rolled_kernel.py": f"{OF_LLVM}test_rolled.py",
    f"{LLVM}plan/llvm_doubts.py": f"{OF_LLVM}test_llvm_doubts.py",
    f"{LLVM}plan/llvm_line.py": f"{OF_LLVM}test_llvm_loops.py",
    f"{LLVM}plan/llvm_loops.py": f"{OF_LLVM}test_llvm_loops.py",
    f"{LLVM}plan/llvm_looped.py": f"{OF_LLVM}test_llvm_loops.py",
    f"{LLVM}text/llvm_turns.py": f"{OF_LLVM}test_llvm_turns.py",
    "nn/optim.py": "tests/nn/test_optim.py tests/nn/test_schedules.py tests/nn/descent",
}
"""The modules that are mutated, and the tests that must notice."""
COMPILED_ALONE = {"_INTERRUPTIBLE": "orelse", "commit": "body"}
"""Branches by their conditions that plain Python, in which mutants run, never takes."""
RELEASING = ("memory.release", "slabs.drop")
"""Calls that do nothing in plain Python, whose collector does it."""

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
    if isinstance(node, REMOVED) or (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) not in RELEASING
    ):
        # Not just gone, so that the function has the same variables and those of the class.
        yield ast.If(ast.Constant(False), [changed], [])


class Replacing(ast.NodeTransformer):
    """Puts another node in the place of one."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return ast.copy_location(self.new, node) if node is self.old else self.generic_visit(node)


class Place(NamedTuple):
    """A node, what may stand in its place, and the function in which it is."""

    node: ast.AST
    new: ast.AST
    function: str

    @property
    def told(self) -> str:
        """What is changed, wherever its line is now."""
        return f"{self.function}: {shown(self.node)} became {shown(self.new)}"


def tells(found: list[Place]) -> list[str]:
    """What each changes; of those that read alike in a function, which of them."""
    often, met = Counter(place.told for place in found), Counter[str]()
    texts = []
    for place in found:
        met[place.told] += 1
        alike = often[place.told]
        texts.append(place.told + (f", {met[place.told]} of {alike}" if alike > 1 else ""))
    return texts


def places(tree: ast.Module) -> Iterator[Place]:
    """All that can be changed.

    What only runs at import is left alone, and what only runs compiled.
    """
    compiled = {
        id(one)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and isinstance(branch.test, ast.Name)
        for statement in getattr(branch, COMPILED_ALONE.get(branch.test.id, ""), ())
        for one in ast.walk(statement)
    }
    inside: dict[int, str] = {}
    for function in ast.walk(tree):  # the outer ones first
        if isinstance(function, ast.FunctionDef):
            for statement in function.body:
                for one in ast.walk(statement):
                    inside[id(one)] = function.name
    for node in list(ast.walk(tree)):
        if id(node) in inside and id(node) not in compiled:
            for new in changes(node):
                yield Place(node, new, inside[id(node)])


class Mutant(NamedTuple):
    """A changed source; its lines are where they were."""

    tree: ast.Module
    line: int
    told: str


def mutants(source: str) -> Iterator[Mutant]:
    """A mutant after the other, of one tree: what is done with one is done before the next."""
    tree = ast.parse(source)
    found = list(places(tree))
    for (node, new, _), told in zip(found, tells(found), strict=True):
        changed = Replacing(node, new).visit(tree)
        ast.fix_missing_locations(changed)
        line = getattr(node, "test", node).lineno  # the one that is run: conditions may be long
        yield Mutant(changed, line, told)
        Replacing(new, node).visit(tree)


def shown(node: ast.AST) -> str:
    if isinstance(node, ast.If) and isinstance(node.test, ast.Constant):
        return "nothing"
    return f"`{ast.unparse(node).splitlines()[0]}`"


def told(module: str) -> list[str]:
    """What can be changed in a module."""
    source = (ROOT / module).read_text(encoding="utf-8")
    return [f"{module}: {text}" for text in tells(list(places(ast.parse(source))))]


def possible(module: str) -> list[int]:
    """The numbers of a module's mutants that can be noticed."""
    return [number for number, change in enumerate(told(module)) if change not in EQUIVALENT]


def search(seed: int, trials: int, part: str = "") -> Iterator[Trial]:
    """So many mutants of each module whose path has a part, drawn at random; survivors are told."""
    together: dict[str, list[str]] = {}
    for module, tests in TARGETS.items():
        if part in module:
            together.setdefault(tests, []).append(module)
    for tests, modules in together.items():
        yield from of_modules(modules, tests, seed, trials)


def of_modules(modules: list[str], tests: str, seed: int, trials: int) -> Iterator[Trial]:
    """The same of some modules: their tests run in a process that forks for each mutant."""
    every = {module: possible(module) for module in modules}
    chosen = {
        module: random.Random(seed).sample(numbers, min(trials, len(numbers)))
        for module, numbers in every.items()
    }
    command = [sys.executable, "-m", "tests.soak.mistakes.trying", tests]
    command += [f"{module}={','.join(map(str, numbers))}" for module, numbers in chosen.items()]
    environment = {**os.environ, "AUTOGRAD_CORE_PLAIN": "1", RUN: ALONE, "PYTHONPATH": str(ROOT)}
    environment["AUTOGRAD_CORE_CACHE"] = "0"  # what is kept on disk is not the mutant's
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                module, _, told = line.strip().partition(": ")
                what = f"mutants of {module}, of {len(every[module])}"
                yield Trial(what, problem="" if told == "noticed" else told)
            ended = process.wait()
        finally:
            process.kill()
    assert ended == 0, f"{tests} fail unchanged"


if __name__ == "__main__":  # of some modules alone: a part of their paths, so many of each, a seed
    part, trials, seed = sys.argv[1], int(sys.argv[2]), int((*sys.argv, 1)[3])
    every = Part("mutants", partial(search, part=part), 1, 1000, shown=trials)
    rows = run(every, seed, trials, show=True)
    print(table(rows))
