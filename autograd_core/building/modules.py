"""What is compiled, and how: the modules, Cython's directives and the compiler's flags."""

from __future__ import annotations

__all__ = [
    "DIRECTIVES",
    "INTERPRETER",
    "MODULES",
    "NODE_DIRECTIVES",
    "SHARED",
    "flags",
    "interpreter_flags",
]

# The interpreter of programs is C with a thin wrapper, and has no plain form.
INTERPRETER = "program.backends.native_interpreter"

# Longest first, so that no processor waits for another at the end.
MODULES = (
    INTERPRETER,
    "value",
    "program.adjoint",
    "program.backends.llvm_runner",
    "program.backends.translator",
    "program.writer",
    "program.tidying",
    "program.backends.grouping",
    "forward",
    "program.fusing",
    "program.backends.summed_products",
    "program.backends.loops",
    "program.backends.reading",
    "sweep",
    "program.backends.rolling",
    "program.backends.keeping",
    "program.backends.tapes",
    "program.trace",
    "nodes",
    "program.dependence",
    "error_function",
    "program.backends.executable",
    "rounding",
    "program.backends.hashing",
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
# A node points at its parents only, so no cycle can close: out of the collector, and reused.
NODE_DIRECTIVES = {"no_gc": True, "freelist": 16384, "final": True}

# No contraction and no fast math: every build, plain or compiled, gives the same bits. Debugging
# symbols would triple the time.
UNIX_FLAGS = ("-g0", "-ffp-contract=off")
MSVC_FLAGS = ("/O2", "/fp:precise")
# -O2 takes twice the time of -O1. An eager step has 3 % fewer instructions by it, one of functions
# 8 %; recording and what comes after it hardly any.
ARITHMETIC = ("value", "forward", "error_function", "rounding")


def flags(module: str, compiler: str) -> list[str]:
    """What a compiler of that type, "unix" or "msvc", is told for the C that Cython wrote.

    Looking for what to warn of in it takes a tenth of the time.
    """
    if compiler == "msvc":
        return [*MSVC_FLAGS]
    return ["-O2" if module in ARITHMETIC else "-O1", "-w", *UNIX_FLAGS]


def interpreter_flags(compiler: str) -> list[str]:
    """What it is told for the interpreter itself, in which nothing reads errno."""
    if compiler == "msvc":
        return [*MSVC_FLAGS]
    return ["-O3", *UNIX_FLAGS, "-fno-math-errno"]
