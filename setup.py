"""The compiled half of the build; everything else about the package stands in pyproject.toml.

Some modules of `autograd_core` are compiled from the very Python source that runs without a
compiler; the `.pxd` beside each gives Cython its C types. They are compiled together or not at all,
and an installation never fails for want of a compiler, of Python's headers or of Cython: it then
installs the plain source and says so in one line. AUTOGRAD_CORE_PLAIN=1 asks for that outright.
"""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

PLAIN = os.environ.get("AUTOGRAD_CORE_PLAIN", "") not in ("", "0")

MODULES = (
    "rounding",
    "error_function",
    "forward",
    "rules",
    "sweep",
    "value",
    "nodes",
    "program.writer",
    "program.trace",
    "program.adjoint",
    "program.fusing",
    "program.tidying",
    "program.backends.hashing",
    "program.backends.reading",
    "program.backends.summed_products",
    "program.backends.rolling",
    "program.backends.keeping",
    "program.backends.grouping",
    "program.backends.tapes",
    "program.backends.translator",
    "program.backends.loops",
    "program.backends.executable",
    "program.backends.llvm_runner",
    "program.dependence",
)

# The interpreter of programs is C with a thin wrapper, and has no plain form.
INTERPRETER = "program.backends.native_interpreter"
BACKENDS = "autograd_core/program/backends"

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
# symbols would triple the time. `rules` is many small functions, which -O2 makes no faster.
UNIX_FLAGS = ("-g0", "-ffp-contract=off")
MSVC_FLAGS = ("/O2", "/fp:precise")
OPTIMIZATION = {"rules": "-O1", "native_interpreter": "-O3"}


def extension(module: str) -> Extension:
    """One module, still as Python source."""
    return Extension(f"autograd_core.{module}", [f"autograd_core/{module.replace('.', '/')}.py"])


def interpreter() -> Extension:
    """The interpreter of programs."""
    return Extension(
        f"autograd_core.{INTERPRETER}",
        [f"{BACKENDS}/native_interpreter.pyx", f"{BACKENDS}/interpreter.c"],
        include_dirs=[BACKENDS],
        depends=sorted(map(str, Path(BACKENDS).glob("*.h"))),
    )


def reason(error: BaseException) -> str:
    """What went wrong, in one line; of a compiler that failed, its name and not its arguments."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, subprocess.CalledProcessError):
            program = cause.cmd if isinstance(cause.cmd, str) else cause.cmd[0]
            return f"{program} ended with status {cause.returncode}; its own words stand above"
        cause = cause.__cause__ or cause.__context__
    return " ".join(str(error).split()) or type(error).__name__


class CompileAllOrNothing(build_ext):
    """Compile the modules, or leave no trace of them: compiled and plain ones do not mix."""

    def finalize_options(self) -> None:
        super().finalize_options()
        self.parallel = self.parallel or os.cpu_count()

    def run(self) -> None:
        try:
            if sys.implementation.name != "cpython":
                raise RuntimeError(f"{sys.implementation.name} runs the plain source faster")
            self._write_c()
            super().run()
        except Exception as error:  # whatever went wrong, the plain source runs
            self._remove_compiled()
            self.extensions = []
            print(
                "warning: autograd_core is installed uncompiled and runs many times slower, for "
                f"want of a working compiler: {reason(error)}",
                file=sys.stderr,
            )

    def _write_c(self) -> None:
        """Have Cython write the C of every module into the build's own folder."""
        from Cython.Build import cythonize
        from Cython.Compiler import Options

        # Cython takes directives of classes only as decorators, which would need Cython at run time
        # in the source, or from a .pxd, which it ignores for all but `final`. Known as defaults,
        # they may be given to cythonize() for a module with one class.
        Options._directive_defaults.update(no_gc=False, freelist=0, final=False)
        written_here = Path(self.build_temp, "written")
        written_here.mkdir(parents=True, exist_ok=True)
        functions = runpy.run_path(f"{BACKENDS}/interpreter_functions.py")["forward_functions"]()
        (written_here / "forward_functions.h").write_text(functions, encoding="utf-8")
        for module in self.extensions:
            module.include_dirs.append(str(written_here))
            is_node = module.name == "autograd_core.value"
            (written,) = cythonize(
                [module],
                build_dir=os.path.join(self.build_temp, "cython"),
                compiler_directives=DIRECTIVES | (NODE_DIRECTIVES if is_node else {}),
                # Cython does not see that `from autograd_core cimport x` depends on x.pxd, and what
                # was compiled against an older one cannot be imported.
                force=True,
            )
            module.sources = written.sources

    def build_extension(self, module: Extension) -> None:
        if self.compiler.compiler_type == "msvc":
            module.extra_compile_args = [*MSVC_FLAGS]
        else:
            level = OPTIMIZATION.get(module.name.rpartition(".")[2], "-O2")
            module.extra_compile_args = [level, *UNIX_FLAGS]
            if module.name.endswith(INTERPRETER):  # nothing here reads errno
                module.extra_compile_args.append("-fno-math-errno")
        super().build_extension(module)

    def _remove_compiled(self) -> None:
        """Also those that an earlier build left beside the source, which would be imported."""
        for module in self.extensions:
            filename = self.get_ext_filename(module.name)
            for folder in (self.build_lib, "."):
                Path(folder, filename).unlink(missing_ok=True)


setup(
    ext_modules=[] if PLAIN else [*map(extension, MODULES), interpreter()],
    cmdclass={"build_ext": CompileAllOrNothing},
)
