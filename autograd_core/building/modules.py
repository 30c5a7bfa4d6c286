"""What is compiled, and how: the modules, Cython's directives and the compiler's flags."""

from __future__ import annotations

__all__ = [
    "DECLARED",
    "DIRECTIVES",
    "HEADERS",
    "INTERPRETER",
    "MODULES",
    "NODES",
    "NODE_DIRECTIVES",
    "ON_MEMORY",
    "SHARED",
    "UPDATES",
    "flags",
    "interpreter_flags",
]

# The interpreter of programs is C with a thin wrapper, and has no plain form; nor has the driver of
# it and of LLVM's code, what calls them on numbers in memory, and the memory that code runs in.
INTERPRETER = "program.backends.native.native_interpreter"
ON_MEMORY = (
    "program.backends.direct_call",
    "program.backends.step_runs",
    "program.backends.machine.machine",
    "program.backends.llvm.llvm_machine",
    "program.backends.llvm.executable_memory",
)
UPDATES = "program.updates.compiled_updates"

# Longest first, so that no processor waits for another at the end.
MODULES = (
    INTERPRETER,
    *ON_MEMORY,
    "graph.nodes.operators",
    "program.adjoint.reverse",
    "program.backends.native.translator",
    "program.code.writer",
    "program.passes.tidying",
    "program.backends.native.roles",
    "primitives.forward",
    "program.passes.fusing",
    "program.passes.rewriting",
    "program.adjoint.stencils",
    "program.backends.native.summed_products",
    "program.backends.native.loops",
    "program.backends.native.placing",
    "program.backends.native.reading",
    "graph.value",
    "graph.sweep",
    "graph.marks",
    "graph.nodes.making",
    "graph.nodes.node",
    "program.backends.native.rolling",
    "program.backends.native.periods",
    "program.backends.native.rolls",
    "program.backends.native.keeping",
    "program.backends.native.tapes",
    "program.code.trace",
    "graph.sums",
    "graph.traversal",
    "graph.nodes.switches",
    "program.analysis.uses",
    "program.analysis.operands",
    "program.analysis.dependence",
    "shuffling",
    "primitives.error_function",
    "program.backends.native.executable",
    "primitives.rounding",
    "primitives.exponential",
    "primitives.logarithm",
    "primitives.circular",
    "primitives.inverses",
    "primitives.polar",
    "primitives.powers",
    UPDATES,
)

# Those whose .pxd a build writes: functions of doubles.
DECLARED = (
    "forward",
    "exponential",
    "logarithm",
    "circular",
    "inverses",
    "polar",
    "error_function",
    "powers",
)

# What Cython's arrays are made of, once for all modules.
SHARED = "_arrays"

# C's arithmetic, which is IEEE 754's, in place of Python's exceptions; no checks that the source
# does not need; annotations are for readers and type checkers, C types come from the .pxd alone.
DIRECTIVES = {
    "language_level": 3,
    "cdivision": True,
    "boundscheck": False,
    "wraparound": False,
    "initializedcheck": False,
    "nonecheck": False,
    "binding": False,
    "annotation_typing": False,
}
# A node points at its parents only, so no cycle can close: its type is out of the collector.
NODES = ("graph.nodes.node", "graph.nodes.operators", "graph.value")
NODE_DIRECTIVES = {"no_gc": True, "auto_pickle": False}
HEADERS = "graph/nodes"
"""Where the C is that the modules include."""

# No contraction and no fast math: every build, plain or compiled, gives the same bits. Debugging
# symbols would triple the time.
UNIX_FLAGS = ("-g0", "-ffp-contract=off")
MSVC_FLAGS = ("/O2", "/fp:precise")
# -O2 takes twice the time of -O1. An eager step has 3 % fewer instructions by it, one of functions
# 8 %; recording and what comes after it hardly any.
ARITHMETIC = (
    "graph.nodes.operators",
    "graph.nodes.making",
    "graph.sums",
    "graph.marks",
    "graph.sweep",
    "graph.value",
    "program.backends.machine.machine",
    "program.backends.llvm.llvm_machine",
    "primitives.forward",
    "primitives.error_function",
    "primitives.rounding",
    "primitives.exponential",
    "primitives.logarithm",
    "primitives.circular",
    "primitives.inverses",
    "primitives.polar",
    "primitives.powers",
)


def flags(module: str, compiler: str) -> list[str]:
    """What a compiler of that type, "unix" or "msvc", is told for the C that Cython wrote.

    Looking for what to warn of in it takes a tenth of the time.
    """
    if compiler == "msvc":
        return [*MSVC_FLAGS]
    if module == UPDATES:
        return [*interpreter_flags(compiler), "-w"]
    return ["-O2" if module in ARITHMETIC else "-O1", "-w", *UNIX_FLAGS]


def interpreter_flags(compiler: str) -> list[str]:
    """What it is told for the interpreter itself, in which nothing reads errno."""
    if compiler == "msvc":
        return [*MSVC_FLAGS]
    return ["-O3", *UNIX_FLAGS, "-fno-math-errno"]
