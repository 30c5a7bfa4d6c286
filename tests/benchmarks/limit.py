"""The limit that the engine is measured against: `limit.c`, compiled when it is asked for.

A type written by hand in C for the demo step alone, with the engine's fields and semantics. What
the engine takes beyond it is the price of everything else that a Value can do.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

__all__ = ["limit_value"]

HERE = Path(__file__).resolve().parent
HEADERS = HERE.parents[1] / "autograd_core" / "graph" / "nodes"
FLAGS = ("-O2", "-ffp-contract=off", "-shared", "-fPIC", "-w")


def limit_value() -> Any:
    """The type; ModuleNotFoundError where there is no C compiler that takes these options."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise ModuleNotFoundError("there is no C compiler", name="a C compiler")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder, "limit_in_c.so")
        includes = [f"-I{sysconfig.get_paths()['include']}", f"-I{HEADERS}"]
        command = [compiler, *FLAGS, *includes, str(HERE / "limit.c"), "-o", str(library)]
        subprocess.run(command, check=True)
        spec = importlib.util.spec_from_file_location("limit_in_c", library)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module.Value
