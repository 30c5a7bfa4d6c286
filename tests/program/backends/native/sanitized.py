"""The native interpreter compiled so that every access to memory is watched, and what runs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

import autograd_core
from autograd_core.program.backends.native.interpreter_functions import (
    forward_functions,
    straight_functions,
    straight_rows,
)

ROOT = Path(__file__).resolve().parents[4]
NATIVE = Path("autograd_core", "program", "backends", "native")
MACHINE = NATIVE.parent / "machine"
ANALYSIS = Path("autograd_core", "program", "analysis")
RUNS = (NATIVE / "native_interpreter", MACHINE / "machine", NATIVE / "translator", NATIVE / "tapes")
"""What writes to memory while a program runs, and what tells it where."""
MODULES = (
    *RUNS,
    *(NATIVE / name for name in ("loops", "roles", "keeping", "rolling", "summed_products")),
    *(NATIVE / name for name in ("reading", "placing", "rolls")),
    *(ANALYSIS / name for name in ("operands", "uses", "dependence")),
)
# As in a build (building.modules), but for speed: nothing is optimized.
DIRECTIVES = ("boundscheck=False", "wraparound=False", "cdivision=True", "annotation_typing=False")
FLAGS = ("-O0", "-g0", "-fPIC", "-ffp-contract=off", "-fno-math-errno")


def libasan() -> str | None:
    """Where gcc keeps AddressSanitizer's library, if it does."""
    if shutil.which("gcc") is None:
        return None
    said = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True)
    found = Path(said.stdout.strip())
    return str(found.resolve()) if found.is_absolute() and found.exists() else None


def together(commands: list[list[str]], folder: Path) -> None:
    """Run commands side by side; all must succeed."""
    started = [subprocess.Popen(command, cwd=folder) for command in commands]
    assert [process.wait() for process in started] == [0] * len(commands)


def compile_sanitized(folder: Path, modules: Sequence[Path] = MODULES) -> None:
    """Copy the package, and compile the interpreter and modules of the back end in the copy.

    Every access of theirs is watched; the other modules are those of the package.
    """
    package = Path(autograd_core.__file__).parent
    shutil.copytree(package, folder / "autograd_core", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "forward_functions.h").write_text(forward_functions(), encoding="utf-8")
    (folder / "straight_functions.h").write_text(straight_functions(), encoding="utf-8")
    (folder / "straight_rows.h").write_text(straight_rows(), encoding="utf-8")
    backends = folder / NATIVE
    chosen = [part for directive in DIRECTIVES for part in ("-X", directive)]
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    places = (sysconfig.get_path("include"), backends / "interpreter", folder / MACHINE, folder)
    gcc = ["gcc", *FLAGS, *(f"-I{place}" for place in places)]
    interpreter = str(folder / "interpreter.o")
    watched = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    first = [
        [*gcc, *watched, "-c", str(backends / "interpreter" / "interpreter.c"), "-o", interpreter]
    ]
    second = []
    for module in modules:
        source = (folder / module).with_suffix(".pyx")
        source = source if source.exists() else source.with_suffix(".py")
        written = str(folder / f"{module.name}.c")
        first.append([sys.executable, "-m", "cython", "-3", *chosen, str(source), "-o", written])
        more = [interpreter, "-lubsan"] if module == RUNS[0] else []
        out = str(folder / f"{module}{suffix}")
        second.append([*gcc, "-shared", "-fsanitize=address", written, *more, "-o", out])
    together(first, folder)
    together(second, folder)


def fuzzed(folder: Path, library: str, seed: int, seconds: float) -> tuple[int, int]:
    """How many random programs ran in the watched package in a folder, and how many were refused.

    Raises AssertionError with what was said where an access went astray.
    """
    tests = folder / "tests"
    if not tests.exists():
        shutil.copytree(ROOT / "tests", tests, ignore=shutil.ignore_patterns("__pycache__"))
    environment = os.environ | {
        "LD_PRELOAD": library,
        "ASAN_OPTIONS": "detect_leaks=0",  # Python leaves much for the process's end
        "PYTHONMALLOC": "malloc",
        "PYTHONPATH": str(folder),
    }
    fuzz = [
        sys.executable,
        "-m",
        "tests.program.backends.native.native_fuzz",
        str(seed),
        str(seconds),
    ]
    done = subprocess.run(fuzz, env=environment, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4000:]
    ran, refused = (int(word) for word in done.stdout.split() if word.isdigit())
    return ran, refused
