"""The commands that setuptools runs: what is compiled is all of it, or nothing.

`CompileAllOrNothing` compiles in a build, `PlainOrCompiledWheel` says of a wheel which of the two
it is, and `SourcesWithC` puts the C that Cython writes into a source distribution.
"""

from __future__ import annotations

import functools
import hashlib
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from setuptools import Distribution, Extension
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_ext import build_ext
from setuptools.command.sdist import sdist

PACKAGE = "autograd_core"
BACKENDS = f"{PACKAGE}/program/backends"
NATIVE = f"{BACKENDS}/native"
DRIVEN = [f"{BACKENDS}/machine", f"{BACKENDS}/llvm"]
"""Where the C is that kernels are driven by."""
PLAIN = os.environ.get("AUTOGRAD_CORE_PLAIN", "") not in ("", "0")
SHIPPED = Path(PACKAGE, "building", "c")
"""Where a source distribution keeps the C."""
SAID = "sources.sha256"
"""What says, there, from which sources it was written."""


def _beside(name: str) -> SimpleNamespace:
    return SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name(f"{name}.py"))))


modules = _beside("modules")


def extensions() -> list[Extension]:
    """Every module, still as Python source, and what their arrays are made of."""
    found = [Extension(f"{PACKAGE}.{modules.SHARED}", [])]
    for module in modules.MODULES:
        place = f"{PACKAGE}/{module.replace('.', '/')}"
        if module == modules.INTERPRETER:
            found.append(
                Extension(
                    f"{PACKAGE}.{module}",
                    [f"{place}.pyx", f"{NATIVE}/interpreter/interpreter.c"],
                    include_dirs=(headers := [f"{NATIVE}/interpreter", *DRIVEN]),
                    depends=sorted(str(h) for folder in headers for h in Path(folder).glob("*.h")),
                )
            )
        else:
            kind, headers = "py", [f"{PACKAGE}/{modules.HEADERS}"]
            if module in (*modules.ON_MEMORY, modules.UPDATES):
                kind, headers = "pyx", [*headers, *DRIVEN]
            found.append(
                Extension(
                    f"{PACKAGE}.{module}",
                    [f"{place}.{kind}"],
                    include_dirs=headers,
                    depends=sorted(str(h) for folder in headers for h in Path(folder).glob("*.h")),
                )
            )
    return found


def reason(error: BaseException) -> str:
    """What went wrong, in one line; of a compiler that failed, its name and not its arguments."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, subprocess.CalledProcessError):
            program = cause.cmd if isinstance(cause.cmd, str) else cause.cmd[0]
            return f"{program} ended with status {cause.returncode}; its own words stand above"
        cause = cause.__cause__ or cause.__context__
    return " ".join(str(error).split()) or type(error).__name__


def warn(error: BaseException) -> None:
    print(
        "warning: autograd_core is installed uncompiled and runs many times slower, for "
        f"want of a working compiler: {reason(error)}",
        file=sys.stderr,
    )


@functools.cache
def can_compile(compiler: str | None) -> bool:
    """Whether a module of one line compiles here; warns, once, if not."""
    try:
        if sys.implementation.name != "cpython":
            raise RuntimeError(f"{sys.implementation.name} runs the plain source faster")
        if not c_is_shipped():
            import Cython  # noqa: F401
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "attempt.c")
            source.write_text("#include <Python.h>\nPyObject *PyInit_attempt(void) { return 0; }\n")
            attempt = build_ext(
                Distribution({"ext_modules": [Extension("attempt", [str(source)])]})
            )
            attempt.build_lib = attempt.build_temp = folder
            attempt.compiler = compiler
            attempt.ensure_finalized()
            attempt.run()
    except Exception as error:  # whatever went wrong, the plain source runs
        warn(error)
        return False
    return True


def sources_hash(root: Path) -> str:
    """What the C depends on: every source that Cython may read, and how it is told to."""
    digest = hashlib.sha256()
    for source in sorted(Path(root, PACKAGE).rglob("*.p*")):
        if source.suffix in (".py", ".pxd", ".pyx"):
            digest.update(f"{source.relative_to(root).as_posix()}\n".encode())
            digest.update(source.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def c_is_shipped() -> bool:
    """Whether the C lies beside the sources and was written from these very ones."""
    said = SHIPPED / SAID
    return said.exists() and said.read_text() == sources_hash(Path())


def c_of(source: str, folder: Path) -> str:
    """Where the C of a source is: in the folder for what Cython reads."""
    return source if source.endswith(".c") else str(Path(folder, source).with_suffix(".c"))


def write_c(asked: list[Extension], folder: Path, processes: int) -> None:
    """Have Cython write the C of all modules into a folder."""
    from Cython.Build import Dependencies, cythonize
    from Cython.Compiler import Options

    # Cython takes directives of classes only as decorators, which would need Cython at run time
    # in the source, or from a .pxd, which it ignores for all but `final`. Known as a default,
    # this one may be given to cythonize() for a module whose classes are all nodes.
    Options._directive_defaults.update(no_gc=False)
    Dependencies._dep_tree = None  # that of the attempt to compile knows no folder but its own
    declared = folder / "declared" / PACKAGE / "primitives"
    declared.mkdir(parents=True, exist_ok=True)
    for package in (declared, declared.parent):
        (package / "__init__.pxd").touch()
    written, primitives = _beside("declarations"), Path(PACKAGE, "primitives")
    for place, text in (
        (declared / "rules.pxd", written.rules_declared(primitives / "rules.py")),
        *(
            (declared / f"{name}.pxd", written.functions_declared(primitives / f"{name}.py"))
            for name in modules.DECLARED
        ),
        (declared / "inlined.pxd", written.inlined_declared(primitives / "forward.py")),
        (
            declared.parent.parent / "kinds.pxi",
            written.kinds_declared(Path(PACKAGE, "graph", "nodes", "operators.py")),
        ),
    ):
        place.write_text(text, encoding="utf-8")
    shared = f"--generate-shared={folder / modules.SHARED}.c"
    writes_shared = subprocess.Popen([sys.executable, "-m", "cython", shared])

    def cythonized(some: list[Extension], processes: int, **more: Any) -> None:
        cythonize(
            some,
            nthreads=processes,
            quiet=True,
            build_dir=str(folder),
            include_path=[".", str(declared.parent.parent)],
            compiler_directives=modules.DIRECTIVES | more,
            shared_utility_qualified_name=f"{PACKAGE}.{modules.SHARED}",
            # Cython does not see that `from autograd_core cimport x` depends on x.pxd, and what
            # was compiled against an older one cannot be imported.
            force=True,
        )

    # The modules of nodes by themselves: other processes need not know their directives.
    names = {f"{PACKAGE}.{module}" for module in modules.NODES}
    nodes = [module for module in asked if module.name in names]
    cythonized(nodes, 0, **modules.NODE_DIRECTIVES)
    cythonized([m for m in asked if m.sources and m not in nodes], processes)
    if writes_shared.wait() != 0:
        raise RuntimeError(f"Cython ended with status {writes_shared.returncode}")


class CompileAllOrNothing(build_ext):
    """Compile the modules, or leave no trace of them: compiled and plain ones do not mix."""

    extensions: list[Extension]
    parallel: Any

    def finalize_options(self) -> None:
        compiles = not PLAIN and can_compile(self.compiler)
        self.distribution.ext_modules = extensions() if compiles else []
        super().finalize_options()
        self.parallel = self.parallel or os.cpu_count()
        if not compiles and (self.inplace or "editable_wheel" in self.distribution.commands):
            self._remove_compiled(Path())

    def run(self) -> None:
        if not self.extensions:
            return
        try:
            self._write_c()
            super().run()
        except Exception as error:  # whatever went wrong, the plain source runs
            warn(error)
            self.extensions = self.distribution.ext_modules = []
            wheel: Any = self.distribution.get_command_obj("bdist_wheel", create=False)
            if wheel is not None:
                wheel.root_is_pure = True
        self._remove_compiled(Path(self.build_lib))
        if self.inplace or not self.extensions:
            self._remove_compiled(Path())

    def _write_c(self) -> None:
        """Let every module be made of C: that which was shipped, or what Cython now writes."""
        here = Path(self.build_temp, "written")
        here.mkdir(parents=True, exist_ok=True)
        in_c = runpy.run_path(f"{NATIVE}/interpreter_functions.py")
        for name in ("forward_functions", "straight_functions", "straight_rows"):
            (here / f"{name}.h").write_text(in_c[name](), encoding="utf-8")
        formulas = Path(PACKAGE, "program", "updates", "update_formulas.py")
        updates = _beside("updates_in_c").updates_in_c(formulas)
        (here / "updates.h").write_text(updates, encoding="utf-8")
        folder = SHIPPED if c_is_shipped() else here
        if folder is here:
            write_c(self.extensions, folder, self.parallel)
        for module in self.extensions:
            sources = module.sources or [f"{modules.SHARED}.py"]
            module.sources = [c_of(source, folder) for source in sources]
            module.include_dirs.append(str(here))

    def build_extension(self, module: Extension) -> None:
        name = module.name.removeprefix(f"{PACKAGE}.")
        kind = self.compiler.compiler_type
        module.extra_compile_args = modules.flags(name, kind)
        if name == modules.INTERPRETER:
            written, interpreter = module.sources
            module.sources = [written]
            module.extra_objects = self.compiler.compile(
                [interpreter],
                output_dir=self.build_temp,
                include_dirs=module.include_dirs,
                extra_postargs=modules.interpreter_flags(kind),
                depends=module.depends,
            )
        super().build_extension(module)

    def _remove_compiled(self, root: Path) -> None:
        """What an earlier build left there and this one does not make would be imported."""
        made = {root / self.get_ext_filename(module.name) for module in self.extensions}
        for found in Path(root, PACKAGE).rglob(f"*{Path(self.get_ext_filename('x')).name[1:]}"):
            if found not in made:
                found.unlink()


class PlainOrCompiledWheel(bdist_wheel):
    """A wheel that is for every platform where nothing is compiled."""

    def finalize_options(self) -> None:
        self.get_finalized_command("build_ext")  # finds out
        super().finalize_options()


class SourcesWithC(sdist):
    """A source distribution that installs without Cython."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        super().make_release_tree(base_dir, files)
        if PLAIN:
            return
        with tempfile.TemporaryDirectory() as written:
            asked = extensions()
            write_c(asked, Path(written), os.cpu_count() or 1)
            shipped = Path(base_dir, SHIPPED)
            for module in asked:
                for source in module.sources or [f"{modules.SHARED}.py"]:
                    if not source.endswith(".c"):
                        place = Path(c_of(source, shipped))
                        place.parent.mkdir(parents=True, exist_ok=True)
                        shutil.copyfile(c_of(source, Path(written)), place)
        (shipped / SAID).write_text(sources_hash(Path(base_dir)))
